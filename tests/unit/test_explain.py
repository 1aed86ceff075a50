"""``tagship explain``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tagship.core.index_rules.release import RULES
from tagship.explain import sections
from tagship.main import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("topic", "shown"),
    [
        pytest.param("missing-section", "### Missing section\n\n", id="a topic"),
        pytest.param("https://example.com/docs/troubleshooting.md#no-changelog", "### No changelog\n", id="a link"),
        pytest.param("File already exists", "### File already exists\n", id="a heading"),
        pytest.param("mutable-ref", "### mutable-ref\n", id="a rule of doctor"),
        pytest.param("[old-license]", "## old-license\n\nLicense classifiers", id="a rule of PyPI"),
    ],
)
def test_a_topic_is_explained(topic: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The section is printed, with its heading."""
    assert main(["explain", topic], {}) == 0
    assert capsys.readouterr().out.startswith(shown)


def test_every_section_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a topic the list is printed; no section is empty or contains another one."""
    page = (ROOT / "docs/troubleshooting.md").read_text("utf-8")
    known = sections()
    assert len(known) >= len(re.findall("^### ", page, re.MULTILINE)) + len(RULES)
    assert [topic for topic, text in known.items() if len(text.splitlines()) < 3 or "\n## M" in text] == []
    assert main(["explain"], {}) == 0
    assert capsys.readouterr().out.split() == sorted(known)
