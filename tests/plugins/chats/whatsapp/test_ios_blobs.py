"""ChatStorage.sqlite: what blobs say besides, and that rows read in columns and rows read one by one are the same rows."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.whatsapp import ios_messages as queries
from forensics_plugins.chats.whatsapp.ios_chatstorage import chatstorage

from forensics import testing

HERE = Path(__file__).parent
SQL = (HERE / "chatstorage.sql").read_text("utf-8")
MILAN, ARBEN, OWNER = "381641112222@s.whatsapp.net", "38344555666@s.whatsapp.net", "38267999888@s.whatsapp.net"
PAIRED = "205690463334636@lid"


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def with_metadata(code: int, blob: bytes, text: str = "NULL") -> str:
    """The database with one message more, of that type and with that metadata."""
    return (
        SQL
        + "INSERT INTO ZWAMESSAGE (Z_PK, ZISFROMME, ZMESSAGETYPE, ZCHATSESSION, ZMEDIAITEM, ZMESSAGEDATE, ZFROMJID, ZSTANZAID,"
        f" ZTEXT) VALUES (50, 0, {code}, 1, 50, 700000900, '{MILAN}', 'S50', {text});"
        f"INSERT INTO ZWAMEDIAITEM (Z_PK, ZMESSAGE, ZMETADATA) VALUES (50, 50, x'{blob.hex()}');"
    )


def read(sql: str = SQL, **beside: bytes) -> dict[str, list[dict]]:
    others = {f"{name}.sqlite": content for name, content in beside.items()}
    return testing.rows(chatstorage, testing.database(sql), name="ChatStorage.sqlite", beside=others)


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


def one(found: dict[str, list[dict]], message_id: str = "S50") -> dict:
    [message] = [m for m in found["messages"] if m.get("message_id") == message_id]
    return message


@pytest.mark.parametrize(
    ("code", "blob", "kind", "said"),
    [
        (27, field(28, field(4, "Возачи")), "link", {"meaning": "group invitation", "invites_to_name": "Возачи"}),
        (28, field(36, 604800), "system", {"meaning": "timer default", "timer_s": 604800}),
        (59, field(87, field(1, field(1, 1) + field(3, 75))), "call", {"call_video": 1, "call_s": 75}),
        (0, field(42, field(1, field(9, "https://example.org/a"))), "text", {"link": "https://example.org/a"}),
        (0, field(17, 6) + field(21, ARBEN), "text", {"forward_score": 6, "forwarder": ARBEN}),
        (0, field(4, "/v/t62.7118-24/x") + field(13, 0) + field(46, 1), "text", {}),
    ],
    ids=["invitation", "timer", "call", "link", "forwarded", "address of a file"],
)  # fmt: skip
def test_metadata(code, blob, kind, said):
    message = one(read(with_metadata(code, blob)))
    assert (message["kind"], extra(message)) == (kind, said)


@pytest.mark.parametrize("number", [24, 43, 51])
def test_business_text(number):
    blob = field(number, field(1, field(2, "Vaš kod") + field(6, "1234") + field(7, "ne dijelite")))
    assert one(read(with_metadata(19, blob)))["text"] == "Vaš kod\n1234\nne dijelite"
    assert one(read(with_metadata(19, blob, "'stored'")))["text"] == "stored"


@pytest.mark.parametrize("blob", [b"\xff", b"\x07", b"\x2a\x7f", b"\x0b\x2a\x01x"])
def test_metadata_that_are_none(blob):
    found = read(with_metadata(0, blob, "'tu sam'"))
    assert one(found)["text"] == "tu sam"
    assert "ZWAMESSAGE/Z_PK=50" in [p["record"] for p in found["problems"]]


@pytest.mark.parametrize("value", ["'text'", "17", "2.5", "x''", "NULL"])
def test_metadata_of_any_type(value):
    found = read(with_metadata(0, b"", "'tu sam'") + f"UPDATE ZWAMEDIAITEM SET ZMETADATA = {value} WHERE Z_PK = 50;")
    assert one(found)["text"] == "tu sam"
    assert sum("message_id" in m for m in found["messages"]) == 17


def test_reactions_among_receipts():
    """Receipts of many readers come before the reactions in the blob; a reaction of a hidden person names the phone."""
    receipts = b"".join(field(2, field(1, bytes([0x81, n, n, n, n, n, 0x3A])) + field(5, 58)) for n in range(40))
    blob = (
        receipts
        + field(3, 1683043007)
        + field(7, field(1, field(1, "R9") + field(2, PAIRED) + field(3, "😡") + field(4, 1)))
    )
    sql = SQL + f"INSERT INTO ZWAMESSAGEINFO VALUES (9, 4, x'{blob.hex()}');"
    lids = testing.database((HERE / "lid.sql").read_text("utf-8"))
    [reaction] = [r for r in read(sql, LID=lids)["reactions"] if r["message_id"] == "S04"]
    assert (reaction["person_id"], reaction["value"], extra(reaction)["lid"]) == (ARBEN, "😡", PAIRED)
    assert reaction["record"] == "ZWAMESSAGEINFO/Z_PK=9 ZRECEIPTINFO 7.1"
    assert "reacted_at" not in reaction


def test_a_reaction_to_a_message_that_is_gone_stays():
    found = read(SQL + "DELETE FROM ZWAMESSAGE WHERE Z_PK = 2;")
    assert [(r.get("message_id"), r["value"]) for r in found["reactions"]] == [(None, "🙏"), (None, "👍")]


def test_a_message_without_media_row_and_a_media_row_without_message():
    found = read(SQL + "DELETE FROM ZWAMEDIAITEM WHERE Z_PK = 3; DELETE FROM ZWAMESSAGE WHERE Z_PK = 10;")
    assert one(found, "S06")["kind"] == "image"
    assert next(a for a in found["attachments"] if a["record"] == "ZWAMEDIAITEM/Z_PK=6").get("message_id") is None


def test_item_that_only_the_item_ties_to_its_message():
    found = read(SQL + "UPDATE ZWAMESSAGE SET ZMEDIAITEM = NULL;")
    assert one(found, "S04")["reply_to"] == "S03"
    assert one(found, "S08")["kind"] == "live_location"
    assert len(found["places"]) == 2


def test_item_that_only_the_message_ties():
    found = read(SQL + "UPDATE ZWAMEDIAITEM SET ZMESSAGE = NULL;")
    assert one(found, "S04")["reply_to"] == "S03"
    assert one(found, "S07")["latitude"] == 43.1367


def test_readers_that_are_counted():
    found = read(
        SQL + "ALTER TABLE ZWAMESSAGE ADD COLUMN ZCHILDMESSAGESDELIVEREDCOUNT INTEGER;"
        "ALTER TABLE ZWAMESSAGE ADD COLUMN ZCHILDMESSAGESREADCOUNT INTEGER;"
        "UPDATE ZWAMESSAGE SET ZCHILDMESSAGESDELIVEREDCOUNT = 3, ZCHILDMESSAGESREADCOUNT = 2 WHERE Z_PK IN (3, 12);"
    )
    assert extra(one(found, "S12"))["read_by"] == 2
    assert extra(one(found, "S03"))["delivered_to"] == 3


def test_drafts_and_chats_that_know_the_phone_of_a_hidden_person():
    found = read(
        SQL + "ALTER TABLE ZWACHATSESSION ADD COLUMN ZSAVEDINPUT VARCHAR;"
        "ALTER TABLE ZWACHATSESSION ADD COLUMN ZCONTACTIDENTIFIER VARCHAR;"
        "UPDATE ZWACHATSESSION SET ZSAVEDINPUT = 'Немој да' WHERE Z_PK = 1;"
        f"UPDATE ZWACHATSESSION SET ZCONTACTIDENTIFIER = '{ARBEN}' WHERE Z_PK = 3;"
        "UPDATE ZWACHATSESSION SET ZCONTACTIDENTIFIER = '17' WHERE Z_PK = 1;"
    )
    [draft] = [m for m in found["messages"] if m.get("status") == "draft"]
    assert (draft["text"], draft["chat_id"], draft["record"]) == (
        "Немој да",
        MILAN,
        "ZWACHATSESSION/Z_PK=1 ZSAVEDINPUT",
    )
    assert one(found, "S10")["sender_id"] == ARBEN
    assert extra(one(found, "S10"))["sender_lid"] == PAIRED


def test_a_writer_who_is_no_partner_of_the_chat():
    found = read(SQL + "INSERT INTO ZWAPROFILEPUSHNAME VALUES (2, '38760123456@s.whatsapp.net', 'Emir T');")
    message = one(found, "S15")  # its chat is gone
    assert (message["sender_id"], message["sender_name"]) == ("38760123456@s.whatsapp.net", "~Emir T")
    assert one(found, "S16")["sender_id"] == MILAN  # a status post


def test_members_without_id_keep_their_name():
    found = read(SQL + "UPDATE ZWAGROUPMEMBER SET ZMEMBERJID = NULL WHERE Z_PK = 1;")
    message = one(found, "S13")
    assert message["sender_name"] == "Milan"
    assert "sender_id" not in message


@pytest.mark.parametrize(
    "column", ["ZISFROMME", "ZMESSAGETYPE", "ZCHATSESSION", "ZMESSAGEDATE", "ZTEXT", "ZFLAGS", "ZSENTDATE"]
)
@pytest.mark.parametrize("value", ["x'FFFE'", "'word'", "1e300", "-9223372036854775808", "NULL"])
def test_values_of_any_type(column, value):
    found = read(SQL + f"UPDATE ZWAMESSAGE SET {column} = {value};")
    assert sum("message_id" in m for m in found["messages"]) == 16


def test_copied_tables_without_keys_give_every_row():
    found = read(
        SQL.replace(" PRIMARY KEY", "")
        + "INSERT INTO ZWAMESSAGE (ZSTANZAID, ZISFROMME, ZMESSAGETYPE, ZTEXT) VALUES ('S99', 0, 0, 'x');"
    )
    assert one(found, "S99")["text"] == "x"
    assert sum("message_id" in m for m in found["messages"]) == 17


def test_rows_that_share_an_id_are_noticed():
    found = read(
        SQL.replace("ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY", "ZWAMEDIAITEM (Z_PK INTEGER")
        + "INSERT INTO ZWAMEDIAITEM SELECT * FROM ZWAMEDIAITEM WHERE Z_PK = 1;"
    )
    assert "ZWAMESSAGE: 16 rows in the table, 17 rows out" in [p["message"] for p in found["problems"]]


def test_the_log_of_the_database(tmp_path):
    later = "DELETE FROM ZWAMESSAGE WHERE Z_PK = 4; UPDATE ZWAMESSAGE SET ZTEXT = 'Stigli' WHERE Z_PK = 2;"
    path = testing.database_with_log(SQL, later, tmp_path, "ChatStorage.sqlite")
    found = testing.rows(chatstorage, path)
    changed = [(m["state"], m["message_id"], m["text"]) for m in found["messages"] if m["state"] != "live"]
    assert sorted(changed) == [
        ("journal", "S02", "Stigli smo"),
        ("journal", "S04", "në rregull"),
        ("wal", "S02", "Stigli"),
    ]


def test_gaps_and_deleted_messages(tmp_path):
    path = tmp_path / "ChatStorage.sqlite"
    path.write_bytes(testing.database(SQL))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM ZWAMESSAGE WHERE Z_PK IN (3, 4)")
    connection.close()
    found = testing.rows(chatstorage, path, deleted=True)
    gap = next(g for g in found["gaps"] if g["source_table"] == "ZWAMESSAGE")
    assert (gap["first_id"], gap["last_id"], gap["row_before_at"]) == (
        3,
        4,
        datetime(2023, 3, 8, 20, 27, 40, tzinfo=UTC),
    )


def test_columns_and_rows_give_the_same(tmp_path):
    """A database of 1 MiB and more is read column by column."""
    small, large = tmp_path / "small.sqlite", tmp_path / "large.sqlite"
    copies = "".join(
        f"INSERT INTO ZWAMESSAGE SELECT Z_PK + {n}, ZFLAGS, ZGROUPEVENTTYPE, ZISFROMME, ZMESSAGESTATUS, ZMESSAGETYPE, ZSTARRED,"
        f" ZCHATSESSION, ZGROUPMEMBER, NULL, ZMESSAGEDATE, ZSENTDATE, ZFROMJID, ZPUSHNAME, ZSTANZAID || '-{n}', ZTEXT, ZTOJID"
        " FROM ZWAMESSAGE WHERE Z_PK <= 16;"
        f"INSERT INTO ZWAMEDIAITEM SELECT Z_PK + {n}, ZFILESIZE, ZMEDIAORIGIN, ZMOVIEDURATION, ZMESSAGE + {n}, ZHACCURACY,"
        " ZLATITUDE, ZLONGITUDE, ZMEDIALOCALPATH, ZMEDIAURL, ZTITLE, ZVCARDNAME, ZVCARDSTRING, ZXMPPTHUMBPATH, ZMETADATA"
        " FROM ZWAMEDIAITEM WHERE Z_PK <= 8;"
        for n in range(100, 2100, 100)
    )
    small.write_bytes(testing.database(SQL + copies))
    large.write_bytes(
        testing.database(SQL + copies + "CREATE TABLE padding (x); INSERT INTO padding VALUES (zeroblob(2000000));")
    )

    def cells(path: Path) -> dict[str, list[str]]:
        found = testing.rows(chatstorage, path, name="ChatStorage.sqlite")
        return {
            table: sorted(
                json.dumps({k: v for k, v in row.items() if k != "file"}, default=str, sort_keys=True) for row in rows
            )
            for table, rows in found.items()
        }

    assert cells(large) == cells(small)
    assert len(cells(large)["messages"]) == 21 * 16 + 1


def test_every_tag_that_is_looked_for_is_of_a_field_that_is_read():
    fields = (5, 17, 21, 24, 28, 36, 42, 43, 51, 87)
    wire = {17: 0, 36: 0}
    assert [bytes.fromhex(tag) for tag in queries.TAGS] == [varint(n << 3 | wire.get(n, 2)) for n in fields]
