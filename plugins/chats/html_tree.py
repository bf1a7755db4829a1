"""Pages of HTML as elements inside of elements, within bounds: many exports of chats are such pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
MAX_DEPTH = 200  # exports nest fifteen to twenty deep


@dataclass
class Node:
    """An element: its classes, attributes, and what is inside, text and elements in their order."""

    tag: str
    attributes: dict[str, str]
    line: int
    inside: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Names of its classes."""
        return self.attributes.get("class", "").split()

    def every(self, enter: Callable[[Node], bool] = lambda node: True) -> Iterator[Node]:
        """All elements below, in their order; those that are not to be entered are left out with all that is inside."""
        waiting = self.inside[::-1]
        while waiting:
            child = waiting.pop()
            if isinstance(child, Node) and enter(child):
                yield child
                waiting.extend(reversed(child.inside))

    def all(self, name: str, *, outside: str | None = None) -> Iterator[Node]:
        """All elements below with that class; those with the class `outside` are not entered."""
        below = self.every() if outside is None else self.every(lambda node: outside not in node.classes)
        return (node for node in below if name in node.classes)

    def find(self, *names: str, outside: str | None = None) -> Node | None:
        """The first element below that has one of these classes, the first class first."""
        return next((node for name in names for node in self.all(name, outside=outside)), None)

    def words(self, shown: Callable[[str], str] = str) -> str:
        """The text inside, `<br>` as a new line; `shown`: what becomes of each piece of text between elements."""
        parts: list[str] = []
        waiting = self.inside[::-1]
        while waiting:
            child = waiting.pop()
            if isinstance(child, str):
                parts.append(shown(child))
            elif child.tag == "br":
                parts.append("\n")
            else:
                waiting.extend(reversed(child.inside))
        return "".join(parts)


class Tree(HTMLParser):
    """Builds the elements of a page. Unclosed ones end with the one around them; of what nests too deep only text is kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {}, 0)
        self.open = [self.root]
        self.too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self.open) > MAX_DEPTH:
            self.too_deep += tag not in VOID
            return
        node = Node(tag, {name: value or "" for name, value in attrs}, self.getpos()[0])
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.too_deep:
            self.too_deep -= 1
            return
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                self._end(place)
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def close(self) -> None:
        """Read what is left, and end what the page leaves open."""
        super().close()
        self._end(1)

    def ended(self, node: Node) -> None:
        """Called for each element that is complete; those around it are in `open`."""

    def _end(self, place: int) -> None:
        while len(self.open) > place:
            self.ended(self.open.pop())


def markup(text: str) -> str:
    """The page without the beginnings of marked sections (`<![`), at which the parser of the standard library may stop."""
    return text.replace("<![", "&lt;![")


def root(text: str) -> Node:
    """What all elements of a page are inside of."""
    tree = Tree()
    tree.feed(markup(text))
    tree.close()
    return tree.root
