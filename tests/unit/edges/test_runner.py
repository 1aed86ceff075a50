"""What the runner and the terminal are told."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from tagship.edges.runner import SUMMARY_LIMIT, ActionsRunner, TerminalRunner, describe
from tagship.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.edges.runner import Level


@pytest.fixture
def stream() -> io.StringIO:
    """What stands in the log."""
    return io.StringIO()


@pytest.fixture
def runner(stream: io.StringIO, tmp_path: Path) -> ActionsRunner:
    """Return a runner whose files lie in the test's own folder."""
    return ActionsRunner(stream=stream, output=tmp_path / "output", summary=tmp_path / "summary")


@pytest.mark.parametrize(
    ("level", "place", "expected"),
    [
        pytest.param("error", {}, "::error title=A%3A b::c%0Ad 100%25\n", id="an error without a place"),
        pytest.param(
            "warning", {"file": "x,y.md", "line": 3}, "::warning title=A%3A b,file=x%2Cy.md,line=3::c%0Ad 100%25\n",
            id="a warning at a line",
        ),
        pytest.param("notice", {"file": "x"}, "::notice title=A%3A b,file=x::c%0Ad 100%25\n", id="a notice at a file"),
    ],
)  # fmt: skip
def test_an_annotation_is_one_command_with_only_its_own_properties(
    runner: ActionsRunner, stream: io.StringIO, level: Level, place: dict[str, str | int], expected: str
) -> None:
    """Text is escaped, and a place that is not known is not sent."""
    runner.annotate(level, "A: b", "c\nd 100%", **place)  # type: ignore[arg-type]
    assert stream.getvalue() == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\n  ::set-output name=x::y", id="a line that begins like a command"),
        pytest.param("1.0.0 ##[add-matcher]x.json: line 3", id="a heading with the older form of a command"),
    ],
)
def test_our_own_words_are_plain_and_shielded_when_they_look_like_commands(
    runner: ActionsRunner, stream: io.StringIO, text: str
) -> None:
    """What the runner would find a command in is written where commands are not read."""
    runner.log("hello")
    runner.log(text)
    first, opening, *lines, closing = stream.getvalue().splitlines()
    word = opening.removeprefix("::stop-commands::")
    assert (first, lines, closing) == ("hello", text.splitlines(), f"::{word}::")


def test_a_group_is_closed_whatever_happens(runner: ActionsRunner, stream: io.StringIO) -> None:
    """An error inside a group does not leave the rest of the log folded."""
    with pytest.raises(RuntimeError), runner.group("Inside"):
        raise RuntimeError
    assert stream.getvalue() == "::group::Inside\n::endgroup::\n"


def test_a_secret_of_several_lines_is_masked_whole_and_line_by_line(runner: ActionsRunner, stream: io.StringIO) -> None:
    """The runner masks within lines, so each line of a secret is one more secret."""
    runner.mask("ab\ncd\n")
    assert sorted(stream.getvalue().splitlines()) == ["::add-mask::ab", "::add-mask::ab%0Acd%0A", "::add-mask::cd"]


def test_a_summary_is_cut_with_a_word_where_it_would_be_dropped(runner: ActionsRunner, tmp_path: Path) -> None:
    """A step's summary over the limit would be dropped whole; ours ends with a word instead."""
    for _ in range(4):
        runner.summarise("ä" * 300_000)
    data = (tmp_path / "summary").read_bytes()
    assert (len(data) <= SUMMARY_LIMIT, data.decode().rstrip().endswith("1 MiB.*")) == (True, True)


def test_what_a_cut_goes_through_is_closed(runner: ActionsRunner, tmp_path: Path) -> None:
    """A table ends with a whole row and folded details end, so that the word about the cut is seen."""
    rows = "\n".join(f"| {number} | {'x' * 90} |" for number in range(20_000))
    runner.summarise(f"### T\n\n<details><summary>More</summary>\n\n| a | b |\n| --- | --- |\n{rows}\n\n</details>")
    row, *rest = (tmp_path / "summary").read_text("utf-8").splitlines()[-6:]
    assert (row.endswith("x |"), [line for line in rest if line]) == (
        True,
        ["</details>", "*Cut here: a step summary holds 1 MiB.*"],
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
def test_a_terminal_shows_what_a_summary_says(stream: io.StringIO, markdown: str, shown: str) -> None:
    """A person reads the text, and nothing that only makes a page of it."""
    TerminalRunner(stream=stream).summarise(markdown)
    assert stream.getvalue() == shown


def test_a_terminal_is_steered_by_nobody(stream: io.StringIO) -> None:
    """Control characters in somebody else's text do not reach the terminal."""
    TerminalRunner(stream=stream).untrusted("a\x1b[31mb\r\n\tc")
    assert stream.getvalue() == "a�[31mb�\n\tc\n"


def test_several_problems_are_numbered() -> None:
    """One problem is a sentence with its remedy; several are a list."""
    one = Problem(found="A.", remedy="B.", topic="t")
    assert (describe((one,)), describe((one, one))) == ("A.\nB.", "1. A.\nB.\n2. A.\nB.")
