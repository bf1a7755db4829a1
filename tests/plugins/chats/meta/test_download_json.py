"""Meta's "Download your information": broken encoding repaired, groups, calls, unsent messages."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forensics_plugins.chats.meta.download_json import is_download, thread
from forensics_plugins.chats.meta.stored import repaired, repaired_text

from forensics import testing

PART = Path(__file__).with_name("message_1.json")


@pytest.fixture(scope="module")
def found() -> dict:
    return testing.rows(thread, PART)


def test_messages(found: dict) -> None:
    seen = [(m["sender_name"], m["kind"], m["direction"], m.get("text")) for m in found["messages"]]
    assert seen == [
        ("Mira Čolić", "text", "unknown", "Stižu večeras"),
        ("Dragan", "image", "unknown", None),
        ("Dragan", "system", "system", "Dragan added Mira"),
        ("Facebook user", "call", "unknown", "called"),
        ("Dragan", "deleted", "unknown", None),
        ("Dragan", "link", "unknown", "več u redu Ä"),
    ]
    first = found["messages"][0]
    assert first["sent_at"] == datetime(2024, 3, 12, 17, 43, 0, 123000, tzinfo=UTC)
    assert (first["chat_id"], first["chat_name"], first["chat_kind"]) == ("inbox/put_1", "Put", "group")
    assert found["messages"][4]["deleted"] is True


def test_what_no_column_holds_is_kept(found: dict) -> None:
    assert json.loads(found["messages"][5]["extra"]) == {"ip": "203.0.113.9", "share": {"link": "https://example.org/"}}
    assert "extra" not in found["messages"][0]  # nothing but flags that are false
    assert json.loads(found["messages"][2]["extra"]) == {"users": [{"name": "Mira"}]}


def test_side_tables(found: dict) -> None:
    assert [(p["name"], p.get("active")) for p in found["participants"]] == [
        ("Mira Čolić", True),
        ("Dragan", True),
        ("Facebook user", True),
        ("Mira", None),
    ]
    assert found["participants"][3]["joined_at"] == found["messages"][2]["sent_at"]
    assert [(r["person_id"], r["value"]) for r in found["reactions"]] == [("Dragan", "👍")]
    assert [(a["name"], a["stored_path"]) for a in found["attachments"]] == [
        ("17.jpg", "messages/inbox/put_1/photos/17.jpg")
    ]
    assert [(c["duration_s"], c["peer_name"]) for c in found["calls"]] == [(61.0, "Facebook user")]
    assert "problems" not in found


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("Sti\u00c5\u00beu", "Stižu"),
        ("\u00d0\u0093\u00d1\u0080\u00d0\u00b0\u00d0\u00bd\u00d0\u00b8\u00d1\u0086\u00d0\u00b0", "Граница"),
        ("already right: č", "already right: č"),
        ("caf\u00e9", "café"),  # no UTF-8 in it: left alone
        ("plain", "plain"),
    ],
)
def test_broken_encoding(stored: str, text: str) -> None:
    assert repaired_text(stored) == text


def test_repair_of_deep_nesting() -> None:
    deep: list = ["\u00c4\u008d"]
    for _ in range(5000):
        deep = [deep]
    innermost = repaired(deep)
    while isinstance(innermost[0], list):
        innermost = innermost[0]
    assert innermost == ["č"]


@pytest.mark.parametrize("content", ['{"messages": [{"from": "A", "date": "x"}]}', "[]", "", '{"sender_name": 1}'])
def test_other_json_is_not_claimed(content: str) -> None:
    with testing.placed(content.encode(), name="message_1.json") as file:
        assert not is_download(file)


def test_a_message_that_is_none_is_a_problem() -> None:
    found = testing.rows(
        thread, b'{"messages": [5, {"sender_name": "A", "timestamp_ms": "soon"}]}', name="message_1.json"
    )
    assert [p["record"] for p in found["problems"]] == ["$.messages[0]", "$.messages[1]"]
    assert found["messages"][0]["sender_name"] == "A"


def download(path: str, beside: dict | None = None, **data) -> dict[str, list[dict]]:
    content = json.dumps({"participants": [{"name": "Ana"}, {"name": "Bojan"}], "title": "T", **data}).encode()
    return testing.rows(thread, content, name=path, beside=beside)


def said(**more) -> dict:
    return {"sender_name": "Ana", "timestamp_ms": 1710265380123, **more}


@pytest.mark.parametrize(
    ("path", "app", "folder"),
    [
        ("your_facebook_activity/messages/inbox/a_1/message_1.json", "Messenger", None),
        ("your_activity_across_facebook/messages/archived_threads/a_1/message_1.json", "Messenger", "archived_threads"),
        ("your_facebook_activity/messages/e2ee_cutover/a_1/message_1.json", "Messenger", "e2ee_cutover"),
        ("your_facebook_activity/messages/filtered_threads/a_1/message_1.json", "Messenger", "filtered_threads"),
        ("your_instagram_activity/messages/message_requests/a_1/message_1.json", "Instagram", "message_requests"),
        ("messages/inbox/a_1/message_1.json", "Meta", None),
    ],
)
def test_all_folders(path: str, app: str, folder: str | None) -> None:
    # A reader of the inbox alone loses all that was said before a chat became end-to-end encrypted.
    (row,) = download(path, messages=[said(content="x")])["messages"]
    assert (row["app"], json.loads(row.get("extra", "{}")).get("folder")) == (app, folder)


def test_several_parts_of_one_thread() -> None:
    folder = "facebook/messages/inbox/a_1"
    first = download(f"{folder}/message_1.json", messages=[said(content="new")])
    second = download(f"{folder}/message_2.json", {f"{folder}/message_1.json": b"{}"}, messages=[said(content="old")])
    assert first["messages"][0]["chat_id"] == second["messages"][0]["chat_id"] == folder
    assert len(first["participants"]) == 2
    assert "participants" not in second  # each part repeats them
    alone = download(f"{folder}/message_2.json", messages=[said(content="old")])
    assert len(alone["participants"]) == 2  # the first part is not in the evidence


def test_threads_of_the_same_members_stay_two() -> None:
    # A reader that knows threads by their members takes two of them for one.
    one = download("messages/inbox/a_1/message_1.json", messages=[said(content="x")], thread_path="inbox/a_1")
    two = download("messages/inbox/a_2/message_1.json", messages=[said(content="y")], thread_path="inbox/a_2")
    assert [found["messages"][0]["chat_id"] for found in (one, two)] == ["inbox/a_1", "inbox/a_2"]
    bare = [
        download(f"messages/inbox/a_{n}/message_1.json", messages=[said()])["messages"][0]["chat_id"] for n in (1, 2)
    ]
    assert bare[0] != bare[1]


def test_joins_and_leaves() -> None:
    found = download(
        "message_1.json",
        messages=[
            said(type="Unsubscribe", users=[{"name": "Vesna"}], timestamp_ms=1710000900000),
            said(type="Subscribe", users=[{"name": "Vesna"}, {"name": "Bojan"}, 7], timestamp_ms=1710000000000),
        ],
    )
    people = {p["name"]: p for p in found["participants"]}
    assert people["Bojan"]["joined_at"] == datetime(2024, 3, 9, 16, 0, tzinfo=UTC)
    assert people["Bojan"]["active"] is True
    assert people["Vesna"]["joined_at"] < people["Vesna"]["left_at"]
    assert {m["kind"] for m in found["messages"]} == {"system"}


def test_calls_of_newer_downloads_have_no_type() -> None:
    found = download(
        "message_1.json",
        messages=[said(content="Ana missed your call.", missed=True), said(call_duration=0), said(type="Call")],
    )
    assert [(c.get("duration_s"), c.get("outcome")) for c in found["calls"]] == [
        (None, "missed"),
        (0, None),
        (None, None),
    ]
    assert {m["kind"] for m in found["messages"]} == {"call"}


def test_unsent_messages_keep_what_is_left() -> None:
    # Importers skip unsent messages; some still have text, and reactions remain.
    found = download(
        "message_1.json",
        messages=[
            said(is_unsent=True, content="still here", reactions=[{"reaction": "\u00e2\u009d\u00a4", "actor": "Bojan"}])
        ],
    )
    (row,) = found["messages"]
    assert (row["kind"], row["deleted"], row["text"]) == ("deleted", True, "still here")
    assert [(r["value"], "reacted_at" in r) for r in found["reactions"]] == [("❤", False)]


def test_flags_and_what_the_thread_says_of_itself() -> None:
    found = download(
        "message_1.json",
        is_still_participant=False,
        magic_words=[
            {"magic_word": "slava", "creation_timestamp_ms": 1, "animation_emoji": "\u00f0\u009f\u008e\u0089"}
        ],
        joinable_mode={"mode": 1, "link": "https://m.me/j/x"},
        messages=[said(is_geoblocked_for_viewer=True), said(is_taken_down=True)],
    )
    first, second = (json.loads(m["extra"]) for m in found["messages"])
    assert first["is_geoblocked_for_viewer"] is True
    assert first["thread"]["magic_words"][0]["animation_emoji"] == "🎉"
    assert first["thread"]["is_still_participant"] is False
    assert first["thread"]["joinable_mode"]["link"] == "https://m.me/j/x"
    assert second == {"is_taken_down": True}


def test_a_location_that_was_sent() -> None:
    link = "https://www.bing.com/maps/default.aspx?v=2&pc=FACEBK&mid=8100&where1=43.8563%2C+18.4131&FORM=FBKPL1"
    found = download(
        "message_1.json", messages=[said(share={"link": link}), said(share={"link": "https://example.org/?where1=1,2"})]
    )
    first, second = found["messages"]
    assert (first["kind"], first["latitude"], first["longitude"]) == ("location", 43.8563, 18.4131)
    assert second["kind"] == "link"
    assert "latitude" not in second
    assert [(p["kind"], p["latitude"]) for p in found["places"]] == [("message", 43.8563)]


def test_attachments_that_are_no_files() -> None:
    found = download(
        "message_1.json",
        messages=[
            said(
                videos=[{"uri": "https://cdn.test/v.mp4?x=1"}], photos=[{"uri": "bare.jpg", "creation_timestamp": 5}, 7]
            )
        ],
    )
    bare, remote = found["attachments"]
    assert (bare["name"], bare["stored_path"]) == ("bare.jpg", "bare.jpg")
    assert json.loads(bare["extra"]) == {"creation_timestamp": 5, "listed_as": "photos"}
    assert remote["url"] == "https://cdn.test/v.mp4?x=1"
    assert not {"name", "stored_path", "present"} & remote.keys()


def test_a_group_whose_members_fill_the_head_is_claimed() -> None:
    people = [{"name": f"Person {number}"} for number in range(300)]
    content = json.dumps({"participants": people, "messages": [said(content="x")]}).encode()
    assert content.index(b"timestamp_ms") > 4096
    with testing.placed(content, name="message_1.json") as file:
        assert is_download(file)


def test_promises() -> None:
    assert [c for c in testing.check(thread, PART, name="message_1.json") if c.fault] == []


def test_poisoned() -> None:
    found = download(
        "message_2.json",
        thread_type={},
        magic_words=7,
        messages=[
            said(photos={"uri": []}, reactions={"actor": [1]}, share=[], users=5, type=[]),
            said(type="Subscribe", users={"name": {}}, timestamp_ms=[]),
            said(share={"link": "http://[bad"}, call_duration="long", sticker="x", content={"a": 1}),
        ],
    )
    assert len(found["messages"]) == 3
    assert not [p for p in found["problems"] if " stopped: " in p["message"]]


def test_corpus(corpus, manifest) -> None:
    entry = manifest["chats-instagram-instagram-dyi-message-json-01"]
    rows = testing.rows(thread, corpus / entry["path"])["messages"]
    assert [
        {"timestamp": m["sent_at"].strftime("%Y-%m-%dT%H:%M:%S"), "author": m["sender_name"], "message": m["text"]}
        for m in rows
    ] == entry["expected"]["messages"]["value"]
