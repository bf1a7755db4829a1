"""The doors that parsers get: text, JSON, property lists, bytes; hostile content ends as an error or a problem, never worse."""

import hashlib
import io
import json
import plistlib
import struct

import pytest

from forensics import testing
from forensics.evidence import file as module
from forensics.evidence.file import DocumentError, File
from forensics.evidence.source import DamagedMember, Entry, LimitReached


@pytest.fixture
def opened():
    """`opened(content)`: the content as a `File`."""
    places = []

    def place(content, **given):
        places.append(testing.placed(content, **given))
        return places[-1].__enter__()

    yield place
    for one in places:
        one.__exit__(None, None, None)


# --- what a file says of itself


def test_a_file_says_what_it_is(opened):
    file = opened(b"content", name="note.txt", passwords=("pw",), timezone="Europe/Podgorica")
    assert (file.name, file.path, file.size, file.head) == ("note.txt", "note.txt", 7, b"content")
    assert file.sha256 == hashlib.sha256(b"content").hexdigest()
    assert file.md5 == hashlib.md5(b"content", usedforsecurity=False).hexdigest()
    assert (file.passwords, file.keys, file.timezone) == (("pw",), (), "Europe/Podgorica")
    assert file.modified_at.tzinfo is not None
    assert (file.is_database, file.problems) == (False, [])


def test_siblings(opened):
    file = opened(b"a", name="a.db", beside={"b.db": b"b"})
    assert file.sibling("b.db").bytes() == b"b"
    assert file.sibling("c.db") is None
    assert file.sibling("../evidence/b.db") is None


# --- text


@pytest.mark.parametrize(
    ("raw", "encoding", "text"),
    [
        ("Stižemo, сутра 😀".encode(), "utf-8", "Stižemo, сутра 😀"),
        (b"\xef\xbb\xbfmark", "utf-8", "mark"),
        ("\ufeffžena".encode("utf-16-le"), "utf-8", "žena"),
        ("\ufeffžena".encode("utf-16-be"), "utf-8", "žena"),
        ("žena".encode("cp1250"), "cp1250", "žena"),
        (b"", "utf-8", ""),
        (b"a\0b\r\n", "utf-8", "a\0b\r\n"),
    ],
)
def test_text(opened, raw, encoding, text):
    file = opened(raw)
    assert file.text(encoding) == text
    assert file.problems == []


def test_bytes_that_are_no_text_are_replaced_and_said_once(opened):
    file = opened(b"ab\xff\xfecd")
    assert file.text() == file.text() == "ab\ufffd\ufffdcd"
    (problem,) = file.problems
    assert (problem.kind, problem.record, problem.detail) == ("damaged", "offset 0x2", "fffe6364")


def test_utf16_cut_within_a_character(opened):
    file = opened("\ufeffže".encode("utf-16-le")[:-1])
    assert file.text() == "ž\ufffd"
    assert [problem.kind for problem in file.problems] == ["damaged"]


def test_a_document_over_the_limit_is_refused(opened, monkeypatch):
    file = opened(b"x" * 100)
    with pytest.raises(DocumentError, match="100 bytes, more than the 10 that are taken into memory at once"):
        file.bytes(limit=10)


# --- JSON (H-15)


def test_json(opened):
    assert opened('{"a": [1, 2.5, null, "ž"]}'.encode()).json() == {"a": [1, 2.5, None, "ž"]}
    assert opened('\ufeff{"a": 1}'.encode()).json() == {"a": 1}


def test_json_numbers_that_are_none(opened):
    assert opened(b"[NaN, Infinity, -Infinity, 1e999, -1e999, 1e5]").json() == [None] * 5 + [1e5]


def test_a_lone_surrogate_gets_through_to_the_cleaning_point(opened):
    assert opened(rb'["\ud800", "\ud83d\ude00"]').json() == ["\ud800", "😀"]


def test_keys_that_come_twice(opened):
    file = opened(b'[{"b": 1, "a": 1, "b": 2}, {"b": 3}]')
    assert file.json() == [{"b": 2, "a": 1}, {"b": 3}]
    (problem,) = file.problems
    assert (problem.kind, problem.message) == ("hostile", "JSON objects name a key twice, the last value counts: b")


