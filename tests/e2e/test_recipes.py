"""The recipes in the docs, as the docs show them: audited, and run by act if nothing of github.com is required."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from support.lab import PROJECT, PYPROJECT
from support.recipes import files
from support.tools import tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.act import WorkflowRun
    from support.lab import Lab

RECIPES = files()
HERE = Path(__file__).parent
SECTION = "test_a_changelog_section_is_released_by_every_recipe"
FRAGMENTS = "test_fragments_are_the_notes_without_a_changelog_section"
RUN_BY = {
    "Release notes in an existing workflow": SECTION,
    "Files of another job on a GitHub release": SECTION,
    "A changelog in reStructuredText, or a file for each version": SECTION,
    "Nightly builds": SECTION,
    "Files of a matrix": SECTION,
    "GitHub Enterprise Server": SECTION,
    "towncrier and scriv": FRAGMENTS,
    "TestPyPI first": "test_a_release_candidate_is_a_prerelease_row_by_row",
    "Compiled packages": "test_a_publish_that_stopped_half_way_is_finished_by_a_rerun",
}
"""The test that runs each recipe under act. Of the last two it runs what `tagship init` writes for another project."""

NOT_RUN = {
    "uv, Poetry, PDM and Hatch": "Its jobs are those of `tagship init`, which take a minute. That they get the inputs "
    "is in `tests/contract/test_workflows.py`.",
    "Private index": "The job that publishes is that of `tagship init` with another address and a secret of an "
    "environment, which act ignores.",
    "Monorepo": "The file is that of `tagship init` with a folder and a tag prefix.",
    "Nightly wheels on Anaconda": "Its upload requires a channel on anaconda.org.",
    "Documentation, Slack or issues after the release": "Its jobs push to gh-pages, comment on an issue, call Slack.",
}
"""The reason why act does not run a recipe."""

NOTES = "0.2.0\n=====\n\n- Says more, from a file of its own.\n"
MACHINES = [f"--platform={label}=-self-hosted" for label in ("self-hosted", "windows-latest", "macos-latest")]
on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="act runs jobs on the machine itself, and the labs are on Linux"
)


def test_every_recipe_is_run_or_has_its_reason() -> None:
    """The table above is complete, and each test in it exists."""
    assert sorted([*RUN_BY, *NOT_RUN]) == sorted(RECIPES)
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert [name for name in RUN_BY.values() if f"def {name}(" not in tests] == []


def test_zizmor_finds_nothing_in_the_recipes(tmp_path: Path) -> None:
    """They pass the pedantic audit, except that they may pin tagship to a tag and leave jobs without a name."""
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    for number, text in enumerate(RECIPES.values()):
        (workflows / f"{number}.yml").write_text(text, "utf-8")
    pins = {"OWNER/tagship": "ref-pin", "OWNER/tagship/*": "ref-pin", "*": "hash-pin"}
    rules = {"unpinned-uses": {"config": {"policies": pins}}, "anonymous-definition": {"disable": True}}
    (tmp_path / "zizmor.yml").write_text(yaml.safe_dump({"rules": rules}))
    command = [tool("zizmor"), "--offline", "--persona", "pedantic", "--no-progress", "--color", "never"]
    command += ["--config", str(tmp_path / "zizmor.yml"), "--strict-collection", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def run(lab: Lab, test: str, **environ: str) -> WorkflowRun:
    """Return the one run that pushing a tag starts in a project with every recipe of ``test``."""
    chosen = [heading for heading, name in RUN_BY.items() if name == test]
    # act runs all workflows of an event. It has no clock, so that a schedule is a push.
    for number, heading in enumerate(chosen):
        text = re.sub("^name: .*", f"name: {heading}", RECIPES[heading], flags=re.MULTILINE)
        text = re.sub(r"^  schedule:\n.*\n", "  push:\n", text, flags=re.MULTILINE)
        path = lab.project.path / ".github" / "workflows" / f"{number}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    lab.project.commit({}, "Add the recipes")
    return lab.release("v0.2.0", workflow="", options=MACHINES, environ=environ)


def passed(test: str) -> dict[str, set[str]]:
    """Return the results of the recipes of ``test`` if every job passes."""
    return {heading: {"success"} for heading, name in RUN_BY.items() if name == test}


def results(run: WorkflowRun) -> dict[str, set[str]]:
    """Return the results of the jobs of each workflow, by its name."""
    found: dict[str, set[str]] = {}
    for event in run.events:
        if "jobResult" in event:
            found.setdefault(str(event["job"]).partition("/")[0], set()).add(event["jobResult"])
    return found


@pytest.mark.act
@on_linux
def test_a_changelog_section_is_released_by_every_recipe(opened: Callable[..., Lab]) -> None:
    """One project is released by all recipes together: each finds what another did, and adds its own.

    Their jobs share the libraries, as rehearsals do; the job of the other test installs its own, as on a runner.
    """
    project = {
        "Makefile": f"{PROJECT['Makefile']}dist:\n\tmkdir dist\n\techo manual > dist/manual.txt\n",
        "docs/releases/0.2.0.rst": NOTES,
    }
    lab = opened(files=project)
    lab.project.git("rm", "--quiet", "CHANGELOG.md")

    found = run(lab, SECTION, TAGSHIP_CACHE=str(lab.folder / "cache"))

    assert (found.status, results(found)) == (0, passed(SECTION)), str(found)
    nightly, release = sorted(lab.releases, key=lambda item: str(item["tag_name"]))
    assert (nightly["tag_name"], nightly["draft"], nightly["prerelease"]) == ("nightly", False, True)
    assert (release["tag_name"], release["draft"], release["prerelease"]) == ("v0.2.0", False, False)
    assert "from a file of its own" in found.summary
    assert {"Linux.txt", "manual.txt", "hello-0.2.0.tar.gz"} <= {asset["name"] for asset in release["assets"]}


@pytest.mark.act
@on_linux
def test_fragments_are_the_notes_without_a_changelog_section(opened: Callable[..., Lab]) -> None:
    """The draft of towncrier is the body of the release."""
    towncrier = (
        '[tool.towncrier]\npackage = "hello"\npackage_dir = "src"\ndirectory = "changes"\nfilename = "NEWS.md"\n'
    )
    news = {"NEWS.md": "# News\n\n## 0.1.0\n\n- Says hello.\n", "changes/1.feature.md": "Says it in a fragment.\n"}
    lab = opened(files={"pyproject.toml": PYPROJECT + towncrier, **news})
    lab.project.git("rm", "--quiet", "CHANGELOG.md")

    found = run(lab, FRAGMENTS)

    assert (found.status, results(found)) == (0, passed(FRAGMENTS)), str(found)
    (release,) = lab.releases
    assert "Says it in a fragment." in release["body"]
