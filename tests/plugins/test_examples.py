"""Every parser has an example, with the corpus absent too: a new parser without one is held to no promise."""

from random import Random

import pytest

from forensics import testing
from forensics.identify import identify
from forensics.plugins import Registry

from .chats.line import test_android as line_android
from .chats.line import test_export_text as line_export
from .chats.line import test_ios as line_ios
from .chats.session import test_android_account as session_account
from .chats.session import test_desktop as session_desktop
from .chats.session import test_encrypted as session_encrypted
from .chats.signal import test_android_account as signal_account
from .chats.signal import test_backup as signal_backup
from .chats.signal import test_encrypted as signal_encrypted
from .chats.signal import test_export_text as signal_export
from .chats.signal import test_ios as signal_ios
from .chats.threema import test_android_backup as threema_backup
from .chats.whatsapp import test_export_text as whatsapp_export
from .chats.zangi import test_ios as zangi
from .examples import closed

REGISTRY = Registry()
NOISE = Random(5).randbytes(8192)


EXAMPLES = [
    ("line.android.contacts", "contact", testing.database(line_android.CONTACTS)),
    ("line.android.calls", "call_history", testing.database(line_android.CALLS)),
    ("line.export_text", "chat.txt", line_export.YEAR_FIRST.encode()),
    ("line.ios.reactions", "MessageExt.sqlite", testing.database(line_ios.REACTIONS)),
    ("session.desktop", "db.sqlite", session_desktop.database()),
    (
        "session.encrypted",
        "Session.sqlite",
        lambda folder: session_encrypted.sealed(
            (session_encrypted.HERE / "session_ios.sql").read_text("utf-8"), session_encrypted.IOS, folder
        ),
        {"keys": (session_encrypted.KEY + session_encrypted.SALT,)},
    ),
    (
        "signal.encrypted",
        "db.sqlite",
        lambda folder: signal_encrypted.on_desktop(folder)[0],
        {"keys": (signal_encrypted.KEY,)},
    ),
    (
        "signal.backup",
        signal_backup.NAME,
        signal_backup.written(signal_backup.SQL),
        {"passwords": (signal_backup.PASSPHRASE,)},
    ),
    ("signal.backup_folder", "metadata", b"\x08\x01", {"beside": {"main": b"\x01" * 500, "files": b"\x02" * 500}}),
    ("session.android.account", session_account.NAME, session_account.PREFERENCES.encode()),
    ("signal.android.account", signal_account.NAME, signal_account.PREFERENCES.encode()),
    ("signal.export_text", "chat.txt", signal_export.EXPORT.encode()),
    ("signal.ios", "signal.sqlite", signal_ios.content()),
    ("threema.android.backup", "message_1.csv", threema_backup.DIRECT),
    ("threema.android.backup.lists", "contacts.csv", threema_backup.CONTACTS),
    ("viber.desktop.encrypted", "viber.db", NOISE),
    ("whatsapp.backup", "msgstore.db.crypt14", NOISE),
    ("whatsapp.export", "WhatsApp Chat with Put.txt", whatsapp_export.ANDROID.encode()),
    ("zangi.ios", "zangidb.sqlite", testing.database(zangi.old())),
    ("zangi.ios", "zangidb.sqlite", testing.database(zangi.new())),
]


@pytest.mark.parametrize("name", [known.declaration.name for known in REGISTRY.known])
def test_a_parser_has_an_example(examples_of, name):
    assert examples_of.get(name), (
        "put a fixture beside its test, or a list EXAMPLES into it (tests/plugins/examples.py)"
    )


@pytest.mark.parametrize("name", [known.declaration.name for known in REGISTRY.known])
def test_an_example_is_claimed_and_gives_rows(examples_of, name):
    parser = REGISTRY.load(REGISTRY.find(name))
    given = []
    for example in examples_of[name]:
        with testing.placed(example.content, name=example.name, **example.given) as file:
            assert identify(file, REGISTRY).owner.declaration.name == name
            given.append(testing.read(parser, file))
    assert any(found.keys() - {"problems"} or closed(found) for found in given)
