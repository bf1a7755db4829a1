"""Archives as NSKeyedArchiver writes them, and databases that hold some: `archive('<JSON>')` in SQL makes a blob."""

import json
import plistlib
import sqlite3


def archived(value, root="root"):
    """A value as an archive, in binary; with the root under another key for archives of the app's own making."""
    objects = ["$null"]
    return plistlib.dumps(
        {
            "$archiver": "NSKeyedArchiver",
            "$version": 100000,
            "$objects": objects,
            "$top": {root: place(value, objects)},
        },
        fmt=plistlib.FMT_BINARY,
    )


def place(value, objects):
    """Add a value to the objects; gives its number."""
    if value is None:
        return plistlib.UID(0)
    at = len(objects)
    objects.append(value)
    if isinstance(value, dict) and "$class" in value:
        objects[at] = {k: place(v, objects) for k, v in value.items() if k != "$class"}
        objects[at]["$class"] = of_class(value["$class"], objects)
    elif isinstance(value, dict):
        keys, values = ([place(item, objects) for item in part] for part in (value.keys(), value.values()))
        objects[at] = {"NS.keys": keys, "NS.objects": values, "$class": of_class("NSDictionary", objects)}
    elif isinstance(value, list):
        objects[at] = {"NS.objects": [place(v, objects) for v in value], "$class": of_class("NSArray", objects)}
    elif isinstance(value, bytes):
        objects[at] = {"NS.data": value, "$class": of_class("NSMutableData", objects)}
    return plistlib.UID(at)


def of_class(name, objects):
    objects.append({"$classname": name, "$classes": [name, "NSObject"]})
    return plistlib.UID(len(objects) - 1)


def database(sql):
    """A database made from SQL text in which `archive('<JSON>')` stands for a blob."""
    connection = sqlite3.connect(":memory:")
    connection.create_function("archive", 1, lambda text: archived(json.loads(text)))
    connection.executescript(sql)
    return bytes(connection.serialize())
