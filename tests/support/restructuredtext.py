"""What docutils shows of a tree, and what GitHub shows of Markdown: the text and the links, to be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from textwrap import dedent
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from docutils import nodes
from docutils.core import publish_from_doctree
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.utils import new_document
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from tagship.core.formatting import without_controls
from tagship.core.restructuredtext.states import parse
from tagship.core.restructuredtext.writer import Writer

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from tagship.core.changelog.document import Release
    from tagship.core.restructuredtext.outline import Document
    from tagship.core.sphinx.markup import Roles

_ALERT_TITLES = re.compile(
    r"(?<!\w)(?:Note|Tip|Important|Warning|Caution)(?!\w)|\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]"
)
_VOID = {"img", "br", "hr", "col", "input", "meta", "link", "wbr"}
_UNSEEN = {"system-message", "system-messages", "backrefs", "footnote-backref", "fn-backref", "math", "formula"}
_REFERENCES = {"footnote-reference", "citation-reference", "footnote-ref", "doc-noteref", "doc-biblioref"}


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of a page with its white space collapsed, where its links lead, and the same of its footnotes."""

    text: str
    links: tuple[str, ...]
    footnotes: tuple[str, ...] = ()


@dataclass
class _Page(HTMLParser):
    """A reader of HTML that keeps what a browser shows."""

    text: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    footnotes: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        classes = set(known.get("class", "").split())
        classes |= {known.get("role", "")}
        kind = "hidden" if classes & (_UNSEEN | _REFERENCES) or tag in {"title", "style", "head", "math"} else ""
        if tag in {"aside", "div", "li"} and classes & {"footnote", "citation", "footnote-item"}:
            kind = "footnote"
            self.footnotes.append([])
        if "classifier" in classes:
            self._add(" ")
        if tag == "span" and self._state() == "footnote" and "label" in classes:
            kind = "hidden"
        if tag not in _VOID:
            self._open.append((tag, kind))
        if tag == "img" and self._state() != "hidden":
            self.links.append(known.get("src", ""))
        if tag == "a" and self._state() != "hidden" and not known.get("href", "#system-").startswith("#system-"):
            self.links.append(known["href"])
        self._add(
            " ",
            block=tag not in {"a", "em", "strong", "code", "span", "sub", "sup", "cite", "tt", "abbr", "img", "var"},
        )

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        self._add(
            " ", block=tag not in {"a", "em", "strong", "code", "span", "sub", "sup", "cite", "tt", "abbr", "var"}
        )

    def handle_data(self, data: str) -> None:
        self._add(data)

    def _state(self) -> str:
        kinds = [kind for _, kind in self._open if kind]
        return "hidden" if "hidden" in kinds else kinds[-1] if kinds else ""

    def _add(self, data: str, *, block: bool = True) -> None:
        state = self._state()
        if not block or state == "hidden":
            return
        (self.footnotes[-1] if state == "footnote" else self.text).append(data)


def _read(html: str) -> Shown:
    page = _Page()
    page.feed(html)
    page.close()
    return Shown(
        _collapsed("".join(page.text)),
        tuple(sorted(unquote(link).strip() for link in page.links)),
        tuple(sorted(_collapsed("".join(note)) for note in page.footnotes)),
    )


def _collapsed(text: str) -> str:
    # markdown-it shows the address of a link decoded, as browsers do; GitHub does not.
    decoded = without_controls(unquote(text)).replace("!DANGER!", "Danger")
    return " ".join(_ALERT_TITLES.sub("", decoded).split())


def shown_by_docutils(tree: nodes.document) -> Shown:
    """Return what the page shows that docutils makes of ``tree``.

    Footnotes that nothing refers to, which GitHub does not show, count as paragraphs.
    """
    tree = tree.deepcopy()
    for note in _unused(tree):
        label = nodes.paragraph("", f"[{note[0].astext()}]")
        note.replace_self([label, *note.children[1:]])
    settings: dict[str, Any] = {
        "_disable_config": True,
        "output_encoding": "unicode",
        "report_level": 5,
        "halt_level": 6,
        "math_output": "MathML",
        "stylesheet_path": "",
        "embed_stylesheet": False,
        "file_insertion_enabled": False,
        "section_self_link": False,
    }
    html: str = publish_from_doctree(tree, writer="html5", settings_overrides=settings)  # type: ignore[no-untyped-call]
    return _read(html)


def _unused(tree: nodes.document) -> list[nodes.Element]:
    """Return the footnotes and citations that nothing refers to."""
    notes = [*tree.findall(nodes.footnote), *tree.findall(nodes.citation)]
    return [note for note in notes if not note.get("backrefs")]


