"""msgstore.db: both schemas, a database caught between them, and what other tools lose."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.whatsapp.android_messages import EVERY_NEW
from forensics_plugins.chats.whatsapp.android_msgstore import msgstore

from forensics import testing

HERE = Path(__file__).parent
MODERN = (HERE / "modern.sql").read_text("utf-8")
LEGACY = (HERE / "legacy.sql").read_text("utf-8")
TRANSITIONAL = MODERN + (HERE / "transitional.sql").read_text("utf-8")
MILAN, ARBEN, KEMAL = "381641112222@s.whatsapp.net", "38344555666@s.whatsapp.net", "905321234567@s.whatsapp.net"
PAIRED, UNPAIRED = "205690463334636@lid", "99887766554433@lid"
GROUP = "120363041111111111@g.us"


def read(sql: str, **beside: bytes) -> dict[str, list[dict]]:
    return testing.rows(
        msgstore, testing.database(sql), name="msgstore.db", beside={f"{k}.db": v for k, v in beside.items()}
    )


def by_id(found: dict[str, list[dict]]) -> dict[str, dict]:
    messages = found["messages"]
    ids = [m.get("message_id") for m in messages]
    assert len(set(ids)) == len(ids)
    return dict(zip(ids, messages, strict=True))


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture(scope="module")
def modern() -> dict[str, list[dict]]:
    return read(MODERN)


@pytest.fixture(scope="module")
def named() -> dict[str, list[dict]]:
    return read(MODERN, wa=testing.database((HERE / "wa.sql").read_text("utf-8")))


# --- the schema since 2021


def test_every_row_but_the_placeholder(modern):
    assert sorted(by_id(modern)) == [f"A{n:02}" for n in range(2, 27)]
    assert "problems" not in modern


def test_a_message_received(modern):
    message = by_id(modern)["A02"]
    assert {k: v for k, v in message.items() if k not in ("file", "evidence", "text_folded")} == {
        "app": "WhatsApp",
        "chat_id": MILAN,
        "chat_kind": "direct",
        "message_id": "A02",
        "sent_at": datetime(2022, 3, 11, 12, 0, 0, 123000, tzinfo=UTC),
        "received_at": datetime(2022, 3, 11, 12, 0, 1, 500000, tzinfo=UTC),
        "time_basis": "utc",
        "sender_id": MILAN,
        "direction": "incoming",
        "kind": "text",
        "raw_kind": "0",
        "text": "Kad krećete sutra?",
        "forwarded": False,
        "edited": False,
        "deleted": False,
        "view_once": False,
        "record": "message/_id=2",
        "path": "msgstore.db",
        "parser": "whatsapp.android@1",
        "state": "live",
    }


def test_a_message_sent_has_no_sender(modern):
    message = by_id(modern)["A03"]
    assert (message["direction"], message["status"], extra(message)) == ("outgoing", "read", {"starred": 1})
    assert "sender_id" not in message
    assert "received_at" not in message


def test_null_status_is_not_dropped(modern):
    assert by_id(modern)["A04"]["text"] == "Важи"


def test_group_member_behind_a_hidden_identity(modern):
    message = by_id(modern)["A05"]
    assert (message["chat_id"], message["chat_name"], message["chat_kind"]) == (GROUP, "Пут на север", "group")
    assert (message["sender_id"], message["sender_name"]) == (ARBEN, "~Beni")
    assert extra(message) == {"sender_lid": PAIRED, "forward_score": 127}
    assert message["forwarded"] is True


def test_hidden_identity_that_nothing_pairs_stays(modern):
    message = by_id(modern)["A06"]
    assert (message["sender_id"], message["sender_name"]) == (UNPAIRED, "~Vozač 🚚")


def test_names_of_the_address_book_come_first(named):
    messages = by_id(named)
    assert (messages["A02"]["sender_name"], messages["A02"]["chat_name"]) == ("Milan Vozač", "Milan Vozač")
    assert messages["A05"]["sender_name"] == "~Arben"
    assert messages["A05"]["chat_name"] == "Пут на север"
    assert len(named["messages"]) == 25


def test_caption_in_the_media_table(modern):
    message = by_id(modern)["A07"]
    assert (message["kind"], message["text"], message["status"]) == ("image", "pasoši", "delivered")


def test_voice_message(modern):
    assert by_id(modern)["A08"]["kind"] == "voice"


def test_places(modern):
    messages = by_id(modern)
    assert [(m, messages[m]["kind"], messages[m]["latitude"], messages[m]["longitude"]) for m in ("A09", "A10")] == [
        ("A09", "location", 43.1367, 20.5122),
        ("A10", "live_location", 42.8914, 20.8660),
    ]
    assert messages["A09"]["text"] == "Pumpa\nNovi Pazar"
    assert sum("latitude" in m for m in messages.values()) == 2
    places = [(p["ref"], p["kind"], p["latitude"], p.get("label"), p["at"], p["record"]) for p in modern["places"]]
    assert places == [
        ("A09", "message", 43.1367, "Pumpa\nNovi Pazar", at(2022, 3, 11, 12, 7), "message_location/message_row_id=9"),
        ("A10", "live_location", 42.8914, None, at(2022, 3, 11, 12, 8), "message_location/message_row_id=10"),
        (
            "A10",
            "live_location",
            42.6629,
            None,
            at(2022, 3, 11, 13, 6, 40),
            "message_location/message_row_id=10 live_location_final",
        ),
    ]


def test_quote(modern):
    message = by_id(modern)["A11"]
    assert message["reply_to"] == "A03"
    assert extra(message) == {
        "quoted_text": "U pet, kod pumpe",
        "quoted_from_owner": 1,
        "quoted_kind": 0,
        "quoted_at": "2022-03-11T12:01:00Z",
    }


def test_edit(modern):
    message = by_id(modern)["A12"]
    assert (message["edited"], message["edited_at"], message["text"]) == (True, at(2022, 3, 11, 12, 10, 10), "U šest")
    assert extra(message) == {"original_key_id": "A12-first"}


def test_revoked_by_sender_and_by_admin(modern):
    messages = by_id(modern)
    assert [(messages[m]["kind"], messages[m]["deleted"], messages[m]["raw_kind"]) for m in ("A13", "A14")] == [
        ("deleted", True, "15"),
        ("deleted", True, "64"),
    ]
    assert messages["A14"]["deleted_at"] == at(2022, 3, 11, 12, 12, 30)
    assert extra(messages["A14"])["deleted_by"] == MILAN


def test_view_once_in_a_chat_under_a_hidden_identity(modern):
    message = by_id(modern)["A15"]
    assert (message["view_once"], message["kind"], message["chat_id"]) == (True, "image", PAIRED)
    assert message["sender_id"] == ARBEN
    assert extra(message) == {"sender_lid": PAIRED, "view_once_state": 1}


def test_disappearing_message(modern):
    message = by_id(modern)["A16"]
    assert message["expires_at"] == at(2022, 3, 18, 12, 14)
    assert extra(message)["disappears_after_s"] == 604800


def test_system_event_names_who_and_whom(modern):
    message = by_id(modern)["A17"]
    assert (message["direction"], message["kind"], message["sender_id"]) == ("system", "system", MILAN)
    assert extra(message) == {"action": 12, "event": "added", "persons": [ARBEN, UNPAIRED]}
    assert extra(by_id(modern)["A25"]) == {
        "action": 10,
        "event": "number changed",
        "old_id": "38267000111@s.whatsapp.net",
        "new_id": MILAN,
    }


def test_poll_and_vote(modern):
    poll = by_id(modern)["A18"]
    assert (poll["kind"], poll["text"]) == ("poll", "Ko vozi?")
    assert extra(poll)["options"] == [{"option": "Milan", "votes": 2}, {"option": "niko", "votes": 0}]
    vote = next(r for r in modern["reactions"] if extra(r).get("vote"))
    assert (vote["message_id"], vote["person_id"], vote["value"]) == ("A18", MILAN, "Milan")
    assert vote["reacted_at"] == at(2022, 3, 11, 12, 16, 9)


def test_contact_card_link_and_mention(modern):
    messages = by_id(modern)
    assert messages["A19"]["kind"] == "contact"
    assert "TEL;waid=905321234567:+90 532 123 45 67" in messages["A19"]["text"]
    assert extra(messages["A24"]) == {"link": "https://example.org/mapa", "link_title": "Mapa puta"}
    assert extra(messages["A26"]) == {"mentions": [UNPAIRED]}


def test_message_whose_chat_is_gone_stays(modern):
    messages = by_id(modern)
    assert (messages["A20"]["chat_id"], messages["A20"]["text"]) == ("chat/_id=77", "chat obrisan")
    assert (messages["A24"]["chat_id"], messages["A24"]["sender_id"]) == ("chat/_id=6", ARBEN)


def test_unknown_codes_stay_visible(modern):
    message = by_id(modern)["A21"]
    assert (message["kind"], message["raw_kind"], message["status"]) == ("unknown", "118", "unknown (99)")


def test_status_post_without_time(modern):
    message = by_id(modern)["A22"]
    assert (message["chat_kind"], message["sender_id"]) == ("status", MILAN)
    assert "sent_at" not in message


def test_reactions(modern):
    found = {r["record"]: r for r in modern["reactions"]}
    assert len(found) == 6
    assert [(r["message_id"], r.get("person_id"), r.get("value")) for r in modern["reactions"][:4]] == [
        ("A03", MILAN, "👍"),
        ("A06", ARBEN, "🙏"),
        ("A06", None, "❤️"),
        ("A02", MILAN, None),
    ]
    assert extra(found["message_add_on/_id=3"]) == {"from_owner": 1}
    assert extra(found["message_add_on/_id=6"]) == {"removed": 1}
    assert found["message_add_on/_id=1"]["reacted_at"] == at(2022, 3, 11, 12, 1, 9)


def test_receipts(modern):
    assert [(r["message_id"], r["person_id"], r["delivered_at"], r.get("read_at")) for r in modern["receipts"]] == [
        ("A03", MILAN, at(2022, 3, 11, 12, 1, 1), at(2022, 3, 11, 12, 1, 5)),
        ("A07", ARBEN, at(2022, 3, 11, 12, 5, 1), None),
    ]


def test_members_now_and_before(modern):
    found = {(p["chat_id"], p["person_id"]): p for p in modern["participants"]}
    assert {who: (p.get("role"), p["active"]) for (chat, who), p in found.items() if chat == GROUP} == {
        MILAN: ("admin", True),
        ARBEN: ("member", True),
        UNPAIRED: ("member", True),
        KEMAL: (None, False),
    }
    assert found[GROUP, KEMAL]["left_at"] == at(2022, 3, 10, 8, 13, 20)


def test_chat_without_messages_is_seen_by_its_partner(modern):
    partners = [p["person_id"] for p in modern["participants"] if p["record"].startswith("chat/")]
    assert partners == [MILAN, ARBEN, "38267000111@s.whatsapp.net"]


def test_calls_need_no_chat(modern):
    calls = {c["record"]: c for c in modern["calls"]}
    first = calls["call_log/_id=1"]
    assert (first["peer_id"], first["chat_id"], first["duration_s"], first["outcome"]) == (
        KEMAL,
        KEMAL,
        95.0,
        "answered",
    )
    assert (first["direction"], first["video"], first["started_at"]) == ("incoming", False, at(2022, 3, 11, 14, 46, 40))
    second = calls["call_log/_id=2"]
    assert (second["direction"], second["video"], second["outcome"]) == ("outgoing", True, "missed")
    assert (second["peer_id"], second["chat_id"], extra(second)["lid"]) == (ARBEN, PAIRED, PAIRED)
    group = calls["call_log/_id=3"]
    assert (group["chat_id"], group["members"]) == (GROUP, [MILAN, UNPAIRED])
    assert calls["call_log/_id=4"]["outcome"] == "unknown (8)"
    missed = calls["missed_call_logs/_id=1"]
    assert (missed["outcome"], missed["peer_id"], missed["video"]) == ("missed", MILAN, True)
    assert extra(missed) == {"message_id": "A23"}
    assert len(calls) == 5


def test_attachments(modern):
    found = {a["record"]: a for a in modern["attachments"]}
    image = found["message_media/message_row_id=7"]
    assert (image["message_id"], image["chat_id"], image["size"], image["caption"]) == ("A07", GROUP, 41234, "pasoši")
    assert image["stored_path"] == "Media/WhatsApp Images/IMG-20220311-WA0003.jpg"
    assert image["sha256"] == "972ff2985ce981c91e5f69e7c6de1a2e17e72accef7f8a2e35222e01bac58598"
    assert (image["width"], image["height"], image["url"]) == (900, 1600, "/v/t62")
    assert extra(image) == {"thumbnail_bytes": 5, "transferred": 1}
    voice = found["message_media/message_row_id=8"]
    assert (voice["duration_s"], voice["mime"]) == (14.0, "audio/ogg; codecs=opus")
    assert "width" not in voice
    assert extra(found["message_media/message_row_id=15"])["stored_hash"] == "not base64!"
    orphan = found["message_media/message_row_id=900"]
    assert (orphan["name"], orphan.get("message_id")) == ("lista.pdf", None)
    assert extra(found["message_thumbnail/message_row_id=9"]) == {"thumbnail_bytes": 2}
    assert len(found) == 5


def test_hidden_identities_are_contacts(modern):
    found = [(c["person_id"], c["name"], c.get("phones"), c.get("username")) for c in modern["contacts"]]
    assert found == [(ARBEN, "~Beni", ["+38344555666"], None), (UNPAIRED, "~Vozač 🚚", None, "vozac77")]


def test_owner_and_payment(modern):
    assert [(a["name"], a["is_owner"]) for a in modern["accounts"]] == [("Dragan", True)]
    payment = modern["transfers"][0]
    assert (payment["amount"], payment["asset"], payment["txid"], payment["status"]) == ("12.500", "BRL", "PAY1", "405")
    assert (payment["from_address"], payment["to_address"]) == ("38267000111@s.whatsapp.net", MILAN)


def test_few_columns_are_enough():
    found = read(
        "CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id, from_me, key_id, timestamp, message_type, text_data);"
        "CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id); CREATE TABLE jid (_id INTEGER PRIMARY KEY, raw_string);"
        "INSERT INTO jid VALUES (1, '381641112222@s.whatsapp.net'); INSERT INTO chat VALUES (1, 1);"
        "INSERT INTO message VALUES (1, 1, 0, 'K', 1647000000000, 0, 'zdravo'), (2, 1, NULL, 'L', NULL, NULL, x'FF00');"
    )
    first, second = found["messages"]
    assert (first["text"], first["sender_id"], first["direction"]) == ("zdravo", MILAN, "incoming")
    assert (second["direction"], second["kind"], second["record"]) == ("unknown", "unknown", "message/_id=2")


def test_copied_tables_without_keys_give_the_same(modern):
    def cells(found):
        return {table: [{k: v for k, v in row.items() if k != "file"} for row in rows] for table, rows in found.items()}

    assert cells(read(MODERN.replace(" PRIMARY KEY NOT NULL", "").replace(" PRIMARY KEY", ""))) == cells(modern)


def test_text_that_is_a_blob_costs_its_cell_only():
    spoiled = (
        MODERN + "UPDATE message_quoted SET text_data = x'FFFE'; UPDATE message SET text_data = x'FF' WHERE _id = 2;"
    )
    found = read(spoiled)
    assert len(found["messages"]) == 25
    assert by_id(found)["A11"]["reply_to"] == "A03"
    assert [p["record"] for p in found["problems"] if "messages.text" in p["message"]] == ["message/_id=2"]


def test_placeholder_without_a_key():
    """As a published archive of 2026 describes it: row 1 of chat -1."""
    bare = MODERN.replace("(1, -1, 0, '-1', NULL,", "(1, -1, 0, '', NULL,")
    assert bare != MODERN
    assert sorted(by_id(read(bare))) == [f"A{n:02}" for n in range(2, 27)]


def test_hosted_business_is_one_person():
    """Servers `hosted` and `hosted.lid` (a published archive of 2026): a business whose messages Meta keeps."""
    hosted = MODERN.replace(
        "'381641112222', 's.whatsapp.net', '381641112222@s.whatsapp.net'",
        "'381641112222', 'hosted', '381641112222@hosted'",
    )
    one = by_id(read(hosted))["A02"]
    assert (one["chat_kind"], one["sender_id"]) == ("direct", "381641112222@hosted")


def test_side_row_that_appears_twice_is_noticed():
    twice = MODERN.replace(
        "message_forwarded (message_row_id INTEGER PRIMARY KEY", "message_forwarded (message_row_id INTEGER"
    )
    found = read(twice + "INSERT INTO message_forwarded VALUES (5, 1);")
    assert f"{EVERY_NEW}: 25 rows in the table, 26 rows out" in [p["message"] for p in found["problems"]]


# --- the schema before 2021


@pytest.fixture(scope="module")
def legacy() -> dict[str, list[dict]]:
    return read(LEGACY)


def test_legacy_rows(legacy):
    assert "problems" not in legacy
    assert Counter((m["direction"], m["kind"]) for m in legacy["messages"]) == {
        ("incoming", "text"): 2,
        ("outgoing", "text"): 1,
        ("system", "system"): 2,
        ("incoming", "location"): 1,
        ("incoming", "deleted"): 1,
        ("incoming", "image"): 1,
    }


def test_legacy_message(legacy):
    message = by_id(legacy)["B03"]
    assert (message["sent_at"], message["delivered_at"]) == (at(2017, 7, 14, 2, 41), at(2017, 7, 14, 2, 41, 1))
    assert (message["read_at"], message["status"], message["forwarded"]) == (at(2017, 7, 14, 2, 41, 2), "read", True)
    assert (message["reply_to"], extra(message)["quoted_text"]) == ("B02", "Stigli smo")
    assert message["record"] == "messages/_id=3"


def test_legacy_group(legacy):
    message = by_id(legacy)["B04"]
    assert (message["chat_name"], message["chat_kind"], message["sender_id"]) == ("Друштво", "group", ARBEN)
    assert message["text"] == "Сви спремни"
    event = by_id(legacy)["B05"]
    assert (event["direction"], event["sender_id"], extra(event)) == ("system", MILAN, {"action": 12, "event": "added"})


def test_only_places_have_coordinates(legacy):
    messages = by_id(legacy)
    assert (messages["B06"]["latitude"], messages["B06"]["longitude"]) == (43.1367, 20.5122)
    assert "latitude" not in messages["B08"]
    assert [(p["ref"], p["label"]) for p in legacy["places"]] == [("B06", "Pumpa")]


def test_legacy_revoked(legacy):
    assert by_id(legacy)["B07"]["deleted"] is True


def test_legacy_attachment_path_in_a_java_object(legacy):
    [image] = legacy["attachments"]
    assert (image["stored_path"], image["caption"], image["size"]) == ("Media/IMG-WA0001.jpg", "slika", 5000)
    assert image["sha256"] == "972ff2985ce981c91e5f69e7c6de1a2e17e72accef7f8a2e35222e01bac58598"


def test_legacy_members_receipts_and_history(legacy):
    assert [(p.get("person_id"), p["role"], p["active"]) for p in legacy["participants"]] == [
        (ARBEN, "member", True),
        (None, "admin", True),
    ]
    assert [(r["person_id"], r["delivered_at"]) for r in legacy["receipts"]] == [(MILAN, at(2017, 7, 14, 2, 42, 1))]
    history = next(m for m in legacy["messages"] if m["record"].startswith("group_participants_history"))
    assert (history["sent_at"], extra(history)) == (
        at(2017, 7, 14, 2, 48, 20),
        {"member_change": 2, "persons": [ARBEN]},
    )


# --- between the two


def test_transitional_database_gives_both_families_once():
    found = read(TRANSITIONAL)
    messages = by_id(found)
    assert len(messages) == 26
    assert messages["A500"]["text"] == "samo u staroj tabeli"
    assert messages["A500"]["record"] == "messages/_id=500"
    assert messages["A02"]["record"] == "message/_id=2"
    assert "problems" not in found


def test_transitional_database_keeps_the_older_text():
    message = by_id(read(TRANSITIONAL))["A12"]
    assert (message["text"], extra(message)["older_text"]) == ("U šest", "U pet")


# --- hostile and broken files


def test_view_named_message_is_not_run():
    poisoned = LEGACY + "CREATE VIEW message AS SELECT 1 AS _id, randomblob(900000000) AS key_id;"
    found = read(poisoned)
    assert sorted(m["message_id"] for m in found["messages"] if "message_id" in m) == [f"B{n:02}" for n in range(2, 9)]


def test_rows_only_in_the_log_and_rows_replaced(tmp_path):
    path = testing.database_with_log(
        MODERN,
        "UPDATE message SET text_data = 'U sedam' WHERE _id = 12; DELETE FROM message WHERE _id = 20;",
        tmp_path,
        "msgstore.db",
    )
    found = testing.rows(msgstore, path)
    assert sorted((m["state"], m["message_id"], m["text"]) for m in found["messages"] if m["state"] != "live") == [
        ("journal", "A12", "U šest"),
        ("journal", "A20", "chat obrisan"),
        ("wal", "A12", "U sedam"),
    ]


@pytest.mark.parametrize("sql", [MODERN, LEGACY, TRANSITIONAL], ids=["modern", "legacy", "transitional"])
def test_promises(sql):
    checks = testing.check(msgstore, testing.database(sql), name="msgstore.db")
    assert [c for c in checks if c.fault] == []


# --- a file of a real device


def test_corpus_msgstore(corpus, manifest):
    entry = manifest["chats-whatsapp-msgstore-db-plain-01"]
    stored = entry["expected"]["rows_per_table"]["value"]
    found = testing.rows(msgstore, corpus / entry["path"])
    assert "problems" not in found
    # each table has one placeholder; all messages are in the older one
    assert len(found["messages"]) == stored["messages"] - 1 + stored["message"] - 1 == 9
    assert Counter((m["chat_id"], m["direction"], m["sender_id"], m["kind"]) for m in found["messages"]) == {
        ("status@broadcast", "incoming", "0@s.whatsapp.net", "image"): 5,
        ("status@broadcast", "incoming", "0@s.whatsapp.net", "video"): 4,
    }
    assert not [m for m in found["messages"] if "sent_at" in m or "latitude" in m]  # 0 is no time, 0.0 no place
    media = {a["message_id"]: a for a in found["attachments"]}
    assert len(media) == len(found["attachments"]) == 9
    assert sum(a["record"].startswith("message_media/") for a in found["attachments"]) == stored["message_media"]
    first = media["1949745608522917871923533518570"]
    assert (first["mime"], first["size"]) == ("image/jpeg", 240653)
    assert first["sha256"] == "972ff2985ce981c91e5f69e7c6de1a2e17e72accef7f8a2e35222e01bac58598"
    assert first["stored_path"] == "Media/.Statuses/512f6126774046e9999b4be9a1d5c2a5.jpg"
