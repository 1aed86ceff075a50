"""Hypothesis strategies for changelogs, and their rendering."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from markdown_it.token import Token

from tagship.core.markdown.blocks import parser

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypothesis.strategies import SearchStrategy

PIECES = (
    *(
        "a",
        "b c",
        "é",
        "\u4e2d",
        "\u6587\n",
        "\n",
        "\n",
        "\n\n",
        "\n    ",
        "  \n",
        "\\\n",
        "\t",
        " ",
        "\r\n",
        "\0",
        "\u2028",
    ),
    *(
        "# ",
        "## ",
        "## 1.0.0\n",
        "### 2.0.0 (2024-01-01)\n",
        "1.1.0\n===\n",
        "---\n",
        "***\n",
        "- ",
        "  - ",
        "1. ",
        "> ",
    ),
    *("```\n", "~~~~\n", "`", "``", "*", "**", "_", "|", "| a | b |\n|---|---|\n", "\\", "&amp;", "&copy;"),
    *(
        "[a]",
        "[b][a]",
        "[c](d.md)",
        "[c](<d e> 'f')",
        "![g](h.png)",
        "![g][a]",
        "](",
        "[",
        "]",
        "(",
        ")",
        "[a]: i.md\n",
    ),
    *(
        "[^1]",
        "[^1]: note\n",
        "<a href=j>",
        "</a>",
        "<b>",
        "<!-- ",
        "-->",
        "<div>\n",
        "<pre>\n",
        "<img src='k.png'>",
        "<?",
    ),
    *("<details>\n\n", "\n</details>\n", "[!NOTE]\n", "#anchor", "https://example.com/x"),
)
"""Markdown markers and plain text, to be combined at random."""

SCRAPS: SearchStrategy[str] = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join)
"""Random combinations of Markdown markers."""


def _indented(text: str, first: str, rest: str) -> str:
    return first + text.rstrip("\n").replace("\n", f"\n{rest}") + "\n"


_WORDS = st.sampled_from(
    ["word", "two words", "`code`", "*soft*", "**loud**", "a &amp; b", "<b>bold</b>", "#12", "it's"]
)
_LINKS = st.sampled_from(
    [
        "[page](docs/a.md)",
        "[up](../b.md#c)",
        "[here](#top)",
        "[far](https://example.com/d)",
        "![picture](e.png)",
        "[ref]",
        "[text][ref]",
        "![shown][pic]",
        "<https://example.com>",
        "<img src='f.png'>",
        '<a href="g.md">h</a>',
        "[j](<k l>)",
    ]
)
_BREAKS = st.sampled_from([" ", " ", "\n", "\n", "  \n", "\\\n"])
_SENTENCES = st.lists(st.tuples(_WORDS | _LINKS, _BREAKS), min_size=1, max_size=6).map(
    lambda parts: "".join(f"{text}{end}" for text, end in parts).rstrip(" \\\n") + "."
)
_CODE = st.sampled_from(["```py\n## 9.9.9\nx = [ref]\n```\n", "~~~\n---\n~~~\n", "    ## 9.9.9\n"])
_TABLE = st.just("| a | [ref] |\n|---|---|\n| `x\\|y` | [p](docs/a.md) |\n")
_HTML = st.sampled_from(["<!--\n## 9.9.9\n-->\n", "<div>\n## 9.9.9\n</div>\n", '<p><img src="f.png"></p>\n', "<br>\n"])
_PARAGRAPH = _SENTENCES.map(lambda text: f"{text}\n")
_LEAVES = (
    _PARAGRAPH | _CODE | _TABLE | _HTML | st.just("### Added\n") | st.just("---\n") | st.just("> [!NOTE]\n> Mind.\n")
)


def _containers(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    blocks = st.lists(inner, min_size=1, max_size=3).map("\n".join)
    items = st.lists(blocks, min_size=1, max_size=3)
    return (
        items.map(lambda found: "".join(_indented(item, "- ", "  ") for item in found))
        | items.map(lambda found: "\n".join(_indented(item, "1. ", "   ") for item in found))
        | blocks.map(lambda text: _indented(text, "> ", "> "))
    )


_BLOCKS = st.recursive(_LEAVES, _containers, max_leaves=6)
BODIES: SearchStrategy[str] = st.lists(_BLOCKS, max_size=5).map("\n".join)
"""Realistic sections of all kinds of blocks, with code and HTML that look like headings."""

_HEADINGS = st.sampled_from(
    [
        "## {}",
        "## [{}]",
        "## v{} (2024-01-02)",
        "# Version {}",
        "### {} - 5th May 2024",
        "## [{}](docs/a.md) - 2024-01-02",
        "{}\n=====",
        "{} (2024-01-02)\n-----",
        "##   **{}** ##",
        "## {} [YANKED]",
        "## {} - YYYY-MM-DD",
    ]
)


@dataclass(frozen=True, slots=True)
class Made:
    """A generated changelog, and the versions of its releases in order."""

    text: str
    versions: tuple[str, ...]


@st.composite
def made_changelogs(draw: st.DrawFn) -> Made:
    """Generate a changelog of several releases, with definitions anywhere and any line ends."""
    count = draw(st.integers(1, 4))
    versions = tuple(f"{count - number}.{draw(st.integers(0, 20))}.0" for number in range(count))
    shape = draw(_HEADINGS)
    sections = [f"{shape.format(version)}\n\n{draw(BODIES)}\n" for version in versions]
    definitions = "[ref]: docs/r.md 'title'\n[pic]: pictures/p.png\n"
    place = draw(st.integers(0, count))
    sections.insert(place, definitions + "\n")
    start = draw(st.sampled_from(["", "\ufeff", "---\ntoc: 2\n---\n\n", "Changelog\n\n"]))
    text = start + "".join(sections)
    return Made(text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))), versions)


def tokens_of(text: str, lines: range | None = None) -> list[Token]:
    """Parse the blocks of ``text``, or those in ``lines`` (counted from 0), with inline content.

    Footnotes are left out, because they are rendered at the end of the page.
    """
    env: dict[str, Any] = {"references": {}, "definitions": []}
    kept: list[Token] = []
    taking = False
    # A missing final line end changes the source of HTML blocks, but not the page.
    for token in parser().parse(text if text.endswith("\n") else f"{text}\n", env):
        if token.level == 0 and token.nesting >= 0:
            first = token.map[0] if token.map else -1
            taking = token.type != "footnote_open" and (lines is None or first in lines)
        if taking:
            kept.append(token)
    return kept


def shown(tokens: Iterable[Token]) -> str:
    """Render ``tokens`` to HTML, with insignificant white space collapsed as in a browser.

    Blank lines at the end of a code block are ignored: an unclosed fence has those before the next heading. White space
    between Chinese or Japanese characters is ignored as well.
    """
    plain = [_plain(token) for token in tokens]
    html: str = parser().renderer.render(plain, parser().options, {})
    html = re.sub(r"\s+(</code></pre>)?", lambda space: space[1] or " ", html).strip()
    return re.sub(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])", "", html)


def _plain(token: Token) -> Token:
    if token.children is None:
        return token
    children = [Token("text", "", 0, content=" ") if child.type == "softbreak" else child for child in token.children]
    return replace(token, children=children)


def destinations_of(tokens: Iterable[Token]) -> list[str]:
    """Return the destinations of the Markdown links and images in ``tokens``."""
    inline = [child for token in tokens for child in token.children or ()]
    return [str(child.attrs[name]) for child in inline for name in ("href", "src") if child.attrs.get(name)]


def leaves_of(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """Return the types and contents of the blocks with text in ``tokens``, at any depth."""
    return [
        (token.type, token.content) for token in tokens if token.type in {"inline", "fence", "code_block", "html_block"}
    ]
