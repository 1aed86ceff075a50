"""The examples in the docs work: workflows by schema and declaration, commands by their parsers, links by targets."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.tools import tool
from tagship.actions import NAMES, load
from tagship.cli import parse_flags
from tagship.contract.fields import inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def fences(page: Path, language: str) -> list[str]:
    """Return the contents of the page's fenced blocks in ``language``."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def steps(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping with ``uses`` anywhere in ``value``."""
    if isinstance(value, dict):
        if "uses" in value:
            yield value
        for item in value.values():
            yield from steps(item)
    elif isinstance(value, list):
        for item in value:
            yield from steps(item)


@cache
def declared_inputs(uses: str) -> set[str] | None:
    """Return the inputs of a tagship action or reusable workflow by its ``uses``; None for any other."""
    match = re.fullmatch(r"OWNER/tagship(?:/(?P<path>[^@]+))?@.+", uses)
    if match is None:
        return None
    path = match["path"] or ""
    if path.startswith(".github/workflows/"):
        workflow = yaml.safe_load((ROOT / path).read_text("utf-8"))
        return set(workflow[True]["workflow_call"]["inputs"])
    return {item.name for item in inputs_of(load(path.removeprefix("actions/") or "release").inputs)}


@each_page
def test_examples_use_existing_inputs(page: Path) -> None:
    """Every step and job in an example that uses tagship sets only declared inputs."""
    unknown = [
        f"{step['uses']}: {name}"
        for block in fences(page, "ya?ml")
        for step in steps(yaml.safe_load(block))
        for name in step.get("with") or {}
        if (known := declared_inputs(step["uses"])) is not None and name not in known
    ]
    assert unknown == []


def test_workflows_in_examples_are_valid(tmp_path: Path) -> None:
    """Every complete workflow in an example is valid by GitHub's schema; the name of its file here has its page."""
    for page in PAGES:
        name = page.relative_to(ROOT).as_posix().replace("/", "-")
        for number, block in enumerate(fences(page, "ya?ml")):
            if re.search(r"^jobs:", block, re.MULTILINE) and "on:" in block:
                (tmp_path / f"{name}-{number}.yml").write_text(block)
    shown = [str(path) for path in tmp_path.iterdir()]
    assert len(shown) > 20
    command = [tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *shown]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@each_page
def test_commands_in_examples_are_valid(page: Path) -> None:
    """Every command line in an example has an existing action or command and existing flags."""
    text = page.read_text("utf-8")
    for line in re.findall(r"(?:-m |^|`|GITHUB_TOKEN=\S+ )tagship ([^`\n]+)", text, re.MULTILINE):
        name, *flags = shlex.split(line.split(" #")[0])
        if name in NAMES and "--help" not in flags and "..." not in flags:
            parse_flags(load(name), flags)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_an_action_has_its_sections(name: str) -> None:
    """Permissions, inputs and outputs are at the end of the page, in this order."""
    page = (ROOT / "docs" / "actions" / f"{name}.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE)[-3:] == ["Permissions", "Inputs", "Outputs"]


def test_the_site_builds(tmp_path: Path) -> None:
    """The documentation builds as a site with every page and anchor, and loads nothing from another host."""
    environ = {"NO_MKDOCS_2_WARNING": "1", "PATH": os.environ["PATH"]}
    command = [tool("mkdocs"), "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, (tmp_path / "index.html").exists()) == (0, True), done.stderr
    pages = [page.read_text("utf-8") for page in tmp_path.rglob("*.html")]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert [page for page in pages if f"These pages are for tagship {version}." not in page] == []
    loaded = re.compile(r"""<(?:script|img|iframe)[^>]+src="https?://|<link[^>]+rel="stylesheet"[^>]+href="https?://""")
    assert [page for page in pages if loaded.search(page)] == []


@each_page
def test_links_between_pages_are_valid(page: Path) -> None:
    """Every relative link leads to a file of the repository, and its anchor to a heading."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if re.match(r"[a-z]+:", target):
            continue
        headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE) if file.suffix == ".md" else []
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        if not file.exists() or (anchor and anchor not in anchors):
            broken.append(target)
    assert broken == []
