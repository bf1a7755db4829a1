"""MeWe of a research phone (iOS 17, with write-ahead log) against the values that another tool reports for it."""

import json

import pytest
from forensics_plugins.chats.mewe.ios_sgrouples import messages

ENTRY = "chats-mewe-sgrouplesdb-sqlite-wal-01"


@pytest.fixture(scope="module")
def entry(manifest):
    return manifest[ENTRY]


@pytest.fixture(scope="module")
def found(rows_in_archive, entry):
    return rows_in_archive(entry, messages, "sgrouplesdb.sqlite")


@pytest.fixture(scope="module")
def chats(found):
    return [m for m in found["messages"] if m["record"].startswith("ZCHATMESSAGE")]


@pytest.fixture(scope="module")
def posts(found):
    return [m for m in found["messages"] if m["record"].startswith("ZPOST")]


def second(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def ends(rows):
    times = sorted(second(row["sent_at"]) for row in rows)
    return [times[0], times[-1]]


def fact(entry, artefact, name):
    return entry["expected"][artefact][name]["value"]


def test_every_row_comes_out(entry, found, chats, posts):
    (tables,) = entry["expected"]["rows_per_table"]["value"].values()
    assert len(chats) == tables["ZCHATMESSAGE"] == fact(entry, "meWeMessages", "rows")
    assert len(posts) == tables["ZPOST"] == fact(entry, "meWePosts", "rows")
    assert len(found["reactions"]) == tables["ZEMOJI"]
    assert len(found["attachments"]) == tables["ZCHATATTACHMENT"] + tables["ZMEDIUM"]
    assert len(found["accounts"]) + len(found["contacts"]) == tables["ZUSER"] == fact(entry, "meWeContacts", "rows")
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_read", "ZEVENT2")]


def test_messages(entry, chats):
    assert ends(chats) == fact(entry, "meWeMessages", "range_utc:Timestamp")
    by_id = {m["message_id"]: m for m in chats}
    for sample in fact(entry, "meWeMessages", "sample_rows"):
        m = by_id[sample["Message ID"]]
        assert (second(m["sent_at"]), m["text"], m["chat_id"]) == (
            sample["Timestamp"],
            sample["Message"],
            sample["Thread ID"],
        )
        assert (m["sender_id"], m["sender_name"]) == (sample["Sender ID"], sample["Sender"])
        assert m["direction"] == ("outgoing" if sample["From Me"] else "incoming")
        if "Latitude" in sample:
            assert (m["latitude"], m["longitude"]) == (float(sample["Latitude"]), float(sample["Longitude"]))


def test_messages_by_value(found, chats):
    kinds = [m["kind"] for m in chats]
    assert {kind: kinds.count(kind) for kind in kinds} == {"text": 38, "location": 9, "image": 6}
    assert len(found["places"]) == 9
    replies = {m["message_id"]: m["reply_to"] for m in chats if "reply_to" in m}
    assert replies == {
        "6588a8caa3677d3240efd771": "6588a868a3677d3240efcee7",
        "662d513fd51e5f7dbb7f3e0d": "662d505dd51e5f7dbb7f2c8b",
    }
    (unsent,) = (m for m in chats if m["status"] == "2")
    assert json.loads(unsent["extra"])["temporary"] == 1
    (heart,) = (r for r in found["reactions"] if r["value"] == "🧡" and r["chat_id"] == "662d503c6f8f8763e857f6d9")
    assert heart["message_id"] in {m["message_id"] for m in chats}


def test_posts(entry, posts):
    assert ends(posts) == fact(entry, "meWePosts", "range_utc:Created")
    by_id = {p["message_id"]: p for p in posts}
    for sample in fact(entry, "meWePosts", "sample_rows"):
        post = by_id[sample["Post ID"]]
        assert (second(post["sent_at"]), post["sender_id"]) == (sample["Created"], sample["Author User ID"])
        assert post["text"].startswith(sample["Text"].removesuffix("...[cut]"))
        assert post["chat_id"] == sample.get("Group ID", sample.get("Page ID"))


def test_polls(entry, posts):
    polls = [p for p in posts if p["kind"] == "poll"]
    assert len(polls) == fact(entry, "meWePolls", "rows")
    assert ends(polls) == fact(entry, "meWePolls", "range_utc:Post Created")
    by_id = {p["message_id"]: json.loads(p["extra"]) for p in polls}
    for sample in fact(entry, "meWePolls", "sample_rows"):
        poll = by_id[sample["Post ID"]]
        assert poll["question"] == sample["Question"]
        assert {o["text"]: str(o["votes"]) for o in poll["options"]} == dict(
            zip(sample["Options"].split(" | "), sample["Option Votes"].split(" | "), strict=True)
        )


def test_account_contacts_and_group(entry, found):
    sample = fact(entry, "meWeAccount", "sample_rows")[0]
    (account,) = found["accounts"]
    assert (account["name"], account["username"], account["account_id"], account["phone"]) == (
        sample["Name"],
        sample["Handle"],
        sample["User ID"],
        sample["Primary Phone"],
    )
    contacts = {c["person_id"]: (c["name"], c["username"]) for c in found["contacts"]}
    for sample in fact(entry, "meWeContacts", "sample_rows"):
        assert contacts[sample["User ID"]] == (sample["Name"], sample["Handle"])
    (sample, *_) = fact(entry, "meWeGroups", "sample_rows")
    members = [p for p in found["participants"] if p["chat_id"] == sample["Group ID"]]
    assert (members[0]["role"], json.loads(members[0]["extra"])["group_name"]) == (sample["Role"], sample["Group Name"])
    assert [p["person_id"] for p in members if p["role"] == "owner"] == [sample["Owner ID"]]
    assert sum(p["role"] == "admin" for p in members) == 4
