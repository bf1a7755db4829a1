"""Google Voice of a research phone (iOS 17) against the values that another tool reports for it."""

import json

import pytest
from forensics_plugins.chats.google_voice.ios_threading_store import messages

ENTRY = "chats-google-voice-threadingstore-sqlite-01"


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


def of_kind(found, *raw):
    return sorted((m for m in found["messages"] if m["raw_kind"] in raw), key=lambda m: m["sent_at"])


def test_every_row_comes_out(entry, found):
    (tables,) = entry["expected"]["rows_per_table"]["value"].values()
    assert len(found["messages"]) + len(found["calls"]) == tables["ThreadItem"]
    assert len(found["participants"]) == tables["ThreadParticipant"]
    assert len(found["contacts"]) == tables["Participant"] == fact(entry, "googleVoiceContacts", "rows")
    assert "problems" not in found


def test_messages(entry, found):
    texts = of_kind(found, "SmsIn", "SmsOut")
    assert len(texts) == fact(entry, "googleVoiceMessages", "rows")
    times = [second(m["sent_at"]) for m in texts]
    assert [times[0], times[-1]] == fact(entry, "googleVoiceMessages", "range_utc:Timestamp")
    for sample in fact(entry, "googleVoiceMessages", "sample_rows"):
        (m,) = (m for m in texts if second(m["sent_at"]) == sample["Timestamp"])
        assert (m["text"], m["sender_id"], m["chat_id"], m["chat_name"], m["direction"]) == (
            sample["Message"],
            sample["Sender"],
            sample["Thread Key"],
            sample["Conversation"],
            sample["Direction"].lower(),
        )


def test_calls(entry, found):
    calls = sorted(found["calls"], key=lambda c: c["started_at"])
    assert len(calls) == fact(entry, "googleVoiceCalls", "rows")
    times = [second(c["started_at"]) for c in calls]
    assert [times[0], times[-1]] == fact(entry, "googleVoiceCalls", "range_utc:Timestamp")
    for sample in fact(entry, "googleVoiceCalls", "sample_rows"):
        (call,) = (c for c in calls if second(c["started_at"]) == sample["Timestamp"])
        assert (call["direction"], call["duration_s"]) == ("outgoing", sample["Duration (Seconds)"])
        # the tool gives senderPhoneNumber as the other party: on outgoing calls that is a number of the account itself
        assert (call["account_id"], call["chat_id"]) == (sample["Other Party"], sample["Thread Key"])
        assert call["peer_id"] != call["account_id"]


def test_voicemail(entry, found):
    mails = of_kind(found, "Voicemail")
    assert len(mails) == fact(entry, "googleVoiceVoicemails", "rows")
    for sample in fact(entry, "googleVoiceVoicemails", "sample_rows"):
        (m,) = (m for m in mails if second(m["sent_at"]) == sample["Timestamp"])
        assert (m["sender_id"], m["kind"]) == (sample["Caller"], "voice")
        assert m.get("text", "")[:200] == sample.get("Transcript", "")[:200]
        assert json.loads(m["extra"])["duration_s"] == sample["Duration (Seconds)"]


def test_pictures_and_account(found):
    pictures = [a for a in found["attachments"] if a["record"].startswith("MMS")]
    assert (len(pictures), pictures[0]["width"], pictures[0]["height"]) == (10, 1200, 1118)
    assert {a["account_id"] for a in found["accounts"]} == {"116154953456844128063"}
    assert [a["phone"] for a in found["accounts"]] == ["+19105576476", "+19106215169", "+19108398620", "+19193355174"]
