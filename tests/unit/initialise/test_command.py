"""``tagship init`` in real checkouts."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest
import yaml

from support.repositories import GitRepository, new_repository
from tagship.initialise.command import add_arguments, run
from tagship.initialise.examples import EXAMPLES
from tagship.initialise.workflow import caller_workflow

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = '[project]\nname = "hello"\nrequires-python = ">=3.11"\n'


def init(path: Path, *flags: str) -> int:
    """Return the exit status of ``tagship init PATH FLAGS``."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([str(path), *flags]), {"PATH": "/usr/bin:/bin"})


@pytest.fixture
def project(tmp_path: Path) -> GitRepository:
    """Return a project on GitHub, with a changelog."""
    files = {"pyproject.toml": PYPROJECT, "HISTORY.md": "# History\n"}
    repository = new_repository(tmp_path / "hello", files)
    repository.git("remote", "add", "origin", "git@github.com:octo/hello.git")
    return repository


def test_it_finds_everything_out_by_itself(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, owner, branch and changelog are read, the workflow written, and the settings told."""
    assert init(project.path) == 0
    said = capsys.readouterr().out
    workflow = project.path / ".github/workflows/release.yml"
    assert said.startswith(f"Wrote {workflow} for hello (changelog: HISTORY.md).\n")
    assert "Owner               octo\n" in said
    assert "to main." in said
    assert yaml.safe_load(workflow.read_text())["jobs"]["build"]["with"] == {"python-versions": "auto"}


@pytest.mark.parametrize(
    ("name", "folder", "pyproject", "flags"),
    [
        pytest.param(None, ".", '[project]\nname = "your-package"\n', [], id="in the README"),
        pytest.param("testpypi", ".", None, ["--testpypi", "--attestations"], id="with TestPyPI and provenance"),
        pytest.param("none", ".", None, ["--index", "none"], id="without an index"),
        pytest.param("index", ".", None, ["--index", "https://pypi.example.com/"], id="with an index of one's own"),
        pytest.param("monorepo", "packages/hello", None, [], id="for a package in a folder"),
    ],
)
def test_what_the_pages_show_is_what_it_writes(
    tmp_path: Path, name: str | None, folder: str, pyproject: str | None, flags: list[str]
) -> None:
    """The example with its flags, run in a project as the page describes it, gives the text on the page."""
    facts = EXAMPLES[name]
    text = pyproject or f'[project]\nname = "{facts.package}"\nrequires-python = ">=3.11"\n'
    repository = new_repository(tmp_path, {f"{folder}/pyproject.toml": text})
    assert init(repository.path / folder, *flags) == 0
    assert (repository.path / ".github/workflows" / facts.file).read_text() == caller_workflow(facts)


def test_it_never_overwrites_what_a_person_wrote(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow that says something else stays as it is, unless it is forced."""
    workflow = project.path / ".github/workflows/release.yml"
    project.commit({".github/workflows/release.yml": "mine\n"})
    assert init(project.path) == 1
    assert "is there already and says something else" in capsys.readouterr().err
    assert workflow.read_text() == "mine\n"
    assert init(project.path, "--force") == 0
    assert workflow.read_text() != "mine\n"


def test_what_is_in_the_way_need_be_no_text(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow that is no UTF-8, or a folder of its name, is told like any other."""
    workflows = project.path / ".github/workflows"
    (workflows / "folder.yml").mkdir(parents=True)
    (workflows / "release.yml").write_bytes(b"name: \xff\r\n")
    assert (init(project.path), init(project.path, "--file", "folder.yml", "--force")) == (1, 1)
    assert capsys.readouterr().err.count("is there already and says something else") == 2
    assert init(project.path, "--force") == 0
    (workflows / "release.yml").write_bytes((workflows / "release.yml").read_bytes().replace(b"\n", b"\r\n"))
    assert init(project.path) == 0
    assert "Nothing to change in" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_named(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Who mistypes the path is not asked for the package's name."""
    assert (init(project.path / "packages"), init(project.path / "pyproject.toml")) == (1, 1)
    assert capsys.readouterr().err.count("There is no folder ") == 2


def test_running_it_again_changes_nothing(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """What it wrote itself is no obstacle, and is not said to be written again."""
    assert (init(project.path), init(project.path)) == (0, 0)
    told = [line.split(" /")[0] for line in capsys.readouterr().out.splitlines() if "release.yml for hello" in line]
    assert told == ["Wrote", "Nothing to change in"]


@pytest.mark.parametrize(
    ("project", "tag"),
    [
        pytest.param('version = "0.4.0"\n', "v0.4.0", id="the declared one"),
        pytest.param('version = "2.0.dev1"\n', "v2.0", id="one in development"),
        pytest.param('version = "soon"\n', "v1.2.0", id="none by PEP 440"),
        pytest.param('dynamic = ["version"]\n', "v1.2.0", id="one that only a build tells"),
    ],
)
def test_the_tag_to_push_is_that_of_the_version(
    project: str, tag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever copies the last line pushes the tag that the project's own version asks for."""
    repository = new_repository(tmp_path, {"pyproject.toml": f'[project]\nname = "hello"\n{project}'})
    assert init(repository.path) == 0
    assert capsys.readouterr().out.endswith(f"Release: git tag {tag} && git push origin {tag}\n")


@pytest.mark.parametrize(
    ("files", "name"),
    [
        pytest.param({"setup.cfg": "[metadata]\nname = hello\n"}, "hello", id="in setup.cfg"),
        pytest.param({"pyproject.toml": '[tool.poetry]\nname = "hello"\n'}, "hello", id="in Poetry's old table"),
        pytest.param({"pyproject.toml": "[project]\n"}, None, id="nowhere"),
        pytest.param({"pyproject.toml": '[project]\nname = "${{ hello }}"\n'}, None, id="as no name at all"),
        pytest.param({"README.md": "hello"}, None, id="without a project"),
    ],
)
def test_the_name_is_read_wherever_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], name: str | None
) -> None:
    """Every place that packaging tools read is read; without a name there is nothing to write."""
    repository = new_repository(tmp_path / "project", files)
    assert init(repository.path) == (0 if name else 1)
    assert (repository.path / ".github").exists() == bool(name)
    said = capsys.readouterr()
    assert f"for {name} (" in said.out if name else "tagship init --name NAME" in said.err


@pytest.mark.parametrize(
    ("tags", "pattern", "tag"),
    [
        (["1.0.0", "1.1.0"], "[0-9]*", "0.4.0"),
        (["1.0.0", "v1.1.0"], "v*", "v0.4.0"),
        (["first"], "v*", "v0.4.0"),
        ([], "v*", "v0.4.0"),
    ],
    ids=["bare versions", "both", "no version", "none"],
)
def test_tags_go_on_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tags: list[str], pattern: str, tag: str
) -> None:
    """A project whose tags are bare versions would push its next one and start nothing."""
    repository = new_repository(tmp_path, {"pyproject.toml": f'{PYPROJECT}version = "0.4.0"\n'})
    for name in tags:
        repository.git("tag", name)
    assert init(repository.path) == 0
    workflow = (repository.path / ".github/workflows/release.yml").read_text()
    assert f'tags: ["{pattern}"]' in workflow
    assert ("tag-prefix" in workflow) == (pattern != "v*")
    assert f"git tag {tag} &&" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("remote", "host"),
    [
        ("git@github.com:octo/hello.git", None),
        ("ssh://git@ssh.github.com:443/octo/hello.git", None),
        ("git@github.com-work:octo/hello", None),
        ("git@work:octo/hello", None),
        ("../hello.git", None),
        ("/srv/git.d/hello", None),
        ("https://user@ghe.example.com/octo/hello", "ghe.example.com"),
        ("git@ghe.example.com:octo/hello.git", "ghe.example.com"),
        ("ssh://git@ghe.example.com:22/octo/hello.git", "ghe.example.com"),
    ],
)
def test_another_host_is_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], remote: str, host: str | None
) -> None:
    """What is written runs on github.com; a server of one's own has to be served otherwise."""
    repository = new_repository(tmp_path, {"pyproject.toml": PYPROJECT})
    repository.git("remote", "add", "origin", remote)
    assert init(repository.path) == 0
    said = capsys.readouterr().out
    assert (f"The remote is at {host}." in said) if host else ("The remote is at" not in said)


