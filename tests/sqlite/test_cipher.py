"""Encrypted databases: opened page by page with a given key, and everything that holds for databases holds for them.

What SQLCipher itself wrote is read where the package `sqlcipher3` is installed; the rest is built from the description.
"""

import struct
from contextlib import closing

import pytest

from forensics import parser, testing
from forensics.sqlite import cipher
from forensics.sqlite.cipher import SQLCIPHER_3, SQLCIPHER_4, Locked, Secret, Settings, looks_encrypted
from forensics.tables import MESSAGES

from .sealing import Seal, with_reserve

SCHEMA = "CREATE TABLE message (id INTEGER PRIMARY KEY, body TEXT);"
THREE = f"{SCHEMA} INSERT INTO message VALUES (1, 'Сутра у девет'), (2, 'غداً'), (3, 'فردا');"
MANY = SCHEMA + "".join(f"INSERT INTO message VALUES ({n}, '{'x' * 700} {n}');" for n in range(1, 60))
KEY = bytes(range(100, 132))
SALT = bytes(range(16))
IOS = Settings("plain header", clear=32)
SHA1 = Settings("SHA-1, one round", 4096, "sha1", 1)


def reader(settings, *secrets):
    @parser("test.sealed")
    def sealed(file):
        found = cipher.opened(file, settings, secrets)
        yield from found.problems
        with found.file.sqlite() as db:
            query = "SELECT m.id AS message_id, m.body AS text, 'message/id=' || m.id AS record FROM message m"
            yield from MESSAGES.batches(db.execute(query, every="message"))

    return sealed


def states(found):
    return [(row.get("message_id"), row.get("text"), row["state"]) for row in found.get("messages", [])]


SETTINGS = [SQLCIPHER_4, SQLCIPHER_3, IOS, SHA1, Settings("SHA-256", 8192, "sha256")]


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.name)
def test_settings(settings, tmp_path):
    main, _ = with_reserve(MANY, settings, tmp_path)
    sealed = Seal(settings, KEY, SALT).main(main)
    assert looks_encrypted(sealed[:4096])
    secret = Secret(KEY + SALT if settings.clear else KEY)
    found = testing.rows(reader(SETTINGS, secret), sealed, name="db.sqlite")
    assert len(found["messages"]) == 59
    assert "problems" not in found


def test_pages_come_out_as_they_went_in(tmp_path):
    main, log = with_reserve(MANY, SQLCIPHER_4, tmp_path, "DELETE FROM message WHERE id > 30;")
    seal = Seal(SQLCIPHER_4, KEY)
    with testing.placed(seal.main(main), name="a.db", beside={"a.db-wal": seal.log(log)}) as file:
        inner = cipher.opened(file, [SQLCIPHER_4], [Secret(KEY)]).file
        there, plain = inner.bytes(), inner.sibling("a.db-wal").bytes()
    size, usable = 4096, SQLCIPHER_4.usable
    assert [there[at : at + usable] for at in range(0, len(there), size)] == [
        main[at : at + usable] for at in range(0, len(main), size)
    ]
    frames = range(32, len(log), 24 + size)
    assert len(plain) == len(log)
    assert [plain[at + 24 : at + 24 + usable] for at in frames] == [log[at + 24 : at + 24 + usable] for at in frames]


@pytest.mark.parametrize("clear", [0, 32])
def test_the_log_is_decrypted_too(clear, tmp_path):
    """A tool that asks SQLCipher for rows sees the last state alone; here each row says where it was found."""
    settings = Settings("", clear=clear)
    later = "DELETE FROM message WHERE id = 2; INSERT INTO message VALUES (4, 'четири');"
    main, log = with_reserve(THREE, settings, tmp_path, later)
    seal = Seal(settings, KEY, SALT)
    found = testing.rows(
        reader([settings], Secret(KEY + SALT)),
        seal.main(main),
        name="db.sqlite",
        beside={"db.sqlite-wal": seal.log(log)},
    )
    assert states(found) == [
        ("1", "Сутра у девет", "live"), ("3", "فردا", "live"), ("4", "четири", "wal"), ("2", "غداً", "journal"),
    ]  # fmt: skip
    assert "problems" not in found


def test_a_database_that_is_all_in_its_log(tmp_path):
    main, log = with_reserve("", SQLCIPHER_4, tmp_path, THREE)
    seal = Seal(SQLCIPHER_4, KEY)
    page_1 = struct.pack(">II", 1, 0) + log[16:24] + bytes(8) + main[:4096]
    found = testing.rows(
        reader([SQLCIPHER_4], Secret(KEY)), b"", name="db", beside={"db-wal": seal.log(log[:32] + page_1 + log[32:])}
    )
    assert [text for _, text, _ in states(found)] == ["Сутра у девет", "غداً", "فردا"]


