"""Snapchat, "My Data": friends.json, account.json, talk_history.json and location_history.json."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, CALLS, CONTACTS, PLACES

from ..untrusted import mapping
from .told import instant, listed, place

APP = "Snapchat"
FRIEND_LISTS = ("Friends", "Friend Requests Sent", "Blocked Users", "Deleted Friends", "Pending Requests")
CALL_LISTS = {"Incoming Calls": "incoming", "Outgoing Calls": "outgoing", "Completed Calls": "unknown"}
HOME = "Home, School & Work"
KEPT = ("Device Information", "Device History", "Login History")


def is_friends(file: File) -> bool:
    """Lists of people as this export names their fields."""
    return all(mark in file.head for mark in (b'"Display Name"', b'"Username"', b'"Creation Timestamp"'))


@parser("snapchat.export.friends", files=["friends.json"], magic=["application/json"], test=is_friends)
def friends(file: File) -> Iterator[Any]:
    """Snapchat, "My Data" in JSON: friends.json.

    Each list is read, whatever its name, which is in extra: friends, requests, blocked and deleted people, suggestions.

    Reads: user names, display names, when the entry was made and last changed (UTC), where it came from.
    Not read: shortcuts, which name no person.
    Seen on: no export yet. Tested on an invented file.
    Source: public readers of this export (SnapVault's analysis of a full export, Snap Data Explorer, demo exports).
    Tier: documented
    """
    data = file.json()
    if not isinstance(data, dict):
        yield Problem("not_understood", "no object with lists of people")
        return
    for name in data:
        for record, item in listed(data, name):
            if isinstance(item, dict) and ("Username" in item or "Display Name" in item):
                yield from CONTACTS.rows([friend(item, name, record)])
            elif not isinstance(item, dict) or name in FRIEND_LISTS:
                yield Problem("not_understood", "an entry that names nobody", record=record)


def friend(item: Mapping[str, Any], name: str, record: str) -> dict[str, Any]:
    """A row of `contacts`."""
    told = {"list": name, "source": item.get("Source"), "changed_at": item.get("Last Modified Timestamp")}
    made = instant(item.get("Creation Timestamp"))
    if made is None:
        told["made_at"] = item.get("Creation Timestamp")
    return {
        "app": APP,
        "person_id": item.get("Username"),
        "username": item.get("Username"),
        "name": item.get("Display Name") or None,
        "blocked": True if name == "Blocked Users" else None,
        "created_at": made,
        "extra": {key: value for key, value in told.items() if value},
        "record": record,
    }


def is_account(file: File) -> bool:
    """The account as this export names it."""
    return all(mark in file.head for mark in (b'"Basic Information"', b'"Username"', b'"Creation Date"'))


@parser("snapchat.export.account", files=["account.json"], magic=["application/json"], test=is_account)
def account(file: File) -> Iterator[Any]:
    """Snapchat, "My Data" in JSON: account.json.

    Reads: user name, name, when the account was made (UTC). All else of the basic information, devices and logins with their
    addresses are in extra, as exported.
    Not read: settings of privacy.
    Seen on: no export yet. Tested on an invented file.
    Source: public readers of this export.
    Tier: documented
    """
    data = file.json()
    basic = data.get("Basic Information") if isinstance(data, dict) else None
    if not isinstance(basic, dict):
        yield Problem("not_understood", "no basic information of an account")
        return
    made = instant(basic.get("Creation Date"))
    taken = {"Username", "Name"} | ({"Creation Date"} if made else set())
    extra = {key: value for key, value in basic.items() if key not in taken and value not in (None, "")}
    extra |= {key: data[key] for key in KEPT if data.get(key)}
    cells = {
        "app": APP,
        "account_id": basic.get("Username"),
        "username": basic.get("Username"),
        "name": basic.get("Name") or None,
        "is_owner": True,
        "created_at": made,
        "extra": extra or None,
        "record": "$['Basic Information']",
    }
    yield from ACCOUNTS.rows([cells])


def is_calls(file: File) -> bool:
    """Calls as this export names their fields."""
    return b'"Date & Time"' in file.head and any(f'"{name}"'.encode() in file.head for name in CALL_LISTS)


@parser("snapchat.export.calls", files=["talk_history.json"], magic=["application/json"], test=is_calls)
def calls(file: File) -> Iterator[Any]:
    """Snapchat, "My Data" in JSON: talk_history.json.

    A call can stand in more than one list; each entry is a row, and the list is in extra. With whom a call was is not said.

    Reads: calls with time (UTC), length, kind, result; town, country, network and number of people in extra.
    Not read: sessions of chats and games.
    Seen on: no export yet. Tested on an invented file.
    Source: public readers of this export (SnapVault tests, demo exports).
    Tier: documented
    """
    data = file.json()
    if not isinstance(data, dict):
        yield Problem("not_understood", "no object with lists of calls")
        return
    for name, direction in CALL_LISTS.items():
        for record, item in listed(data, name):
            if isinstance(item, dict):
                yield from CALLS.rows([call(item, name, direction, record)])
            else:
                yield Problem("not_understood", "a call that is no object", record=record)


def call(item: Mapping[str, Any], name: str, direction: str, record: str) -> dict[str, Any]:
    """A row of `calls`."""
    at, kind = instant(item.get("Date & Time")), item.get("Type")
    taken = {"Type", "Result", "Length (sec)"} | ({"Date & Time"} if at else set())
    return {
        "app": APP,
        "started_at": at,
        "duration_s": seconds(item.get("Length (sec)")),
        "direction": direction,
        "outcome": item.get("Result") or None,
        "video": {"VIDEO": True, "AUDIO": False}.get(kind.upper()) if isinstance(kind, str) else None,
        "extra": {"list": name, "type": kind}
        | {k: v for k, v in item.items() if k not in taken and v not in (None, "")},
        "record": record,
    }


def seconds(stored: Any) -> Any:
    """A length, which may be digits in a text."""
    try:
        return float(stored) if isinstance(stored, str) and stored.strip() else stored if stored != "" else None
    except ValueError:
        return stored


def is_places(file: File) -> bool:
    """Places as this export names them."""
    head = file.head.decode("utf-8", "replace")
    if '"Saved Media"' in head and '"Location"' in head and '"Media Type"' in head:
        return True
    return f'"{HOME}"' in head or ('"Location History"' in head and file.name.lower() == "location_history.json")


@parser(
    "snapchat.export.places",
    files=["location_history.json", "memories_history.json"],
    magic=["application/json"],
    test=is_places,
)
def places(file: File) -> Iterator[Any]:
    """Snapchat, "My Data" in JSON: location_history.json and, of memories_history.json, where they were taken.

    A point is a pair of time and text, or an object with both (older exports); `±` gives the accuracy. Home and work are what
    Snapchat has inferred: they have no time, and `label` says which. Times are UTC.

    Reads: points with coordinates.
    Not read: towns, areas, businesses and other places without coordinates; the memories themselves.
    Seen on: no export yet. Tested on invented files of both forms.
    Source: public readers of this export (Snapchat-Chats-And-Location-Analyzer and others for both forms).
    Tier: documented
    """
    data = file.json()
    if not isinstance(data, dict):
        yield Problem("not_understood", "no object with places")
        return
    for record, item in listed(data, "Location History"):
        at, where = pair(item)
        yield from point(at, where, record, "app", None)
    inferred = data.get(HOME)
    for name, where in mapping(inferred).items():
        if place(where):
            yield from point(None, where, f"$['{HOME}']['{name}']", "app", name)
    for record, item in listed(data, "Saved Media"):
        if isinstance(item, dict) and isinstance(where := item.get("Location"), str):
            where = where.partition("Latitude, Longitude:")[2] or where
            if where.strip() and not (place(where) and place(where)[:2] == (0.0, 0.0)):  # type: ignore[index]
                yield from point(item.get("Date"), where, record, "photo", None)


def pair(item: Any) -> tuple[Any, Any]:
    """Time and place of a point, in either form."""
    if isinstance(item, list):
        return (item[0], item[1]) if len(item) == 2 else (None, None)
    return (item.get("Time"), item.get("Latitude, Longitude")) if isinstance(item, dict) else (None, None)


def point(at: Any, where: Any, record: str, kind: str, label: str | None) -> Iterator[Any]:
    """A row of `places`; a problem for what says no place."""
    found = place(where)
    if not found:
        yield Problem("not_understood", "a point in another form", record=record, detail=str(where)[:200])
        return
    when = instant(at)
    if when is None and at:
        yield Problem("not_understood", "a time in another form", record=record, detail=str(at)[:200])
    latitude, longitude, accuracy = found
    cells = {"at": when, "latitude": latitude, "longitude": longitude, "accuracy_m": accuracy, "kind": kind}
    yield from PLACES.rows([{**cells, "label": label, "extra": {"app": APP}, "record": record}])


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of what stands around the messages."""
    return [friends, account, calls, places]