def test_very_many_keys_that_come_twice(opened):
    file = opened(("{" + ",".join(f'"{n % 20_000}": {n}' for n in range(40_000)) + "}").encode())
    assert len(file.json()) == 20_000
    assert len(file.problems) == 1


@pytest.mark.parametrize("depth", [513, 900, 5_000, 200_000])
@pytest.mark.parametrize(("start", "end"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_json_nested_without_end(opened, depth, start, end):
    with pytest.raises(DocumentError, match="nested"):
        opened(start * depth + b"1" + end * depth).json()


def test_json_nested_as_deep_as_may_be(opened):
    value = opened(b"[" * 512 + b"1" + b"]" * 512).json()
    assert json.dumps(value) == "[" * 512 + "1" + "]" * 512


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1,]", b"nothing", b"\x89PNG", b"{'a': 1}", b"[" + b"9" * 10_000 + b"]", b"\0" * 10]
)
def test_what_is_no_json(opened, content):
    with pytest.raises(DocumentError, match="not JSON"):
        opened(content).json()


# --- property lists (H-12, H-16 to H-18)


def binary_plist(*objects, references=1):
    """A binary property list of ready-made objects; the first is the top."""
    offsets, body = [], b"bplist00"
    for item in objects:
        offsets.append(len(body))
        body += item
    table = b"".join(struct.pack(">H", offset) for offset in offsets)
    trailer = struct.pack(">6xBBQQQ", 2, references, len(objects), 0, len(body))
    return body + table + trailer


@pytest.mark.parametrize("form", [plistlib.FMT_XML, plistlib.FMT_BINARY])
def test_property_lists(opened, form):
    value = {"name": "Marko ž", "n": [1, 2.5, True], "raw": b"\0\xff"}
    assert opened(plistlib.dumps(value, fmt=form)).plist() == value


def test_a_list_that_contains_itself(opened):
    with pytest.raises(DocumentError, match="nested deeper than 512"):
        opened(binary_plist(b"\xa1\x00")).plist()


def test_a_dictionary_that_contains_itself_through_another(opened):
    with pytest.raises(DocumentError, match="nested deeper than 512"):
        opened(binary_plist(b"\xa1\x01", b"\xd1\x02\x00", b"\x51a")).plist()


def test_thirty_objects_with_half_a_billion_ways_through(opened):
    lists = [bytes([0xA2, n + 1, n + 1]) for n in range(29)]
    value = opened(binary_plist(*lists, b"\x51x")).plist()
    assert value[0] is value[1]


@pytest.mark.parametrize(
    "content",
    [
        binary_plist(b"\x4f\x13" + struct.pack(">Q", 8 << 30)),
        binary_plist(b"\xaf\x13" + struct.pack(">Q", 8 << 30)),
        binary_plist(b"\xa1\x09"),
        binary_plist(b"\x33" + struct.pack(">d", 1e300)),
        binary_plist(b"\x61\xd8\x00"),
        binary_plist(b"\x51\xff"),
        b"bplist00" + b"\xff" * 40,
        b"bplist00",
        b"",
        b"not a list",
        b"<?xml version='1.0'?><plist><dict><key>a</key></plist>",
        b"<?xml version='1.0'?><plist><date>soon</date></plist>",
        b"<?xml version='1.0'?><plist><integer>x</integer></plist>",
    ],
    ids=str,
)
def test_what_is_no_property_list(opened, content):
    with pytest.raises(DocumentError, match="not a readable property list"):
        opened(content).plist()


LAUGHS = "".join(
    f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"&l" + str(n - 1) + ";" if n else "ha"}">'
    for n in range(30)
)