def github() -> MarkdownIt:
    """Return a parser of Markdown as GitHub reads it: tables, strikethrough and footnotes."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)


def shown_by_github(markdown: str) -> Shown:
    """Return what the page shows that GitHub makes of ``markdown``."""
    text = re.sub(r"\$`[^`]*`\$", "", markdown)
    return _read(re.sub(r'<code class="language-math">.*?</code>', "", github().render(text), flags=re.DOTALL))


def titles_of_docutils(text: str) -> list[tuple[int, str]]:
    """Return the level and the source of every section title that docutils finds in ``text``."""
    settings = get_default_settings(Parser)
    settings.report_level, settings.halt_level, settings.warning_stream = 5, 6, False
    settings.file_insertion_enabled = settings.raw_enabled = False
    settings.line_length_limit, settings.syntax_highlight = 10**9, "none"
    tree = new_document("text", settings)
    Parser().parse(text, tree)
    return [(len(section.section_hierarchy()), section[0].rawsource) for section in tree.findall(nodes.section)]


_PIECES = (
    *(
        "a",
        "b c",
        "é",
        "日本",
        "\n",
        "\n",
        "\n\n",
        "\n\n",
        "\n   ",
        "\t",
        " ",
        "\\",
        "\\ ",
        "::\n",
        "::",
        "\r\n",
        "\u2028",
    ),
    *("\n====\n", "\n----\n", "\n~~~~\n", "\n==\n", "====\n", "----\n", "--\n", "1.0\n===\n", "1.1.0\n-----\n"),
    *("- ", "* ", "1. ", "#. ", "(a) ", "I. ", "A. ", ".. ", "__ ", ":f: ", "-a  ", "--long=x  ", ">>> ", "| ", "> "),
    *("*", "**", "`", "``", "`_", "`__", "|", "_", "__", "[1]_", "[#]_", "[*]_", "[c]_", "|s|", "|s|_", "a_", "_`t`"),
    *(
        ":issue:`",
        ":class:`~x.",
        ":nobody:`",
        "`t <http://u.v/w>`_",
        "`t <a_>`_",
        "http://x.y/z(1)",
        "a@b.cd",
        "<",
        ">",
        "&lt;",
    ),
    *(
        ".. _a: http://x.y\n",
        ".. _b:\n",
        ".. |s| replace:: *r*\n",
        ".. [1] f\n",
        ".. [#] g\n",
        ".. [c] h\n",
        ".. image:: i.png\n",
    ),
    *(
        ".. note:: n\n",
        ".. warning::\n\n   ",
        ".. code-block:: py\n\n   ",
        ".. versionadded:: 1.2 ",
        ".. nobody:: x\n   :o: p\n\n   q\n",
    ),
    *(
        ".. include:: /etc/passwd\n",
        ".. raw:: html\n\n   <b>\n",
        "=== ===\na   b\n=== ===\n",
        "+---+---+\n| a | b |\n+---+---+\n",
    ),
    *("#", "# ", "~x~", "![", "](", "$", "!", "+ ", "<b>", "www.x.y", "[ ] ", "^", "1)", "@user", "#12", "=", ":-"),
)

SCRAPS: SearchStrategy[str] = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=25).map("".join)
"""Texts that are reStructuredText in a way nobody would write it."""

_WORDS = st.sampled_from(
    [
        "word",
        "two words",
        "``code``",
        "``a`b``",
        "``|``",
        "*soft*",
        "**loud**",
        "a & b",
        "a_b",
        "2*3",
        "#12",
        "it's",
        "<b>",
        "[x]",
        ":pep:`8`",
        ":issue:`12`",
        ":pr:`3,4`",
        ":class:`~a.B`",
        ":py:func:`c`",
        ":nobody:`d`",
        "`title`",
        ":sub:`2`",
        "|sub|",
        "http://e.com/a_b",
        "me@e.com",
        "`text <http://e.com/f?g=1&h=2>`_",
        "`text <i.rst>`__",
        "name_",
        "`a name`_",
        "*a*\\ b",
        "``a``\\ ``b``",
        "**a.**\\ b",
        "[1]_",
        "[#n]_",
        "[cit]_",
        "`!`",
        "x!",
        "\\*not\\*",
        "www.e.com",
    ]
)
_SENTENCE = st.lists(st.tuples(_WORDS, st.sampled_from([" ", " ", "\n"])), min_size=1, max_size=6).map(
    lambda parts: "".join(f"{text}{end}" for text, end in parts).rstrip() + "."
)


def _indented(text: str, first: str, rest: str) -> str:
    return first + text.rstrip("\n").replace("\n", f"\n{rest}").replace(f"\n{rest}\n", "\n\n") + "\n"


_PARAGRAPH = _SENTENCE.map(lambda text: f"{text}\n")
_LEAVES = _PARAGRAPH | st.sampled_from(
    [
        ".. code-block:: python\n\n   x = '``'\n   ```\n\n   y\n",
        "Like this::\n\n   ## no heading\n   *a*\n",
        ">>> 1 + 1\n2\n",
        "| a *b*\n|   c\n| d\n",
        ".. image:: pic.png\n   :alt: a [b]\n   :target: http://e.com\n",
        "term : kind\n   text *a*\n\n   more\n",
        ":Field: value\n:Other: `x`\n",
        "-a  one\n--long=X  two\n",
        "=====  =====\n*h*    ``|``\n=====  =====\na|b    c\n\\      d\n=====  =====\n",
        "+---+---+\n| a | b |\n+===+===+\n| c     |\n+---+---+\n| - d   |\n| - e   |\n+---+---+\n",
        ".. versionadded:: 1.2\n   Text.\n",
        ".. deprecated:: 1.1 *Gone* soon\n",
        ".. rubric:: Title *x*\n",
        ".. a comment\n",
        ".. figure:: f.png\n\n   Caption\n\n   Legend\n",
        ".. math:: a^2\n",
        ".. topic:: Title\n\n   Text\n",
        ".. container:: x\n\n   Text\n",
        "1\\. no list\n",
        "\\- no item\n",
        "a\n\\====\n",
    ]
)


def _containers(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    blocks = st.lists(inner, min_size=1, max_size=3).map("\n".join)
    items = st.lists(blocks, min_size=1, max_size=3)
    names = st.sampled_from(["note", "warning", "hint", "danger", "seealso", "admonition:: Title *a*\n   :class: x"])
    return (
        items.map(lambda found: "\n".join(_indented(item, "- ", "  ") for item in found))
        | items.map(lambda found: "\n".join(_indented(item, "#. ", "   ") for item in found))
        | blocks.map(lambda text: _indented(text, "   ", "   "))
        | st.tuples(names, blocks).map(
            lambda pair: f".. {pair[0] if ':' in pair[0] else pair[0] + '::'}\n\n" + _indented(pair[1], "   ", "   ")
        )
    )


_DEFINITIONS = """
.. _name: http://e.com/name
.. _a name: http://e.com/a%20name
.. |sub| replace:: *put* in
.. [1] First ``note``.
.. [#n] Named note.

   - with a list
.. [cit] Cited [1]_.
"""

BODIES: SearchStrategy[str] = st.lists(st.recursive(_LEAVES, _containers, max_leaves=5), max_size=5).map("\n".join)
"""The sections of releases as people write them, of all kinds of blocks."""


@st.composite
def made_documents(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """Changelogs of several releases, with definitions at their end, and the versions in order."""
    shape = draw(
        st.sampled_from(
            [
                "{}\n=======\n",
                "======\n{}\n======\n",
                "Version {}\n-------------\n",
                "{} (2024-01-02)\n==================\n",
            ]
        )
    )
    versions = tuple(f"{number}.{draw(st.integers(0, 20))}.0" for number in range(draw(st.integers(1, 3)), 0, -1))
    title = draw(st.sampled_from(["", "Changes\n~~~~~~~\n\n"]))
    inner = '\n\nFixes\n"""""\n\nText\n' if draw(st.booleans()) else ""
    sections = [f"{shape.format(version)}\n{draw(BODIES)}{inner}\n" for version in versions]
    return f"{title}{''.join(sections)}\n{_DEFINITIONS}", versions


def whole_notes(document: Document, release: Release, roles: Roles) -> str | None:
    """Return the notes of ``release`` out of the tree of the whole document, without footnotes that nobody refers to.

    A section that is indented as a whole does not become a block quote. None if a name is defined twice: a section
    alone knows its own definition only.
    """
    body = slice(release.body.start - 1, release.body.stop - 1)
    lines = list(document.lines)
    lines[body] = dedent("".join(f"{line}\n" for line in lines[body])).split("\n")[:-1]
    tree, messages = parse("\n".join(lines), roles)
    if any("uplicate" in message.text for message in messages):
        return None
    for note in _unused(tree):
        assert note.parent is not None
        note.parent.remove(note)
    titles = [block.line for block in document.blocks if block.kind == "title"]
    section = list(tree.findall(nodes.section))[titles.index(release.line - 1)]
    return Writer(tree, level=0).notes(section.children[1:])
