"""WhatsApp and WhatsApp Business, and two accounts of one app on one phone."""

import plistlib
import sqlite3
from pathlib import Path

import pytest
from forensics_plugins.chats.whatsapp import android_account, android_wa, ios_calls, ios_chatstorage, ios_contacts
from forensics_plugins.chats.whatsapp.android_msgstore import msgstore
from forensics_plugins.chats.whatsapp.which_app import app_of, hashed

import forensics
from forensics import testing

HERE = Path(__file__).parent
MILAN = "381641112222@s.whatsapp.net"
PREFERENCES = (HERE / "preferences.xml").read_bytes()
NOTE = ".com.apple.mobile_container_manager.metadata.plist"


def database(name: str, more: str = "") -> bytes:
    return testing.database((HERE / f"{name}.sql").read_text("utf-8") + more)


@pytest.mark.parametrize(
    ("path", "app"),
    [
        ("data/data/com.whatsapp/databases/msgstore.db", "WhatsApp"),
        ("data/data/com.whatsapp.w4b/databases/msgstore.db", "WhatsApp Business"),
        ("data/user/999/com.whatsapp.w4b/databases/wa.db", "WhatsApp Business"),
        ("apps/com.whatsapp.w4b/db/msgstore.db", "WhatsApp Business"),
        ("sdcard/Android/media/com.whatsapp.w4b/WhatsApp Business/Databases/msgstore.db", "WhatsApp Business"),
        ("sdcard/WhatsApp Business/Databases/msgstore.db", "WhatsApp Business"),
        ("shared_prefs/com.whatsapp.w4b_preferences_light.xml", "WhatsApp Business"),
        ("shared_prefs/com.whatsapp_preferences_light.xml", "WhatsApp"),
        ("AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared/ChatStorage.sqlite", "WhatsApp Business"),
        ("AppDomainGroup-group.net.whatsapp.WhatsApp.shared/ChatStorage.sqlite", "WhatsApp"),
        ("72/724bd3b98b18518b455a87c1f3ac3a0d189c4466", "WhatsApp Business"),
        ("7c/7c7fba66680ef796b916b067077cc246adacf01d", None),
        ("export/msgstore.db", None),
    ],
)
def test_by_the_path(path, app):
    with testing.placed(b"SQLite format 3\0", name=path) as file:
        assert app_of(file) == app


def test_the_name_in_a_backup_is_a_hash():
    place = "AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared-ContactsV2.sqlite"
    assert hashed(place) == "d7246a707f51ddf8b17ee2dddabd9e0a4da5c552"


@pytest.mark.parametrize(
    ("note", "app"),
    [
        (plistlib.dumps({"MCMMetadataIdentifier": "group.net.whatsapp.WhatsAppSMB.shared"}), "WhatsApp Business"),
        (plistlib.dumps({"MCMMetadataIdentifier": "group.net.whatsapp.WhatsApp.shared"}), "WhatsApp"),
        (plistlib.dumps({"MCMMetadataIdentifier": 7}), None),
        (plistlib.dumps(["group.net.whatsapp.WhatsAppSMB.shared"]), None),
        (b"bplist00 cut", None),
    ],
    ids=["business", "not business", "a number", "a list", "damaged"],
)
def test_by_the_note_in_the_container(note, app):
    folder = "private/var/mobile/Containers/Shared/AppGroup/694FBBC5"
    beside = {f"{folder}/{NOTE}": note}
    with testing.placed(b"x", name=f"{folder}/ChatStorage.sqlite", beside=beside) as file:
        assert app_of(file) == app


@pytest.mark.parametrize(
    ("parser", "content"),
    [
        (msgstore, database("modern")),
        (msgstore, database("legacy")),
        (android_wa.contacts, database("wa")),
        (android_account.account, PREFERENCES),
        (ios_chatstorage.chatstorage, database("chatstorage")),
        (ios_contacts.contacts, database("contactsv2")),
        (ios_calls.calls, database("callhistory")),
    ],
    ids=["msgstore", "older msgstore", "wa", "preferences", "ChatStorage", "ContactsV2", "CallHistory"],
)
@pytest.mark.parametrize("app", ["WhatsApp", "WhatsApp Business"])
def test_all_rows_name_the_app(parser, content, app):
    folder = {"WhatsApp": "export", "WhatsApp Business": "com.whatsapp.w4b"}[app]
    found = testing.rows(parser, content, name=f"{folder}/file")
    named = {
        row.get("app", row.get("platform")) for table, rows in found.items() for row in rows if table != "problems"
    }
    assert named - {None} == {app}  # places name no app


