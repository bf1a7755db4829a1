import pytest

from forensics.report import outside


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<script>x</script>", ["<script>"]),
        ('<script src="https://cdn.example/x.js"></script>', ["<script>", "script src=https://cdn.example/x.js"]),
        ('<link rel="stylesheet" href="a.css">', ["<link>", "link href=a.css"]),
        ('<img src="http://beacon.example/p.png">', ["img src=http://beacon.example/p.png"]),
        ('<img src="//beacon.example/p.png">', ["img src=//beacon.example/p.png"]),
        ('<a href="http://beacon.example">x</a>', ["a href=http://beacon.example"]),
        ('<a href="javascript:alert(1)">x</a>', ["a href=javascript:alert(1)"]),
        ('<svg><use xlink:href="http://beacon.example#a"></use></svg>', ["use xlink:href=http://beacon.example#a"]),
        ('<p onmouseover="x()">y</p>', ["p onmouseover=x()"]),
        (
            '<p style="background:url(http://beacon.example/x)">y</p>',
            ["p style=background:url(http://beacon.example/x)"],
        ),
        ("<style>@import 'a.css'; a{}</style>", ["style @import 'a.css'; a{}"]),
        ("<style>a{background:url( 'http://b.example/x')}</style>", ["style url( 'http://b.example/x')}"]),
        ('<meta http-equiv="refresh" content="0;url=http://b.example">', ["meta refresh"]),
        ("<iframe srcdoc='x'></iframe>", ["<iframe>"]),
    ],
)
def test_what_reaches_out_is_found(markup, found):
    assert outside(markup) == found


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="#row-1">1</a>',
        '<img src="data:image/png;base64,AA==">',
        "<style>a{background:url('data:image/png;base64,AA==')}</style>",
        "<p>see http://beacon.example and url(x), @import, javascript:alert(1)</p>",
        "<p>&lt;script&gt;</p>",
    ],
)
def test_what_stays_inside_is_let_be(markup):
    assert outside(markup) == []
