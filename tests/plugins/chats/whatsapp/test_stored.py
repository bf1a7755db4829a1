"""Values that WhatsApp stores in a way of its own."""

import pytest
from forensics_plugins.chats.whatsapp.stored import file_in, phones_of, sha256_of


@pytest.mark.parametrize(
    ("jid", "phones"),
    [
        ("38267111222@s.whatsapp.net", ["+38267111222"]),
        ("38267111222:12@s.whatsapp.net", ["+38267111222"]),
        ("38267111222@c.us", ["+38267111222"]),
        ("205690463334636@lid", None),
        ("120363041111111111@g.us", None),
        ("0@s.whatsapp.net", None),
        (None, None),
    ],
)
def test_phones_of(jid, phones):
    assert phones_of(jid) == phones


@pytest.mark.parametrize("stored", [None, "", "abc", "YWJj", 5, b"\xff", "č"])
def test_what_is_no_hash(stored):
    assert sha256_of(stored) is None


def test_file_in_a_java_object():
    head = b"\xac\xed\x00\x05sr\x00\x0cjava.io.File\x04-\xa4E\x0e\r\xe4\xff\x03\x00\x01L\x00\x04patht\x00\x12"
    head += b"Ljava/lang/String;xpt"
    assert file_in(head + b"\x00\x0bMedia/a.jpgw\x02\x00/x") == "Media/a.jpg"
    assert file_in(head + b"\x00\xffMedia") is None
    assert file_in(b"\xac\xed") is None
    assert file_in("text") is None
