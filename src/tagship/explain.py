"""The command ``tagship explain``: print the section of the documentation about a topic, without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tagship.core.formatting import did_you_mean
from tagship.core.index_rules.release import RULES
from tagship.core.notes import anchor
from tagship.edges.installation import ROOT
from tagship.errors import Failure

if TYPE_CHECKING:
    import argparse

SUMMARY = "Print the section of the documentation about the topic of a message or a rule of doctor."
_PAGES = ("docs/troubleshooting.md", "docs/doctor.md")
_HEADING = "### "
"""Start of the heading of a topic's section on the pages."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    said = "topic: a rule, or the text after # in the link of a message, for example missing-section (default: a list)"
    parser.add_argument("topic", nargs="?", default="", help=said)


def run(arguments: argparse.Namespace, _: Mapping[str, str]) -> int:
    """Print the section, or the list of topics, and return 0. Raises Failure for an unknown topic."""
    known = sections()
    name = anchor(arguments.topic.rpartition("#")[2].strip("[]"))
    if name in known:
        print(known[name])
    elif not name:
        print("\n".join(sorted(known)))
    else:
        remedy = f"{did_you_mean(name, known)} List all topics: tagship explain".lstrip()
        raise Failure.of(found=f"No topic {arguments.topic!r}.", remedy=remedy, topic="wrong-options")
    return 0


def sections() -> dict[str, str]:
    """Return the Markdown text about each topic, by the anchor of its heading, or by its name for a rule of PyPI."""
    known = {rule.name: f"## {rule.name}\n\n{rule.summary}\n{rule.remedy}\nSource: {rule.source}" for rule in RULES}
    for page in _PAGES:
        for name, text in page_sections((ROOT / page).read_text("utf-8")):
            known[name] = f"{known[name]}\n\n{text}" if name in known else text
    return known


def page_sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield anchor and text of each section with a third-level heading; a section ends at the next heading."""
    title, lines, fenced = "", list[str](), False
    for line in [*text.splitlines(), "# "]:
        fenced ^= line.startswith("```")
        if line.startswith("#") and not fenced:
            if title:
                yield anchor(title), "\n".join(lines).strip()
            title, lines = line.removeprefix(_HEADING) if line.startswith(_HEADING) else "", []
        lines.append(line)
