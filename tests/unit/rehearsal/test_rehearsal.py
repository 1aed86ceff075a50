"""Rehearsals over actions that are a line of bash each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from support.fake_actions import fake_actions, stock_python
from support.repositories import new_repository
from tagship.errors import Failure
from tagship.rehearsal.options import Options
from tagship.rehearsal.progress import Quiet
from tagship.rehearsal.rehearsal import rehearse, staged

if TYPE_CHECKING:
    from pathlib import Path


def test_leaves_nothing_running_and_no_scratch(tmp_path: Path) -> None:
    """Both servers and the scratch folder are there inside the context, and gone after it."""
    options = Options(project=tmp_path, output=stock_python(tmp_path / "out"))
    with staged(options, os.environ, root=fake_actions(tmp_path / "tagship")) as session:
        urls, scratch = (session.github.url, session.index.url), session.scratch
        for url in urls:
            urlopen(url).close()
        assert (scratch / "_actions/actions/preflight/action.yml").is_file()
    assert not scratch.exists()
    for url in urls:
        with pytest.raises(URLError):
            urlopen(url)


def test_refuses_a_folder_of_somebody_else_before_anything_starts(tmp_path: Path) -> None:
    """An output folder that no rehearsal made is left alone."""
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(Failure, match="--output"), staged(Options(project=tmp_path, output=tmp_path), os.environ):
        pass


def test_says_what_an_installed_tagship_lacks_before_anything_is_written(tmp_path: Path) -> None:
    """Where there are no actions to run, the remedy is a clone, and the output folder is not made."""
    options = Options(project=tmp_path, output=tmp_path / "out")
    with pytest.raises(Failure, match="git clone"), staged(options, os.environ, root=tmp_path / "site-packages"):
        pass
    assert not options.output.exists()


def test_tells_what_a_failing_action_told(tmp_path: Path) -> None:
    """The message is the action's own annotation, and everything after it was not reached."""
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    script = (
        'echo "::error title=x::The tag is no version.%0ATag it like v1.2.0."\n'
        'echo "- **No.**<br>Tag it. ([more](https://docs.example/a.md#b))" >> "$GITHUB_STEP_SUMMARY"\nexit 1'
    )
    options = Options(project=project.path, output=stock_python(tmp_path / "out"))
    with staged(options, os.environ, root=fake_actions(tmp_path / "tagship", {"preflight": script})) as session:
        result = rehearse(session, Quiet())
    assert [stage.outcome for stage in result.stages] == ["passed", "failed", *["skipped"] * 8]
    assert result.failures[0].message == "The tag is no version.\nTag it like v1.2.0."
    assert result.failures[0].help == ("https://docs.example/a.md#b",)
    assert (result.release, result.index, result.requests) == (None, (), ())
    assert (result.subject.tag, result.subject.repository) == ("v1.0.0", "OWNER/hello")


def test_tells_the_last_words_of_an_action_that_told_nothing(tmp_path: Path) -> None:
    """Without an annotation the end of the log has to do."""
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    options = Options(project=project.path, output=stock_python(tmp_path / "out"))
    script = "echo Segmentation fault; exit 139"
    with staged(options, os.environ, root=fake_actions(tmp_path / "tagship", {"preflight": script})) as session:
        result = rehearse(session, Quiet())
    assert result.failures[0].message == (
        "preflight ended with status 139 and no message. Its last lines:\nSegmentation fault"
    )


def test_gives_each_python_a_checkout_of_its_own(tmp_path: Path) -> None:
    """What the checks of one Python leave behind is seen neither by another Python nor by the build."""
    here = "3.11"
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    scripts = {
        "preflight": "true",
        "quality-gate": "touch debris; python3 -c 'import sys; print(sys.prefix != sys.base_prefix)'",
        "build-dist": 'ls; printf "::error::stop\\n"; exit 1',
    }
    options = Options(project=project.path, output=stock_python(tmp_path / "out"), pythons=(here,))
    with staged(options, os.environ, root=fake_actions(tmp_path / "tagship", scripts)) as session:
        result = rehearse(session, Quiet())
    gate, build = result.stages[2], result.stages[3]
    assert (gate.python, gate.outcome, gate.log[-1]) == (here, "passed", "True")
    assert "debris" not in build.log


def test_knows_the_releases_that_the_tags_tell_of(tmp_path: Path) -> None:
    """The embedded GitHub holds a release for every other version, and what the plan says besides."""
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    for tag in ("v2.0.0", "v3.0.0rc1", "nightly"):
        project.git("tag", tag)
    options = Options(
        project=project.path,
        tag="v1.0.0",
        output=stock_python(tmp_path / "out"),
        github={"repositories": [{"immutable_releases": True}]},
    )
    with staged(options, os.environ, root=fake_actions(tmp_path / "tagship", {"preflight": "exit 1"})) as session:
        rehearse(session, Quiet())
        state: Any = session.github.state()
    repository = state["repositories"][0]
    releases = {release["tag_name"]: release["prerelease"] for release in state["releases"]}
    assert releases == {"v2.0.0": False, "v3.0.0rc1": True}
    assert (repository["name"], repository["immutable_releases"]) == ("OWNER/hello", True)
