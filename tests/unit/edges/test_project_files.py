"""The facts of projects in real clones and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.repositories import new_repository
from tagship.core.changelog_text import ChangelogText
from tagship.edges.project_files import facts_of_checkout, facts_of_clone
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.core.project.facts import ProjectFacts

ENVIRON = {"PATH": "/usr/bin:/bin"}
PYPROJECT = '[project]\nname = "Hello"\nversion = "1.0"\n'
FILES = {
    "pyproject.toml": PYPROJECT,
    "CHANGELOG.md": "# Changes\n",
    "tests/test_hello.py": "def test_hello(): ...\n",
    ".github/workflows/a.yml": "on: push\n",
    ".github/workflows/b.yaml": "on: pull_request\n",
    ".github/workflows/README.md": "Hello\n",
}
CHANGELOG = ChangelogText(path="CHANGELOG.md", text="# Changes\n")


def facts(path: Path, **given: Any) -> ProjectFacts:
    """Return the facts of the clone ``path``."""
    return facts_of_clone(path, ENVIRON, **given)


def test_everything_is_read(tmp_path: Path) -> None:
    """The facts include files, workflows, changelog, checks, tags and the repository's name on GitHub."""
    repository = new_repository(tmp_path, FILES, tag="v1.0")
    repository.git("remote", "add", "origin", "https://github.com/octo/hello.git")
    found = facts(tmp_path, tag="v2.0")
    assert found.history is not None
    assert found.checks is not None
    assert (found.folder, found.tag, found.prefix, found.repository) == (".", "v2.0", "v", "octo/hello")
    assert found.remote == "https://github.com/octo/hello.git"
    assert (found.here, found.history.tags, found.release_branches) == (("v1.0",), ("v1.0",), ("main",))
    assert found.files == {"pyproject.toml": PYPROJECT}
    assert (found.declaration.name, found.declaration.version) == ("Hello", "1.0")
    assert found.changelog == CHANGELOG
    assert found.checks.commands == ("python -m pytest",)
    assert found.workflows == {
        ".github/workflows/a.yml": "on: push\n",
        ".github/workflows/b.yaml": "on: pull_request\n",
    }


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("test_hello.py", "def test_it(): ...\n", True, id="at the top"),
        pytest.param("testing/test_hello.py", "def test_it(): ...\n", True, id="in a folder testing"),
        pytest.param("src/hello/tests/test_hello.py", "    def test_it(self): ...\n", True, id="in the package"),
        pytest.param("hello/tests/hello_test.py", "def test_it(): ...\n", True, id="with the name at the end"),
        pytest.param("test_script.py", "print(1)\n", False, id="a script"),
        pytest.param("src/hello/test_it.py", "def test_it(): ...\n", False, id="a module of the package"),
    ],
)
def test_tests_are_found_in_any_usual_place(tmp_path: Path, path: str, text: str, *, expected: bool) -> None:
    """A project without a folder tests has tests too."""
    new_repository(tmp_path, {"pyproject.toml": PYPROJECT, path: text})

    assert bool(facts(tmp_path).checks) is expected


def test_a_member_has_the_lock_and_the_groups_of_its_workspace(tmp_path: Path) -> None:
    """A uv workspace has one lock, and often one group for the tests of all members."""
    root = "[tool.uv.workspace]\nmembers = ['packages/*']\n[dependency-groups]\ndev = ['toolz']\n"
    files = {"pyproject.toml": root, "uv.lock": "version = 1\n", "packages/a/pyproject.toml": PYPROJECT}
    new_repository(tmp_path, files)
    member = facts_of_checkout(tmp_path, "packages/a")
    top = facts_of_checkout(tmp_path)

    assert (member.lock, member.development.requirements) == ("uv.lock", ("toolz",))
    assert (top.lock, top.development.requirements) == ("uv.lock", ())


def test_the_checks_are_those_of_the_workflows(tmp_path: Path) -> None:
    """A noxfile that no workflow uses does not replace the tests that one of them runs."""
    workflow = {".github/workflows/ci.yml": "jobs: {a: {steps: [{run: pytest}]}}\n"}
    new_repository(tmp_path, {**FILES, "noxfile.py": "", **workflow})
    checks = facts(tmp_path).checks

    assert checks is not None
    assert checks.commands == ("python -m pytest",)


