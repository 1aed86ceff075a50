"""A name that somebody else chose has no effect in a step summary or in release notes.

Each writer of Markdown gets a hostile name in the place of every text. The page is parsed as on GitHub.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt
from packaging.version import Version

from support.archives import wheel
from tagship.core import summary
from tagship.core.distributions.page import distribution_summary
from tagship.core.formatting import escaped
from tagship.core.gate.checks import CheckReport
from tagship.core.gate.checks import table as check_table
from tagship.core.gate.verdict import JobVerdict, verdict_table
from tagship.core.notes import Package, Place, links_section
from tagship.core.preflight.check import fine, warned
from tagship.core.preflight.check import table as finding_table
from tagship.core.release.page import plan_page, release_page
from tagship.core.release.state import Asset, Release
from tagship.core.release.steps import CreateDraft, Fields, Plan
from tagship.core.summary import Job, mermaid_gantt
from tagship.core.verification.checks import CheckResult, verification_summary
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.token import Token

NAMES = {
    "HTML": "<img src=x onerror=alert(1)><script>x</script>",
    "a link": "[evil](https://evil.invalid)",
    "an image": "![evil](https://evil.invalid/x.png)",
    "a bare address": "see https://evil.invalid and WWW.evil.invalid and evil@evil.invalid",
    "a formula": "$evil$ $$evil$$",
    "a mention": "@evil #1",
    "a table and a heading": "a | b\n# evil\n| - |",
    "a fence": "```\n````\n~~~\n<img src=x>",
    "code": "`evil` ``x``",
    "the end of a fold": "</summary></details><h1>evil",
    "control characters": "a\x1b[31mb\x00c\u202ed\u2066e",
    "a workflow command": "::error::evil",
}


def release(name: str) -> Release:
    """Return a published release with hostile texts."""
    asset = Asset(id=1, name=name, label=name, size=1, digest="sha256:" + "a" * 64)
    common = {"id": 1, "tag": name, "name": name, "body": "", "draft": False, "prerelease": False}
    return Release(**common, assets=(asset,), url="https://github.invalid/octo/hello/releases/tag/v1")  # type: ignore[arg-type]  # one table


def plan(name: str) -> Plan:
    """Return a plan with a hostile tag and remark."""
    return Plan(before=(CreateDraft(fields=Fields(tag_name=name)),), remarks=(name,))


def problem(name: str) -> Problem:
    """Return a problem with hostile texts, and a hostile output in its further lines."""
    return Problem(found=f"{name}\n{name}", remedy=name, topic="topic")


PLACE = Place(server_url="https://github.invalid", repository="octo/hello", ref="v1", path="CHANGELOG.md")
WRITERS: dict[str, Callable[[str], str]] = {
    "heading": lambda name: summary.page("passed", name, subject=escaped(name)),
    "list": lambda name: summary.listed([name], verdict="warned"),
    "fold": lambda name: summary.folded(name, summary.fenced(name)),
    "failure": lambda name: summary.failure_page(name, [problem(name)], help_page="https://github.invalid/help"),
    "files": lambda name: summary.files_table([(name, "1 B", "a" * 64)]),
    "digests": lambda name: summary.digests_folded([(name, "1 B", "a" * 64)]),
    "findings": lambda name: finding_table([fine(name, name), warned(name, problem(name))]),
    "checks": lambda name: check_table(
        [CheckReport(name=name, command=name, outcome="failed", exit_code=1, seconds=1)]
    ),
    "jobs": lambda name: verdict_table([JobVerdict(name=name, result=name, allowed=False, reason=name)]),
    "release": lambda name: release_page(name, release(name), done="created", plan=plan(name), remarks=[name]),
    "dry run": lambda name: plan_page(name, name, plan(name)),
    "built files": lambda name: distribution_summary([wheel(files=[])], [name], [problem(name)], [name]),
    "verification": lambda name: verification_summary(
        wheel(files=[]), name, [CheckResult(name=name, result="passed", detail=name)]
    ),
    "timeline": lambda name: summary.fenced(mermaid_gantt([Job(name=name, started=0, ended=1, succeeded=True)], now=2)),
    "links below the notes": lambda name: links_section(
        fragment="x", package=Package(name="hello", version=Version("1.0")), place=PLACE, previous_tag=name
    ),
}
ALLOWED = re.compile(r"https://(github\.invalid|pypi\.org)/")
HTML = re.compile(r"</?(details|summary|code|br)>")


def leaves(tokens: list[Token]) -> list[Token]:
    """Return all tokens, with those inside of others."""
    return [one for token in tokens for one in (token, *leaves(token.children or []))]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_hostile_name_is_inert(writer: str, name: str) -> None:
    """No HTML, link, image, formula, mention or control character comes from a name."""
    page = WRITERS[writer](name)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", page)
    for token in leaves(MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page)):
        if token.type == "link_open":
            assert ALLOWED.match(str(token.attrs["href"])), token
        if token.type in ("html_inline", "html_block"):
            rest = HTML.sub("", token.content)
            assert "<" not in rest, token
            assert not re.search(r"https?:|[@$]|#\d|(?i:www\.)", re.sub(r"&#\d+;", "", rest)), token
        assert token.type != "image"
        if token.type == "heading_open":
            assert token.tag == "h3"
    # GitHub finds formulas, mentions and addresses in the source outside of code.
    outside = re.sub(r"(?ms)^ *(`{3,})\w*\n.*?\n *\1$", "", page)
    bare = re.sub(r"\]\(<?https://(?:github\.invalid|pypi\.org)/[^)]*\)", "]()", outside)
    assert not re.search(r"https?://|(?<!&)#\d|[@$]|(?i:\bwww\.)", re.sub(r"&#\d+;", "", bare)), bare
