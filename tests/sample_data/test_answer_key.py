"""The answer key against the shipped files, read with nothing but sqlite3, json and exifread.

Our own parsers are not used here: they are measured by this key elsewhere.
"""

import base64
import csv
import hashlib
import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import exifread
import pytest

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
KEY = json.loads((SAMPLE_DATA / "answer_key.json").read_text("utf-8"))
ANDROID, IPHONE, LAPTOP = (KEY["devices"][device] for device in ("android_phone", "iphone", "laptop"))
PHONES = {"android_phone": ANDROID, "iphone": IPHONE}
MSGSTORE = "data/data/com.whatsapp/databases/msgstore.db"
APP_GROUP = next(path for path in IPHONE["databases"] if path.endswith("ChatStorage.sqlite")).removesuffix(
    "ChatStorage.sqlite"
)

ANDROID_MESSAGES = """
SELECT m.key_id, m.text_data, m.timestamp, m.message_type, m.from_me, chat_jid.raw_string AS chat,
       COALESCE(phone.raw_string, author.raw_string) AS author, quoted.key_id AS quoted
FROM message m JOIN chat ON chat._id = m.chat_row_id JOIN jid chat_jid ON chat_jid._id = chat.jid_row_id
LEFT JOIN jid author ON author._id = m.sender_jid_row_id
LEFT JOIN jid_map ON jid_map.lid_row_id = author._id LEFT JOIN jid phone ON phone._id = jid_map.jid_row_id
LEFT JOIN message_quoted quoted ON quoted.message_row_id = m._id
"""
IPHONE_MESSAGES = """
SELECT m.ZSTANZAID AS key_id, COALESCE(m.ZTEXT, CASE WHEN m.ZMESSAGETYPE = 1 THEN media.ZTITLE END) AS text_data,
       (m.ZMESSAGEDATE + 978307200) * 1000 AS timestamp, m.ZMESSAGETYPE AS message_type, m.ZISFROMME AS from_me,
       chat.ZCONTACTJID AS chat, member.ZMEMBERJID AS author
FROM ZWAMESSAGE m JOIN ZWACHATSESSION chat ON chat.Z_PK = m.ZCHATSESSION
LEFT JOIN ZWAGROUPMEMBER member ON member.Z_PK = m.ZGROUPMEMBER LEFT JOIN ZWAMEDIAITEM media ON media.Z_PK = m.ZMEDIAITEM
"""
MESSAGES = {"android_phone": ANDROID_MESSAGES, "iphone": IPHONE_MESSAGES}
ANDROID_KINDS = {0: "text", 1: "image", 2: "voice", 4: "contact", 5: "location", 7: "system", 15: "deleted"}
ANDROID_KINDS |= {16: "live_location", 117: "unknown"}
IPHONE_KINDS = {0: "text", 1: "image", 4: "contact", 5: "location", 6: "system", 14: "deleted"}
KINDS = {"android_phone": ANDROID_KINDS, "iphone": IPHONE_KINDS}


