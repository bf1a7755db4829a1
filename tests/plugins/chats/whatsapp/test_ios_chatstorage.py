"""ChatStorage.sqlite: messages, members, blobs, and what other tools take for something else."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from forensics_plugins.chats.whatsapp.ios_chatstorage import chatstorage

from forensics import testing

HERE = Path(__file__).parent
SQL = (HERE / "chatstorage.sql").read_text("utf-8")
MILAN, ARBEN, OWNER = "381641112222@s.whatsapp.net", "38344555666@s.whatsapp.net", "38267999888@s.whatsapp.net"
PAIRED, UNPAIRED = "205690463334636@lid", "99887766554433@lid"
GROUP = "120363041111111111@g.us"


def read(*beside: str, sql: str = SQL) -> dict[str, list[dict]]:
    names = {"lid": "LID.sqlite", "contactsv2": "ContactsV2.sqlite"}
    others = {names[b]: testing.database((HERE / f"{b}.sql").read_text("utf-8")) for b in beside}
    return testing.rows(chatstorage, testing.database(sql), name="ChatStorage.sqlite", beside=others)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture(scope="module")
def alone() -> dict[str, list[dict]]:
    return read()


@pytest.fixture(scope="module")
def messages(alone) -> dict[str, dict]:
    return {m["message_id"]: m for m in alone["messages"] if "message_id" in m}


def test_every_row(alone, messages):
    assert sorted(messages) == [f"S{n:02}" for n in range(1, 17)]
    assert len(alone["messages"]) == 17  # and one change of members
    assert [(p["kind"], p["record"]) for p in alone["problems"]] == [("not_understood", "ZWAMESSAGE/Z_PK=8")]


def test_a_message_received(messages):
    message = messages["S02"]
    assert (message["sent_at"], message["sender_id"], message["text"]) == (
        at(2023, 3, 8, 20, 27, 40),
        MILAN,
        "Stigli smo",
    )
    assert (message["chat_id"], message["chat_name"], message["chat_kind"]) == (MILAN, "Milan", "direct")
    assert (message["direction"], message["kind"], message["raw_kind"]) == ("incoming", "text", "0")
    assert extra(message) == {"other_date": "2023-03-08T20:27:41.500Z"}
    assert "status" not in message  # received messages carry 8, which says nothing
    assert message["account_id"] == OWNER


def test_a_message_sent(messages):
    message = messages["S03"]
    assert message["sent_at"] == datetime(2023, 3, 8, 20, 28, 40, 250000, tzinfo=UTC)
    assert (message["direction"], message["status"], message["sender_id"]) == ("outgoing", "delivered", OWNER)
    assert (message["forwarded"], messages["S02"]["forwarded"]) == (True, False)
    assert extra(message) == {
        "starred": 1,
        "other_date": "2023-03-08T20:28:40.500Z",
        "link": "example.org/pumpa",
        "link_title": "Pumpa",
    }


def test_group_messages_name_their_member(messages):
    first, second = messages["S04"], messages["S05"]
    assert (first["chat_id"], first["sender_id"]) == (GROUP, PAIRED)
    assert (second["sender_id"], second["sender_name"]) == (UNPAIRED, "~Vozač")


def test_hidden_identity_with_its_phone_beside():
    found = {m.get("message_id"): m for m in read("lid")["messages"]}
    assert (found["S04"]["sender_id"], extra(found["S04"])["sender_lid"]) == (ARBEN, PAIRED)
    assert (found["S05"]["sender_id"], found["S10"]["chat_id"]) == (UNPAIRED, PAIRED)
    assert found["S10"]["sender_id"] == ARBEN


def test_names_of_the_address_book():
    found = {m.get("message_id"): m for m in read("lid", "contactsv2")["messages"]}
    assert (found["S04"]["sender_name"], found["S10"]["chat_name"]) == ("Arben", "Arben")
    assert found["S02"]["sender_name"] == "Milan Vozač"


def test_push_name_that_is_base64_of_a_blob_is_no_name(messages):
    assert "sender_name" not in messages["S04"]
    assert messages["S15"]["sender_name"] == "~Emir"


@pytest.mark.parametrize(
    ("stored", "name"),
    [
        ("'CM3nxKIGGhoxOTE5NTc5NDY3NEBzLndoYXRzYXBwLm5ldCAB'", None),
        ("'CO/kxKIGIAA='", None),
        ("'Anna'", "~Anna"),
        ("'Milan'", "~Milan"),
        ("'Beni=='", "~Beni=="),
        ("'CLOWNFISH777'", "~CLOWNFISH777"),
        ("'CO/kx Ким'", "~CO/kx Ким"),
        ("''", None),
        ("x'436172'", None),
    ],
)
def test_push_names(stored, name):
    found = read(sql=SQL + f"UPDATE ZWAMESSAGE SET ZPUSHNAME = {stored} WHERE Z_PK = 15;")
    assert next(m for m in found["messages"] if m["message_id"] == "S15").get("sender_name") == name


def test_quotes(messages):
    assert (messages["S04"]["reply_to"], extra(messages["S04"])["quoted_text"]) == ("S03", "U pet, kod pumpe")
    assert extra(messages["S04"])["quoted_sender"] == ARBEN
    assert (messages["S05"]["reply_to"], extra(messages["S05"])["quoted_text"]) == ("S02", "Stigli smo")
    assert extra(messages["S05"])["forward_score"] == 6


def test_only_places_have_coordinates(alone, messages):
    assert {m: (messages[m]["kind"], messages[m]["latitude"]) for m in messages if "latitude" in messages[m]} == {
        "S07": ("location", 43.1367),
        "S08": ("live_location", 42.8914),
    }
    assert [(p["ref"], p["kind"], p.get("label"), p.get("accuracy_m")) for p in alone["places"]] == [
        ("S07", "message", "Pumpa", 15.5),
        ("S08", "live_location", None, None),
    ]


def test_media(alone, messages):
    found = {a["message_id"]: a for a in alone["attachments"]}
    image = found["S06"]
    assert (image["mime"], image["size"], image["caption"]) == ("image/jpeg", 42073, "pasoši")
    assert image["sha256"] == "89fa55657cdcb4885777c42017754a4a3742fc5884057ff7bc126e861c641909"
    assert image["stored_path"] == "Media/381641112222@s.whatsapp.net/d/0/d0.jpg"
    assert messages["S06"]["text"] == "pasoši"
    assert sorted(found) == ["S06", "S10", "S16"]


OLDER = """
CREATE TABLE ZWABLACKLISTITEM (Z_PK INTEGER PRIMARY KEY, ZJID VARCHAR);
INSERT INTO ZWABLACKLISTITEM VALUES (1, '355690000003@s.whatsapp.net');
CREATE TABLE ZWAVCARDMENTION (Z_PK INTEGER PRIMARY KEY, ZMEDIAITEM INTEGER, ZVCARDNAME VARCHAR, ZWHATSAPPID VARCHAR);
INSERT INTO ZWAVCARDMENTION VALUES (1, 3, 'Ana', '38269000009@s.whatsapp.net'), (2, 3, 'Iva', '38269000008@s.whatsapp.net');
ALTER TABLE ZWAMEDIAITEM ADD COLUMN ZTHUMBNAILLOCALPATH VARCHAR;
UPDATE ZWAMEDIAITEM SET ZTHUMBNAILLOCALPATH = 'Media/old.thumb' WHERE Z_PK = 3;
"""


def test_blocked_and_named_on_cards():
    """Tables and a column of older versions, as a published schema has them."""
    found = read(sql=SQL + OLDER)
    [blocked] = [c for c in found["contacts"] if "blocked" in c]
    assert (blocked["person_id"], blocked["blocked"], blocked["phones"]) == (
        "355690000003@s.whatsapp.net",
        True,
        ["+355690000003"],
    )
    image = extra(next(a for a in found["attachments"] if a["message_id"] == "S06"))
    assert image["card_of"] == ["38269000009@s.whatsapp.net", "38269000008@s.whatsapp.net"]
    assert (image["thumbnail_path"], image["thumbnail_local_path"]) == ("Media/d0.thumb", "Media/old.thumb")


def test_deleted_and_view_once(messages):
    assert (messages["S09"]["kind"], messages["S09"]["deleted"]) == ("deleted", True)
    assert (messages["S10"]["kind"], messages["S10"]["view_once"]) == ("image", True)


def test_contact_cards(messages):
    assert messages["S11"]["kind"] == "contact"
    assert messages["S11"]["text"].splitlines()[1::3] == ["FN:Kemal", "FN:Arta"]


def test_poll(messages):
    assert (messages["S12"]["kind"], messages["S12"]["text"]) == ("poll", "Ko vozi?")
    assert extra(messages["S12"])["options"] == ["Milan", "niko"]


def test_events(messages):
    assert (messages["S13"]["direction"], messages["S13"]["sender_id"]) == ("system", MILAN)
    assert extra(messages["S13"]) == {"action": 2, "event": "added"}
    assert extra(messages["S01"]) == {"action": 2, "event": "encryption notice"}
    assert (messages["S14"]["kind"], messages["S14"]["direction"]) == ("call", "incoming")
    assert extra(messages["S14"]) == {"action": 4, "event": "missed video call"}
    assert "event" not in extra(messages["S02"])  # the column is 2 there as well


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"'{MILAN};{PAIRED},{UNPAIRED}'", {"by": MILAN, "persons": f"{PAIRED},{UNPAIRED}"}),
        (f"'{MILAN}'", {"by": MILAN}),
        ("'; @'", {"by": "", "persons": " @"}),
        ("'nema'", {}),
        ("x'3B40FF'", {}),
    ],
)
def test_who_added_whom(text, said):
    found = read(sql=SQL + f"UPDATE ZWAMESSAGE SET ZTEXT = {text} WHERE Z_PK = 13;")
    event = next(m for m in found["messages"] if m["message_id"] == "S13")
    assert {k: v for k, v in extra(event).items() if k in ("by", "persons")}.items() >= said.items()
    assert event["kind"] == "system"


def test_what_nobody_knows_stays(messages):
    message = messages["S15"]
    assert (message["kind"], message["raw_kind"], message["chat_id"]) == ("unknown", "77", "ZWACHATSESSION/Z_PK=9")
    assert "sent_at" not in message
    assert messages["S16"]["chat_kind"] == "status"


def test_reactions(alone):
    assert [(r["message_id"], r["person_id"], r["value"], r["reacted_at"]) for r in alone["reactions"]] == [
        ("S02", PAIRED, "🙏", datetime(2023, 5, 2, 16, 0, 29, 311000, tzinfo=UTC)),
        ("S02", OWNER, "👍", at(2023, 5, 2, 16, 0, 30)),
    ]


def test_members_and_partners(alone):
    found = {(p["chat_id"], p["person_id"]): p for p in alone["participants"]}
    assert {who: (p["role"], p["active"]) for (chat, who), p in found.items() if chat == GROUP} == {
        MILAN: ("admin", True),
        PAIRED: ("member", True),
        UNPAIRED: ("member", False),
    }
    assert extra(found[GROUP, MILAN]) == {"group_creator": MILAN, "group_created_at": "2022-11-13T02:40:00Z"}
    removed = found[PAIRED, PAIRED]
    assert extra(removed) == {"removed": 1, "last_message_at": "2023-03-08T22:56:40Z"}


def test_change_of_members(alone):
    [change] = [m for m in alone["messages"] if m["record"].startswith("ZWAGROUPMEMBERSCHANGE")]
    assert (change["chat_id"], change["direction"]) == (GROUP, "system")
    assert extra(change) == {"member_change": 2, "persons": UNPAIRED}


def test_names_account_and_payment(alone):
    assert [(c["person_id"], c["name"]) for c in alone["contacts"]] == [(UNPAIRED, "~Vozač")]
    assert [(a["account_id"], a["phone"], a["is_owner"]) for a in alone["accounts"]] == [(OWNER, "+38267999888", True)]
    payment = alone["transfers"][0]
    assert (payment["amount"], payment["asset"], payment["from_address"]) == ("12.050", "BRL", OWNER)


def test_promises():
    checks = testing.check(chatstorage, testing.database(SQL), name="ChatStorage.sqlite")
    assert [c for c in checks if c.fault] == []


# --- files of others


@pytest.fixture(scope="module")
def phone(corpus, manifest, tmp_path_factory) -> tuple[dict[str, list[dict]], dict]:
    entry = manifest["chats-whatsapp-chatstorage-sqlite-01"]
    folder = tmp_path_factory.mktemp("phone")
    with ZipFile(corpus / entry["path"]) as archive:
        for member in archive.namelist():
            (folder / Path(member).name).write_bytes(archive.read(member))
    return testing.rows(chatstorage, folder / "ChatStorage.sqlite"), entry["expected"]


def test_corpus_phone_counts(phone):
    found, expected = phone
    stored = expected["rows_per_table"]["value"]["ChatStorage.sqlite"]
    assert "problems" not in found
    assert len(found["messages"]) == expected["whatsAppMessages"]["rows"]["value"] == stored["ZWAMESSAGE"] == 32
    times = sorted(m["sent_at"] for m in found["messages"])
    assert [times[0].strftime("%FT%TZ"), times[-1].strftime("%FT%TZ")] == expected["whatsAppMessages"][
        "range_utc:Timestamp"
    ]["value"]
    assert Counter(m["chat_name"] for m in found["messages"]) == {
        "This Is DFIR Two": 22,
        "Our Test Group": 3,
        "Med Report Review": 2,
        "Med Report 2": 2,
        "Working Group": 3,
    }
    assert Counter((m["direction"], m["kind"]) for m in found["messages"]) == {
        ("system", "system"): 11,
        ("outgoing", "text"): 8,
        ("incoming", "text"): 7,
        ("outgoing", "image"): 1,
        ("incoming", "image"): 1,
        ("outgoing", "live_location"): 1,
        ("incoming", "live_location"): 1,
        ("outgoing", "location"): 1,
        ("incoming", "location"): 1,
    }
    assert sum(p["record"].startswith("ZWAGROUPMEMBER/") for p in found["participants"]) == stored["ZWAGROUPMEMBER"]


def test_corpus_phone_samples(phone):
    found, expected = phone
    at_second = {(m["sent_at"].strftime("%FT%TZ"), m["chat_id"]): m for m in found["messages"]}
    for sample in expected["whatsAppMessages"]["sample_rows"]["value"]:
        message = at_second[sample["Timestamp"], sample["From ID"]]
        assert message["chat_name"] == sample["Sender Name"]
        assert message.get("text") == sample.get("Message")
        assert (message.get("latitude"), message.get("longitude")) == (sample.get("Latitude"), sample.get("Longitude"))
        assert message["account_id"] == "19195794674@s.whatsapp.net"


def test_corpus_phone_details(phone):
    found, _ = phone
    messages = {m["message_id"]: m for m in found["messages"]}
    assert messages["3A05BCEAE15CB80C6E30"]["reply_to"] == "3A26649A0A496377CB01"
    assert extra(messages["3A05BCEAE15CB80C6E30"])["quoted_text"] == messages["3A26649A0A496377CB01"]["text"]
    [reaction] = found["reactions"]
    assert (reaction["message_id"], reaction["value"]) == ("3A26649A0A496377CB01", "👍")
    assert {m["sender_id"] for m in found["messages"] if m["direction"] == "incoming"} == {"19198887386@s.whatsapp.net"}
    assert [p["person_id"] for p in found["participants"]].count("205690463334636@lid") == 4
    assert len(found["places"]) == 4
    assert [a["size"] for a in found["attachments"]] == [42073, 55290]
    assert not [m for m in found["messages"] if m["kind"] == "image" and "latitude" in m]


def test_corpus_backup_with_few_columns(corpus, manifest):
    entry = manifest["containers-itunes-finder-backup-ios-backup-folder-unencrypted-manifest-01"]
    folder, expected = corpus / entry["path"], entry["expected"]["whatsapp"]["value"]
    beside = {
        "LID.sqlite": folder / "e7/e794f6ffcc3c222535f47684a63d5178da3c4500",
        "ContactsV2.sqlite": folder / "b8/b8548dc30aa1030df0ce18ef08b882cf7ab5212f",
    }
    store = folder / "7c/7c7fba66680ef796b916b067077cc246adacf01d"
    found = testing.rows(chatstorage, store, name="ChatStorage.sqlite", beside=beside)
    assert "problems" not in found
    assert len(found["messages"]) == expected["messages"] == 3
    chat = [m for m in found["messages"] if m["chat_id"] == expected["lid"] + "@lid"]
    assert [m["sent_at"].strftime("%FT%TZ") for m in chat] == [
        expected["chat_first_message_utc"],
        expected["chat_last_message_utc"],
    ]
    assert [m.get("sender_id") for m in chat] == [expected["phone"] + "@s.whatsapp.net", None]
    group = next(m for m in found["messages"] if m["chat_kind"] == "group")
    assert (group["sender_id"], group["sender_name"]) == ("14155550101@s.whatsapp.net", "Bob Example")
    [partner] = found["participants"]
    assert (partner["person_id"], extra(partner)["lid"]) == (
        expected["phone"] + "@s.whatsapp.net",
        expected["lid"] + "@lid",
    )