@pytest.mark.parametrize("start", ["", f"<!--{'x' * 5000}-->"], ids=["at once", "behind a comment"])
@pytest.mark.parametrize("entities", [LAUGHS, '<!ENTITY l29 SYSTEM "file:///etc/hostname">'], ids=["laughs", "outside"])
def test_entities_are_refused(opened, start, entities):
    text = f"<?xml version='1.0'?>{start}<!DOCTYPE plist [{entities}]><plist><string>&l29;</string></plist>"
    for raw in (text.encode(), ("\ufeff" + text.replace("'1.0'", "'1.0' encoding='utf-16'")).encode("utf-16-le")):
        with pytest.raises(DocumentError):
            opened(raw).plist()


def test_xml_nested_without_end(opened):
    with pytest.raises(DocumentError, match="nested"):
        opened(b"<plist>" + b"<array>" * 100_000 + b"</array>" * 100_000 + b"</plist>").plist()


# --- where the content is kept


class Streamed:
    """A source that cannot say where a file lies, as an archive."""

    name = kind = "streamed"

    def __init__(self, content, fault=None):
        self.content, self.fault, self.opened = content, fault, 0

    def local(self, entry):
        return None

    def open(self, entry):
        self.opened += 1
        return Breaking(self.content, self.fault)


class Breaking(io.BytesIO):
    def __init__(self, content, fault):
        super().__init__(content)
        self.fault = fault

    def read(self, size=-1):
        chunk = super().read(size)
        if not chunk and self.fault:
            raise self.fault
        return chunk


def streamed(tmp_path, content, fault=None, name="member"):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    source = Streamed(content, fault)
    return File(Entry(name, len(content)), source, scratch), source, scratch


def test_a_small_member_stays_in_memory_and_is_read_once(tmp_path):
    file, source, scratch = streamed(tmp_path, b"small")
    assert (file.size, file.bytes(), file.text(), file.open().read(), file.head) == (
        5,
        b"small",
        "small",
        b"small",
        b"small",
    )
    assert source.opened == 1
    assert list(scratch.iterdir()) == []


def test_a_large_member_goes_to_a_private_copy(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "IN_MEMORY", 10)
    file, source, scratch = streamed(tmp_path, b"0123456789abcdef")
    with file.open() as stream:
        stream.seek(10)
        assert stream.read() == b"abcdef"
    assert file.bytes() == b"0123456789abcdef"
    assert source.opened == 1
    assert [path.read_bytes() for path in scratch.iterdir()] == [b"0123456789abcdef"]
    file.close()
    assert list(scratch.iterdir()) == []
    assert file.sha256 == hashlib.sha256(b"0123456789abcdef").hexdigest()


def test_a_database_goes_to_a_private_copy(tmp_path):
    content = testing.database("CREATE TABLE a (b); INSERT INTO a VALUES (5);")
    file, _, scratch = streamed(tmp_path, content)
    with file.sqlite() as db:
        assert [row["b"] for row in db.execute("SELECT b FROM a")] == [5]
    assert file.bytes() == content
    file.close()
    assert list(scratch.iterdir()) == []


def test_a_large_file_on_disk_is_read_where_it_lies(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "IN_MEMORY", 10)
    place = tmp_path / "large.bin"
    place.write_bytes(b"0123456789abcdef")
    with testing.in_place(place) as file:
        assert file.bytes() == b"0123456789abcdef"
        assert list(file.scratch.iterdir()) == []


@pytest.mark.parametrize("fault", [DamagedMember("CRC does not agree"), LimitReached("more than the limit")])
def test_a_damaged_member_keeps_what_could_be_read(tmp_path, fault):
    file, _, _ = streamed(tmp_path, b'{"a": 1}', fault)
    assert file.bytes() == b'{"a": 1}'
    assert file.json() == {"a": 1}
    assert file.sha256 == hashlib.sha256(b'{"a": 1}').hexdigest()
    (problem,) = file.problems
    assert (problem.kind, problem.stage) == (fault.kind, "open")
    assert problem.message == f"only the first 8 bytes could be read: {fault}"


def test_a_stream_that_stops_with_an_error_of_the_system(tmp_path):
    file, _, _ = streamed(tmp_path, b"part", OSError(5, "Input/output error"))
    assert file.bytes() == b"part"
    assert "Input/output error" in file.problems[0].message
