"""Polls of Threema for Android as its database has them: the question, the choices, and who took which.

Source: threema-android, the app itself (models of ballot, ballot_choice, ballot_vote).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics.sqlite import Database
from forensics.tables import REACTIONS
from forensics.times import unix_ms

from ..untrusted import loaded, words
from .android_values import at, extra, whole

POLL = """
SELECT b.id, {b.name} AS question, {b.state} AS poll_state, {b.assessment} AS assessment, {b.type} AS type,
  {b.creatorIdentity} AS creator, {b.apiBallotId} AS poll_id, {b.createdAt} AS created_ms
FROM ballot b
"""
CHOICE = """
SELECT c.id, c.ballotId AS poll, CAST({c.name} AS TEXT) AS name, {c.voteCount} AS votes
FROM ballot_choice c ORDER BY c.ballotId, {place}, c.id
"""
VOTE = """
SELECT v.ballotId AS poll, v.ballotChoiceId AS choice, v.votingIdentity AS identity, {v.choice} AS taken,
  COALESCE(NULLIF({v.modifiedAt}, 0), {v.createdAt}) AS at, {v.createdAt} AS created_ms, 'ballot_vote/id=' || v.id AS record
FROM ballot_vote v
"""
# The chat of a poll whose message is gone.
CHATS = """
SELECT g.ballotId AS poll, m.apiGroupId || '-' || m.creatorIdentity AS chat_id
FROM group_ballot g JOIN m_group m ON m.id = g.groupId
UNION ALL
SELECT i.ballotId, i.identity FROM identity_ballot i
"""


@dataclass
class Polls:
    """All polls by their number, which the messages about them name, and the choices of each."""

    polls: dict[int, dict[str, Any]] = field(default_factory=dict)
    choices: dict[int, str] = field(default_factory=dict)
    messages: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    def tell(self, said: dict[str, Any], chat_id: Any) -> None:
        """Put the question and the choices to a message that is about a poll."""
        number = whole(at(loaded(said.get("body")), 1))
        poll = self.polls.get(number) if number is not None else None
        if number is None or poll is None:
            return
        self.messages.setdefault(number, (chat_id, said.get("apiid") or said.get("uid")))
        said["poll"] = poll
        said["caption"] = words(said.get("caption")) or words(poll.get("question"))


def read_polls(db: Database) -> Polls:
    """The polls of the database; none where the tables are missing."""
    found = Polls()
    if not db.has(ballot=["id"]):
        return found
    for row in db.execute(POLL):
        about = {
            key: row[key]
            for key in ("question", "poll_state", "assessment", "type", "creator", "poll_id", "created_ms")
        }
        if isinstance(row["id"], int):
            found.polls[row["id"]] = {key: value for key, value in about.items() if isinstance(value, (str, int))}
    if db.has(ballot_choice=["id", "ballotId"]):
        place = 'c."order"' if db.has(ballot_choice=["order"]) else "c.id"
        for row in db.execute(CHOICE.replace("{place}", place)):
            if isinstance(row["id"], int) and isinstance(row["name"], str):
                found.choices[row["id"]] = row["name"]
                if row["poll"] in found.polls:
                    found.polls[row["poll"]].setdefault("choices", []).append(row["name"])
    return found


def votes(db: Database, polls: Polls) -> Iterator[Any]:
    """One row for each choice that a person has taken, and, without a value, for each that the person has not."""
    if not db.has(ballot_vote=["id", "ballotId", "ballotChoiceId", "votingIdentity"]):
        return
    chats = {row["poll"]: row["chat_id"] for row in db.execute(CHATS) if isinstance(row["poll"], int)}
    for row in db.execute(VOTE, every="ballot_vote"):
        yield from REACTIONS.rows([vote(row, polls, chats)], reacted_at=unix_ms)


def vote(row: Mapping[str, Any], polls: Polls, chats: Mapping[int, Any]) -> dict[str, Any]:
    """A row of ballot_vote: 1 is taken, 0 is not."""
    number, choice = row["poll"], row["choice"]
    chat_id, message_id = polls.messages.get(number, (chats.get(number), None))
    taken = row["taken"] == 1
    text = polls.choices.get(choice) or (None if choice is None else str(choice))
    poll = polls.polls.get(number, {})
    about = {"poll": number, "question": poll.get("question"), "taken": row["taken"], "created_ms": row["created_ms"]}
    return {
        "app": "Threema",
        "chat_id": chat_id,
        "message_id": message_id,
        "person_id": row["identity"],
        "value": text if taken else None,
        "reacted_at": row["at"],
        "extra": extra(about | {"not_taken": None if taken else text}),
        "record": row["record"],
        "state": row["state"],
    }
