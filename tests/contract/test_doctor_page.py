"""The page of `tagship doctor` has a section for each rule, whose examples are true."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tagship.core.changelog_text import ChangelogText
from tagship.core.project.declaration import Declaration, read_declaration
from tagship.core.project.facts import ProjectFacts
from tagship.doctor.diagnosis import diagnose
from tagship.explain import page_sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagship.doctor.finding import Finding

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WORKFLOWS = ".github/workflows"


def rules() -> Iterator[str]:
    """Yield the rules that the modules of ``tagship doctor`` declare."""
    for path in sorted((ROOT / "src/tagship/doctor").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for keyword in node.keywords if isinstance(node, ast.Call) else ():
                if keyword.arg == "rule":
                    values = keyword.value
                    choices = [values.body, values.orelse] if isinstance(values, ast.IfExp) else [values]
                    yield from (str(one.value) for one in choices if isinstance(one, ast.Constant))


RULES = sorted(set(rules()))
PAGE = (ROOT / "docs/doctor.md").read_text("utf-8")
SECTIONS = dict(page_sections(PAGE))


def found(language: str, text: str) -> Mapping[str, Finding]:
    """Return the findings on a project with the example in it, by rule."""
    if language == "toml":
        files = {"pyproject.toml": text}
        facts = ProjectFacts(files=files, declaration=read_declaration(files) or Declaration(file=""))
    elif language in {"markdown", "python"}:
        declared = Declaration(file="pyproject.toml", name="your-package", version="1.2.0")
        files = {"pyproject.toml": '[project]\nname = "your-package"\nversion = "1.2.0"\n'}
        facts = ProjectFacts(files=files, declaration=declared, modules={"your_package/__init__.py": text})
        if language == "markdown":
            facts = replace(facts, changelog=ChangelogText(path="CHANGELOG.md", text=text), modules={})
    else:
        names = re.findall(rf"{WORKFLOWS}/[a-z]+\.yml", text) or [f"{WORKFLOWS}/release.yml"]
        started = text if re.search("^on:", text, re.MULTILINE) else f"on: {{push: {{tags: ['v*']}}}}\n{text}"
        facts = ProjectFacts(
            files={"setup.py": "setup(ext_modules=[])"},
            declaration=Declaration(file="setup.py", name="your-package", git_plugin="hatch-vcs"),
            workflows=dict.fromkeys(names, started),
        )
    return {finding.rule: finding for finding in diagnose(facts)}


def test_every_rule_has_its_section() -> None:
    """The sections are those of the rules, in alphabetical order."""
    assert list(SECTIONS) == RULES


@pytest.mark.parametrize("rule", SECTIONS)
def test_a_section_says_why_and_shows_a_bad_and_a_good_example(rule: str) -> None:
    """The bad example is reported with the level and the fix in the text, and the good one is not."""
    text = SECTIONS[rule]
    why = " ".join(text.partition("\n\n")[2].partition("```")[0].split())
    (language, bad), (other, good) = _FENCE.findall(text)
    assert re.match("(Error|Warning|Note)[,. ]", why)
    if language != "console":
        finding = found(language, bad)[rule]
        assert finding.level in why.partition(". ")[0].lower()
        assert (finding.fix is not None) == ("with a fix" in why.partition(". ")[0])
        assert rule not in found(other, good)


def test_the_hook_runs_the_command() -> None:
    """pre-commit installs the package and runs the command for the files that the page lists."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert f"- id: {hook['id']}\n" in PAGE
    assert (hook["entry"], hook["language"], hook["pass_filenames"]) == ("tagship doctor", "python", False)
    read = ["pyproject.toml", "a/setup.cfg", "CHANGES.rst", "docs/changelog.md", f"{WORKFLOWS}/x.yml", "HISTORY.md"]
    matching = [path for path in [*read, "src/a.py", "action.yml"] if re.search(hook["files"], path)]
    assert matching == read
