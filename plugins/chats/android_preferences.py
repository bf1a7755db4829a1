"""Preferences of an Android app: the XML files of its folder shared_prefs."""

from __future__ import annotations

from xml.parsers import expat

from forensics import File

LONGEST = 4 << 20  # bytes; preferences hold some kilobytes


class NotPreferences(ValueError):
    """The content is no file of Android preferences; the text says why."""


def preferences(raw: bytes) -> dict[str, str]:
    """Names and values of Android preferences. A DOCTYPE, which Android never writes, is refused: it could define entities."""
    reader = expat.ParserCreate()
    found: dict[str, str] = {}
    open_name: list[str | None] = []

    def refuse(*_: object) -> None:
        raise NotPreferences("it has a DOCTYPE")

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = attributes.get("name") if len(open_name) == 1 else None
        open_name.append(name if tag == "string" else None)
        if name is not None:
            found[name] = attributes.get("value", "")

    def end(_: str) -> None:
        open_name.pop()

    def characters(data: str) -> None:
        if open_name and open_name[-1] is not None:
            found[open_name[-1]] += data

    reader.StartDoctypeDeclHandler = refuse
    reader.StartElementHandler = start
    reader.EndElementHandler = end
    reader.CharacterDataHandler = characters
    try:
        reader.Parse(raw, True)
    except NotPreferences:
        raise
    # The last two come of an encoding that Python does not know.
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotPreferences(f"not well-formed: {error}") from error
    return found


def beside(file: File, path: str) -> dict[str, str]:
    """What preferences at that path from a file say; nothing where there are none, or none that can be read."""
    found = file.sibling(path)
    try:
        return preferences(found.bytes()) if found and found.size <= LONGEST else {}
    except NotPreferences:
        return {}
