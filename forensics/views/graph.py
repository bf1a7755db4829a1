"""Who wrote to whom: pairs counted from stored messages, as a circle and as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from forensics.views.html import Html, element
from forensics.views.table import table
from forensics.views.values import colour, more

if TYPE_CHECKING:
    import pandas as pd

ONE_TO_ONE = ("direct", "self", "bot")
WIDTH = 960
MOST_NODES, LONGEST_LABEL = 28, 30
NOTE = (
    "A line counts stored messages between two names, as the apps store them. "
    "A chat that lies on two devices counts twice. It does not say what two people are to each other."
)
COLUMNS = ["sender", "recipient", "messages", "first", "last", "evidence"]


def pairs(messages: pd.DataFrame) -> pd.DataFrame:
    """Counts of messages by sender and recipient, most first: sender, recipient, messages, first, last (UTC), evidence.

    In a one-to-one chat the recipient is the other side, in any other chat it is the chat itself. System events are left
    out. The account on the device is named `account on <evidence>`; a sender that is not stored is `not stored`.
    """
    import pandas as pd

    if "direction" not in messages.columns or "chat_id" not in messages.columns:
        raise ValueError("not a messages table: it has no columns direction and chat_id")
    rows = messages[(messages["direction"] != "system").fillna(True).astype(bool)]
    if not len(rows):
        return pd.DataFrame(columns=COLUMNS)
    owner = "account on " + _text(rows, "evidence").fillna("device")
    sender = _text(rows, "sender_name").fillna(_text(rows, "sender_id"))
    chat = _text(rows, "chat_name").fillna(_text(rows, "chat_id")).fillna("chat without a name")
    one_to_one = _text(rows, "chat_kind").isin(ONE_TO_ONE)
    outgoing, incoming = _text(rows, "direction") == "outgoing", _text(rows, "direction") == "incoming"
    counted = pd.DataFrame(
        {
            "sender": sender.mask(outgoing, owner).fillna("not stored"),
            "recipient": chat.where(one_to_one, chat + " (group)").mask(one_to_one & incoming, owner),
            "at": pd.to_datetime(rows["sent_at"], utc=True) if "sent_at" in rows.columns else pd.NaT,
            "evidence": _text(rows, "evidence"),
        }
    )
    found = counted.groupby(["sender", "recipient", "evidence"], dropna=False, as_index=False).agg(
        messages=("sender", "size"), first=("at", "min"), last=("at", "max")
    )
    return found.sort_values(["messages", "sender", "recipient"], ascending=[False, True, True], ignore_index=True)[
        COLUMNS
    ]


def graph(messages: pd.DataFrame, limit: int = 100) -> Html:
    """A circle of senders, chats and accounts with a line for each pair, thicker for more messages; the pairs beneath."""
    found = pairs(messages)
    if not len(found):
        return Html(element("p", "No messages between people or chats.", class_="fx-none"))
    weights = _weights(found)
    names = sorted(weights, key=lambda name: (-weights[name], name))[:MOST_NODES]
    return Html(
        _circle(found, names, weights),
        more(len(weights) - len(names), "names in the picture", f"the {MOST_NODES} with most messages are drawn"),
        element(
            "p",
            NOTE,
            class_="fx-note",
        ),
        table(found, columns=COLUMNS, limit=limit),
    )


def _text(frame, name):
    import pandas as pd

    return frame[name].astype("str") if name in frame.columns else pd.Series(pd.NA, index=frame.index, dtype="str")


def _weights(found):
    weights: dict[str, int] = {}
    for sender, recipient, count in found[["sender", "recipient", "messages"]].itertuples(index=False):
        for name in {sender, recipient}:
            weights[name] = weights.get(name, 0) + int(count)
    return weights


def _circle(found, names, weights):
    height = 400 if len(names) <= 8 else 520 if len(names) <= 16 else 640
    spots = {name: _spot(i, len(names), height) for i, name in enumerate(names)}
    drawn = found.groupby(["sender", "recipient"], as_index=False)["messages"].sum()
    lines = [
        _edge(spots[sender], spots[recipient], f"{sender} → {recipient}: {count:,} messages", count)
        for sender, recipient, count in drawn.itertuples(index=False)
        if sender in spots and recipient in spots and sender != recipient
    ]
    nodes = [_node(name, spots[name], weights[name], max(weights.values())) for name in names]
    return element("svg", lines, nodes, viewBox=f"0 0 {WIDTH} {height}", role="img")


def _spot(index, count, height):
    angle = 2 * math.pi * index / count - math.pi / 2
    return WIDTH / 2 + 270 * math.cos(angle), height / 2 + (height / 2 - 50) * math.sin(angle), angle


def _edge(a, b, title, count):
    """A curve that keeps to the right of the straight line, so that both directions can be seen."""
    (ax, ay, _), (bx, by, _) = a, b
    mx, my = (ax + bx) / 2 - (by - ay) * 0.09, (ay + by) / 2 + (bx - ax) * 0.09
    curve = element(
        "path",
        element("title", title),
        d=f"M{ax:.1f} {ay:.1f}Q{mx:.1f} {my:.1f} {bx:.1f} {by:.1f}",
        class_=f"fx-edge fx-w{_weight(count)}",
    )
    x, y = (ax + 2 * mx + bx) / 4, (ay + 2 * my + by) / 4
    turn = math.degrees(math.atan2(by - ay, bx - ax))
    return [
        curve,
        element(
            "path", d="M6 0L-4 -4L-4 4Z", transform=f"translate({x:.1f} {y:.1f}) rotate({turn:.0f})", class_="fx-head"
        ),
    ]


def _weight(count):
    """0 to 5, one step for each power of four."""
    return min(int(math.log(count, 4)), 5)


def _node(name, spot, weight, most):
    x, y, angle = spot
    side = math.cos(angle)
    anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
    radius = 5 + 9 * math.sqrt(weight / most)
    away = radius + 6
    kind = 0 if name.startswith("account on ") else 1 if name.endswith(" (group)") else 2
    label = name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"
    return element(
        "g",
        element("circle", element("title", f"{name}: {weight:,} messages"), cx=x, cy=y, r=radius, class_="fx-node"),
        element(
            "text",
            label,
            x=x + away * side,
            y=y + away * 1.2 * math.sin(angle) + 4,
            text_anchor=anchor,
            class_="fx-label",
        ),
        class_=colour(kind),
    )
