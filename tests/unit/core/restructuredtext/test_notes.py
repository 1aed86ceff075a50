"""Sections of reStructuredText changelogs as GitHub's Markdown."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tagship.core.restructuredtext.notes import LONGEST_SECTION, MOST_LINES, UnreadableError, release_notes
from tagship.core.restructuredtext.outline import read_document
from tagship.core.restructuredtext.states import DEEPEST, LONGEST_LINE, MOST_BLOCKS
from tagship.core.sphinx.markup import Roles

ROLES = Roles(repository_url="https://github.com/o/n")


def notes_of(body: str, *, below: str = "", extra: tuple[str, ...] = ()) -> tuple[str, list[tuple[int, str]]]:
    """Return the notes of a release with ``body``, whose first line is the fourth one, and the remarks."""
    document = read_document(f"1.0.0\n=====\n\n{dedent(body)}\n\n0.9.0\n=====\n\nOld.\n\n{dedent(below)}")
    notes = release_notes(document, document.changelog.releases[0], ROLES, extra=extra)
    return notes.text, [(remark.line, remark.text) for remark in notes.remarks]


INLINE = [
    ("*a* **b** ``c`` `d`", "*a* **b** `c` *d*"),
    ("``a`b`` ```` and ``|``", "``a`b`` `` ` `` and `|`".replace("`` ` ``", "\\`\\`\\`\\`")),
    ("``a``\\ ``b``", "`a`<code>b</code>"),
    ("**a.**\\ b *c*\\ d", "<strong>a.</strong>b *c*d"),
    ("H\\ :sub:`2`\\ O", "H<sub>2</sub>O"),
    ("`text <http://e.com/a b>`_", "[text](http://e.com/ab)"),
    ("`text <http://e.com/a(b)>`__", "[text](http://e.com/a%28b%29)"),
    ("http://e.com/a_b and me@e.com", "<http://e.com/a_b> and <me@e.com>"),
    ("`a]b <u>`_", "[a\\]b](u)"),
    ("a*b 2*3 a_b _c [d] <e> ~f~ `", "a\\*b 2\\*3 a_b \\_c \\[d] \\<e> \\~f\\~ \\`"),
    ("&copy; & \\\\ \\| x!", "\\&copy; & \\\\ \\| x\\!"),
    ("\\- a", "\\- a"),
    ("1\\. a", "1\\. a"),
    ("\\# a", "\\# a"),
    ("\\> a", "\\> a"),
    (
        ":issue:`12`, :pr:`13`, :user:`me`",
        "[#12](https://github.com/o/n/issues/12), [#13](https://github.com/o/n/pull/13), [@me](https://github.com/me)",
    ),
    (":class:`~a.B` and :meth:`c`", "`B` and `c()`"),
    (":math:`a^2`", "$`a^2`$"),
]


@pytest.mark.parametrize(("source", "markdown"), INLINE, ids=[case[0] for case in INLINE])
def test_inline_markup(source: str, markdown: str) -> None:
    """Inline markup is spelled as Markdown, and text that would be markup there is escaped."""
    assert notes_of(source)[0] == markdown


BLOCKS = [
    ("Added\n~~~~~\n\n- a\n  b\n- c\n", "## Added\n\n- a\n  b\n- c"),
    ("- a\n\n  b\n- c\n", "- a\n\n  b\n\n- c"),
    ("- a\n\n  - b\n", "- a\n  - b"),
    ("- a\n\n* b\n", "- a\n\n* b"),
    ("3. a\n4. b\n", "3. a\n4. b"),
    ("term : kind\n  text\n", "- **term** *kind*\n\n  text"),
    (":Field: value\n", "- **Field:** value"),
    ("-a  text\n--b=X  more\n", "- `-a`\n\n  text\n\n- `--b=X`\n\n  more"),
    ("Like::\n\n  *a*\n\n   b\n", "Like:\n\n```\n*a*\n\n b\n```"),
    (".. code-block:: python\n   :linenos:\n\n   ```\n", "````python\n```\n````"),
    (">>> 1\n1\n", "```pycon\n>>> 1\n1\n```"),
    ("| a\n|   b\n", "a\\\n&nbsp;&nbsp;&nbsp;&nbsp;b"),
    ("x\n\n  a\n\n  -- b\n", "x\n\n> a\n>\n> —b"),
    (".. image:: a.png\n   :alt: A [b]\n   :target: http://e.com\n", "[![A \\[b\\]](a.png)](http://e.com)"),
    (".. figure:: a.png\n\n   Caption\n", "![](a.png)\n\nCaption"),
    ("==  ==\na   b\n==  ==\n1   ``|``\n==  ==\n", "| a | b |\n| --- | --- |\n| 1 | <code>&#124;</code> |"),
    (
        "+---+---+\n| a | b |\n+---+---+\n| - c   |\n+-------+\n",
        "|  |  |\n| --- | --- |\n| a | b |\n| <ul><li>c</li></ul> |  |",
    ),
    (
        ".. list-table::\n   :header-rows: 1\n\n   * - a\n     - b\n   * - c\n     - d\n",
        "| a | b |\n| --- | --- |\n| c | d |",
    ),
    ("a\n\n----\n\nb\n", "a\n\n---\n\nb"),
    (".. note:: a\n\n   b\n", "> [!NOTE]\n> a\n>\n> b"),
    (".. danger:: a\n", "> [!CAUTION]\n> **Danger**\n>\n> a"),
    (".. admonition:: Title *a*\n\n   b\n", "> [!NOTE]\n> Title *a*\n>\n> b"),
    (".. warning::\n\n   - a\n", "> [!WARNING]\n>\n> - a"),
    ("- a\n\n  .. warning:: b\n", "- a\n\n  > **Warning**\n  >\n  > b"),
    (".. seealso:: a\n", "> [!NOTE]\n> **See also**\n>\n> a"),
    (".. versionadded:: 1.2\n   Text.\n", "*Added in version 1.2*: Text."),
    (".. versionchanged:: 1.2 Text.\n", "*Changed in version 1.2*: Text."),
    (".. deprecated:: 1.2\n", "*Deprecated since version 1.2*."),
    (".. only:: html\n\n   a\n", "a"),
    (".. rubric:: a\n", "**a**"),
    (".. py:function:: f(x)\n\n   a\n", "`f(x)`\n\na"),
    (".. math:: a^2\n", "```math\na^2\n```"),
    (".. contents::\n.. comment\n\na\n", "a"),
]


@pytest.mark.parametrize(("source", "markdown"), BLOCKS, ids=[case[0] for case in BLOCKS])
def test_blocks(source: str, markdown: str) -> None:
    """Blocks are those that GitHub has, and nothing is remarked."""
    assert notes_of(source) == (markdown, [])


@pytest.mark.parametrize(
    ("source", "below", "markdown"),
    [
        pytest.param(
            "a_ `b c`_", ".. _a: http://a\n.. _b c: http://b\n", "[a](http://a) [b c](http://b)", id="targets"
        ),
        pytest.param("a_", ".. _a:\n.. _b: http://b\n", "[a](http://b)", id="a target above another"),
        pytest.param("here_", "See _`here`.\n", "[here](#here)", id="a target inside a text"),
        pytest.param("a_", ".. _a: b_\n.. _b: http://b\n", "[a](http://b)", id="a target that names another"),
        pytest.param("`Old days`_", "Old days\n~~~~~~~~\n", "[Old days](#old-days)", id="a title"),
        pytest.param(
            "|a|", ".. |a| replace:: x b_\n.. _b: http://b\n", "x [b](http://b)", id="a substitution that uses a target"
        ),
        pytest.param("a [1]_ [c]_", ".. [1] x\n.. [c] y\n", "a [^1] [^c]\n\n[^1]: x\n\n[^c]: y", id="footnotes"),
        pytest.param(":x:`a`", ".. role:: x(code)\n", "`a`", id="a role"),
        pytest.param("`a`", ".. default-role:: code\n", "`a`", id="the default role"),
    ],
)
def test_definitions_elsewhere_come_along(source: str, below: str, markdown: str) -> None:
    """What a section refers to is found wherever it is in the file."""
    text, remarks = notes_of(source, below=below)
    assert (text, remarks) == (markdown, [])


@pytest.mark.parametrize(
    "below",
    ["x::\n\n   See _`a`.\n", "- x::\n\n    _`a`\n\n  y\n", ".. code:: rst\n\n   _`a`\n", "``_`a```\n"],
)
def test_a_target_in_code_is_none(below: str) -> None:
    """Code in another section defines nothing."""
    assert notes_of("a_", below=below)[0] == "a\\_"


def test_definitions_of_the_project_count() -> None:
    """Sphinx adds a text to every page."""
    assert notes_of("|p|", extra=("", ".. |p| replace:: **P**\n")) == ("**P**", [])


def test_the_own_definition_of_a_section_counts() -> None:
    """A name may be defined differently in another section."""
    text, remarks = notes_of("a_\n\n.. _a: http://own\n", below=".. _a: http://other\n")
    assert (text, remarks) == ("[a](http://own)", [])


@pytest.mark.parametrize(
    ("source", "markdown", "remark"),
    [
        pytest.param(
            "a\n\n.. include:: /etc/passwd\n",
            "a",
            (6, 'The "include" directive of /etc/passwd is left out.'),
            id="include",
        ),
        pytest.param(".. raw:: html\n\n   <b>\n\na\n", "a", (4, 'The "raw" directive of html is left out.'), id="raw"),
        pytest.param(":who:`a`", "`a`", (4, 'Unknown role "who": its text is shown as code.'), id="an unknown role"),
        pytest.param(
            ".. what:: a\n   :b: c\n\n   d\n",
            "**a**\n\nd",
            (4, 'Unknown directive "what": its text is shown without it.'),
            id="an unknown directive",
        ),
        pytest.param(
            "a\n\nb ``c\n",
            "a\n\nb \\`\\`c",
            (6, "Inline literal start-string without end-string."),
            id="an open literal",
        ),
        pytest.param("a_", "a\\_", (4, 'Unknown target name: "a".'), id="an unknown target"),
        pytest.param("|a|", "\\|a\\|", (4, 'Undefined substitution referenced: "a".'), id="an unknown substitution"),
        pytest.param(
            "- a\nb\n",
            "- a\n\nb",
            (5, "Bullet list ends without a blank line; unexpected unindent."),
            id="a list without an end",
        ),
    ],
)
def test_what_is_odd_is_remarked(source: str, markdown: str, remark: tuple[int, str]) -> None:
    """Remarks are messages of docutils, and what is left out, with the line of the file."""
    assert notes_of(source) == (markdown, [remark])


def test_a_mention_is_remarked() -> None:
    """GitHub would notify a user of that name."""
    assert notes_of("- Use @property.\n")[1] == [
        (1, "@property mentions a GitHub user; write it as code: `@property`.")
    ]


@pytest.mark.parametrize("source", ["``@property``\n", "Mail a@property.example.\n"])
def test_ordinary_text_is_not_remarked(source: str) -> None:
    """Code and addresses cause no warning."""
    assert notes_of(source)[1] == []


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(".. csv-table::\n   :file: /etc/passwd\n", id="a table from a file"),
        pytest.param(".. csv-table::\n   :url: http://localhost/\n", id="a table from the network"),
        pytest.param(".. literalinclude:: /etc/passwd\n", id="code from a file"),
        pytest.param(".. figure:: /etc/passwd\n   :figwidth: image\n", id="the width of a picture"),
        pytest.param(".. role:: x(raw)\n   :format: html\n\n:x:`<script>`\n", id="a raw role"),
        pytest.param(".. |d| date::\n\n|d|\n", id="the clock"),
    ],
)
def test_nothing_outside_is_read(source: str) -> None:
    """No file, no network and no clock has a part in the notes."""
    text, _ = notes_of(source)
    assert "root:" not in text
    assert "<script>" not in text.replace("`<script>`", "")
    assert "20" not in text


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        pytest.param(
            "".join(f"{'  ' * depth}- a\n\n" for depth in range(DEEPEST + 2)), "nested too deeply", id="nested lists"
        ),
        pytest.param("- " * 2400 + "a", "nested too deeply", id="lists nested on one line"),
        pytest.param("".join(f"{'   ' * depth}.. only:: a\n\n" for depth in range(99)), "deeply", id="directives"),
        pytest.param("- a\n" * (MOST_BLOCKS + 1), "5000 list items", id="many items"),
        pytest.param("a" * (LONGEST_LINE + 1), "a line has more", id="a long line"),
        pytest.param("*a\n" * 2_000, "a paragraph has more", id="a long paragraph"),
        pytest.param("a\n\n" * (MOST_LINES // 2 + 1), "10000 lines", id="many lines"),
        pytest.param("abcdefghijklmnopq\n\n" * (LONGEST_SECTION // 19 + 1), "125000 characters", id="a long section"),
        pytest.param(
            "".join(f".. |a{number}| replace:: |a{number + 1}| |a{number + 1}|\n" for number in range(30)) + "\n|a0|\n",
            "multiply",
            id="substitutions that multiply",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(source: str, cause: str) -> None:
    """There are limits, so that no section takes all memory or time."""
    with pytest.raises(UnreadableError, match=cause):
        notes_of(source)


def test_ten_megabytes_of_nested_lists_are_refused() -> None:
    """Such a file has its releases, and their sections are refused at once."""
    with pytest.raises(UnreadableError, match="a line has more"):
        notes_of("".join(f"{'  ' * depth}- a\n\n" for depth in range(3_200)))


def test_levels_of_headings_are_those_of_the_file() -> None:
    """The titles inside a section are as deep as they are in the whole file."""
    text = "Changes\n=======\n\n1.0.0\n-----\n\nFixes\n~~~~~\n\nx\n"
    document = read_document(text)
    assert release_notes(document, document.changelog.releases[0], ROLES).text == "### Fixes\n\nx"


def test_other_documents_are_not_touched() -> None:
    """Roles that one document declares are unknown to the next one."""
    assert notes_of(".. role:: who\n\n:who:`a`\n") == ("a", [])
    assert notes_of(":who:`a`\n")[0] == "`a`"