def test_deleted_rows_in_free_pages(tmp_path):
    """A library that answers queries hides free pages; decrypted as they are, they are searched like those of any database."""
    main, _ = with_reserve(f"{MANY} PRAGMA secure_delete=OFF; DELETE FROM message WHERE id > 8;", SQLCIPHER_4, tmp_path)
    sealed = Seal(SQLCIPHER_4, KEY).main(main)
    found = testing.rows(reader([SQLCIPHER_4], Secret(KEY)), sealed, name="db.sqlite", deleted=True)
    gone = {row["message_id"] for row in found["messages"] if row["state"] == "freelist"}
    assert len(gone) > 30
    assert gone <= {str(n) for n in range(9, 60)}


def test_a_page_that_fails_its_checksum_is_named(tmp_path):
    main, _ = with_reserve(MANY, SQLCIPHER_4, tmp_path)
    sealed = bytearray(Seal(SQLCIPHER_4, KEY).main(main))
    for page in (4, 5, 9):
        sealed[(page - 1) * 4096 + 3000] ^= 1
    found = testing.rows(reader([SQLCIPHER_4], Secret(KEY)), bytes(sealed), name="db.sqlite")
    assert [(p["kind"], p["record"]) for p in found["problems"][:2]] == [("damaged", "page 4"), ("damaged", "page 9")]
    assert "pages 4 to 5: the checksum (HMAC) does not fit" in found["problems"][0]["message"]
    assert len(found["messages"]) > 50


def test_a_damaged_first_page_is_no_wrong_key(tmp_path):
    main, _ = with_reserve(MANY, SQLCIPHER_4, tmp_path)
    sealed = bytearray(Seal(SQLCIPHER_4, KEY).main(main))
    sealed[3000] ^= 1
    found = testing.rows(reader([SQLCIPHER_4], Secret(KEY)), bytes(sealed), name="db.sqlite")
    assert found["problems"][0]["record"] == "page 1"
    assert len(found["messages"]) == 59


def test_a_frame_of_the_log_that_fails_its_checksum(tmp_path):
    main, log = with_reserve(THREE, SQLCIPHER_4, tmp_path, "UPDATE message SET body = 'друго' WHERE id = 1;")
    seal = Seal(SQLCIPHER_4, KEY)
    sealed = bytearray(seal.log(log))
    sealed[32 + 24 + 100] ^= 1
    found = testing.rows(
        reader([SQLCIPHER_4], Secret(KEY)), seal.main(main), name="db", beside={"db-wal": bytes(sealed)}
    )
    assert found["problems"][0]["record"].startswith("log frame 1 (page ")
    assert states(found)[0] == ("1", "Сутра у девет", "live")  # SQLite too ends the log where its checksum breaks


def test_a_cut_file(tmp_path):
    main, _ = with_reserve(MANY, SQLCIPHER_4, tmp_path)
    sealed = Seal(SQLCIPHER_4, KEY).main(main)[:-1000]
    found = testing.rows(reader([SQLCIPHER_4], Secret(KEY)), sealed, name="db.sqlite")
    assert any("ends within page" in problem["message"] for problem in found["problems"])
    assert len(found["messages"]) > 40


def test_pages_that_were_never_written_are_no_damage(tmp_path):
    main, _ = with_reserve(THREE, SQLCIPHER_4, tmp_path)
    found = testing.rows(reader([SQLCIPHER_4], Secret(KEY)), Seal(SQLCIPHER_4, KEY).main(main) + bytes(8192), name="db")
    assert "problems" not in found


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        ((), "no key was given"),
        ((Secret(bytes(32)),), "the key given does not open it"),
        ((Secret(b"short"), Secret(b"x" * 48), Secret(b"lozinka", passphrase=True)), "the 3 keys given do not open it"),
    ],
)
def test_without_the_right_key(secrets, said, tmp_path):
    main, _ = with_reserve(THREE, SHA1, tmp_path)
    with testing.placed(Seal(SHA1, KEY).main(main), name="db") as file:
        with pytest.raises(Locked, match=said):
            cipher.opened(file, [SHA1], secrets)
        assert not cipher.opens(file, [SHA1], secrets)


@pytest.mark.parametrize("content", [b"", b"x", bytes(8192), b"SQLite format 3\0" * 300, bytes(range(256)) * 20])
def test_what_is_no_encrypted_database(content):
    with testing.placed(content, name="db", beside={"db-wal": content, "db-journal": content}) as file:
        assert not cipher.opens(file, SETTINGS, [Secret(KEY), Secret(KEY + SALT)])


