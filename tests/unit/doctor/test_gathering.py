"""The facts of real clones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.repositories import new_repository
from tagship.doctor.gathering import gather
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.doctor.facts import Facts

ENVIRON = {"PATH": "/usr/bin:/bin"}
PYPROJECT = '[project]\nname = "Hello"\nversion = "1.0"\n'
FILES = {
    "pyproject.toml": PYPROJECT,
    "CHANGELOG.md": "# Changes\n",
    ".github/workflows/a.yml": "on: push\n",
    ".github/workflows/b.yaml": "on: pull_request\n",
    ".github/workflows/README.md": "Hello\n",
}


def facts(path: Path, **given: Any) -> Facts:
    """What is gathered in ``path``."""
    return gather(path, **{"tag": "", "prefix": None, "changelog": "", "environ": ENVIRON, **given})


def test_everything_is_read(tmp_path: Path) -> None:
    """Files, workflows, changelog, tags and the repository's name on GitHub."""
    repository = new_repository(tmp_path, FILES, tag="v1.0")
    repository.git("remote", "add", "origin", "https://github.com/octo/hello.git")
    found = facts(tmp_path, tag="v2.0")
    assert found.history is not None
    assert (found.folder, found.tag, found.prefix, found.repository) == (".", "v2.0", "v", "octo/hello")
    assert (found.here, found.history.tags) == (("v1.0",), ("v1.0",))
    assert found.files == {"pyproject.toml": PYPROJECT}
    assert (found.declaration.name, found.declaration.version) == ("Hello", "1.0")
    assert found.changelog == ("CHANGELOG.md", "# Changes\n")
    assert found.workflows == {
        ".github/workflows/a.yml": "on: push\n",
        ".github/workflows/b.yaml": "on: pull_request\n",
    }


@pytest.mark.parametrize("folder", [".", "packages/hello"])
def test_what_is_not_committed_is_known(tmp_path: Path, folder: str) -> None:
    """A project file that was changed and a changelog that git does not know; other files do not matter."""
    repository = new_repository(tmp_path, {f"{folder}/pyproject.toml": PYPROJECT, "README.md": "Hello\n"})
    project = repository.path / folder
    assert facts(project).uncommitted == ()
    (project / "CHANGELOG.md").write_text("# Changes\n")
    for changed in (project / "pyproject.toml", tmp_path / "README.md"):
        changed.write_text(changed.read_text() + "\n")
    prefix = "" if folder == "." else f"{folder}/"
    assert facts(project).uncommitted == (f"{prefix}pyproject.toml", f"{prefix}CHANGELOG.md")


def test_a_package_in_a_folder_has_the_workflows_of_its_repository(tmp_path: Path) -> None:
    """Its own files are read where they stand, and its tags carry its name."""
    new_repository(tmp_path, {"packages/hello/pyproject.toml": PYPROJECT, ".github/workflows/a.yml": "on: push\n"})
    found = facts(tmp_path / "packages" / "hello")
    assert (found.folder, found.prefix) == ("packages/hello", "hello-v")
    assert list(found.files) == ["pyproject.toml"]
    assert list(found.workflows) == [".github/workflows/a.yml"]


@pytest.mark.parametrize(
    ("tag", "given", "prefix"),
    [
        pytest.param(None, None, "v", id="no tags"),
        pytest.param("v1.0", None, "v", id="tags as usual"),
        pytest.param("1.0", None, "", id="tags that are versions"),
        pytest.param("1.0", "release-", "release-", id="as given"),
    ],
)
def test_the_prefix_is_that_of_the_tags(tmp_path: Path, tag: str | None, given: str | None, prefix: str) -> None:
    """Nobody has to say what the tags show."""
    new_repository(tmp_path, FILES, tag=tag)
    assert facts(tmp_path, prefix=given).prefix == prefix


def test_what_the_workflow_says_counts_unless_it_is_given(tmp_path: Path) -> None:
    """The doctor looks with the prefix and the changelog that the release will have."""
    workflow = (
        "on: {push: {tags: [x-*]}}\njobs:\n  build:\n    uses: OWNER/tagship/.github/workflows/python-build.yml@v1\n"
        "    with: {tag-prefix: x-, changelog: notes.md, heading-prefix: x}\n"
    )
    new_repository(tmp_path, {**FILES, "notes.md": "# Notes\n", ".github/workflows/release.yml": workflow})
    found = facts(tmp_path)
    assert (found.prefix, found.heading_prefix, found.changelog) == ("x-", "x", ("notes.md", "# Notes\n"))
    given = facts(tmp_path, prefix="", changelog="CHANGELOG.md")
    assert (given.prefix, given.changelog) == ("", ("CHANGELOG.md", "# Changes\n"))


def test_what_cannot_be_read_is_a_fact(tmp_path: Path) -> None:
    """A broken project file and a missing changelog are told with all the rest."""
    new_repository(tmp_path, {"pyproject.toml": "["})
    found = facts(tmp_path)
    assert [problem.topic for problem in found.problems] == ["unreadable-project-file"]
    assert isinstance(found.changelog, Problem)
    assert facts(tmp_path, changelog="none").changelog is None
    auto = facts(tmp_path, changelog="auto").changelog
    assert isinstance(auto, Problem)
    assert "No changelog found" in auto.found


def test_a_folder_in_no_clone_is_refused(tmp_path: Path) -> None:
    """There would be nothing to release from; nor is there in a folder that is not there."""
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Failure) as failure:
            facts(path)
        assert failure.value.problems[0].topic == "no-checkout"
