"""HTML of messages: what is text in it."""

import pytest
from forensics_plugins.chats.teams.rich_text import MAX_MARKUP, read_markup


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div>jedan</div><div>dva</div>", "jedan\ndva"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("  <p>\n  razmak \n</p> ", "razmak"),
        ("<script>alert(1)</script>ostaje", "ostaje"),
        ("<style>p{}</style><p>ostaje", "ostaje"),
        ("<![CDATA[x]]> y", "<![CDATA[x]]> y"),
        ("<![if bad]>y", "<![if bad]>y"),
        ("1 < 2 i 3", "1 < 2 i 3"),
        ("", ""),
    ],
)
def test_text(markup, text):
    assert read_markup(markup).text == text


def test_quotation_that_never_ends():
    rich = read_markup(
        '<blockquote itemtype="http://schema.skype.com/Reply" itemid="7"><p itemprop="preview">x</p> ostatak'
    )
    assert (rich.text, rich.reply_to) == ("", "7")


def test_plain_quotation_stays_in_the_text():
    assert read_markup("<blockquote>rekao je</blockquote>ja").text == "rekao je\nja"


def test_markup_that_is_too_long_is_left_as_it_is():
    long = "<b>" * MAX_MARKUP
    assert read_markup(long).text == long
