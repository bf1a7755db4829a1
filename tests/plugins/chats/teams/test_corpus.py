"""Teams of a research phone (iOS 15) against the values that another tool reports for it."""

import json
from datetime import UTC, datetime

import pytest
from forensics_plugins.chats.teams.ios_messages import messages

ENTRY = "chats-microsoft-teams-skypespacesdogfood-sqlite-01"
TWO = "19:uni01_vfk7ic77xguoerggt75tzdmq5zgcejy3hc7jcpkm5bpqnl4sza4a@thread.v2"


@pytest.fixture(scope="module")
def entry(manifest):
    return manifest[ENTRY]


@pytest.fixture(scope="module")
def found(rows_in_archive, entry):
    return rows_in_archive(entry, messages)


def second(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def fact(entry, artefact, name):
    return entry["expected"][artefact][name]["value"]


def test_every_row_comes_out(entry, found):
    tables = next(iter(entry["expected"]["rows_per_table"]["value"].values()))
    assert len(found["messages"]) == tables["ZSMESSAGE"] == fact(entry, "teamsMessages", "rows")
    assert len(found["contacts"]) == tables["ZSCONTACT"] + tables["ZDEVICECONTACTHASH"] + tables["ZUSER"] - 1
    assert len(found["accounts"]) + 1 == tables["ZUSER"] == fact(entry, "teamsUser", "rows")


def test_messages(entry, found):
    times = sorted(second(m["sent_at"]) for m in found["messages"])
    assert [times[0], times[-1]] == fact(entry, "teamsMessages", "range_utc:Timestamp")
    for sample in fact(entry, "teamsMessages", "sample_rows"):
        (m,) = (m for m in found["messages"] if second(m["sent_at"]) == sample["Timestamp"])
        assert json.loads(m["extra"])["content"].replace("\r", "") == sample["Message"].replace("\r", "")
        assert (m["sender_id"], m["sender_name"], m["chat_id"]) == (
            sample["Sender"],
            sample["Display Name"],
            sample["Thread ID"],
        )
        assert m["direction"] == "outgoing"


def test_messages_by_value(found):
    by_id = {m["message_id"]: m for m in found["messages"]}
    deleted = by_id["1682693224144"]
    assert deleted["text"] == "I am sending you this message. I will delete it in a minute."
    assert deleted["deleted_at"] == datetime(2023, 4, 28, 14, 48, 15, 843000, UTC)
    reply = next(m for m in found["messages"] if m.get("reply_to"))
    assert (reply["text"], reply["reply_to"]) == ("The numbers may not be, but the trend probably is.", "1668541420139")
    assert (reply["chat_name"], reply["chat_kind"]) == ("ThisIs DfirTwo", "direct")
    kinds = [m["kind"] for m in found["messages"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "system": 10,
        "text": 47,
        "image": 5,
        "location": 6,
        "live_location": 6,
        "call": 5,
        "deleted": 2,
    }


def test_calls(entry, found):
    assert len(found["calls"]) == fact(entry, "teamsCalls", "rows")
    starts = [second(c["started_at"]) for c in found["calls"]]
    assert [starts[0], starts[-1]] == fact(entry, "teamsCalls", "range_utc:Call Start")
    for sample in fact(entry, "teamsCalls", "sample_rows"):
        (call,) = (c for c in found["calls"] if second(c["started_at"]) == sample["Call Start"])
        incoming = sample["Call Direction"] == "incoming"
        assert (call["direction"], call["outcome"]) == (sample["Call Direction"], "answered")
        assert call["peer_id"] == sample["Call Originator" if incoming else "Call Target"]
    assert found["calls"][0]["duration_s"] == pytest.approx(23.124461)


def test_places(entry, found):
    assert len(found["places"]) == fact(entry, "teamsLocations", "rows")
    times = sorted(second(p["at"]) for p in found["places"])
    assert [times[0], times[-1]] == fact(entry, "teamsLocations", "range_utc:Timestamp")
    for sample in fact(entry, "teamsLocations", "sample_rows"):
        (place,) = (p for p in found["places"] if second(p["at"]) == sample["Timestamp"])
        assert f"pos.{place['latitude']}_{place['longitude']}" in sample["Card URL"]
        assert place["label"].startswith(sample["Card Text"])


def test_contacts(entry, found):
    book = [c for c in found["contacts"] if c["record"].startswith("ZDEVICECONTACTHASH")]
    assert len(book) == fact(entry, "teamsContacts", "rows")
    for sample in fact(entry, "teamsContacts", "sample_rows"):
        same = [c for c in book if c["name"] == sample["Display Name"]]
        numbers = {n.replace("-", "") for c in same for n in c.get("phones", ())}
        assert sample.get("Email") in [None, *(e for c in same for e in c.get("emails", ()))]
        assert sample.get("Phone Number") in {None, *numbers}


def test_account(entry, found):
    sample = fact(entry, "teamsUser", "sample_rows")[0]
    (account,) = found["accounts"]
    assert (account["name"], account["phone"]) == (sample["Display Name"], sample["Phone Number"])
    assert json.loads(account["extra"])["synced_at"][:19] + "Z" == sample["Timestamp Last Sync"]


def test_members_and_reactions(found):
    assert [p["role"] for p in found["participants"]] == ["admin", "member", "member", "admin", "owner"]
    assert {(r["value"], r["message_id"]) for r in found["reactions"]} == {
        ("like", "1682689489392"),
        ("laugh", "1668541420139"),
    }


def test_only_what_is_encrypted_is_missing(found):
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_read", "ZUSERLOCATION")]
