"""Google Chat in Google Takeout: who is in a chat (group_info.json), who owns the account (user_info.json)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics import File, Problem, hookimpl, parser
from forensics.tables import ACCOUNTS, PARTICIPANTS

from ..untrusted import mapping, sequence
from .written import APP, folder, person


def is_group(file: File) -> bool:
    """An object that lists members with a type of user."""
    start = file.head.decode("utf-8", "replace")
    return '"members"' in start and '"user_type"' in start and '"creator"' not in start


def is_user(file: File) -> bool:
    """An object with a user, and the chats that the user is in."""
    start = file.head.decode("utf-8", "replace")
    return '"user"' in start and '"user_type"' in start and '"members"' not in start and '"creator"' not in start


@parser("google_chat.takeout.group", magic=["application/json"], test=is_group)
def group(file: File) -> Iterator[Any]:
    """Google Chat, Google Takeout (Groups/<chat>/group_info.json).

    Reads: members of the chat, by the time of the export.
    Not read: anything else in it.
    Seen on: no export yet. Tested on an invented one in the published shape.
    Source: public schema descriptions and parsers (gvoice-sms-takeout-xml and others).
    Tier: documented
    """
    data = mapping(file.json())
    chat_id, _ = folder(file.path)
    for number, stored in enumerate(sequence(data.get("members"))):
        record = f"$.members[{number}]"
        if not isinstance(stored, dict):
            yield Problem("not_understood", "a member that is no object", record=record)
            continue
        kind = stored.get("user_type")
        extra = {"user_type": kind if kind != "Human" else None, "chat_name": data.get("name")}
        cells = {"app": APP, "chat_id": chat_id, **person(stored), "active": True, "record": record}
        yield from PARTICIPANTS.rows([cells | {"extra": {k: v for k, v in extra.items() if v} or None}])


@parser("google_chat.takeout.user", magic=["application/json"], test=is_user)
def user(file: File) -> Iterator[Any]:
    """Google Chat, Google Takeout (Users/<user>/user_info.json).

    Reads: the account, and the state of its membership in each chat.
    Not read: anything else in it.
    Seen on: no export yet. Tested on an invented one in the published shape.
    Source: public schema descriptions and parsers (gvoice-sms-takeout-xml and others).
    Tier: documented
    """
    data = mapping(file.json())
    me = person(data.get("user"))
    email = mapping(data.get("user")).get("email")
    yield from ACCOUNTS.rows(
        [
            {
                "app": APP,
                "account_id": me["person_id"],
                "name": me["name"],
                "email": email,
                "is_owner": True,
                "record": "$.user",
            }
        ]
    )
    for number, stored in enumerate(sequence(data.get("membership_info"))):
        record = f"$.membership_info[{number}]"
        if not isinstance(stored, dict):
            yield Problem("not_understood", "a membership that is no object", record=record)
            continue
        group_id, state = stored.get("group_id"), stored.get("membership_state")
        cells = {
            "app": APP,
            "chat_id": group_id.rpartition(" ")[2] if isinstance(group_id, str) else group_id,
            **me,
            "active": {"MEMBER_JOINED": True}.get(str(state)),
            "extra": {k: v for k, v in {"state": state, "chat_name": stored.get("group_name")}.items() if v} or None,
            "record": record,
        }
        yield from PARTICIPANTS.rows([cells])


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parsers of group_info.json and user_info.json."""
    return [group, user]