def test_a_foreign_log_is_said_and_left(tmp_path):
    main, _ = with_reserve(THREE, SQLCIPHER_4, tmp_path)
    beside = {"db-wal": b"no log at all" * 500, "db-journal": b"no journal" * 500}
    found = testing.rows(
        reader([SQLCIPHER_4], Secret(KEY)), Seal(SQLCIPHER_4, KEY).main(main), name="db", beside=beside
    )
    assert [problem["kind"] for problem in found["problems"]] == ["damaged", "damaged"]
    assert len(found["messages"]) == 3


# --- written by SQLCipher itself

REAL = [
    (SQLCIPHER_4, "x'{key}'", Secret(KEY), ()),
    (SQLCIPHER_4, "x'{key}{salt}'", Secret(KEY + SALT), ()),
    (SQLCIPHER_4, "једна лозинка", Secret("једна лозинка".encode(), passphrase=True), ()),
    (SQLCIPHER_3, "lozinka", Secret(b"lozinka", passphrase=True), ("cipher_compatibility = 3",)),
    (IOS, "x'{key}{salt}'", Secret(KEY + SALT), ("cipher_plaintext_header_size = 32",)),
    (
        SHA1,
        KEY.hex(),
        Secret(KEY.hex().encode(), passphrase=True),
        ("cipher_compatibility = 3", "kdf_iter = 1", "cipher_page_size = 4096"),
    ),
]


@pytest.fixture
def written(tmp_path):
    """`written(settings, key, pragmas, checkpointed, logged)`: the files of a database that SQLCipher wrote."""
    sqlcipher = pytest.importorskip("sqlcipher3.dbapi2", exc_type=ImportError)

    def write(key, pragmas, checkpointed, logged, mode="WAL"):
        path = tmp_path / "real.db"
        with closing(sqlcipher.connect(str(path), isolation_level=None)) as connection:
            connection.execute(f'PRAGMA key = "{key.format(key=KEY.hex(), salt=SALT.hex())}"')
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute(f"PRAGMA journal_mode={mode}")
            connection.execute("PRAGMA wal_autocheckpoint=0")
            connection.executescript(checkpointed)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.executescript(logged)
            return {each.name: each.read_bytes() for each in sorted(tmp_path.glob("real.db*"))}

    return write


@pytest.mark.parametrize(("settings", "key", "secret", "pragmas"), REAL)
def test_what_sqlcipher_wrote(written, settings, key, secret, pragmas):
    files = written(
        key, pragmas, THREE, "UPDATE message SET body = 'два' WHERE id = 2; DELETE FROM message WHERE id = 3;"
    )
    found = testing.rows(
        reader(SETTINGS, secret), files["real.db"], name="real.db", beside={"real.db-wal": files["real.db-wal"]}
    )
    assert "problems" not in found
    assert states(found) == [
        ("1", "Сутра у девет", "live"), ("2", "два", "wal"), ("2", "غداً", "journal"), ("3", "فردا", "journal"),
    ]  # fmt: skip


def test_old_versions_in_the_log_of_sqlcipher(written):
    """SQLCipher overwrites what is deleted (secure_delete) in the main file; its log still holds each version of a page."""
    steps = "".join(f"UPDATE message SET body = 'верзија {n}' WHERE id = 1;" for n in (1, 2, 3))
    files = written("x'{key}'", (), THREE, steps)
    found = testing.rows(
        reader([SQLCIPHER_4], Secret(KEY)),
        files["real.db"],
        name="real.db",
        beside={"real.db-wal": files["real.db-wal"]},
        deleted=True,
    )
    texts = {text: state for _, text, state in states(found)}
    assert texts["верзија 3"] == "wal"
    assert texts["верзија 1"] == texts["верзија 2"] == texts["Сутра у девет"] == "journal"


@pytest.mark.parametrize("mode", ["PERSIST", "DELETE"])
def test_the_journal_of_sqlcipher(written, mode):
    hot = "PRAGMA cache_size=1; BEGIN; UPDATE message SET body = body || 'u';" if mode == "DELETE" else ""
    files = written("x'{key}'", (), MANY, hot or "UPDATE message SET body = 'ново' WHERE id = 7;", mode)
    found = testing.rows(
        reader([SQLCIPHER_4], Secret(KEY)),
        files["real.db"],
        name="real.db",
        beside={"real.db-journal": files["real.db-journal"]},
        deleted=True,
    )
    live = {number: text for number, text, state in states(found) if state == "live"}
    assert "problems" not in found
    assert len(live) == 59
    if mode == "DELETE":  # rolled back, as SQLCipher itself would do it
        assert live["7"].endswith("x 7")
    else:
        assert live["7"] == "ново"
        old = next(text for number, text, state in states(found) if number == "7" and state == "journal")
        assert old.endswith("x 7")