@pytest.mark.parametrize("folder", [".", "packages/hello"])
def test_uncommitted_files_are_listed(tmp_path: Path, folder: str) -> None:
    """A changed project file and an untracked changelog are listed; other files are not."""
    repository = new_repository(tmp_path, {f"{folder}/pyproject.toml": PYPROJECT, "README.md": "Hello\n"})
    project = repository.path / folder
    assert facts(project).uncommitted == ()
    (project / "CHANGELOG.md").write_text("# Changes\n")
    for changed in (project / "pyproject.toml", tmp_path / "README.md"):
        changed.write_text(changed.read_text() + "\n")
    prefix = "" if folder == "." else f"{folder}/"
    assert facts(project).uncommitted == (f"{prefix}pyproject.toml", f"{prefix}CHANGELOG.md")


def test_a_package_in_a_folder_has_the_workflows_of_its_repository(tmp_path: Path) -> None:
    """Its project files are in its folder, and its tags start with its name."""
    new_repository(tmp_path, {"packages/hello/pyproject.toml": PYPROJECT, ".github/workflows/a.yml": "on: push\n"})
    found = facts(tmp_path / "packages" / "hello")
    assert (found.folder, found.prefix) == ("packages/hello", "hello-v")
    assert list(found.files) == ["pyproject.toml"]
    assert list(found.workflows) == [".github/workflows/a.yml"]


@pytest.mark.parametrize(
    ("tag", "given", "prefix"),
    [
        pytest.param(None, None, "v", id="no tags"),
        pytest.param("v1.0", None, "v", id="tags with the usual prefix"),
        pytest.param("1.0", None, "", id="tags that are versions"),
        pytest.param("1.0", "release-", "release-", id="a prefix that is passed"),
    ],
)
def test_the_prefix_is_that_of_the_tags(tmp_path: Path, tag: str | None, given: str | None, prefix: str) -> None:
    """The prefix comes from the tags unless it is passed."""
    new_repository(tmp_path, FILES, tag=tag)
    assert facts(tmp_path, prefix=given).prefix == prefix


def test_inputs_of_the_workflow_are_the_defaults(tmp_path: Path) -> None:
    """The prefix and the changelog are those of the release workflow, unless they are passed."""
    workflow = (
        "on: {push: {tags: [x-*]}}\njobs:\n  build:\n    uses: octo/tagship/.github/workflows/python-build.yml@v1\n"
        "    with: {tag-prefix: x-, changelog: notes.md, heading-prefix: x}\n"
    )
    new_repository(tmp_path, {**FILES, "notes.md": "# Notes\n", ".github/workflows/release.yml": workflow})
    found = facts(tmp_path)
    notes = ChangelogText(path="notes.md", text="# Notes\n")
    assert (found.prefix, found.heading_prefix, found.changelog) == ("x-", "x", notes)
    given = facts(tmp_path, prefix="", changelog="CHANGELOG.md")
    assert (given.prefix, given.changelog) == ("", CHANGELOG)


@pytest.mark.parametrize(
    ("given", "policy"), [("", "error"), ("{on-missing: unreleased}", "unreleased"), ("{on-missing: emtpy}", "error")]
)
def test_the_policy_for_missing_notes_is_that_of_the_workflow(tmp_path: Path, given: str, policy: str) -> None:
    """An unknown word is reported by another rule."""
    call = f"jobs: {{a: {{uses: octo/tagship/.github/workflows/python-build.yml@v1, with: {given or '{}'}}}}}\n"
    new_repository(tmp_path, {**FILES, ".github/workflows/release.yml": call})
    assert facts(tmp_path).on_missing == policy


@pytest.mark.parametrize(
    ("version", "path"), [("1.1.0", "docs/releases/1.1.0.md"), ("1.2.0", "docs/releases/1.1.0.md")]
)
def test_a_project_may_have_a_file_for_each_version(tmp_path: Path, version: str, path: str) -> None:
    """Before the file of the next version is written, that of the last release is the changelog."""
    pages = {f"docs/releases/{one}.md": f"# {one}\n\nHello.\n" for one in ("1.0.0", "1.1.0")}
    pyproject = PYPROJECT.replace('"1.0"', f'"{version}"')
    repository = new_repository(tmp_path, {"pyproject.toml": pyproject, **pages}, tag="v1.0.0")
    if version != "1.1.0":
        repository.git("tag", "v1.1.0")
    found = facts(tmp_path).changelog
    assert isinstance(found, ChangelogText)
    assert (found.path, found.version) == (path, "1.1.0")


