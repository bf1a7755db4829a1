"""Bodies of Skype messages."""

import pytest
from forensics_plugins.chats.skype import body


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("I&apos;m here", "I'm here"),
        ("2 &lt; 3 < 4", "2 < 3 < 4"),
        (
            '<a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>',
            "https://example.org/?a=1&b=2",
        ),
        ('<sms alt="stižemo &quot;sutra&quot;"><body>x</body></sms>', 'stižemo "sutra"'),
        ('<files alt=""><file size="1" index="0">a.txt</file></files>', "a.txt"),
        ('<quote author="arben.k">kada?<legacyquote> &lt;&lt;&lt; </legacyquote></quote>sutra', "kada? <<< sutra"),
        ("", ""),
    ],
)
def test_plain(stored, text):
    assert body.plain(stored) == text


def test_files():
    stored = '<files alt=""><file size="7" index="0">a &amp; b.txt</file><file index="1">c</file></files>'
    assert list(body.files(stored)) == [{"name": "a & b.txt", "size": "7"}, {"name": "c", "size": None}]


def test_shared_object():
    found = body.shared_object('<URIObject type="File.1" uri="https://example.org/1"><FileSize v="642"/></URIObject>')
    assert found is not None
    assert (found["url"], found["size"], found["name"], found["extra"]["type"]) == (
        "https://example.org/1",
        "642",
        None,
        "File.1",
    )
    assert body.shared_object("no object") is None


@pytest.mark.parametrize("hostile", ["<", "<file ", "<a b=", '<a b="', "&", "<URIObject "])
def test_endless_bodies_come_to_an_end(hostile):
    stored = hostile * 200_000
    assert body.plain(stored)
    assert list(body.files(stored)) == []
