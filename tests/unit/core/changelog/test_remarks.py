"""Warnings about a changelog."""

from __future__ import annotations

import pytest

from tagship.core.changelog.reader import read_changelog


def remarks(text: str) -> list[tuple[int, str]]:
    """Return the warnings about ``text``."""
    return [(remark.line, remark.text) for remark in read_changelog(text).warnings]


STRAY = "Heading 'New Contributors' has the level of a release but no version; it stays in the notes of 1.1.0."
UNKNOWN = "1.0.0-canary.1 is not a PEP 440 version; only a tag of this exact spelling matches it."

CASES = {
    "a regular file without warnings": ("# Changelog\n## 1.1.0\n### Added\nA\n## 1.0.0\n", []),
    "a heading of release level without a version": (
        "## 1.1.0\nA\n## New Contributors\nB\n## 1.0.0\n",
        [(3, STRAY)],
    ),
    "a long heading without a version in the last release, after front matter": (
        f"---\na: b\n---\n## 1.1.0\nA\n## 1.0.0\nB\n## {'x' * 81}\nC\n",
        [(8, f"Heading '{'x' * 80}' has the level of a release but no version; it stays in the notes of 1.0.0.")],
    ),
    "two filled sections for one version, which cut the notes before them": (
        "## 1.1.0\nC\n## 1.0.0\nB\n## 1.0.0\nA\n",
        [
            (1, "The notes of 1.1.0 end at line 3 with a heading for 1.0.0, which has another section at line 5."),
            (5, "Duplicate section for 1.0.0: line 3 has one already."),
        ],
    ),
    "an empty section and a filled one": (
        "## 1.1.0\nC\n## 1.0.0\n## 1.0.0\nA\n",
        [(4, "Duplicate section for 1.0.0: line 3 has one already.")],
    ),
    "a higher heading with text, which cuts the notes": (
        "## 1.1.0\nB\n# pip install pkg\nB\n## 1.0.0\nA\n",
        [(1, "The notes of 1.1.0 end at line 3: heading 'pip install pkg' has a higher level but no version.")],
    ),
    "a higher heading that groups releases": ("## 1.1.0\nB\n# Older\n\n## 1.0.0\nA\n", []),
    "a higher heading at the end": ("## 1.0.0\nA\n# Appendix\nB\n", []),
    "two versions outside PEP 440": (
        "## 1.0.0-canary.2\nB\n## 1.0.0-canary.1\nA\n",
        [(1, UNKNOWN.replace("canary.1", "canary.2")), (3, UNKNOWN)],
    ),
    "a subheading of other releases": (
        "## 1.1.0\n### Fixed\nC\n### 1.0.1\n### Fixed\nB\n## 1.0.0\nA\n",
        [],
    ),
    "one version twice": ("## 1.0.0\nA\n## v1.0\nB\n", [(3, "Duplicate section for v1.0: line 1 has one already.")]),
    "one version of two packages": ("## pkg-a 1.0.0\nA\n## pkg-b 1.0.0\nB\n", []),
    "a comma instead of a dot": ("## 0.5,0\nA\n", [(1, "0.5,0 is read as 0.5.0.")]),
    "a version outside PEP 440, after front matter": ("---\na: b\n---\n## 1.0.0-canary.1\nA\n", [(4, UNKNOWN)]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_warnings_have_the_line_and_the_interpretation(text: str, expected: list[tuple[int, str]]) -> None:
    """A warning has the line of its cause and says how it was interpreted."""
    assert remarks(text) == expected
