"""Rehearsals with fake actions."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from support.fake_actions import BUILD, fake_actions
from support.repositories import new_repository
from support.wheels import write_wheel
from tagship.core.versions import Tag
from tagship.errors import SOURCE, Failure
from tagship.rehearsal.options import Options
from tagship.rehearsal.progress import Progress
from tagship.rehearsal.rehearsal import open_session, rehearse

if TYPE_CHECKING:
    from pathlib import Path

HERE = "{}.{}".format(*sys.version_info)


def test_stops_servers_and_deletes_temporary_files(tmp_path: Path) -> None:
    """Both servers and the temporary folder exist inside the context only."""
    options = Options(project=tmp_path, output=tmp_path / "out")
    with open_session(options, os.environ, root=fake_actions(tmp_path / "tagship")) as session:
        urls, scratch = (f"{session.github.url}/rate_limit", f"{session.index.url}/_/oidc/audience"), session.scratch
        for url in urls:
            urlopen(url).close()
        assert (scratch / "_actions/actions/preflight/action.yml").is_file()
    assert not scratch.exists()
    for url in urls:
        with pytest.raises(URLError):
            urlopen(url)


def test_fails_on_an_output_folder_with_other_files(tmp_path: Path) -> None:
    """An output folder that no rehearsal created is rejected before anything starts."""
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(Failure, match="--output"), open_session(Options(project=tmp_path, output=tmp_path), os.environ):
        pass


def test_a_release_without_a_wheel_verifies_none(tmp_path: Path) -> None:
    """The stages that use the wheel are skipped, with the reason."""
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    options = Options(project=project.path, output=tmp_path / "out", pythons=(HERE,))
    scripts = {"preflight": "exit 1", "build-dist": BUILD.partition('echo "wheel=')[0]}
    with open_session(options, os.environ, root=fake_actions(tmp_path / "tagship", scripts)) as session:
        result = rehearse(session, Progress())
    reasons = {stage.name: stage.message for stage in result.stages if stage.outcome == "skipped"}
    assert reasons["verify-wheel"] == "The release has no wheel."


def test_reports_the_message_of_a_failed_action(tmp_path: Path) -> None:
    """The message is the annotation of the action; the stages that do not need it run, and nothing is published."""
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    script = (
        'echo "::error title=x::The tag is not a version.%0ATag it like v1.2.0."\n'
        'echo "- **No.**<br>Tag it. ([more](https://docs.example/a.md#b))" >> "$GITHUB_STEP_SUMMARY"\nexit 1'
    )
    options = Options(project=project.path, output=tmp_path / "out", pythons=(HERE,))
    with open_session(options, os.environ, root=fake_actions(tmp_path / "tagship", {"preflight": script})) as session:
        result = rehearse(session, Progress())
    outcomes = {stage.name: stage.outcome for stage in result.stages}
    assert [name for name, outcome in outcomes.items() if outcome == "failed"] == ["preflight"]
    assert {outcomes[name] for name in ("build-dist", "verify-wheel", "extract-changelog")} == {"passed"}
    assert {outcomes[name] for name in ("publish", "gh-release", "install")} == {"skipped"}
    assert result.failures[0].message == "The tag is not a version.\nTag it like v1.2.0."
    assert result.failures[0].help == ("https://docs.example/a.md#b",)
    assert (result.release, result.index, result.requests) == (None, (), ())
    assert (result.subject.tag, result.subject.repository) == ("v1.0.0", f"{SOURCE.partition('/')[0]}/hello")


def test_reports_the_log_of_an_action_without_a_message(tmp_path: Path) -> None:
    """Without an annotation the message has the last lines of the log."""
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    options = Options(project=project.path, output=tmp_path / "out", pythons=(HERE,))
    script = "echo Segmentation fault; exit 139"
    with open_session(options, os.environ, root=fake_actions(tmp_path / "tagship", {"preflight": script})) as session:
        result = rehearse(session, Progress())
    assert result.failures[0].message == (
        "preflight failed with exit status 139 and no error message. Last lines of its log:\nSegmentation fault"
    )


def test_each_python_has_its_own_checkout(tmp_path: Path) -> None:
    """Files that the quality gate writes are not in the checkout of the build."""
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    scripts = {
        "preflight": "true",
        "quality-gate": "touch debris; python3 -c 'import sys; print(sys.prefix != sys.base_prefix)'",
        "build-dist": 'ls; printf "::error::stop\\n"; exit 1',
    }
    options = Options(project=project.path, output=tmp_path / "out", pythons=(HERE,))
    with open_session(options, os.environ, root=fake_actions(tmp_path / "tagship", scripts)) as session:
        result = rehearse(session, Progress())
    gate, build = result.stages[2], result.stages[3]
    assert (gate.python, gate.outcome, gate.log[-1]) == (HERE, "passed", "True")
    assert "debris" not in build.log


def test_configures_a_release_for_every_version_tag(tmp_path: Path) -> None:
    """The embedded GitHub has a release for every other version tag."""
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    for tag in ("v2.0.0", "v3.0.0rc1", "nightly"):
        project.git("tag", tag)
    options = Options(project=project.path, tag=Tag("v1.0.0"), output=tmp_path / "out", pythons=(HERE,))
    with open_session(options, os.environ, root=fake_actions(tmp_path / "tagship", {"preflight": "exit 1"})) as session:
        rehearse(session, Progress())
        state = session.github.app.state
    assert [repository.name for repository in state.repositories.values()] == [f"{SOURCE.partition('/')[0]}/hello"]
    releases = {release.tag_name: release.prerelease for release in state.releases.values()}
    assert releases == {"v2.0.0": False, "v3.0.0rc1": True}


CALLER = """\
on: {push: {tags: ['v*']}}
jobs:
  build:
    permissions: {contents: read}
    uses: octo/tagship/.github/workflows/python-build.yml@v1
    with: {python-versions: '3.99', build-python: '3.99'}
