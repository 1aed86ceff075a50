"""What is odd about a changelog."""

from __future__ import annotations

import pytest

from tagship.core.changelog import read_changelog


def remarks(text: str) -> list[tuple[int, str]]:
    """Return the warnings about ``text``."""
    return [(remark.line, remark.text) for remark in read_changelog(text).warnings]


STRANGER = (
    "The heading 'New Contributors' stands at the level of the releases and names none: "
    "it is kept in the notes of 1.1.0."
)
UNKNOWN = "1.0.0-canary.1 is no version that PEP 440 knows: the section is found by this spelling only."

CASES = {
    "a tidy file has no remarks": ("# Changelog\n## 1.1.0\n### Added\nA\n## 1.0.0\n", []),
    "a stranger at the level of the releases": (
        "## 1.1.0\nA\n## New Contributors\nB\n## 1.0.0\n",
        [(3, STRANGER)],
    ),
    "words that stand below releases elsewhere": (
        "## 1.1.0\n### Fixed\nC\n### 1.0.1\n### Fixed\nB\n## 1.0.0\nA\n",
        [],
    ),
    "one version twice": ("## 1.0.0\nA\n## v1.0\nB\n", [(3, "v1.0 has a section at line 1 already.")]),
    "one version of two packages": ("## pkg-a 1.0.0\nA\n## pkg-b 1.0.0\nB\n", []),
    "a comma for a dot": ("## 0.5,0\nA\n", [(1, "0.5,0 is read as 0.5.0.")]),
    "a version unknown to PEP 440, behind front matter": ("---\na: b\n---\n## 1.0.0-canary.1\nA\n", [(4, UNKNOWN)]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_remarks_name_the_line_and_what_was_made_of_it(text: str, expected: list[tuple[int, str]]) -> None:
    """Whoever reads a warning finds the place and knows how it was read."""
    assert remarks(text) == expected
