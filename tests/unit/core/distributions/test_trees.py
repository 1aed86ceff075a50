"""An archive is drawn as a tree that can be taken in at a glance."""

from __future__ import annotations

import pytest

from support.archives import member
from tagship.core.distributions.trees import LIMIT, human_size, tree


def test_folders_open_where_they_stand() -> None:
    """Names are sorted, folders end in a slash, files have their size."""
    members = [member("a/z.py", "x" * 2048), member("b.txt", "abc"), member("a/inner/y.py")]

    assert tree(members).splitlines() == [
        "├── a/",
        "│   ├── inner/",
        "│   │   └── y.py (0 B)",
        "│   └── z.py (2.0 KiB)",
        "└── b.txt (3 B)",
    ]


def test_a_long_tree_is_cut_with_a_word() -> None:
    """A wheel of thousands of files does not flood the summary, and says what is left out."""
    lines = tree([member(f"file{number:05}") for number in range(LIMIT + 25)]).splitlines()

    assert (len(lines), lines[-1]) == (LIMIT + 1, "… and 25 more")


@pytest.mark.parametrize(
    "paths",
    [["a", "a/b"], ["a/b", "a"], ["/"], ["", "x"], ["a//b"]],
    ids=["a file, then below it", "below a file, then it", "a slash alone", "an empty name", "a doubled slash"],
)
def test_odd_paths_are_drawn_somehow(paths: list[str]) -> None:
    """What a broken tool put into an archive does not end the action."""
    assert tree([member(path) for path in paths])


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (20 * 1024**2, "20.0 MiB"),
        (3 * 1024**4, "3072.0 GiB"),
    ],
)
def test_sizes_are_said_in_the_largest_unit_that_fits(size: int, shown: str) -> None:
    """People read sizes, so they come in units."""
    assert human_size(size) == shown
