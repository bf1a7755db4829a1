"""The whole way: sample evidence -> case -> executed notebooks -> report, held against the answer key.

The key is worked out from the story, not from what the toolkit finds: see sample_data/README.md.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import forensics
from forensics.case.ledger import Ledger
from forensics.case.status import status
from forensics.case.verify import verify
from forensics.intake import Summary
from forensics.report import outside
from forensics.report.templates import templates
from forensics.shipped import shipped

DEVICES = ("android_phone", "iphone", "laptop")
PHONES = DEVICES[:2]
ZONE = "Europe/Belgrade"
SAMPLES = shipped("sample_data")
KEY = json.loads((SAMPLES / "answer_key.json").read_text("utf-8"))
NAMED = [
    pytest.param(device, message, id=f"{device}: {message['name']}")
    for device in PHONES
    for message in KEY["devices"][device]["messages"]["named"]
]
PHOTOS = [
    pytest.param(device, photo, id=f"{device}: {Path(photo['path']).name}")
    for device in DEVICES
    for photo in KEY["devices"][device]["photos"]
]
VALUES = KEY["across_devices"]["values"]


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Summary:
    place = tmp_path_factory.mktemp("cases") / "route.case"
    return forensics.ingest(place, [SAMPLES / device for device in DEVICES], timezone=ZONE)


@pytest.fixture(scope="module")
def case(read) -> forensics.Case:
    return forensics.open_case(read.case)


def of(frame: pd.DataFrame, device: str) -> pd.DataFrame:
    return frame[frame["evidence"] == device]


def instant(text: str) -> pd.Timestamp:
    return pd.Timestamp(text).tz_convert("UTC")


def text_or_none(value: object) -> str | None:
    return None if pd.isna(value) else str(value)


def person_or_owner(value: object, device: str) -> str:
    """A database that knows its owner by no name of his leaves him unset: who else could it be."""
    return text_or_none(value) or KEY["devices"][device]["owner"]["jid"]


def near(one: float, other: float) -> bool:
    return abs(one - other) < 5e-6


# The case as a whole


def test_every_file_has_a_row(case):
    for device in DEVICES:
        there = {p.relative_to(SAMPLES / device).as_posix() for p in (SAMPLES / device).rglob("*") if p.is_file()}
        assert set(of(case.files, device)["path"]) == there


def test_summary_status_and_case_agree(read, case):
    assert read.rows == {name: contents.rows for name, contents in case.tables.items() if contents.rows}
    said = status(read.case)
    assert read.files == dict(sum((Counter(counts) for counts in said["files"].values()), Counter()))
    assert sum(p["problems"] for p in said["problems"]) == read.problems == len(case.problems)
    assert [e["label"] for e in said["evidence"] if e["complete"]] == sorted(DEVICES)


def test_case_and_evidence_are_unchanged(read):
    assert [f for f in verify(read.case, [SAMPLES / device for device in DEVICES]) if f.fault] == []


def test_every_row_says_where_it_came_from(case):
    for name, contents in case.tables.items():
        if name in ("files", "problems") or not contents.rows:
            continue
        frame = case.table(name)
        for column in ("evidence", "path", "file", "record", "state", "parser"):
            assert frame[column].notna().all(), f"{name}.{column}"
        assert frame["file"].isin(case.files["file"]).all()


def test_rows_of_each_file_add_up(case):
    counted = Counter()
    for name in case.tables.keys() - {"files", "problems", "gaps"}:
        frame = case.table(name, ["evidence", "path"])
        counted.update(zip(frame["evidence"], frame["path"], strict=True))
    said = {(file.evidence, file.path): file.rows for file in case.files.itertuples() if file.rows}
    assert counted == said


# Messages


@pytest.mark.parametrize("device", PHONES)
def test_messages_by_state_and_chat(device, case):
    key = KEY["devices"][device]["messages"]
    messages = of(case.messages, device)
    states = Counter(messages["state"])
    assert {name: states.get(name, 0) for name in key["states"]} == key["states"]
    assert sum(key["states"].values()) == len(messages)
    current = messages[messages["state"] != "journal"]
    assert dict(Counter(current["chat_id"])) == key["by_chat"]


@pytest.mark.parametrize(("device", "expected"), NAMED)
def test_named_message(device, expected, case):
    messages = of(case.messages, device)
    mine = messages[(messages["message_id"] == expected["message_id"]) & (messages["state"] == expected["state"])]
    (found,) = mine.to_dict("records")
    assert found["chat_id"] == expected["chat_id"]
    assert person_or_owner(found["sender_id"], device) == expected["sender"]
    assert found["sent_at"] == instant(expected["sent_at"])
    assert found["direction"] == expected["direction"]
    assert text_or_none(found["text"]) == expected["text_as_shown"]
    assert text_or_none(found["reply_to"]) == expected["reply_to"]
    assert found["kind"] == expected["kind"]


def test_text_before_and_after_it_was_edited(case):
    (edit,) = KEY["devices"]["android_phone"]["messages"]["edited_in_the_log"]
    found = of(case.messages, "android_phone").query("message_id == @edit['message_id']")
    assert dict(zip(found["state"], found["text"], strict=True)) == {"journal": edit["journal"], "wal": edit["wal"]}


def test_chat_export(case):
    (export,) = KEY["devices"]["laptop"]["chat_exports"]
    found = case.messages[case.messages["path"] == export["path"]]
    assert len(found) == export["messages"] + export["system_lines"]
    assert (found["direction"] == "system").sum() == export["system_lines"]
    assert found["sent_local"].min() == pd.Timestamp(export["first_local"])
    assert found["sent_local"].max() == pd.Timestamp(export["last_local"])
    assert set(found["time_basis"]) <= {f"assumed:{ZONE}", f"ambiguous:{ZONE}"}


# What hangs on messages


@pytest.mark.parametrize("device", PHONES)
def test_contacts(device, case):
    expected = KEY["devices"][device]["contacts"]
    found = of(case.contacts, device).dropna(subset=["name"])
    names = found.groupby("person_id")["name"].agg(set).to_dict()
    assert expected.keys() <= names.keys()
    assert {person: name for person, name in expected.items() if name not in names[person]} == {}


@pytest.mark.parametrize("device", PHONES)
def test_reactions(device, case):
    found = of(case.reactions, device)
    persons = [person_or_owner(person, device) for person in found["person_id"]]
    assert Counter(zip(found["message_id"], persons, found["value"], strict=True)) == Counter(
        (r["message_id"], r["person"], r["value"]) for r in KEY["devices"][device]["reactions"]
    )


@pytest.mark.parametrize("device", PHONES)
def test_places_in_messages(device, case):
    found = of(case.places, device)
    found = found[found["kind"] != "photo"]
    for expected in KEY["devices"][device]["places"]:
        near_it = found[(found["at"] == instant(expected["at"])) & (found["kind"] == expected["kind"])]
        assert any(
            near(place.latitude, expected["latitude"]) and near(place.longitude, expected["longitude"])
            for place in near_it.itertuples()
        ), expected["label"]


@pytest.mark.parametrize("device", PHONES)
def test_attachments(device, case):
    expected = KEY["devices"][device]["attachments"]
    found = of(case.attachments, device).set_index("message_id")
    assert sorted(found.index) == sorted(a["message_id"] for a in expected)
    for attachment in expected:
        row = found.loc[attachment["message_id"]]
        assert row["stored_path"] == attachment["stored_path"]
        if attachment["present"]:
            (file,) = of(case.files, device).query("path == @attachment['path']").to_dict("records")
            assert file["file"] == attachment["sha256"]
            assert text_or_none(row["sha256"]) in (attachment["sha256"], None)


@pytest.mark.parametrize("device", PHONES)
def test_calls(device, case):
    expected = KEY["devices"][device]["calls"]
    found = of(case.calls, device).set_index("call_id")
    assert sorted(found.index) == sorted(call["call_id"] for call in expected)
    for call in expected:
        row = found.loc[call["call_id"]]
        assert row["started_at"] == instant(call["started_at"])
        assert row["peer_id"] == call["peer"]
        assert row["direction"] == call["direction"]
        assert bool(row["video"]) == call["video"]
        assert (0 if pd.isna(row["duration_s"]) else row["duration_s"]) == call["duration_s"]


# Photos


@pytest.mark.parametrize(("device", "expected"), PHOTOS)
def test_photo(device, expected, case):
    (found,) = of(case.media, device).query("path == @expected['path']").to_dict("records")
    assert (text_or_none(found["make"]), text_or_none(found["model"])) == (expected["make"], expected["model"])
    assert text_or_none(found["utc_offset"]) == expected["utc_offset"]
    if expected["taken_local"]:
        assert found["taken_local"] == pd.Timestamp(expected["taken_local"])
    else:
        assert found["taken_local"] is pd.NaT
    if expected["taken_at"]:
        assert found["taken_at"] == instant(expected["taken_at"])
        assert found["time_basis"] == "utc"
    elif expected["ambiguous_in"]:
        assert found["time_basis"] == f"ambiguous:{ZONE}"
    elif expected["taken_local"]:
        assert found["time_basis"] == f"assumed:{ZONE}"
    for axis in ("latitude", "longitude"):
        if expected[axis] is None:
            assert pd.isna(found[axis])
        else:
            assert near(found[axis], expected[axis])


def test_photos_with_a_place_are_places(case):
    placed = case.media.dropna(subset=["latitude"])
    expected = [p for d in DEVICES for p in KEY["devices"][d]["photos"] if p["latitude"] is not None]
    assert len(placed) == len(expected)
    assert set(case.places[case.places["kind"] == "photo"]["path"]) == set(placed["path"])


# Wallets and what was paid


def test_wallets(case):
    wallets = case.wallets.set_index("path")
    for expected in KEY["devices"]["laptop"]["wallets"]:
        found = wallets.loc[expected["path"]]
        assert found["software"] == expected["software"]
        assert found["watch_only"] == expected["watch_only"]
        if "created_at" in expected:
            assert found["created_at"] == instant(expected["created_at"])


def test_addresses_of_the_wallets(case):
    electrum, watched, core = KEY["devices"]["laptop"]["wallets"]
    live = case.addresses[case.addresses["state"] == "live"]
    roles = {wallet["path"]: live[live["path"] == wallet["path"]] for wallet in (electrum, watched, core)}
    counted = Counter(roles[electrum["path"]]["role"])
    assert (counted["own"], counted["change"]) == (electrum["addresses"]["receiving"], electrum["addresses"]["change"])
    assert set(watched["addresses_after_patches"]) <= set(roles[watched["path"]]["address"])
    for wallet, labels in (
        (watched, watched["labels_after_patches"]),
        (core, core["labels"]),
        (electrum, electrum["contacts"]),
    ):
        found = set(zip(roles[wallet["path"]]["address"], roles[wallet["path"]]["label"], strict=True))
        assert labels.items() <= found


def test_transfers_of_the_wallets(case):
    electrum, _, core = KEY["devices"]["laptop"]["wallets"]
    for expected in electrum["transfers"]:
        (found,) = case.transfers.query("path == @electrum['path'] and txid == @expected['txid']").to_dict("records")
        assert found["at"] == instant(expected["at"])
        assert found["direction"] == {"in": "incoming", "out": "outgoing"}[expected["direction"]]
        assert (found["chain"], found["asset"]) == ("BTC", "BTC")
        assert Decimal(found["amount"]) == Decimal(expected["first_output"]["amount"])
        assert found["to_address"] == expected["first_output"]["address"]
        assert text_or_none(found["memo"]) == expected["label"]
        fee = text_or_none(found["fee"])
        assert (fee and Decimal(fee)) == (expected["fee"] and Decimal(expected["fee"]))
    (found,) = case.transfers.query("path == @core['path']").to_dict("records")
    (expected,) = core["transfers"]
    assert (found["txid"], found["to_address"]) == (expected["txid"], expected["to_address"])
    assert Decimal(found["amount"]) == Decimal(expected["amount"])


# Across the devices


def test_messages_on_both_phones(case):
    ids = [set(of(case.messages, device)["message_id"]) for device in PHONES]
    assert len(ids[0] & ids[1]) == KEY["across_devices"]["messages_on_both_phones"]
    chats = [set(of(case.messages, device)["chat_id"].astype("str")) for device in PHONES]
    groups = sorted(chat for chat in chats[0] & chats[1] if chat.endswith("@g.us"))
    assert groups == KEY["across_devices"]["groups_on_both_phones"]


def test_deleted_on_one_phone_kept_on_the_other(case):
    states = {device: of(case.messages, device).set_index("message_id")["state"] for device in PHONES}
    for message in KEY["across_devices"]["deleted_on_the_android_phone_kept_on_the_iphone"]:
        assert states["android_phone"][message] == "journal"
        assert states["iphone"][message] == "live"


def test_photos_and_calls_on_both_phones(case):
    for digest in KEY["across_devices"]["photos_on_both_phones"].values():
        assert set(case.files[case.files["file"] == digest]["evidence"]) >= set(PHONES)
    calls = [set(of(case.calls, device)["call_id"]) for device in PHONES]
    assert len(calls[0] & calls[1]) == KEY["across_devices"]["calls_on_both_phones"]


@pytest.mark.parametrize("name", VALUES)
def test_value_is_found_where_the_story_put_it(name, case):
    expected = VALUES[name]
    hits = case.search(expected["value"])
    for device in PHONES:
        records = hits[(hits["evidence"] == device) & (hits["table"] == "messages")]["record"]
        found = of(case.messages, device)
        assert sorted(found[found["record"].isin(records)]["message_id"]) == sorted(expected[device])
    laptop = expected["laptop"]
    mine = hits[hits["evidence"] == "laptop"]
    assert (mine["table"] == "messages").sum() == laptop["chat_export_lines"]
    addresses = of(case.addresses, "laptop").query("address == @expected['value']")
    for software, place in (("electrum", "default_wallet"), ("bitcoin_core", "wallet.dat")):
        roles = set(addresses[addresses["path"].astype("str").str.endswith(place)]["role"])
        if laptop[software] in ("own", "contact", "counterparty"):
            assert laptop[software] in roles
        elif laptop[software] == "transaction":
            moved = mine[(mine["table"] == "transfers") & (mine["column"] == "txid")]
            assert moved["path"].str.endswith(place).any()


# What was not read


@pytest.mark.parametrize("expected", KEY["problem_files"], ids=lambda p: Path(p["path"]).name)
def test_file_that_must_end_as_a_problem(expected, case):
    found = of(case.problems, expected["device"]).query("path == @expected['path']")
    assert expected["kind"] in set(found["kind"])
    (file,) = of(case.files, expected["device"]).query("path == @expected['path']").to_dict("records")
    assert file["status"] in ("encrypted", "failed", "partly")


def test_no_problem_beyond_those_of_the_key(case):
    known = {(p["device"], p["path"]) for p in [*KEY["problem_files"], *KEY["problem_records"]]}
    assert set(zip(case.problems["evidence"], case.problems["path"], strict=True)) == known


def test_record_that_must_be_a_problem(case):
    (expected,) = KEY["problem_records"]
    (row,) = case.messages.query("message_id == @expected['message_id'] and path == @expected['path']").to_dict(
        "records"
    )
    assert row["cleaned"] == "text"
    assert "\u2400" in row["text"]
    found = case.problems.query("path == @expected['path'] and record == @row['record']")
    assert list(found["kind"]) == [expected["kind"]]


def test_unknown_and_hostile_files_are_listed(case):
    paths = dict(zip(case.files["path"].astype("str"), case.files["status"].astype("str"), strict=True))
    for expected in KEY["unknown_files"]:
        assert paths[expected["path"]] == "unknown"
    for expected in KEY["hostile_names"]:
        names = {expected["path"], "".join(c for c in expected["path"] if c.isprintable())}
        assert names & paths.keys() or any(path.startswith(expected["path"].split("\u202e")[0]) for path in paths)


def test_nothing_sits_at_0_0(case):
    for frame in (case.places, case.media, case.messages):
        assert not ((frame["latitude"] == 0) & (frame["longitude"] == 0)).any()


# Notebooks and report


@pytest.fixture(scope="module")
def demo(command, tmp_path_factory) -> Path:
    """`forensics demo`: case, every template run through `run_notebook`, report."""
    root = tmp_path_factory.mktemp("demo")
    done = command("demo", root / "demo.case", env={"JUPYTER_DATA_DIR": str(root / "jupyter")}, timeout=600)
    assert done.returncode == 0, done.stderr
    assert "9 problems, which the sample holds on purpose." in done.stdout
    assert f"Report:            {root / 'demo.case' / 'exports' / 'report.html'}\n" in done.stdout
    return root / "demo.case"


@pytest.mark.slow
@pytest.mark.parametrize("name", [path.name for path in templates() if path.name != "report.ipynb"])
def test_template_ran(name, demo):
    notebook = json.loads((demo / "notebooks" / name).read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert cells[-1]["execution_count"]
    assert outputs
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]


@pytest.mark.slow
def test_report_needs_nothing_from_outside(demo):
    page = (demo / "exports" / "report.html").read_text("utf-8")
    assert outside(page) == []
    assert "<script" not in page
    assert all(device in page for device in DEVICES)


@pytest.mark.slow
def test_demo_holds_together(demo):
    assert [f for f in verify(demo, [SAMPLES / device for device in DEVICES]) if f.fault] == []
    actions = Counter(entry["action"] for entry in Ledger(demo / "ledger.jsonl").entries())
    assert actions["notebook run"] == len(templates()) - 1
    assert actions["report"] == 1
