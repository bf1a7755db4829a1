r"""Evidence text in a terminal, a log line or a plain-text file: nothing in it may act, hide or reorder.

Obeyed, the control in `photo<U+202E>gpj.exe` shows a picture's name, and `ESC ] 0 ;` renames the window it is printed
in. Only what is shown changes; tables and exports keep the raw text. HTML is escaped elsewhere.

>>> print(safe("photo\u202egpj.exe \x1b[2J"))
photo[U+202E]gpj.exe \x1b[2J
"""

from __future__ import annotations

import re

_ACTS = "\x00-\x1f\x7f-\x9f\ud800-\udfff"  # C0, DEL, C1; lone surrogates cannot be printed at all
_REORDERS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HIDES = (
    "\u00ad\u034f\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # zero width
    "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters without ink
    "\u2028\u2029"  # lines that some programs break and others do not
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # shorthand, music, tags: whole hidden messages
)
_UNSEEN = re.compile(f"[{_ACTS}{_REORDERS}{_HIDES}]")
_CONTROL = re.compile(f"[{_ACTS}]")


def safe(text: str) -> str:
    r"""One line of text in which every control is a visible mark: `\x1b`, `\r`, `\n`, `[U+202E]`, `[U+200B]`.

    Escapes are for reading, not for getting the raw text back: a backslash that was there stays as it is. Made safe
    twice is the same as once. Zero-width joiners are marked too, though Persian and emoji use them in good faith.
    """
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub(_mark, text)


def isolate(name: str) -> str:
    """A name or path made safe and wrapped in U+2068..U+2069, so that its letters cannot reorder the text around it."""
    return f"\u2068{safe(name)}\u2069"


def _mark(match: re.Match[str]) -> str:
    letter = match[0]
    return repr(letter)[1:-1] if _CONTROL.match(letter) else f"[U+{ord(letter):04X}]"