"""
WORKFLOW = ".github/workflows/release.yml"


def test_a_python_that_is_not_installed_is_named_once(tmp_path: Path) -> None:
    """The checks, the build and the verification lack it, and one remark says so."""
    project = new_repository(tmp_path / "hello", {WORKFLOW: CALLER}, tag="v1.0.0")
    options = Options(project=project.path, output=tmp_path / "out")
    with open_session(options, os.environ, root=fake_actions(tmp_path / "tagship")) as session:
        result = rehearse(session, Progress())
    (remark,) = [remark for remark in result.subject.remarks if "3.99 is not installed" in remark]
    assert "Built with Python" in remark


def test_a_package_that_no_installed_python_supports_has_one_problem(tmp_path: Path) -> None:
    """Nothing is built or verified with a Python that the package does not support."""
    pyproject = '[project]\nname = "hello"\nversion = "1.0.0"\nrequires-python = ">=3.99"\n'
    project = new_repository(tmp_path / "hello", {WORKFLOW: CALLER, "pyproject.toml": pyproject}, tag="v1.0.0")
    options = Options(project=project.path, output=tmp_path / "out")
    with open_session(options, os.environ, root=fake_actions(tmp_path / "tagship")) as session:
        result = rehearse(session, Progress())
    assert [(stage.name, (stage.message or "").partition("\n")[0]) for stage in result.failures] == [
        ("quality-gate", "None of the selected Pythons is installed: 3.99.")
    ]
    outcomes = {stage.name: stage.outcome for stage in result.stages}
    named = ("build-dist", "verify-wheel", "extract-changelog")
    assert [outcomes[name] for name in named] == ["skipped", "skipped", "passed"]
    assert not [text for text in result.subject.remarks if "3.99" in text]


def test_the_published_package_is_installed_on_the_python_that_built_it(tmp_path: Path) -> None:
    """The running Python, which the package may not support, is used only if no other one is selected."""
    project = new_repository(tmp_path / "hello", {WORKFLOW: CALLER}, tag="v1.0.0")
    program = tmp_path / "bin" / "python3.99"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho 3.99\necho {program}\n")
    program.chmod(0o755)
    environ = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    options = Options(project=project.path, output=tmp_path / "out", pythons=("3.11",))
    wheel = write_wheel(tmp_path / "built", "hello", "1.0.0", {"hello.py": ""})
    scripts = dict.fromkeys(("build-dist", "verify-wheel"), 'echo "$INPUTS"\n')
    scripts["build-dist"] += f"{BUILD}\nrm dist/*.tar.gz; cp {wheel} dist\n"
    with open_session(options, environ, root=fake_actions(tmp_path / "tagship", scripts)) as session:
        result = rehearse(session, Progress())
    used = {stage.name: f'"python": "{program}"' in " ".join(stage.log) for stage in result.stages}
    assert (used["build-dist"], used["verify-wheel"], used["install"]) == (True, False, True)
