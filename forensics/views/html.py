"""The one door through which anything becomes HTML.

Whatever a view shows is put together with `element`: text is escaped, invisible and direction-changing characters
become visible marks, tag and attribute names come from a fixed list, links lead only to a place in the same page.
Markup made elsewhere (a notebook turned into HTML) passes `cleaned`, which knows the same lists. No other file of the
project writes markup; a test keeps it so.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from importlib.resources import files

# fmt: off
TAGS = frozenset((
    "a", "b", "bdi", "blockquote", "br", "circle", "code", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption",
    "figure", "footer", "g", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "kbd", "li", "line", "main",
    "mark", "ol", "p", "path", "polygon", "polyline", "pre", "rect", "s", "section", "small", "span", "strong", "sub",
    "summary", "sup", "svg", "table", "tbody", "td", "text", "tfoot", "th", "thead", "time", "title", "tr", "tspan", "u", "ul",
))
ATTRIBUTES = frozenset((
    "alt", "class", "colspan", "cx", "cy", "d", "datetime", "dir", "fill-rule", "height", "href", "id", "open", "points", "r",
    "role", "rowspan", "rx", "src", "start", "text-anchor", "title", "transform", "viewBox", "width", "x", "x1", "x2", "y",
    "y1", "y2",
))
# fmt: on
PLAIN_TEXT_TAGS = frozenset({"text", "tspan", "title"})
VOID_TAGS = frozenset({"br", "hr", "img"})

JOINERS = "\u200c\u200d"
SHAPED_BY_JOINERS = re.compile(r"[^\x00-\u02af]")
BLACK_FLAG = "\U0001f3f4"
FLAG_TAGS = range(0xE0020, 0xE0080)
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""Characters that show nothing, or that turn the direction of what follows."""


class Html:
    """Markup that is safe to show. `Html("a < b")` escapes its text: raw markup cannot be handed in from outside.

    Shown by Jupyter through `_repr_html_`; `markup` is the same without the style sheet.
    """

    __slots__ = ("markup",)

    def __init__(self, *children) -> None:
        self.markup: str = "".join(_markup(child, plain=False) for child in children)

    def _repr_html_(self) -> str:
        return style_block() + element("div", hint(), self, class_="fx").markup

    def __str__(self) -> str:
        return self.markup

    def __repr__(self) -> str:
        return f"<Html, {len(self.markup)} characters: shown in a notebook or a report>"


def element(tag: str, *children, **attributes) -> Html:
    """One HTML or SVG element.

    Children are text (escaped), numbers, `Html`, lists of these, or None (nothing). Attribute names are Python names:
    `class_`, `text_anchor`, `viewBox`; None and False leave an attribute out. Raises ValueError for a tag or an
    attribute that is not on the list, and for a link that leaves the page.
    """
    if tag not in TAGS:
        raise ValueError(f"tag not allowed: {tag!r}")
    shown = "".join(_attribute(name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    if tag in VOID_TAGS:
        return _raw(f"<{tag}{shown}>")
    inner = "".join(_markup(child, plain=tag in PLAIN_TEXT_TAGS) for child in children)
    return _raw(f"<{tag}{shown}>{inner}</{tag}>")


def visible(text: str) -> str:
    """`text` as it can be shown in plain text: hidden characters as `⟦U+202E⟧`, lone surrogates as U+FFFD."""
    return _hidden_marked(text, lambda character: f"⟦{_code(character)}⟧")


def style_block() -> str:
    """The style sheet of the views, as one `<style>` element. It follows the light and dark themes of JupyterLab."""
    return f"<style>{style_sheet()}</style>"


@cache
def style_sheet() -> str:
    return files("forensics.views").joinpath("data", "views.css").read_text("utf-8")


def cleaned(markup: str) -> Html:
    """Markup that somebody else made, cut down to `TAGS` and `ATTRIBUTES`: no script, no style, nothing from outside."""
    import bleach

    markup = re.sub(r"<(script|style)\b.*?</\1\s*>", "", markup, flags=re.DOTALL | re.IGNORECASE)  # not as text either
    markup = markup.replace(hint().markup, "")
    kept = bleach.clean(markup, tags=TAGS, attributes=stays_in_page, protocols={"data"}, strip=True)
    return _raw(visible(kept))


def page(title: str, *children, style: str = "") -> str:
    """A whole HTML page in one string, which by its own policy runs no script and loads nothing."""
    head = "".join(f"<meta {meta}>" for meta in PAGE_META) + f"<title>{html.escape(visible(title))}</title>"
    body = element("main", *children, class_="fx")
    head += f"<style>{style_sheet()}{style}</style>"
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'


PAGE_META = (
    'charset="utf-8"',
    "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"",
    'name="referrer" content="no-referrer"',
    'name="viewport" content="width=device-width, initial-scale=1"',
)


def hint() -> Html:
    """What to do where Jupyter has taken the style sheet, and all drawings, from the output of somebody else's run."""
    return element(
        "p", "Run this cell to see the view: JupyterLab shows none that it does not trust yet.", class_="fx-run"
    )


def stays_in_page(tag: str, name: str, value: str) -> bool:
    """Whether an attribute is on the list and leads nowhere else: links inside the page, pictures only when embedded."""
    if name == "href":
        return value.startswith("#")
    if name == "src":
        return tag == "img" and value.startswith(("data:image/png;base64,", "data:image/jpeg;base64,"))
    return name in ATTRIBUTES


def _raw(markup):
    made = Html()
    made.markup = markup
    return made


def _attribute(name, value):
    if value is None or value is False:
        return ""
    if name not in ATTRIBUTES:
        raise ValueError(f"attribute not allowed: {name!r}")
    text = _number(value) if isinstance(value, float) else visible(str(value))
    if name in ("href", "src") and not stays_in_page("img", name, text):
        raise ValueError(f"link leaves the page: {text[:80]!r}")
    return f' {name}="{html.escape(text)}"'


def _markup(child, plain):
    if child is None:
        return ""
    if isinstance(child, Html):
        return child.markup
    if isinstance(child, str):
        return html.escape(visible(child)) if plain else _text(child)
    if isinstance(child, int | float):
        return _number(child) if isinstance(child, float) else str(child)
    return "".join(_markup(one, plain) for one in child)


def _text(text):
    return _hidden_marked(text, _mark, keep=html.escape)


def _mark(character):
    name = unicodedata.name(character, "control character")
    return f'<b class="fx-mark" title="{_code(character)} {html.escape(name)}">{_code(character)}</b>'


def _hidden_marked(text, mark, keep=str):
    text = text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
    text = text.replace("\r\n", "\n")
    parts, done = [], 0
    for found in HIDDEN.finditer(text):
        if not _is_hidden(text, found.start()):
            continue
        parts += [keep(text[done : found.start()]), mark(found.group())]
        done = found.end()
    return "".join([*parts, keep(text[done:])])


def _is_hidden(text, position):
    """Joiners shape Persian, Indic and emoji sequences; beside Latin letters they only hide. The same for flag tags."""
    character = text[position]
    if character in JOINERS:
        beside = text[max(position - 1, 0) : position] + text[position + 1 : position + 2]
        return not beside or len(SHAPED_BY_JOINERS.findall(beside)) < len(beside)
    if ord(character) in FLAG_TAGS:
        before = text[position - 1 : position] or "\0"
        return before != BLACK_FLAG and ord(before) not in FLAG_TAGS
    return True


def _code(character):
    return f"U+{ord(character):04X}"


def _number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")