def test_branches_of_earlier_series_become_patterns(tmp_path: Path) -> None:
    """The next release may come from a branch that does not exist yet."""
    repository = new_repository(tmp_path, FILES, tag="v1.0.0")
    for number, branch in enumerate(("8.0.x", "8.1.x", "stable"), 1):
        repository.git("checkout", "--quiet", "-b", branch)
        repository.commit({"a": str(number)})
        repository.git("tag", f"v1.{number}.0")
        repository.git("checkout", "--quiet", "main")
    assert facts(tmp_path).release_branches == ("main", "stable", "[0-9]*.[0-9]*.x")


def test_a_name_that_is_passed_overrides_the_declared_one(tmp_path: Path) -> None:
    """The name determines the usual tag prefix of a package in a folder."""
    new_repository(tmp_path, {"packages/core/setup.py": "import names\n"})
    found = facts(tmp_path / "packages" / "core", name="Hello")
    assert (found.declaration.name, found.prefix) == ("Hello", "hello-v")


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        pytest.param(b"[", "Parsing pyproject.toml failed", id="invalid TOML"),
        pytest.param(b'[project]\nname = "\xe9"\n', "is not UTF-8: line 2", id="another encoding"),
    ],
)
def test_an_unreadable_project_file_is_a_fact(tmp_path: Path, data: bytes, cause: str) -> None:
    """The error is reported together with all other findings."""
    (tmp_path / "pyproject.toml").write_bytes(data)
    (problem,) = facts_of_checkout(tmp_path).problems
    assert problem.topic == "unreadable-project-file"
    assert cause in problem.found


def test_a_setup_script_may_have_another_encoding(tmp_path: Path) -> None:
    """Python allows it, unlike TOML."""
    (tmp_path / "setup.py").write_bytes(b"# -*- coding: latin-1 -*- \xe9\nsetup(name='hello')\n")
    found = facts_of_checkout(tmp_path)
    assert (found.declaration.name, found.problems) == ("hello", ())


def test_a_missing_changelog_is_a_fact(tmp_path: Path) -> None:
    """The search fails with a problem; without notes no changelog is read."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    for named, topic in (("auto", "no-changelog"), ("NEWS.md", "changelog-not-found")):
        changelog = facts_of_checkout(tmp_path, changelog=named).changelog
        assert isinstance(changelog, Problem)
        assert changelog.topic == topic
    assert facts_of_checkout(tmp_path, changelog="none").changelog is None


def test_a_missing_folder_has_no_facts(tmp_path: Path) -> None:
    """Other checks report the missing folder."""
    found = facts_of_checkout(tmp_path, "packages/hello")
    assert (found.files, found.checks) == ({}, None)


def test_a_folder_outside_of_a_clone_is_refused(tmp_path: Path) -> None:
    """A release requires a repository."""
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Failure) as failure:
            facts(path)
        assert failure.value.problems[0].topic == "no-checkout"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(["packages/a/poetry.lock", "uv.lock"], "packages/a/poetry.lock", id="of the project"),
        pytest.param(["uv.lock"], "uv.lock", id="of the workspace"),
        pytest.param(["packages/uv.lock"], "", id="of a folder that is not a workspace"),
        pytest.param(["packages/a/uv.lock", "packages/a/poetry.lock"], "packages/a/poetry.lock", id="not for uv"),
        pytest.param([], "", id="none"),
    ],
)
def test_the_lock_file_is_that_of_the_project_or_its_workspace(tmp_path: Path, files: list[str], expected: str) -> None:
    """A lock file of another project in the repository does not count."""
    (tmp_path / "packages/a").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.uv.workspace]\nmembers = ['packages/*']\n")
    (tmp_path / "packages/a/pyproject.toml").write_text("[tool.poetry]\nname = 'a'\n")
    for name in files:
        (tmp_path / name).write_text("version = 1\n")

    found = facts_of_checkout(tmp_path, "packages/a")

    assert (found.lock, found.lock_text) == (expected, "version = 1\n" if expected else "")
