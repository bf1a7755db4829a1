"""Backup of Threema for Android, unpacked: files message_*.csv, group_message_*.csv and distribution_list_message_*.csv."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from forensics import File, Problem, hookimpl, parser

from .android_csv import beside, group_id, name_of, names, owner, rows, starts_with
from .android_values import Chat, read_message

GROUP, LIST, DIRECT = "group_message_", "distribution_list_message_", "message_"


def is_messages(file: File) -> bool:
    """The columns of messages, and a name that says whose they are."""
    return file.name.startswith((GROUP, LIST, DIRECT)) and starts_with(
        file, "apiid", "uid", "isoutbox", "posted_at", "body"
    )


@parser("threema.android.backup", magic=["text/plain", "text/csv", "application/csv"], test=is_messages)
def messages(file: File) -> Iterator[Any]:
    """Backup of Threema for Android, unpacked: the messages of one chat, group or distribution list.

    The zip of a backup is encrypted with AES by the password that its owner chose: unpack it with that first. A file is named
    after its chat by a number that contacts.csv or groups.csv explains; keep them in one folder. Times are Unix milliseconds.

    Reads: messages with sender, direction, state, times sent, received (when the app stored it), delivered, read, edited and
    deleted; places; calls (with the time of the message that the app writes about them); files with the name that they have in
    the backup; quotes; thumbs of older versions, which are states of the message; states of each member of a group; which poll
    a message is about. The owner's identity is told by a reaction only: in a chat with one contact, who reacted and is not the
    contact (contact_reactions.csv). Without one, what was sent to a person has no sender.

    Not read: keys of files and nonces, settings, pictures of contacts; the file `identity` (the owner's identity and private
    key, encrypted with the password of the backup).

    Seen on: no file of a device yet. Tested on invented files in the published form, versions 18 to 27.

    Source: threema-android, the app itself (BackupService, RestoreService, Tags, models of messages).

    Tier: documented
    """
    known = names(file)
    chat = replace(chat_of(file, known), owner=owner(file))
    for row in rows(file):
        if isinstance(row, Problem):
            yield row
            continue
        record, said = row
        if chat.kind == "direct" and said.get("isoutbox") is False:
            said = {**said, "identity": said.get("identity") or chat.chat_id}
        yield from read_message(said, chat, known, {"record": record})


def chat_of(file: File, known: dict[str, str]) -> Chat:
    """The chat that the file is named after: since version 19 by a number, before by identity or by group and creator."""
    if file.name.startswith(GROUP):
        key = file.name.removeprefix(GROUP).removesuffix(".csv")
        for row in beside(file, "groups.csv"):
            if key in (row.get("group_uid"), group_id(row)):
                return Chat(group_id(row), row.get("groupname"), "group", "group_message_media_")
        return Chat(key, None, "group", "group_message_media_")
    if file.name.startswith(LIST):
        key = file.name.removeprefix(LIST).removesuffix(".csv")
        found = (
            row.get("distribution_list_name") for row in beside(file, "distribution_list.csv") if row.get("id") == key
        )
        return Chat(f"list {key}", next(found, None), "broadcast", "distribution_list_message_media_")
    key = file.name.removeprefix(DIRECT).removesuffix(".csv")
    for row in beside(file, "contacts.csv"):
        if key in (row.get("identity_id"), row.get("identity")):
            return Chat(row.get("identity"), name_of(row), "direct", "message_media_")
    return Chat(key, known.get(key), "direct", "message_media_")


@hookimpl
def forensics_parsers() -> list[Any]:
    """The parser of the messages of a backup."""
    return [messages]
