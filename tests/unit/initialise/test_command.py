"""``tagship init`` in real clones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from support.repositories import GitRepository, new_repository
from tagship.initialise.workflow import caller_workflow
from tagship.main import main
from tools.examples import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = '[project]\nname = "hello"\nrequires-python = ">=3.11"\n'


def init(path: Path, *flags: str, source: str = "OWNER/tagship") -> int:
    """Return the exit status of ``tagship init PATH FLAGS``."""
    return main(["init", str(path), "--source", source, *flags], {"PATH": "/usr/bin:/bin"})


@pytest.fixture
def project(tmp_path: Path) -> GitRepository:
    """Return a project on GitHub, with a changelog."""
    files = {"pyproject.toml": PYPROJECT, "HISTORY.md": "# History\n"}
    repository = new_repository(tmp_path / "hello", files)
    repository.git("remote", "add", "origin", "git@github.com:octo/hello.git")
    return repository


def test_settings_are_read_from_the_project(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, owner, branch and changelog are found, the workflow is written, and the settings are printed."""
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
        pytest.param("index", ".", None, ["--index", "https://pypi.example.com/"], id="with a private index"),
        pytest.param("monorepo", "packages/hello", None, [], id="for a package in a folder"),
    ],
)
def test_the_examples_in_the_docs_are_current(
    tmp_path: Path, name: str | None, folder: str, pyproject: str | None, flags: list[str]
) -> None:
    """The flags of each example produce the workflow on its page."""
    facts = EXAMPLES[name]
    text = pyproject or f'[project]\nname = "{facts.package}"\nrequires-python = ">=3.11"\n'
    repository = new_repository(tmp_path, {f"{folder}/pyproject.toml": text, f"{folder}/CHANGELOG.md": "## 1.0\n"})
    assert init(repository.path / folder, *flags) == 0
    assert (repository.path / ".github/workflows" / facts.file).read_text() == caller_workflow(facts)


def test_an_edited_workflow_is_not_replaced(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow with other content is replaced only with ``--force``."""
    workflow = project.path / ".github/workflows/release.yml"
    project.commit({".github/workflows/release.yml": "mine\n"})
    assert init(project.path) == 1
    assert "already exists with other content" in capsys.readouterr().err
    assert workflow.read_text() == "mine\n"
    assert init(project.path, "--force") == 0
    assert workflow.read_text() != "mine\n"


def test_an_existing_file_may_be_binary_or_a_folder(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow in another encoding, or a folder of its name, is reported like any other."""
    workflows = project.path / ".github/workflows"
    (workflows / "folder.yml").mkdir(parents=True)
    (workflows / "release.yml").write_bytes(b"name: \xff\r\n")
    assert (init(project.path), init(project.path, "--file", "folder.yml", "--force")) == (1, 1)
    assert capsys.readouterr().err.count("already exists with other content") == 2
    assert init(project.path, "--force") == 0
    (workflows / "release.yml").write_bytes((workflows / "release.yml").read_bytes().replace(b"\n", b"\r\n"))
    assert init(project.path) == 0
    assert "No changes in" in capsys.readouterr().out


def test_a_missing_folder_is_reported(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped path is not reported as a missing package name."""
    assert (init(project.path / "packages"), init(project.path / "pyproject.toml")) == (1, 1)
    assert capsys.readouterr().err.count(" not found.") == 2


def test_running_it_again_changes_nothing(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own workflow is not replaced and not reported as written again."""
    assert (init(project.path), init(project.path)) == (0, 0)
    printed = [line.split(" /")[0] for line in capsys.readouterr().out.splitlines() if "release.yml for hello" in line]
    assert printed == ["Wrote", "No changes in"]


@pytest.mark.parametrize(
    ("project", "tag"),
    [
        pytest.param('version = "0.4.0"\n', "v0.4.0", id="the declared version"),
        pytest.param('version = "2.0.dev1"\n', "v2.0", id="a development version"),
        pytest.param('version = "soon"\n', "v1.2.0", id="an invalid version"),
        pytest.param('dynamic = ["version"]\n', "v1.2.0", id="a version from the build"),
    ],
)
def test_the_tag_to_push_is_that_of_the_version(
    project: str, tag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line is the command that tags the project's version."""
    repository = new_repository(tmp_path, {"pyproject.toml": f'[project]\nname = "hello"\n{project}'})
    assert init(repository.path) == 0
    assert capsys.readouterr().out.endswith(f"Release: git tag {tag} && git push origin {tag}\n")


@pytest.mark.parametrize(
    ("files", "name"),
    [
        pytest.param({"setup.cfg": "[metadata]\nname = hello\n"}, "hello", id="setup.cfg"),
        pytest.param({"pyproject.toml": '[tool.poetry]\nname = "hello"\n'}, "hello", id="the table of Poetry"),
        pytest.param({"pyproject.toml": "[project]\nversion = '1'\n"}, None, id="no name"),
        pytest.param({"pyproject.toml": '[project]\nname = "${{ hello }}"\n'}, None, id="an invalid name"),
        pytest.param({"README.md": "hello"}, None, id="no project"),
    ],
)
def test_the_name_is_read_from_every_project_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], name: str | None
) -> None:
    """Without a valid name no workflow is written."""
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
    ids=["bare versions", "a new prefix", "no versions", "no tags"],
)
def test_the_tag_prefix_is_continued(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tags: list[str], pattern: str, tag: str
) -> None:
    """The workflow is triggered by tags with the existing prefix."""
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
def test_another_host_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], remote: str, host: str | None
) -> None:
    """The workflow runs only on github.com."""
    repository = new_repository(tmp_path, {"pyproject.toml": PYPROJECT})
    repository.git("remote", "add", "origin", remote)
    assert init(repository.path) == 0
    said = capsys.readouterr().out
    assert (f"The remote is at {host}." in said) if host else ("The remote is at" not in said)


