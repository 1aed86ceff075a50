"""Output on the runner and on a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from tagship.core.runner import SUMMARY_LIMIT
from tagship.edges.runner import ActionsRunner, Runner, describe
from tagship.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.errors import Level


@pytest.fixture
def stream() -> io.StringIO:
    """Return the log."""
    return io.StringIO()


@pytest.fixture
def runner(stream: io.StringIO, tmp_path: Path) -> ActionsRunner:
    """Return a runner with files in the test's folder."""
    return ActionsRunner(stream=stream, output=tmp_path / "output", summary=tmp_path / "summary")


@pytest.mark.parametrize(
    ("level", "place", "expected"),
    [
        pytest.param("error", {}, "::error title=A%3A b::c%0Ad 100%25\n", id="an error without a place"),
        pytest.param(
            "warning", {"file": "x,y.md", "line": 3}, "::warning title=A%3A b,file=x%2Cy.md,line=3::c%0Ad 100%25\n",
            id="a warning at a line",
        ),
        pytest.param("note", {"file": "x"}, "::notice title=A%3A b,file=x::c%0Ad 100%25\n", id="a notice at a file"),
    ],
)  # fmt: skip
def test_an_annotation_is_one_escaped_command(
    runner: ActionsRunner, stream: io.StringIO, level: Level, place: dict[str, str | int], expected: str
) -> None:
    """Text is escaped, and an unknown place is omitted."""
    runner.annotate(level, "A: b", "c\nd 100%", **place)  # type: ignore[arg-type]
    assert stream.getvalue() == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\n  ::set-output name=x::y", id="a line that looks like a command"),
        pytest.param("1.0.0 ##[add-matcher]x.json: line 3", id="a heading with the old form of a command"),
    ],
)
def test_log_lines_that_look_like_commands_are_shielded(runner: ActionsRunner, stream: io.StringIO, text: str) -> None:
    """They are written between stop-commands; other lines are written plainly."""
    runner.log("hello")
    runner.log(text)
    first, opening, *lines, closing = stream.getvalue().splitlines()
    word = opening.removeprefix("::stop-commands::")
    assert (first, lines, closing) == ("hello", text.splitlines(), f"::{word}::")


def test_a_group_is_closed_after_an_error(runner: ActionsRunner, stream: io.StringIO) -> None:
    """The rest of the log is not folded."""
    with pytest.raises(RuntimeError), runner.group("Inside"):
        raise RuntimeError
    assert stream.getvalue() == "::group::Inside\n::endgroup::\n"


def test_a_multiline_secret_is_masked_as_a_whole_and_by_line(runner: ActionsRunner, stream: io.StringIO) -> None:
    """The runner masks within lines, so each line is masked on its own."""
    runner.mask("ab\ncd\n")
    assert sorted(stream.getvalue().splitlines()) == ["::add-mask::ab", "::add-mask::ab%0Acd%0A", "::add-mask::cd"]


def test_a_summary_over_the_limit_is_cut(runner: ActionsRunner, tmp_path: Path) -> None:
    """GitHub would drop all of it; the cut summary ends with a remark."""
    for _ in range(4):
        runner.summarise("ä" * 300_000)
    data = (tmp_path / "summary").read_bytes()
    assert (len(data) <= SUMMARY_LIMIT, data.decode().rstrip().endswith("1 MiB.*")) == (True, True)


def test_a_cut_closes_tables_and_folds(runner: ActionsRunner, tmp_path: Path) -> None:
    """A table ends with a whole row and details are closed, so the remark is visible."""
    rows = "\n".join(f"| {number} | {'x' * 900} |" for number in range(2_000))
    runner.summarise(f"### T\n\n<details><summary>More</summary>\n\n| a | b |\n| --- | --- |\n{rows}\n\n</details>")
    row, *rest = (tmp_path / "summary").read_text("utf-8").splitlines()[-6:]
    assert (row.endswith("x |"), [line for line in rest if line]) == (
        True,
        ["</details>", "*Cut here: the limit of a step summary is 1 MiB.*"],
    )


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        pytest.param("### ✅ a&#58; b\n", "### ✅ a: b\n", id="entities"),
        pytest.param("| a | b |\n| --- | ---: |\n| c | d |", "| a | b |\n| c | d |\n", id="a table"),
        pytest.param(
            "x\n\n<details><summary>More</summary>\n\n```text\ny\n```\n\n</details>\n", "x\n\nMore:\n\ny\n", id="a fold"
        ),
    ],
)
def test_a_terminal_shows_the_text_of_a_summary(stream: io.StringIO, markdown: str, shown: str) -> None:
    """Markup without meaning on a terminal is removed."""
    Runner(stream=stream).summarise(markdown)
    assert stream.getvalue() == shown


def test_control_characters_do_not_reach_a_terminal(stream: io.StringIO) -> None:
    """They are replaced in all text, because file names and headings contain them too."""
    runner = Runner(stream=stream)
    runner.untrusted("a\x1b[31mb\r\n\tc")
    runner.log("a\u202eb")
    with runner.group("a\x07b"):
        runner.annotate("error", "a\x1bb", "c", file="d\x1be")
    assert stream.getvalue() == "a�[31mb�\n\tc\na�b\n== a�b\nerror: a�b (d�e): c\n"


def test_several_problems_are_numbered() -> None:
    """One problem is its message and remedy; several are a numbered list with the place of each."""
    one = Problem(found="A.", remedy="B.", topic="t")
    placed = Problem(found="C.", remedy="D.", topic="t", file="pyproject.toml", line=3)
    assert (describe((one,)), describe((one, placed))) == ("A.\nB.", "1. A.\nB.\n2. pyproject.toml:3: C.\nD.")


def test_a_terminal_shows_the_place_of_a_problem(stream: io.StringIO) -> None:
    """The line to change comes first, as compilers print it."""
    Runner(stream=stream).fail([Problem(found="C.", remedy="D.", topic="t", file="pyproject.toml", line=3)])
    assert stream.getvalue().startswith("error: pyproject.toml:3: C.\n")
