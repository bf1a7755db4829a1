"""Burner of a research phone (iOS 15, with write-ahead log) against the values that another tool reports for it."""

import json

import pytest
from forensics_plugins.chats.burner.ios_cache import cache

ENTRY = "chats-burner-nsurlcache-cache-db-fscacheddata-wal-01"
THREADED = {"Text": "text", "Picture": "image", "Voicemail": "voice", "Call": "call"}


@pytest.fixture(scope="module")
def entry(manifest):
    return manifest[ENTRY]


@pytest.fixture(scope="module")
def found(rows_in_archive, entry):
    return rows_in_archive(entry, cache, "Cache.db")


def stamp(time):
    return time.strftime("%Y-%m-%d %H:%M:%S+00:00")


def fact(entry, artefact, name):
    return entry["expected"][artefact][name]["value"]


def row_of(rows, location):
    """The row from a place as the other tool writes it: `cfurl_cache_receiver_data (entry_ID: 32), <file>[8]`."""
    number = location.partition("entry_ID: ")[2].partition(")")[0]
    place = location.partition("[")[2].rstrip("]")
    record = f"cfurl_cache_response/entry_ID={number} $" + (f"[{place}]" if place else "")
    return next(row for row in rows if row["record"] in (record, f"{record}.user"))


def test_messages(entry, found):
    assert len(found["messages"]) == fact(entry, "burnerCache_messages", "rows")
    for sample in fact(entry, "burnerCache_messages", "sample_rows"):
        m = row_of(found["messages"], sample["Location"])
        assert (stamp(m["sent_at"]), m["direction"]) == (sample["Sent"], sample["Direction"].lower())
        assert m["message_id"] == sample["Message ID"]
        assert (m.get("text"), m["kind"]) == (sample.get("Message"), THREADED[sample["Message type"]])
        assert sample["Sender"].startswith(m["sender_id"])
        assert json.loads(m["extra"])["read"] is (sample["Read"] == "Read")


def test_pictures_and_voicemail_are_there(entry, found):
    files = {a["url"]: a for a in found["attachments"]}
    assert len(files) == 3
    for sample in fact(entry, "burnerCache_messages", "sample_rows"):
        if "Media URL" in sample:
            assert files[sample["Media URL"]]["stored_path"].endswith(sample["Media"].removeprefix("mock_hash_for_"))
    assert all(a["present"] for a in files.values())
    assert [a["size"] for a in files.values()] == [141484, 84029, 52384]


def test_calls(found):
    assert [(c["direction"], c["outcome"]) for c in found["calls"]] == [
        ("incoming", "missed"),
        ("incoming", "missed"),
        ("incoming", "missed"),
        ("outgoing", "answered"),
    ]
    assert {(c["peer_id"], c["peer_name"]) for c in found["calls"]} == {("+19198887386", "This Is DFIR Two")}


def test_accounts(entry, found):
    samples = fact(entry, "burnerCache_accounts", "sample_rows")
    assert len({s["Location"] for s in samples}) == fact(entry, "burnerCache_accounts", "rows")
    for sample in samples:
        account = row_of(found["accounts"], sample["Location"])
        said = json.loads(account["extra"])
        assert (stamp(account["created_at"]), account["phone"], account["account_id"]) == (
            sample["Created"],
            sample["Phone number"],
            sample["User ID"],
        )
        assert (said["carrierName"], said["totalNumberBurners"]) == (
            sample["Carrier name"],
            sample["Number of burners"],
        )


def test_numbers(entry, found):
    burners = [a for a in found["accounts"] if a.get("name")]
    assert len(burners) == fact(entry, "burnerCache_numbers", "rows")
    sample = fact(entry, "burnerCache_numbers", "sample_rows")[0]
    assert (burners[0]["phone"], burners[0]["name"], burners[0]["account_id"], stamp(burners[0]["created_at"])) == (
        sample["Burner number"],
        sample["Display name"],
        sample["Burner ID"],
        sample["Created"],
    )
    assert json.loads(burners[0]["extra"])["auto_reply"] == sample["Auto-reply message"]


def test_contacts(entry, found):
    assert len(found["contacts"]) == fact(entry, "burnerCache_contacts", "rows")
    by_id = {c["person_id"]: c for c in found["contacts"]}
    for sample in fact(entry, "burnerCache_contacts", "sample_rows"):
        contact = by_id[sample["Contact ID"]]
        assert (contact["name"], contact["phones"], stamp(contact["created_at"])) == (
            sample["Full name"],
            [sample["Phone number"]],
            sample["Created"],
        )


def test_older_version_of_an_answer_comes_from_before_the_log(found):
    versions = {
        a["state"]: json.loads(a["extra"])["lastUpdatedDate"] for a in found["accounts"] if "=14 " in a["record"]
    }
    assert versions == {"wal": 1683566579240, "journal": 1683566577123}
    assert "problems" not in found
