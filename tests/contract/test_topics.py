"""Every failure links to an existing section of the troubleshooting page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def anchors(page: str) -> list[str]:
    """Return GitHub's anchors of the third-level headings of ``page``."""
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


def topics(source: str) -> set[str]:
    """Return the topics of a module's failures."""
    keywords = (
        keyword.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "topic"
    )
    return {value.value for value in keywords if isinstance(value, ast.Constant) and isinstance(value.value, str)}


SECTIONS = anchors((ROOT / "docs" / "troubleshooting.md").read_text("utf-8"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_topic_has_its_section(path: Path) -> None:
    """Every message links to an existing section."""
    assert topics(path.read_text("utf-8")) - set(SECTIONS) == set()


def test_every_section_belongs_to_a_message() -> None:
    """No section outlives its message: each anchor is in the sources."""
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    assert [anchor for anchor in SECTIONS if f'"{anchor}"' not in text] == []


def test_sections_are_sorted_and_unique() -> None:
    """Sections are grouped by stage, in alphabetical order within each."""
    page = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    stages = [anchors(stage) for stage in re.split(r"^## ", page, flags=re.MULTILINE)[1:]]
    assert [stage for stage in stages if sorted(stage) != stage or not stage] == []
    assert len(set(SECTIONS)) == len(SECTIONS)


def test_the_page_is_short() -> None:
    """Each section has at most six lines, and no line occurs twice."""
    page = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    parts = [part.partition("\n## ")[0] for part in page.split("\n### ")[1:]]
    lines = [line for part in parts for line in part.splitlines()[1:] if line]
    assert [part.splitlines()[0] for part in parts if not 2 <= len(part.strip().splitlines()) - 1 <= 7] == []
    assert len(set(lines)) == len(lines)