def test_another_workflow_that_publishes_is_named(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """One tag that starts two workflows is released twice, or once and refused once."""
    steps = "[{uses: pypa/gh-action-pypi-publish@release/v1}]"
    publish = f"on: push\njobs: {{publish: {{runs-on: ubuntu-latest, steps: {steps}}}}}\n"
    project.commit({".github/workflows/ship.yml": publish, ".github/workflows/ci.yml": "on: push\njobs: {}\n"})
    assert (init(project.path), init(project.path)) == (0, 0)
    said = [line for line in capsys.readouterr().out.splitlines() if "would be done twice" in line]
    assert (
        said
        == ["  - Take out of .github/workflows/ship.yml what publishes or releases hello: that would be done twice."]
        * 2
    )


def test_a_name_can_be_given(tmp_path: Path) -> None:
    """Where only setup.py knows the name, a person says it."""
    repository = new_repository(tmp_path / "project", {"setup.py": "import names\n"})
    assert init(repository.path, "--name", "hello") == 0


def test_a_folder_in_no_checkout_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow outside of a repository would never run."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    assert init(tmp_path) == 1
    assert "is in no git checkout" in capsys.readouterr().err


@pytest.mark.parametrize(
    "flags",
    [
        pytest.param(["--index", "pypi.example.com"], id="an index without a scheme"),
        pytest.param(["--index", "https://user:secret@pypi.example.com/"], id="an index with a password"),
        pytest.param(["--environment", "live\nif: true"], id="an environment of two lines"),
        pytest.param(["--file", "../release.yml"], id="a file elsewhere"),
        pytest.param(["--file", "release.txt"], id="a file GitHub does not read"),
        pytest.param(["--reference", "v1 }}"], id="a reference that is none"),
        pytest.param(["--pin", "0123abc"], id="a short hash"),
        pytest.param(["--tag-prefix", "v "], id="a prefix no tag can have"),
    ],
)
def test_flags_that_would_end_in_a_broken_workflow_are_refused(
    project: GitRepository, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    """Nothing a flag says is written before it was looked at, and the message names the flag."""
    assert init(project.path, *flags) == 1
    assert f"{flags[0]} is {flags[1]!r}." in capsys.readouterr().err
    assert not (project.path / ".github").exists()


def test_all_wrong_flags_are_told_at_once(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody mends them one run at a time."""
    assert init(project.path, "--index", "x", "--file", "y") == 1
    said = capsys.readouterr().err
    assert "--index" in said
    assert "--file" in said
