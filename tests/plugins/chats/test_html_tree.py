"""Pages as elements: order, text, what is left open, and what is too deep."""

import pytest
from forensics_plugins.chats.html_tree import MAX_DEPTH, Node, Tree, root

PAGE = (
    '<div class="message a"><b class="name">Mira &amp; Драган</b><br>стиже<br/>\n сутра'
    '<div class="quoted"><i class="name">Неко</i></div></div><p class="last">x'
)


def test_elements_in_their_order():
    assert [node.tag for node in root(PAGE).every()] == ["div", "b", "br", "br", "div", "i", "p"]
    assert [node.words() for node in root(PAGE).all("name")] == ["Mira & Драган", "Неко"]


def test_the_first_class_comes_first():
    assert root(PAGE).find("last", "name").tag == "p"
    assert root(PAGE).find("none") is None


def test_an_element_is_not_entered():
    message = root(PAGE).find("message")
    assert [node.words() for node in message.all("name", outside="quoted")] == ["Mira & Драган"]
    assert [node.tag for node in message.every(lambda node: node.tag != "div")] == ["b", "br", "br"]


def test_text_as_written_and_as_shown():
    message = root(PAGE).find("message")
    assert message.words() == "Mira & Драган\nстиже\n\n сутраНеко"
    assert message.words(lambda piece: piece.strip().upper()) == "MIRA & ДРАГАН\nСТИЖЕ\nСУТРАНЕКО"


def test_what_is_left_open_ends_with_the_page():
    ended: list[str] = []

    class Page(Tree):
        def ended(self, node: Node) -> None:
            ended.append(f"{node.tag} in {self.open[-1].tag}")

    page = Page()
    page.feed("<div><p>a<b>c</div><ul><li>")
    page.close()
    assert ended == ["b in p", "p in div", "div in ", "li in ul", "ul in "]


def test_a_page_without_end_is_bounded():
    tree = Tree()
    tree.feed("<div>" * 5000 + "x" + "</div>" * 5000 + '<div class="message">y</div>')
    assert tree.root.find("message").words() == "y"
    assert len(tree.open) <= MAX_DEPTH


def test_elements_without_an_end_do_not_count_as_one_when_too_deep():
    deep = MAX_DEPTH + 3
    tree = Tree()
    tree.feed("<div>" * deep + "<br/></br><hr/>x" + "</div>" * deep + '<p class="after">y</p>')
    assert [node.tag for node in tree.root.inside] == ["div", "p"]


@pytest.mark.parametrize("section", ["<![bad[x]]>", "<![CDATA[x]]>", "<![x", "<![endif]-->"])
def test_the_rest_of_a_page_is_read_behind_a_marked_section(section):
    page = root(f'<p class="a">{section}</p><p class="b">y</p>')
    assert (page.find("a").words(), page.find("b").words()) == (section, "y")