def test_by_the_folders_of_the_media():
    business = (
        "INSERT INTO message_media (message_row_id, file_path) VALUES (9, 'Media/WhatsApp Business Images/IMG-1.jpg');"
    )
    found = testing.rows(msgstore, database("modern", business), name="msgstore.db")
    assert {m["app"] for m in found["messages"]} == {"WhatsApp Business"}
    moved = testing.rows(msgstore, database("modern", business), name="data/data/com.whatsapp/databases/msgstore.db")
    assert {m["app"] for m in moved["messages"]} == {"WhatsApp"}  # the path says what the app is now


def test_the_account_is_in_the_preferences_beside():
    folder = "data/data/com.whatsapp"
    beside = {f"{folder}/shared_prefs/com.whatsapp_preferences_light.xml": PREFERENCES}
    found = testing.rows(msgstore, database("modern"), name=f"{folder}/databases/msgstore.db", beside=beside)
    owner = "38267999888@s.whatsapp.net"
    assert {m["account_id"] for m in found["messages"]} == {c["account_id"] for c in found["calls"]} == {owner}
    assert {m["sender_id"] for m in found["messages"] if m["direction"] == "outgoing"} == {owner}
    assert owner in {r.get("person_id") for r in found["reactions"]}


@pytest.mark.parametrize("number", ["", "'; DROP TABLE message; --", "12 34", "1' OR '1", "٣٨٢٦٧٩٩٩"])
def test_a_number_that_is_none_names_no_account(number):
    xml = f'<map><string name="cc">{number}</string><string name="ph">{number}</string></map>'.encode()
    beside = {"com.whatsapp/shared_prefs/startup_prefs.xml": xml}
    found = testing.rows(msgstore, database("modern"), name="com.whatsapp/databases/msgstore.db", beside=beside)
    assert len(found["messages"]) == 25
    assert not [m for m in found["messages"] if "'" in m.get("account_id", "")]


@pytest.fixture(scope="module")
def phone(tmp_path_factory) -> forensics.Case:
    """A phone with WhatsApp, its twin for a second number, and WhatsApp Business, all in talk with the same person."""
    root = tmp_path_factory.mktemp("phone") / "evidence"
    for folder, number, text in (
        ("data/data/com.whatsapp", "38267999888", "Kad krećete?"),
        ("data/user/999/com.whatsapp", "38344000111", "Сутра у шест"),
        ("data/data/com.whatsapp.w4b", None, "mallrat janë gati"),
    ):
        place = root / folder / "databases" / "msgstore.db"
        place.parent.mkdir(parents=True)
        place.write_bytes(database("modern"))
        with sqlite3.connect(place) as connection:
            connection.execute("UPDATE message SET text_data = ? WHERE _id = 2", (text,))
        connection.close()
        (place.parent / "wa.db").write_bytes(database("wa"))
        if number:
            settings = root / folder / "shared_prefs" / "com.whatsapp_preferences_light.xml"
            settings.parent.mkdir()
            settings.write_bytes(PREFERENCES.replace(b"38267999888", number.encode()))
    case = root.parent / "two.case"
    forensics.ingest(case, [root], workers=1)
    return forensics.open_case(case)


def test_both_accounts_of_a_phone_are_read(phone):
    first = phone.messages[phone.messages["message_id"] == "A02"]
    assert sorted(zip(first["app"], first["account_id"].astype(object).fillna(""), first["text"], strict=True)) == [
        ("WhatsApp", "38267999888@s.whatsapp.net", "Kad krećete?"),
        ("WhatsApp", "38344000111@s.whatsapp.net", "Сутра у шест"),
        ("WhatsApp Business", "", "mallrat janë gati"),
    ]
    assert set(first["chat_id"]) == {MILAN}
    assert first["path"].nunique() == 3
    assert len(phone.messages) == 3 * 25


def test_accounts_and_contacts_of_both_are_told_apart(phone):
    named = phone.accounts[phone.accounts["phone"].notna()]
    assert sorted(named["account_id"]) == ["38267999888@s.whatsapp.net", "38344000111@s.whatsapp.net"]
    assert len(phone.calls) == 3 * 5
    book = phone.contacts[phone.contacts["record"] == "wa_contacts/_id=1"]
    assert sorted(zip(book["app"], book["account_id"].astype(object).fillna(""), strict=True)) == [
        ("WhatsApp", "38267999888@s.whatsapp.net"),
        ("WhatsApp", "38344000111@s.whatsapp.net"),
        ("WhatsApp Business", ""),
    ]
