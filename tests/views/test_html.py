import pytest

from forensics.views.html import Html, cleaned, element, page, visible


def test_text_is_escaped():
    assert element("p", "<b>&'\"").markup == "<p>&lt;b&gt;&amp;&#x27;&quot;</p>"
    assert Html("<script>").markup == "&lt;script&gt;"


def test_attributes_are_escaped_and_named_in_python():
    made = element("text", "Niš", x=1.5, text_anchor="middle", class_='a" onclick="b', dir=None)
    assert made.markup == '<text x="1.5" text-anchor="middle" class="a&quot; onclick=&quot;b">Niš</text>'


@pytest.mark.parametrize("tag", ["script", "style", "iframe", "object", "link", "form", "img onerror=x"])
def test_tags_off_the_list_are_refused(tag):
    with pytest.raises(ValueError, match="tag not allowed"):
        element(tag, "x")


@pytest.mark.parametrize("name", ["onclick", "style", "srcdoc", "xlink_href", "formaction"])
def test_attributes_off_the_list_are_refused(name):
    with pytest.raises(ValueError, match="attribute not allowed"):
        element("p", **{name: "x"})


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "http://beacon.example", "//beacon.example", "file:///etc/passwd", "a.html"]
)
def test_links_lead_only_into_the_page(link):
    assert element("a", "row", href="#fx-1").markup == '<a href="#fx-1">row</a>'
    with pytest.raises(ValueError, match="leaves the page"):
        element("a", "row", href=link)


def test_hidden_characters_become_visible():
    assert visible("a\u202eb\x00c\x1b[2J") == "a⟦U+202E⟧b⟦U+0000⟧c⟦U+001B⟧[2J"
    assert visible("one\r\ntwo\tthree") == "one\ntwo\tthree"
    assert visible("\ud800") == "?"
    assert element("p", "a\u202eb").markup == (
        '<p>a<b class="fx-mark" title="U+202E RIGHT-TO-LEFT OVERRIDE">U+202E</b>b</p>'
    )
    assert element("text", "a\u202eb").markup == "<text>a⟦U+202E⟧b</text>"


def test_joiners_stay_where_they_shape_letters():
    for shaped in ("می\u200cروم", "👨\u200d👩\u200d👧", "ক্\u200dষ"):
        assert visible(shaped) == shaped
    assert visible("pay\u200dpal") == "pay⟦U+200D⟧pal"
    assert visible("\u200d") == "⟦U+200D⟧"


def test_foreign_markup_is_cut_down():
    kept = cleaned(
        '<div class="a" onclick="x()" style="background:url(http://b.example)">text<script>alert(1)</script>'
        '<a href="javascript:alert(2)">l</a><a href="http://b.example">m</a><a href="#here">n</a>'
        '<img src="http://b.example/p.png"><img src="data:image/png;base64,AA=="><img src="data:image/svg+xml;base64,AA==">'
        '<svg viewBox="0 0 1 1"><circle cx="1" onload="x"></circle></svg>\u202e</div>'
    ).markup
    assert kept == (
        '<div class="a">text<a>l</a><a>m</a><a href="#here">n</a><img><img src="data:image/png;base64,AA=="><img>'
        '<svg viewBox="0 0 1 1"><circle cx="1"></circle></svg>⟦U+202E⟧</div>'
    )


def test_page_forbids_itself_everything():
    made = page("<case>", "text")
    assert "default-src 'none'" in made
    assert "<title>&lt;case&gt;</title>" in made
    assert "<script" not in made


def test_a_view_without_its_style_says_what_to_do(read):
    shown = Html("text")._repr_html_()
    assert shown.startswith("<style>")
    assert "Run this cell to see the view" in shown
    assert ".fx .fx-run { display: none; }" in shown
    assert "Run this cell" not in cleaned(shown).markup
