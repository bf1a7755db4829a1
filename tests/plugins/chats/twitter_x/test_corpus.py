"""Direct messages of a research phone (iOS 17) against the values that another tool reports for them."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from forensics_plugins.chats.twitter_x.ios_direct_messages import inbox

ENTRY = "chats-twitter-x-tweetie-direct-message-cache-01"
EPOCH = timedelta(milliseconds=1288834974657)  # of the ids that the service gives: milliseconds << 22
# The tool took the instants for wall clocks of the computer that it ran on, so its times are five hours late in summer and six in
# winter; the ids of the messages show which are right (`test_times_agree_with_ids`).
COMPUTER = ZoneInfo("America/Chicago")


@pytest.fixture(scope="module")
def entry(manifest):
    return manifest[ENTRY]


@pytest.fixture(scope="module")
def found(rows_in_archive, entry):
    return rows_in_archive(entry, inbox)


def late(time):
    return (time - time.astimezone(COMPUTER).utcoffset()).strftime("%Y-%m-%dT%H:%M:%SZ")


def fact(entry, artefact, name):
    return entry["expected"][artefact][name]["value"]


def test_every_entry_comes_out(entry, found):
    assert len(found["messages"]) + len(found["reactions"]) == fact(entry, "twitterDirectMessages", "rows")
    kinds = [m["kind"] for m in found["messages"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"text": 51, "image": 15, "call": 4}
    assert "problems" not in found


def test_times_agree_with_ids(found):
    for m in found["messages"]:
        made = datetime(1970, 1, 1, tzinfo=UTC) + EPOCH + timedelta(milliseconds=int(m["message_id"]) >> 22)
        assert abs(m["sent_at"] - made) < timedelta(seconds=5)


def test_messages(entry, found):
    times = sorted(late(m["sent_at"]) for m in found["messages"])
    assert [times[0], times[-1]] == fact(entry, "twitterDirectMessages", "range_utc:Timestamp")
    by_id = {m["message_id"]: m for m in found["messages"]}
    files = {a["message_id"]: a for a in found["attachments"]}
    for sample in fact(entry, "twitterDirectMessages", "sample_rows"):
        m = by_id[str(sample["Message ID"])]
        said = json.loads(m["extra"])
        assert (late(m["sent_at"]), m["chat_id"]) == (sample["Timestamp"], sample["Conversation ID"])
        assert said.get("original_text", m.get("text")) == sample["Message"]
        assert (m["sender_id"], said["list"]) == (str(sample["Sender User ID"]), sample["Timeline"].lower())
        assert sample["Sender"].startswith(m["sender_name"])
        assert sample["Conversation"].startswith(m["chat_name"])
        assert m["direction"] == "outgoing"
        if "Attachment Media URL" in sample:
            assert files[m["message_id"]]["url"] == sample["Attachment Media URL"]


def test_calls_and_reactions(found):
    assert [(c["direction"], c["duration_s"]) for c in found["calls"]] == [
        ("incoming", 105.885),
        ("outgoing", 96.31),
        ("incoming", 100.684),
        ("outgoing", 109.458),
    ]
    assert [(r["message_id"], r["value"]) for r in found["reactions"]] == [
        ("1809967773944303688", "❤️"),
        ("1740476858230346171", "❤️"),
    ]
    assert [m["reply_to"] for m in found["messages"] if "reply_to" in m] == ["1740469366402257138"]


def test_persons(entry, found):
    assert len(found["accounts"]) + len(found["contacts"]) == fact(entry, "twitterDMUsers", "rows")
    by_id = {c["person_id"]: c for c in found["contacts"]}
    for sample in fact(entry, "twitterDMUsers", "sample_rows"):
        contact = by_id[sample["User ID"]]
        assert (contact["name"], contact["username"], contact.get("note")) == (
            sample["Full Name"],
            sample["Username"],
            sample.get("Bio"),
        )
        assert json.loads(contact["extra"])["picture"] == sample["Profile Image URL"]
    assert len(found["participants"]) == 8
