"""Nothing that evidence says becomes markup, whatever field it stands in (the table of payloads is in conftest)."""

from types import SimpleNamespace

import pandas as pd
import pytest

from forensics import views
from forensics.report import outside
from forensics.views.html import ATTRIBUTES, TAGS

VIEWS = {
    "conversation": lambda f: views.conversation(
        f["messages"], f["messages"]["chat_id"].iloc[0], f["attachments"], f["reactions"]
    ),
    "chat_list": lambda f: views.chat_list(f["messages"]),
    "places_map": lambda f: views.places_map(f["places"]),
    "timeline": lambda f: views.timeline(f["messages"], f["calls"], f["media"], f["transfers"], f["places"]),
    "gallery": lambda f: views.gallery(f["media"]),
    "graph": lambda f: views.graph(f["messages"]),
    "table": lambda f: views.table(f["messages"], columns=list(f["messages"].columns)),
}


@pytest.mark.parametrize("name", VIEWS)
def test_payload_in_every_field(name, poisoned, payload, read):
    view = VIEWS[name](poisoned)
    shown = read(view)
    assert outside(view._repr_html_()) == []
    assert shown.tags <= TAGS | {"body"}
    assert {a for one in shown.elements for a in one["attrs"]} <= {a.lower() for a in ATTRIBUTES}
    assert any(start_of(payload) in text for text in [shown.text, *titles(shown)])


def test_payload_as_column_name(messages, payload, read):
    frame = messages.rename(columns={"text": payload})
    view = views.table(frame)
    assert outside(view._repr_html_()) == []
    assert read(view).tags <= TAGS | {"body"}
    assert start_of(payload) in read(view).text


def test_payload_as_file_name_in_a_case(payload, read):
    case = Case(payload)
    view = views.overview(case)
    assert outside(view._repr_html_()) == []
    assert read(view).tags <= TAGS | {"body"}


class Case:
    def __init__(self, payload):
        self.name = self.path = payload
        self.evidence = [
            {"label": payload, "name": payload, "kind": "folder", "files": 1, "bytes": 1, "timezone": None}
        ]
        self.tables = {payload: SimpleNamespace(rows=1)}
        self.payload = payload

    def table(self, name, columns):
        return pd.DataFrame({column: [self.payload] for column in columns})


def start_of(payload):
    """The part of a payload before its first hidden character: it is shown as it is."""
    return payload.split("\u202e")[0].split("\x07")[0]


def titles(shown):
    return [one["attrs"].get("title") or "" for one in shown.elements]