class Copies:
    """Opens databases on copies; the shipped files stay as they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, device: str, path: str, log: bool = True) -> sqlite3.Connection:
        target = self.folder / f"{device}-{log}-{Path(path).name}"
        source = SAMPLE_DATA / device / path
        shutil.copyfile(source, target)
        if log and source.with_name(source.name + "-wal").exists():
            shutil.copyfile(source.with_name(source.name + "-wal"), target.with_name(target.name + "-wal"))
        db = sqlite3.connect(target)
        db.row_factory = sqlite3.Row
        return db


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path)


@pytest.fixture
def stores(copies: Copies) -> dict[str, sqlite3.Connection]:
    return {
        "android_phone": copies.open("android_phone", MSGSTORE),
        "iphone": copies.open("iphone", APP_GROUP + "ChatStorage.sqlite"),
    }


def rows(db: sqlite3.Connection, sql: str) -> dict[str, sqlite3.Row]:
    return {row["key_id"]: row for row in db.execute(sql)}


def iso(milliseconds: float) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# Databases


def test_databases_are_sound(copies: Copies) -> None:
    for device, phone in PHONES.items():
        for path in phone["databases"]:
            for log in (False, True):
                found = copies.open(device, path, log).execute("PRAGMA integrity_check").fetchall()
                assert [tuple(row) for row in found] == [("ok",)], path


def test_row_counts_of_the_message_store_in_both_states(copies: Copies) -> None:
    for table, counts in ANDROID["databases"][MSGSTORE].items():
        assert count(copies.open("android_phone", MSGSTORE, log=False), table) == counts["checkpoint"], table
        assert count(copies.open("android_phone", MSGSTORE), table) == counts["with_log"], table


def test_row_counts_of_the_other_databases(copies: Copies) -> None:
    wa = "data/data/com.whatsapp/databases/wa.db"
    expected = {("android_phone", wa): ANDROID["databases"][wa]}
    expected |= {("iphone", path): tables for path, tables in IPHONE["databases"].items()}
    for (device, path), tables in expected.items():
        db = copies.open(device, path)
        assert {table: count(db, table) for table in tables} == tables


def test_contacts_of_the_iphone_are_in_the_log_only(copies: Copies) -> None:
    (path,) = IPHONE["whole_content_in_the_log"]
    assert count(copies.open("iphone", path, log=False), "sqlite_schema") == 0
    assert count(copies.open("iphone", path), "ZWAADDRESSBOOKCONTACT") == len(IPHONE["contacts"])


# Messages


@pytest.mark.parametrize("device", PHONES)
def test_messages_a_chat(stores: dict[str, sqlite3.Connection], device: str) -> None:
    found: dict[str, int] = {}
    for row in stores[device].execute(MESSAGES[device]):
        found[row["chat"]] = found.get(row["chat"], 0) + 1
    assert found == PHONES[device]["messages"]["by_chat"]


@pytest.mark.parametrize("device", PHONES)
def test_named_messages(copies: Copies, stores: dict[str, sqlite3.Connection], device: str) -> None:
    now = rows(stores[device], MESSAGES[device])
    before = rows(copies.open("android_phone", MSGSTORE, log=False), ANDROID_MESSAGES) if device != "iphone" else now
    owner = PHONES[device]["owner"]["jid"]
    for expected in PHONES[device]["messages"]["named"]:
        key = expected["message_id"]
        state = "live" if key in now and key in before else "wal" if key in now else "journal"
        row = now.get(key) or before[key]
        author = owner if row["from_me"] else row["author"] or row["chat"]
        kind = KINDS[device][row["message_type"]]
        direction = "system" if kind == "system" else "outgoing" if row["from_me"] else "incoming"
        assert {
            "message_id": key,
            "chat_id": row["chat"],
            "sender": author,
            "sent_at": iso(row["timestamp"]),
            "direction": direction,
            "kind": kind,
            "text": row["text_data"],
            "state": state,
        } == {name: expected[name] for name in expected if name not in ("name", "reply_to", "text_as_shown")}, expected[
            "name"
        ]


def test_states_of_the_android_messages(copies: Copies) -> None:
    now = rows(copies.open("android_phone", MSGSTORE), ANDROID_MESSAGES)
    before = rows(copies.open("android_phone", MSGSTORE, log=False), ANDROID_MESSAGES)
    same = {key for key in now if key in before and tuple(now[key]) == tuple(before[key])}
    states = {"live": len(same), "wal": len(now) - len(same), "journal": len(before) - len(same)}
    assert states == ANDROID["messages"]["states"]


def test_edit_in_the_log_leaves_the_older_text_in_the_main_file(copies: Copies) -> None:
    now = rows(copies.open("android_phone", MSGSTORE), ANDROID_MESSAGES)
    before = rows(copies.open("android_phone", MSGSTORE, log=False), ANDROID_MESSAGES)
    for edit in ANDROID["messages"]["edited_in_the_log"]:
        assert before[edit["message_id"]]["text_data"] == edit["journal"]
        assert now[edit["message_id"]]["text_data"] == edit["wal"]


def test_replies_point_to_named_messages(stores: dict[str, sqlite3.Connection]) -> None:
    named = {message["name"]: message["message_id"] for message in ANDROID["messages"]["named"]}
    now = rows(stores["android_phone"], ANDROID_MESSAGES)
    for message in ANDROID["messages"]["named"]:
        if message["reply_to"]:
            assert now[message["message_id"]]["quoted"] == named[message["reply_to"]]


def test_android_reactions(stores: dict[str, sqlite3.Connection]) -> None:
    sql = """SELECT m.key_id, r.reaction, a.from_me, COALESCE(p.raw_string, j.raw_string, c.raw_string) AS person
             FROM message_add_on a JOIN message_add_on_reaction r ON r.message_add_on_row_id = a._id
             JOIN message m ON m._id = a.parent_message_row_id JOIN chat ON chat._id = m.chat_row_id
             JOIN jid c ON c._id = chat.jid_row_id LEFT JOIN jid j ON j._id = a.sender_jid_row_id
             LEFT JOIN jid_map ON lid_row_id = j._id LEFT JOIN jid p ON p._id = jid_map.jid_row_id"""
    owner = ANDROID["owner"]["jid"]
    found = {
        (row["key_id"], owner if row["from_me"] else row["person"], row["reaction"])
        for row in stores["android_phone"].execute(sql)
    }
    assert found == {(each["message_id"], each["person"], each["value"]) for each in ANDROID["reactions"]}


def test_iphone_reactions_are_in_the_blob(stores: dict[str, sqlite3.Connection]) -> None:
    sql = """SELECT m.ZSTANZAID AS key_id, i.ZRECEIPTINFO AS blob FROM ZWAMESSAGE m
             JOIN ZWAMESSAGEINFO i ON i.Z_PK = m.ZMESSAGEINFO"""
    found = {row["key_id"]: row["blob"] for row in stores["iphone"].execute(sql)}
    assert set(found) == {each["message_id"] for each in IPHONE["reactions"]}
    for each in IPHONE["reactions"]:
        assert each["value"].encode() in found[each["message_id"]]
        assert (each["person"].encode() in found[each["message_id"]]) == (each["person"] != IPHONE["owner"]["jid"])


def test_places(stores: dict[str, sqlite3.Connection]) -> None:
    queries = {
        "android_phone": """SELECT key_id, latitude, longitude, place_name AS label FROM message
                            JOIN message_location ON message_row_id = _id""",
        "iphone": """SELECT ZSTANZAID AS key_id, ZLATITUDE AS latitude, ZLONGITUDE AS longitude, ZVCARDNAME AS label
                     FROM ZWAMESSAGE m JOIN ZWAMEDIAITEM i ON i.Z_PK = m.ZMEDIAITEM WHERE m.ZMESSAGETYPE = 5""",
    }
    for device, phone in PHONES.items():
        found = rows(stores[device], queries[device])
        assert set(found) == {place["message_id"] for place in phone["places"]}
        for place in phone["places"]:
            row = found[place["message_id"]]
            assert (row["latitude"], row["longitude"], row["label"]) == (
                place["latitude"],
                place["longitude"],
                place["label"],
            )


def test_attachments(stores: dict[str, sqlite3.Connection]) -> None:
    queries = {
        "android_phone": """SELECT key_id, file_path AS path, file_hash AS hash FROM message
                            JOIN message_media ON message_row_id = _id""",
        "iphone": """SELECT ZSTANZAID AS key_id, ZMEDIALOCALPATH AS path, ZVCARDNAME AS hash FROM ZWAMESSAGE m
                     JOIN ZWAMEDIAITEM i ON i.Z_PK = m.ZMEDIAITEM WHERE m.ZMESSAGETYPE = 1""",
    }
    for device, phone in PHONES.items():
        found = rows(stores[device], queries[device])
        assert set(found) == {each["message_id"] for each in phone["attachments"]}
        for each in phone["attachments"]:
            row = found[each["message_id"]]
            assert row["path"] == each["stored_path"]
            if each["present"]:
                assert sha256(SAMPLE_DATA / device / each["path"]) == each["sha256"]
                assert base64.b64decode(row["hash"]).hex() == each["sha256"]


# Calls and contacts


def test_calls(copies: Copies, stores: dict[str, sqlite3.Connection]) -> None:
    android = """SELECT call_id AS key_id, timestamp, from_me, video_call AS video, duration, call_result AS outcome,
                 raw_string AS peer FROM call_log JOIN jid ON jid._id = jid_row_id"""
    iphone = """SELECT ZCALLIDSTRING AS key_id, (ZDATE + 978307200) * 1000 AS timestamp, ZINCOMING = 0 AS from_me,
                ZVIDEO AS video, ZDURATION AS duration, e.ZOUTCOME AS outcome, ZJIDSTRING AS peer FROM ZWACDCALLEVENT e
                JOIN ZWAAGGREGATECALLEVENT a ON a.Z_PK = e.Z1CALLEVENTS
                JOIN ZWACDCALLEVENTPARTICIPANT p ON p.Z1PARTICIPANTS = a.Z_PK"""
    history = copies.open("iphone", APP_GROUP + "CallHistory.sqlite")
    outcomes = {
        "android_phone": {5: "connected", 2: "missed", 4: "refused"},
        "iphone": {0: "connected", 1: "missed", 4: "refused"},
    }
    found = {"android_phone": rows(stores["android_phone"], android), "iphone": rows(history, iphone)}
    for device, phone in PHONES.items():
        for call in phone["calls"]:
            row = found[device].pop(call["call_id"])
            assert call == {
                "call_id": call["call_id"],
                "started_at": iso(row["timestamp"]),
                "peer": row["peer"],
                "direction": "outgoing" if row["from_me"] else "incoming",
                "duration_s": row["duration"],
                "outcome": outcomes[device][row["outcome"]],
                "video": bool(row["video"]),
            }
        assert found[device] == {}
    ids = [{call["call_id"] for call in phone["calls"]} for phone in PHONES.values()]
    assert len(ids[0] & ids[1]) == KEY["across_devices"]["calls_on_both_phones"]


def test_contacts(copies: Copies) -> None:
    wa = copies.open("android_phone", "data/data/com.whatsapp/databases/wa.db")
    book = copies.open("iphone", APP_GROUP + "ContactsV2.sqlite")
    saved = dict(wa.execute("SELECT jid, display_name FROM wa_contacts WHERE display_name IS NOT NULL").fetchall())
    assert saved == ANDROID["contacts"]
    assert (
        dict(book.execute("SELECT ZWHATSAPPID, ZFULLNAME FROM ZWAADDRESSBOOKCONTACT").fetchall()) == IPHONE["contacts"]
    )


def test_owner_of_the_android_phone_is_in_its_preferences() -> None:
    text = (
        SAMPLE_DATA / "android_phone/data/data/com.whatsapp/shared_prefs/com.whatsapp_preferences_light.xml"
    ).read_text("utf-8")
    assert '<string name="cc">381</string>' in text
    assert f'<string name="ph">{ANDROID["owner"]["phone"].removeprefix("+381")}</string>' in text


def test_text_messages(copies: Copies) -> None:
    expected = ANDROID["text_messages"]
    found = copies.open("android_phone", expected["path"]).execute("SELECT date, address, type, body FROM sms")
    ways = {1: "incoming", 2: "outgoing"}
    assert [
        {"sent_at": iso(row["date"]), "address": row["address"], "direction": ways[row["type"]], "text": row["body"]}
        for row in found
    ] == expected["messages"]


# Photos


@pytest.mark.parametrize("device", KEY["devices"])
def test_photos(device: str) -> None:
    for expected in KEY["devices"][device]["photos"]:
        if expected["fault"] == "cut":
            continue
        tags = exif(SAMPLE_DATA / device / expected["path"])
        stamp = str(tags["EXIF DateTimeOriginal"])
        assert stamp == expected["taken_local"].replace("-", ":").replace("T", " ")
        assert (str(tags["Image Make"]), str(tags["Image Model"])) == (expected["make"], expected["model"])
        offset = tags.get("EXIF OffsetTimeOriginal")
        assert (str(offset) if offset else None) == expected["utc_offset"]
        if offset:
            taken = datetime.strptime(f"{stamp} {offset}", "%Y:%m:%d %H:%M:%S %z").astimezone(UTC)
            assert taken.strftime("%Y-%m-%dT%H:%M:%SZ") == expected["taken_at"]
        if expected["latitude"] is not None:
            point = degrees(tags["GPS GPSLatitude"]), degrees(tags["GPS GPSLongitude"])
            assert point == pytest.approx((expected["latitude"], expected["longitude"]), abs=1e-6)
        elif expected["fault"]:
            assert all(part.den == 0 for part in tags["GPS GPSLatitude"].values)
        else:
            assert "GPS GPSLatitude" not in tags


def test_photos_without_exif() -> None:
    for path in LAPTOP["photos_without_exif"]:
        assert exif(SAMPLE_DATA / "laptop" / path) == {}


def exif(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return dict(exifread.process_file(stream))


def degrees(tag: Any) -> float:
    whole, minutes, seconds = (part.num / part.den for part in tag.values)
    return whole + minutes / 60 + seconds / 3600


# Wallets and statements


def wallet(number: int) -> tuple[dict[str, Any], bytes]:
    expected = LAPTOP["wallets"][number]
    return expected, (SAMPLE_DATA / "laptop" / expected["path"]).read_bytes()


def test_electrum_wallet() -> None:
    expected, content = wallet(0)
    found = json.loads(content)
    assert (found["seed_version"], found["wallet_type"]) == (expected["seed_version"], expected["wallet_type"])
    assert {branch: len(addresses) for branch, addresses in found["addresses"].items()} == expected["addresses"]
    assert found["use_encryption"] is expected["secrets_encrypted"] is True
    assert found["keystore"]["xpub"] == expected["xpub"]
    assert {address: name for address, (_, name) in found["contacts"].items()} == expected["contacts"]
    assert set(found["verified_tx3"]) == {transfer["txid"] for transfer in expected["transfers"]}
    total = 0
    for transfer in expected["transfers"]:
        txid = transfer["txid"]
        height, time, *_ = found["verified_tx3"][txid]
        came = sum(value for outputs in found["txo"].get(txid, {}).values() for value, _ in outputs.values())
        went = sum(value for inputs in found["txi"].get(txid, {}).values() for value in inputs.values())
        total += came - went
        assert (height, iso(time * 1000), found["labels"][txid]) == (
            transfer["height"],
            transfer["at"],
            transfer["label"],
        )
        assert f"{(came - went) / 1e8:.8f}" == transfer["net_amount"]
    assert f"{total / 1e8:.8f}" == expected["balance"]


def test_transaction_ids_are_hashes_of_the_transactions() -> None:
    _, content = wallet(0)
    for txid, raw in json.loads(content)["transactions"].items():
        assert double_sha256(without_witness(bytes.fromhex(raw)))[::-1].hex() == txid


def without_witness(raw: bytes) -> bytes:
    """One input, two outputs, as all five transactions have."""
    body = raw[6 : 6 + 1 + 41 + 1 + 2 * 31]
    return raw[:4] + body + raw[-4:]


def double_sha256(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def test_watching_wallet_is_an_object_followed_by_patches() -> None:
    expected, content = wallet(1)
    text = content.decode()
    base, end = json.JSONDecoder().raw_decode(text)
    patches = [json.loads(line) for line in text[end:].split(",\n") if line]
    assert (base["wallet_type"], len(base["addresses"]), len(patches)) == (
        expected["wallet_type"],
        expected["addresses_in_base"],
        expected["patches"],
    )
    added = [patch["path"].split("/")[2] for patch in patches if patch["path"].startswith("/addresses/")]
    assert [*base["addresses"], *added] == expected["addresses_after_patches"]


def test_bitcoin_core_wallet(copies: Copies) -> None:
    expected = LAPTOP["wallets"][2]
    db = copies.open("laptop", expected["path"])
    assert db.execute("PRAGMA application_id").fetchone()[0] == 0xF9BEB4D9 - (1 << 32)
    records = {bytes(row["key"]): bytes(row["value"]) for row in db.execute("SELECT key, value FROM main")}
    assert len(records) == expected["records"]
    descriptors = [
        value for key, value in records.items() if key.startswith(b"\x10walletdescriptor") and len(key) == 49
    ]
    assert sorted(value[1 : 1 + value[0]].decode() for value in descriptors) == sorted(expected["descriptors"])
    for address, label in expected["labels"].items():
        assert records[b"\x04name" + bytes([len(address)]) + address.encode()].endswith(label.encode())
    (transfer,) = expected["transfers"]
    stored = records[b"\x02tx" + bytes.fromhex(transfer["txid"])[::-1]]
    _, electrum = wallet(0)
    assert stored.startswith(bytes.fromhex(json.loads(electrum)["transactions"][transfer["txid"]]))


def test_exchange_statement() -> None:
    (expected,) = LAPTOP["exchange_statements"]
    with (SAMPLE_DATA / "laptop" / expected["path"]).open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert len(found) == expected["rows"]
    done = expected["completed"]
    (row,) = (row for row in found if row["Status"] == "Completed")
    assert (row["Coin"], row["Amount"], row["Address"], row["TXID"]) == (
        done["asset"],
        done["amount"],
        done["to_address"],
        done["txid"],
    )


def test_chat_export() -> None:
    (expected,) = LAPTOP["chat_exports"]
    lines = (SAMPLE_DATA / "laptop" / expected["path"]).read_text("utf-8").splitlines()
    assert len(lines) == expected["messages"] + expected["system_lines"]
    clocks = [datetime.strptime(line[:17], "%d/%m/%Y, %H:%M").isoformat()[:16] for line in lines]
    assert (clocks[1], clocks[-1]) == (expected["first_local"], expected["last_local"])


# What ties the devices together


def test_messages_on_both_phones(copies: Copies) -> None:
    android = copies.open("android_phone", MSGSTORE)
    before = copies.open("android_phone", MSGSTORE, log=False)
    iphone = rows(copies.open("iphone", APP_GROUP + "ChatStorage.sqlite"), IPHONE_MESSAGES)
    now = set(rows(android, ANDROID_MESSAGES))
    ever = now | set(rows(before, ANDROID_MESSAGES))
    across = KEY["across_devices"]
    assert len(ever & set(iphone)) == across["messages_on_both_phones"]
    assert sorted((ever - now) & set(iphone)) == sorted(across["deleted_on_the_android_phone_kept_on_the_iphone"])


@pytest.mark.parametrize("name", KEY["across_devices"]["values"])
def test_where_an_address_or_transaction_id_stands(stores: dict[str, sqlite3.Connection], name: str) -> None:
    expected = KEY["across_devices"]["values"][name]
    value = expected["value"]
    for device in PHONES:
        found = [
            key for key, row in rows(stores[device], MESSAGES[device]).items() if value in (row["text_data"] or "")
        ]
        assert sorted(found) == sorted(expected[device])
    export = (SAMPLE_DATA / "laptop" / LAPTOP["chat_exports"][0]["path"]).read_text("utf-8")
    assert export.count(value) == expected["laptop"]["chat_export_lines"]
    _, content = wallet(0)
    assert (value in content.decode()) == (expected["laptop"]["electrum"] in ("own", "contact", "transaction"))
    _, core = wallet(2)
    raw = value.encode() in core or (name.startswith("tx_") and bytes.fromhex(value)[::-1] in core)
    assert raw == (expected["laptop"]["bitcoin_core"] is not None)


def test_photos_on_both_phones() -> None:
    for digest in KEY["across_devices"]["photos_on_both_phones"].values():
        for device, phone in PHONES.items():
            assert [each for each in phone["attachments"] if each["sha256"] == digest], device


# Files that must end as problems


def test_problem_files_are_what_they_are_said_to_be() -> None:
    content = {Path(each["path"]).name: (SAMPLE_DATA / each["device"] / each["path"]) for each in KEY["problem_files"]}
    assert len(content) == len(KEY["problem_files"]) == 5
    assert base64.b64decode(content["stari"].read_bytes()).startswith(b"BIE1")
    assert not content["msgstore.db.crypt15"].read_bytes().startswith(b"SQLite")
    assert not content["20251021_193340 (2).jpg"].read_bytes().endswith(b"\xff\xd9")


def test_cut_database_cannot_be_read(copies: Copies) -> None:
    (path,) = (each["path"] for each in KEY["problem_files"] if each["path"].endswith("telefon/msgstore.db"))
    db = copies.open("laptop", path)
    with pytest.raises(sqlite3.DatabaseError):
        db.execute("SELECT COUNT(*) FROM message").fetchone()


def test_hostile_names_and_unknown_files_are_there() -> None:
    for each in KEY["hostile_names"] + KEY["unknown_files"]:
        assert (SAMPLE_DATA / each["device"] / each["path"]).is_file()


def test_roles_are_those_of_the_directive_and_minors_are_marked() -> None:
    roles = {"unknown", "suspect", "victim_presumed", "victim_identified", "witness", "contact"}
    assert {person["role"] for person in KEY["people"].values()} <= roles
    assert [key for key, person in KEY["people"].items() if person["minor"]] == ["omid"]


def test_readme_names_everybody_with_the_number_of_the_key() -> None:
    readme = (SAMPLE_DATA / "README.md").read_text("utf-8")
    lines = {"".join(part for part in line if part.isdigit() or part == "+"): line for line in readme.splitlines()}
    for person in KEY["people"].values():
        (line,) = (line for digits, line in lines.items() if person["phone"] in digits)
        assert person["role"].split("_")[0] in line
