"""Release notes, rendered as on a release page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagship.rehearsal.report.content import render_notes


def render(text: str) -> str:
    """Render notes of octo/hello."""
    return render_notes(text, "octo/hello").strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("one\ntwo", "<p>one<br />\ntwo</p>", id="a line end is a break"),
        pytest.param("# A\n\n### B", "<h4>A</h4>\n<h6>B</h6>", id="headings start below the heading of the release"),
        pytest.param("##### A\n\n###### B", "<h4>A</h4>\n<h5>B</h5>", id="deep headings are raised"),
        pytest.param("~~old~~", "<p><s>old</s></p>", id="strikethrough"),
        pytest.param("`#7`", "<p><code>#7</code></p>", id="no reference in code"),
        pytest.param("[#7](x)", '<p><a href="x">#7</a></p>', id="no link inside a link"),
        pytest.param("a#7 &#35;7x", "<p>a#7 #7x</p>", id="no reference inside a word"),
        pytest.param("x@example.org", '<p><a href="mailto:x@example.org">x@example.org</a></p>', id="an email address"),
        pytest.param(
            "Fixes #7.", '<p>Fixes <a href="https://github.com/octo/hello/issues/7">#7</a>.</p>', id="an issue"
        ),
        pytest.param("(@ada)", '<p>(<a href="https://github.com/ada">@ada</a>)</p>', id="a mention"),
        pytest.param(
            "https://a.example/x_y.",
            '<p><a href="https://a.example/x_y">https://a.example/x_y</a>.</p>',
            id="a bare URL",
        ),
        pytest.param("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>", id="inline HTML is shown as text"),
        pytest.param("<div>\nx\n</div>", "<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>", id="block HTML is shown as text"),
        pytest.param("<!-- a -->\n\nx <!-- b -->", "<p>x </p>", id="comments are dropped"),
        pytest.param("[x](javascript:alert)", "<p>[x](javascript:alert)</p>", id="no javascript: link"),
        pytest.param("![a *b*](x.png)", '<p><a href="x.png">🖼 a b</a></p>', id="an image is a link to it"),
    ],
)
def test_renders(text: str, expected: str) -> None:
    """Notes are rendered as on GitHub, with HTML as text."""
    assert render(text) == expected


def test_renders_tables_tasks_and_footnotes() -> None:
    """The extensions of GitHub's Markdown are supported."""
    shown = render("| a |\n| - |\n| b |\n\n- [x] done\n\nsee[^1]\n\n[^1]: there")
    for part in ("<td>b</td>", 'type="checkbox"', "checked aria-label", 'class="footnote-ref"', "there"):
        assert part in shown


@given(st.text(alphabet="<>!-/ab\"'=[](){}#@`*_ \n", max_size=60))
def test_notes_never_add_elements(text: str) -> None:
    """HTML in the notes adds no element to the page."""
    shown = render(text)
    assert "<a>" not in shown
    assert "<b" not in shown.replace("<br", "").replace("<blockquote", "")
