"""Program output, durations and sizes as text for people."""

from __future__ import annotations

import pytest

from tagship.core.formatting import count, duration, error_lines, human_size, last_lines, plain


@pytest.mark.parametrize(
    ("output", "limits", "expected"),
    [
        pytest.param("a\nb\nc\n\n", {"lines": 2}, "b\nc", id="only the last lines"),
        pytest.param("a\nb", {"lines": 2}, "a\nb", id="exactly as many lines as allowed"),
        pytest.param("\n\na\n\nb  \n", {}, "a\n\nb", id="no blank edges, no trailing spaces"),
        pytest.param("a\nb", {"indent": "  "}, "  a\n  b", id="indented"),
        pytest.param("", {"indent": "  "}, "", id="no output"),
        pytest.param("x" * 10, {"characters": 10}, "x" * 10, id="exactly as many characters as allowed"),
        pytest.param("y" + "x" * 10, {"characters": 10}, "…" + "x" * 10, id="a long line is cut at its start"),
        pytest.param("\x1b[31mred\x1b[0m", {}, "red", id="colours"),
        pytest.param("\x1b]8;;https://example.invalid\x07link\x1b]8;;\x07", {}, "link", id="a terminal link"),
        pytest.param("\n".join(map(str, range(100))), {}, "\n".join(map(str, range(80, 100))), id="20 lines"),
        pytest.param("x" * 2001, {}, "…" + "x" * 2000, id="2,000 characters"),
    ],
)
def test_a_message_repeats_the_end_of_an_output(output: str, limits: dict[str, int], expected: str) -> None:
    """The reason of a failure is in the last lines of the output."""
    assert last_lines(output, **limits) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["\x1b[1;31mx\x1b[0m", "\x1b]0;title\x1b\\x", "\x1bMx", "\x1b[?25lx"])
def test_escape_sequences_are_removed(text: str) -> None:
    """Colours, titles and cursor movements are only for terminals."""
    assert plain(text) == "x"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.95, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (185, "3 min 5 s"),
        (3600.0, "60 min 0 s"),
    ],
)
def test_durations_have_one_decimal_or_minutes(seconds: float, expected: str) -> None:
    """Durations below ten seconds have a decimal, those from one minute on have minutes."""
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (20 * 1024**2, "20.0 MiB"),
        (3 * 1024**4, "3072.0 GiB"),
    ],
)
def test_sizes_have_the_largest_unit_that_fits(size: int, expected: str) -> None:
    """Sizes are in bytes or in binary units up to GiB."""
    assert human_size(size) == expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        pytest.param("a\nTypeError: no\nb\nc", "TypeError: no\nb\nc", id="an error among the last lines"),
        pytest.param("TypeError: no\nb\n" + "c\n" * 9, "TypeError: no\nb", id="an error before other lines"),
        pytest.param("a\n" * 9, "a\na\na", id="no error"),
    ],
)
def test_the_end_of_an_output_shows_the_error(output: str, expected: str) -> None:
    """Lines after the last error are dropped if they would hide it."""
    assert error_lines(output, lines=3) == expected


@pytest.mark.parametrize(("number", "expected"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_a_noun_is_plural_unless_it_is_one(number: int, expected: str) -> None:
    """A count has its noun."""
    assert count(number, "file") == expected
