"""Contacts of WhatsApp: wa.db, ContactsV2.sqlite, LID.sqlite."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from forensics_plugins.chats.whatsapp import android_wa, ios_contacts, ios_lid

from forensics import testing

HERE = Path(__file__).parent
MILAN, ARBEN = "381641112222@s.whatsapp.net", "38344555666@s.whatsapp.net"


def database(name: str) -> bytes:
    return testing.database((HERE / f"{name}.sql").read_text("utf-8"))


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def test_android():
    found = testing.rows(android_wa.contacts, database("wa"))
    assert "problems" not in found
    assert [(c["person_id"], c.get("name"), c.get("phones"), c.get("blocked")) for c in found["contacts"]] == [
        (MILAN, "Milan Vozač", ["+381 64 111 2222"], None),
        (MILAN, "Milan", ["064/111-2222"], None),
        (ARBEN, "~Arben", ["+38344555666"], True),
        ("120363041111111111@g.us", "Пут на север", None, None),
        ("38760000000@s.whatsapp.net", None, ["+38760000000"], True),
    ]
    assert found["contacts"][0]["note"] == "Na putu"
    assert extra(found["contacts"][0]) == {
        "chosen_name": "MILE",
        "uses_whatsapp": 1,
        "status_at": "2021-12-20T11:33:20Z",
    }
    assert extra(found["contacts"][3])["group_description"] == "samo za vozače"


def test_android_with_few_columns():
    sql = (
        "CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid, wa_name);"
        "INSERT INTO wa_contacts VALUES (1, '38344555666@s.whatsapp.net', 'Beni');"
    )
    [contact] = testing.rows(android_wa.contacts, testing.database(sql))["contacts"]
    assert (contact["name"], contact["phones"]) == ("~Beni", ["+38344555666"])


def test_ios():
    found = testing.rows(ios_contacts.contacts, database("contactsv2"))
    assert "problems" not in found
    assert [(c.get("person_id"), c["name"], c.get("phones"), c.get("username")) for c in found["contacts"]] == [
        (MILAN, "Milan Vozač", ["064 111 2222"], None),
        (ARBEN, "Arben", ["+38344555666", "+383 44 555 666"], "beni"),
        (None, "Majka", None, None),
    ]
    assert (found["contacts"][0]["note"], extra(found["contacts"][0])["phone_label"]) == ("Na putu", "Mobile")
    assert extra(found["contacts"][0])["about_at"] == "2023-03-08T20:26:40Z"


def test_hidden_identity():
    [contact] = testing.rows(ios_lid.pairs, database("lid"))["contacts"]
    assert (contact["person_id"], contact["phones"]) == (ARBEN, ["+38344555666"])
    assert contact["created_at"] == datetime(2023, 3, 8, 20, 26, 40, tzinfo=UTC)
    assert extra(contact) == {"lid": "205690463334636@lid"}


@pytest.mark.parametrize(
    ("parser", "name"),
    [(android_wa.contacts, "wa"), (ios_contacts.contacts, "contactsv2"), (ios_lid.pairs, "lid")],
    ids=["wa", "contactsv2", "lid"],
)
def test_promises(parser, name):
    assert [c for c in testing.check(parser, database(name)) if c.fault] == []


def test_corpus_phone(corpus, manifest, tmp_path):
    entry = manifest["chats-whatsapp-contactsv2-sqlite-01"]
    with ZipFile(corpus / entry["path"]) as archive:
        for member in archive.namelist():
            (tmp_path / Path(member).name).write_bytes(archive.read(member))
    found = testing.rows(ios_contacts.contacts, tmp_path / "ContactsV2.sqlite")
    expected = entry["expected"]["whatsAppContacts"]
    assert "problems" not in found
    assert len(found["contacts"]) == expected["rows"]["value"] == 9
    by_identifier = {extra(c)["identifier"] + c.get("phones", [""])[0]: c for c in found["contacts"]}
    for sample in expected["sample_rows"]["value"]:
        contact = by_identifier[sample["Identifier"] + sample.get("Phone Number", "")]
        assert contact["name"] == sample["Fullname"]
        assert contact.get("person_id") == sample.get("Whatsapp ID")
        assert contact.get("note") == sample.get("About Text")
        assert extra(contact).get("about_at") == sample.get("About Text Timestamp")
        assert extra(contact).get("phone_label") == sample.get("Phone Number Label")


def test_corpus_backup(corpus, manifest):
    entry = manifest["containers-itunes-finder-backup-ios-backup-folder-unencrypted-manifest-01"]
    expected = entry["expected"]["whatsapp_contacts"]["value"]
    store = corpus / entry["path"] / "b8/b8548dc30aa1030df0ce18ef08b882cf7ab5212f"
    found = testing.rows(ios_contacts.contacts, store, name="ContactsV2.sqlite")["contacts"]
    assert len(found) == expected["rows"] == 2
    assert (found[0]["name"], found[0]["person_id"]) == (expected["name"], expected["id"])
    assert found[0]["phones"][0] == expected["phone"]
    assert extra(found[0])["disappearing_s"] == expected["disappearing_seconds"]
    lids = entry["expected"]["whatsapp"]["value"]
    [pair] = testing.rows(ios_lid.pairs, corpus / entry["path"] / "e7/e794f6ffcc3c222535f47684a63d5178da3c4500")[
        "contacts"
    ]
    assert (pair["phones"], extra(pair)["lid"]) == (["+" + lids["phone"]], lids["lid"] + "@lid")
