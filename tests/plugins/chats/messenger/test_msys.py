"""msys: messages in clear and end-to-end encrypted ones, and what other tools lose or multiply."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.messenger.msys import messages
from forensics_plugins.chats.messenger.msys_encrypted import digest_in

from forensics import testing

SQL = Path(__file__).with_name("msys.sql").read_text("utf-8")
OWNER = "100012345678901"
NAME = f"msys_database_{OWNER}"


def read(sql: str, name: str = NAME) -> dict[str, list[dict]]:
    return testing.rows(messages, testing.database(sql), name=name)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    return read(SQL)


@pytest.fixture(scope="module")
def said(found) -> dict[str, dict]:
    return {row["record"].rpartition("=")[2]: row for row in found["messages"] if "secure" not in row["record"]}


def test_one_row_a_message(found):
    # ALEAPP and iLEAPP join attachments, items, buttons and reactions: a message with three pictures, two items and two
    # reactions comes out twelve times there.
    assert len(found["messages"]) == 16 + 1 + 5
    assert [row["record"] for row in found["messages"]].count("messages/message_id=mid.8") == 1
    assert [row["record"] for row in found["messages"]].count("messages/message_id=mid.1") == 1
    assert "problems" not in found


def test_ordinary_messages(said):
    first, second = said["mid.1"], said["mid.2"]
    assert first["sent_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    assert (first["sender_id"], first["sender_name"], first["text"]) == ("200", "Мирела Проба", "Где си? 🙂")
    assert (first["app"], first["account_id"]) == ("Messenger", OWNER)
    assert (first["chat_id"], first["chat_name"], first["chat_kind"]) == ("200", "Мирела Проба", "direct")
    assert (first["direction"], second["direction"]) == ("incoming", "outgoing")
    assert said["mid.7"]["text"] == '=HYPERLINK("https://x.test")'
    assert extra(said["mid.7"]) == {"folder": "archived", "thread_type": "99"}


def test_senders_missing_from_contacts(said):
    # ALEAPP before 2026 joined contacts inwardly: messages of such senders were lost.
    stranger, nobody = said["mid.3"], said["mid.4"]
    assert (stranger["text"], stranger["sender_id"], stranger["direction"]) == ("بدون مخاطب", "999", "incoming")
    assert "sender_name" not in stranger
    assert (nobody["text"], nobody["direction"]) == ("nobody", "unknown")
    assert "sender_id" not in nobody


def test_odd_messages(said):
    empty = said["mid.5"]  # no thread of that key, no time, no text
    assert (empty["chat_id"], empty["kind"]) == ("9999", "unknown")
    assert (
        not {
            "sent_at",
            "text",
            "chat_kind",
        }
        & empty.keys()
    )
    assert (said["mid.6"]["direction"], said["mid.6"]["kind"]) == ("system", "system")
    unsent = said["mid.14"]
    assert (unsent["kind"], unsent["deleted"], unsent["deleted_at"].second) == ("deleted", True, 15)
    reply = said["mid.15"]
    assert (reply["reply_to"], reply["forwarded"], reply["edited"]) == ("mid.1", True, True)
    assert extra(reply)["quoted_text"] == "Где си?"
    assert (said["mid.16"]["kind"], extra(said["mid.16"])["sticker_id"]) == ("sticker", "369239263222822")


def test_attachments(found, said):
    pictures = [a for a in found["attachments"] if a.get("message_id") == "mid.8"]
    assert [(a["name"], a["size"], a["url"]) for a in pictures] == [
        ("image-1.jpeg", 1111, "https://a.test/1"),
        ("image-2.jpeg", 2222, "https://a.test/2"),
        ("image-3.jpeg", 3333, "https://a.test/3"),
    ]
    assert (said["mid.8"]["kind"], said["mid.8"]["raw_kind"]) == ("image", "attachment_type 2")
    assert "view_once" not in said["mid.8"]  # the mode 0 is in every row; it counts for disappearing pictures
    assert said["mid.9"]["view_once"] is True
    assert extra(pictures[0])["items"] == [{"title": "one", "subtitle": "a"}, {"title": "two", "subtitle": "b"}]
    assert (said["mid.13"]["kind"], extra(said["mid.13"])["link"]) == ("link", "https://w.test/")


def test_location(found, said):
    assert (said["mid.12"]["kind"], said["mid.12"]["latitude"], said["mid.12"]["longitude"]) == (
        "location",
        43.8563,
        18.4131,
    )
    assert [(p["ref"], p["latitude"]) for p in found["places"]] == [("mid.12", 43.8563)]
    assert "latitude" not in said["mid.1"]  # its button's address is no pair of numbers


def test_calls_by_their_messages_in_any_language(found, said):
    # iLEAPP looks for "call" in the title, which is in the language of the phone.
    ended, missed = found["calls"]
    assert (ended["call_id"], ended["direction"], ended["video"], ended["peer_id"]) == (
        "mid.10",
        "outgoing",
        True,
        "200",
    )
    assert extra(ended)["titles"] == ["Видео позив"]
    assert "outcome" not in ended
    assert (missed["call_id"], missed["direction"], missed["outcome"], missed["video"]) == (
        "mid.11",
        "incoming",
        "missed",
        False,
    )
    assert missed["peer_name"] == "Мирела Проба"
    assert {said["mid.10"]["kind"], said["mid.11"]["kind"]} == {"call"}


def test_call_log():
    # ALEAPP shows has_been_seen as "Call Answered"; its codes of direction and media were tested by nobody.
    sql = SQL + "INSERT INTO call_log VALUES (200, 1700001000000, 95, 1, 2, 0), (888, 0, NULL, 7, NULL, 1);"
    call, odd = read(sql)["calls"]
    assert (call["duration_s"], call["peer_id"], call["peer_name"]) == (95, "200", "Мирела Проба")
    assert call["started_at"] == datetime(2023, 11, 14, 22, 30, tzinfo=UTC)
    assert call["direction"] == "unknown"
    assert not {"outcome", "video"} & call.keys()
    assert extra(call) == {"call_direction": "1", "call_media_type": "2", "has_been_seen": "0"}
    assert odd["chat_id"] == "888"
    assert "started_at" not in odd


def test_encrypted_chats(said):
    first, edited = said["1"], said["2"]
    assert (first["text"], first["sender_id"], first["sender_name"], first["direction"]) == (
        "шифровано", "200", "Мирела Проба", "incoming",
    )  # fmt: skip
    assert (first["chat_id"], first["chat_name"]) == ("client_threads/pk=41", "Мирела Проба")
    assert first["sent_at"] == datetime(2024, 3, 9, 16, 0, 0, 456000, tzinfo=UTC)
    assert extra(first)["transport"] == "AdvancedCrypto"
    assert "edited" not in first
    assert (edited["direction"], edited["edited"], edited["edited_at"].minute) == ("outgoing", True, 3)
    assert [version["text"] for version in extra(edited)["versions"]] == ["prva", "druga", "treća verzija"]


def test_a_key_of_a_contact_is_no_facebook_id(said):
    # iLEAPP before 2026-09 joined sender_contact_pk to contacts.id: message 3 was Mirela's there.
    looks_like, unpaired, unknown = said["3"], said["4"], said["5"]
    assert (looks_like["sender_id"], looks_like["sender_name"]) == ("777", "Someone else")
    assert (unpaired["sender_id"], unpaired["direction"]) == ("client_contacts/pk=3", "unknown")
    assert (unknown["sender_id"], unknown["text"]) == ("client_contacts/pk=88", "key of nobody")
    assert (unpaired["kind"], unpaired["sent_at"].second) == ("image", 20)  # display time unset: the authoritative one


def test_attachments_of_encrypted_chats(found):
    named, plain = (a for a in found["attachments"] if a["record"].startswith("client_"))
    assert named["sha256"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert named["stored_path"].startswith("media_bank/AdvancedCrypto/x/persistent/att.")
    assert (named["message_id"], named["size"]) == ("client_messages/pk=4", 77)
    assert plain["name"] == "plain.jpg"
    assert "sha256" not in plain


@pytest.mark.parametrize(
    "name", ["att.short.jpg", "att." + "*" * 43 + ".jpg", "x-att." + "A" * 43 + ".jpg", None, 5, b"att."]
)
def test_names_without_digest(name):
    assert digest_in(name) is None


def test_secret_conversations_stay_ciphertext(found):
    (row,) = [m for m in found["messages"] if m.get("raw_kind") == "secure_messages"]
    assert (row["chat_id"], row["sender_name"], row["kind"]) == ("555", "Мирела Проба", "unknown")
    assert "text" not in row
    assert extra(row) == {"secret_conversation": 1, "ciphertext": "Zm9v", "attachments_ciphertext": "00FF"}


def test_reactions_members_people(found):
    assert [(r["message_id"], r["person_id"], r["value"]) for r in found["reactions"]] == [
        ("mid.1", OWNER, "👍"),
        ("mid.1", "999", "😮"),
    ]
    assert [(p["chat_id"], p["person_id"], p["name"], p["role"]) for p in found["participants"]] == [
        ("200", "200", "Мирела Проба", "member"),
        ("200", OWNER, "Neven Test", "member"),
        ("7700", "200", "Мирела Проба", "admin"),
        ("7700", "999", "Надимак", "member"),
    ]
    mirela, own = found["contacts"]
    assert (mirela["phones"], mirela["emails"], mirela["blocked"]) == (["+38165000222"], ["mirela@example.org"], True)
    assert extra(mirela)["friendship_status"] == 3
    assert "blocked" not in own
    (account,) = found["accounts"]
    assert (account["account_id"], account["name"], account["is_owner"]) == (OWNER, "Neven Test", True)


@pytest.mark.parametrize(
    ("path", "app"),
    [
        (f"data/data/com.facebook.orca/databases/msys_database_{OWNER}", "Messenger"),
        (f"data/data/com.facebook.katana/app_mib_msys/v2/{OWNER}/msys_database_{OWNER}", "Facebook"),
        (f"cask/{OWNER}/FBMessagingMailboxCaskStore/1/fb-msys-{OWNER}.db", "Facebook"),
        (f"group.com.facebook.Messenger/lightspeed-userDatabases/{OWNER}.db", "Messenger"),
        ("data/data/com.instagram.android/databases/ig_msys_database_17841400000000000", "Instagram"),
    ],
)
def test_the_app_is_told_by_the_folder(path, app):
    assert {m["app"] for m in read(SQL, name=path)["messages"]} == {app}


def test_owner():
    without = SQL.replace("INSERT INTO _user_info", "-- INSERT INTO _user_info")
    named = read(without)
    assert (named["accounts"][0]["account_id"], named["accounts"][0]["record"]) == (OWNER, "file name")
    unnamed = read(without, name="copy.sqlite")
    assert "accounts" not in unnamed
    assert {m["direction"] for m in unnamed["messages"]} == {"unknown", "system"}
    poisoned = read(
        without + """INSERT INTO _user_info VALUES (1, "x') UNION SELECT 1 --"), (2, x'00ff');""", name="copy.sqlite"
    )
    assert "accounts" not in poisoned
    assert len(poisoned["messages"]) == 22


def test_an_older_schema():
    sql = """
    CREATE TABLE contacts (id, name);
    CREATE TABLE messages (timestamp_ms, sender_id, thread_key, text, message_id);
    CREATE TABLE attachments (message_id, title_text);
    INSERT INTO messages VALUES (1700000000000, 42, 'thread', 'Ćao', 'm1');
    """
    found = read(sql, name="x.db")
    (row,) = found["messages"]
    assert (row["text"], row["kind"], row["chat_id"], row["sender_id"]) == ("Ćao", "text", "thread", "42")
    assert "problems" not in found


def test_rows_not_read_are_a_problem():
    found = read(SQL + "CREATE TABLE stories (story_id); INSERT INTO stories VALUES (1), (2);")
    assert [(p["kind"], p["record"]) for p in found["problems"]] == [("not_read", "stories")]


def test_promises():
    assert [c for c in testing.check(messages, testing.database(SQL), name=NAME) if c.fault] == []


def test_poisoned():
    sql = (
        SQL
        + """
    INSERT INTO messages (message_id, thread_key, sender_id, timestamp_ms, text, is_unsent, sticker_id) VALUES
      (NULL, NULL, x'00', 'soon', x'ff00', 'x', 9e999), (x'ff', 1e300, 'a', 9223372036854775807, char(27) || '[31m', 1, 0);
    INSERT INTO attachments (message_id, attachment_type, filename, filesize, title_text, playable_duration_ms) VALUES
      (NULL, 'x', x'00ff', 'big', char(8238) || 'gpj.exe', -1), ('mid.1', 9e18, '', 1e300, x'22', 'x');
    INSERT INTO attachment_ctas VALUES ('mid.2', 7, ',', x''), ('mid.3', NULL, '1e999,2', NULL), ('mid.4', NULL, '91,181', NULL);
    INSERT INTO reactions VALUES (NULL, NULL, NULL, NULL, 'x');
    INSERT INTO participants VALUES (x'00', 'x', x'ff', 'x', 'x');
    INSERT INTO client_messages VALUES (90, 'x', 'y', 'z', 9e18, x'ff', 'x', 'x');
    INSERT INTO client_attachments VALUES ('x', x'00', 'x', x'00');
    INSERT INTO contacts VALUES (77, x'ff', 5, x'00', 6, 'x', 'x', 'x', 'x', 'x', x'ff');
    INSERT INTO secure_messages VALUES (x'ff', 'x', 'x', x'ff', 'y');
    """
    )
    found = read(sql)
    assert len(found["messages"]) == 22 + 4
    assert len(found["attachments"]) == 13
    assert len(found["contacts"]) == 3
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]
