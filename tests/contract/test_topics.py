"""Every failure links to a section of the troubleshooting page, and the section is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def anchors(page: str) -> list[str]:
    """Return the anchors GitHub gives the second-level headings of ``page``."""
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


def topics(source: str) -> set[str]:
    """Return the topics that a module's failures name."""
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
    """No message links to a section that is not there."""
    assert topics(path.read_text("utf-8")) - set(SECTIONS) == set()


def test_every_section_belongs_to_a_message() -> None:
    """No section outlives its message: each anchor stands in the sources."""
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    assert [anchor for anchor in SECTIONS if f'"{anchor}"' not in text] == []


def test_sections_stand_in_order_and_once() -> None:
    """A reader finds a section by the alphabet."""
    assert sorted(set(SECTIONS)) == SECTIONS


def test_every_section_has_its_topic() -> None:
    """No section outlives the message that led to it."""
    told = "".join(path.read_text("utf-8") for path in SOURCES)
    assert [section for section in SECTIONS if f'"{section}"' not in told] == []


def test_the_page_is_short_and_in_order() -> None:
    """Sections stand in alphabetical order, none has more than six lines, and no line stands twice."""
    parts = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8").split("\n## ")[1:]
    lines = [line for part in parts for line in part.splitlines()[1:] if line]
    assert sorted(SECTIONS) == SECTIONS
    assert [part.splitlines()[0] for part in parts if not 2 <= len(part.strip().splitlines()) - 1 <= 7] == []
    assert len(set(lines)) == len(lines)
