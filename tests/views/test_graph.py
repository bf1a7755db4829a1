import pandas as pd
import pytest

from forensics.views import graph, pairs


def test_pairs_are_counted(messages):
    found = pairs(messages)
    assert found[["sender", "recipient", "messages"]].values.tolist() == [
        ["Марко Петровић", "account on A1", 4],
        ["account on A1", "Марко Петровић", 2],
        ["Ali\u202enimda", "سفر به اروپا (group)", 1],
        ["نادر", "سفر به اروپا (group)", 1],
    ]
    assert found["first"].iloc[0] == pd.Timestamp("2024-03-05 18:02", tz="UTC")
    assert pd.isna(found["first"].iloc[2])


def test_unknown_sender_is_said(messages):
    unknown = messages.iloc[[1]].assign(sender_name=None, sender_id=None)
    assert pairs(unknown)[["sender", "recipient"]].values.tolist() == [["not stored", "account on A1"]]


def test_circle_and_table(messages, read):
    shown = read(graph(messages))
    assert len(shown.find("circle", "fx-node")) == 5
    assert len(shown.find("path", "fx-edge")) == 4
    assert "Марко Петровић → account on A1: 4 messages" in shown.texts("title")
    assert len(shown.table()) == 5


def test_many_names(messages, read):
    rows = pd.concat([messages.iloc[[7]].assign(sender_name=f"person {n}") for n in range(40)])
    shown = read(graph(rows))
    assert len(shown.find("circle", "fx-node")) == 28
    assert "13 more names in the picture not shown" in shown.text


def test_nothing(messages, read):
    assert read(graph(messages.head(0))).text == "No messages between people or chats."
    assert read(graph(messages.head(1))).text == "No messages between people or chats."  # a system event
    with pytest.raises(ValueError, match="not a messages table"):
        graph(pd.DataFrame({"a": [1]}))