def test_another_workflow_that_publishes_is_listed(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """A tag that triggers two release workflows publishes twice."""
    steps = "[{uses: pypa/gh-action-pypi-publish@release/v1}]"
    publish = f"on: push\njobs: {{publish: {{runs-on: ubuntu-latest, steps: {steps}}}}}\n"
    project.commit({".github/workflows/ship.yml": publish, ".github/workflows/ci.yml": "on: push\njobs: {}\n"})
    assert (init(project.path), init(project.path)) == (0, 0)
    said = [line for line in capsys.readouterr().out.splitlines() if "is released twice" in line]
    line = (
        "  - Remove the publish and release steps from .github/workflows/ship.yml; otherwise hello is released twice."
    )
    assert said == [line, line]


def test_a_name_can_be_passed(tmp_path: Path) -> None:
    """A name computed by setup.py is passed as a flag."""
    repository = new_repository(tmp_path / "project", {"setup.py": "import names\n"})
    assert init(repository.path, "--name", "hello") == 0


def test_a_folder_outside_of_a_clone_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow outside of a repository never runs."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    assert init(tmp_path) == 1
    assert "is not in a git checkout" in capsys.readouterr().err


@pytest.mark.parametrize(
    "flags",
    [
        pytest.param(["--index", "pypi.example.com"], id="an index without a scheme"),
        pytest.param(["--index", "https://user:secret@pypi.example.com/"], id="an index with a password"),
        pytest.param(["--environment", "live\nif: true"], id="an environment of two lines"),
        pytest.param(["--file", "../release.yml"], id="a file in another folder"),
        pytest.param(["--file", "release.txt"], id="a file with another ending"),
        pytest.param(["--reference", "v1 }}"], id="an invalid ref"),
        pytest.param(["--pin", "0123abc"], id="a short commit SHA"),
        pytest.param(["--tag-prefix", "v "], id="an invalid prefix"),
    ],
)
def test_invalid_flags_are_refused(
    project: GitRepository, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    """The message contains flag and value, and no workflow is written."""
    assert init(project.path, *flags) == 2
    assert f"Invalid value for {flags[0]}: {flags[1]!r}." in capsys.readouterr().err
    assert not (project.path / ".github").exists()


def test_all_invalid_flags_are_reported_at_once(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """One run reports every invalid flag."""
    assert init(project.path, "--index", "x", "--file", "y") == 2
    said = capsys.readouterr().err
    assert "--index" in said
    assert "--file" in said
