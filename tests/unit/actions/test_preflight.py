"""Preflight over real repositories, a real index and the embedded GitHub."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from support.github import TOKEN, github_under_test
from support.pages import Page, pages
from support.repositories import GitRepository, new_repository
from support.running import Ran, run_action
from support.runtimes import recorded_world
from tagship.contract.writing import output_texts

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = """
[project]
name = "hello"
version = "1.2.0"
requires-python = ">=3.11"
classifiers = ["Programming Language :: Python :: 3.11", "Programming Language :: Python :: 3.12"]
"""
CHANGELOG = "# Changelog\n\n## 1.2.0 - 2026-11-01\n\n- More\n\n## 1.1.0 - 2026-10-01\n\n- First\n"
FILES = {"pyproject.toml": PYPROJECT, "CHANGELOG.md": CHANGELOG}


def project(tmp_path: Path, files: dict[str, str] | None = None, *, tag: str = "v1.2.0") -> GitRepository:
    """Return a repository with an older tag and a commit that is ready to be released."""
    repository = new_repository(tmp_path / "workspace", tag="v1.1.0")
    repository.commit({**FILES, **(files or {})})
    if tag:
        repository.git("tag", "--annotate", "--message", tag, tag)
    return repository


def preflight(repository: GitRepository, tmp_path: Path, *, context: dict[str, Any] | None = None, **given: str) -> Ran:
    """Preflight over the repository; no index and no GitHub is asked unless a test says so."""
    recorded = recorded_world(repository.path, tmp_path / "temporary", **(context or {}))
    return run_action("preflight", recorded, **{"index_url": "none", **given})


def test_a_good_release_passes(tmp_path: Path) -> None:
    """Everything that later jobs want to know is an output."""
    ran = preflight(project(tmp_path), tmp_path)

    assert ran.topics == []
    assert output_texts(ran.outputs) == {
        "release": "true",
        "tag": "v1.2.0",
        "version": "1.2.0",
        "prerelease": "false",
        "latest": "true",
        "previous-tag": "v1.1.0",
        "name": "hello",
        "python-versions": '["3.11","3.12"]',
    }
    assert ran.runner.summary.startswith("### ✅ Preflight: v1.2.0\n")
    assert ran.runner.annotations == []


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    """One run is enough to learn of all that must be mended."""
    workflow = "on: push\njobs: {publish: {steps: [{uses: pypa/gh-action-pypi-publish@v1}]}}\n"
    repository = project(tmp_path, {".github/workflows/release.yml": workflow}, tag="")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit({"x": "y"})
    repository.git("tag", "v1.3.0")
    repository.git("checkout", "--quiet", "main")

    ran = preflight(repository, tmp_path, tag="v1.3.0")

    assert ran.topics == [
        "tag-not-checked-out",
        "tag-not-on-branch",
        "version-mismatch",
        "missing-section",
        "no-id-token",
    ]
    assert ran.failure is not None
    assert "| ✅ History |" in ran.failure.summary


def test_a_tag_that_is_no_version_does_not_hide_the_rest(tmp_path: Path) -> None:
    """The other facts are looked at all the same."""
    ran = preflight(project(tmp_path, {"pyproject.toml": "["}, tag="vNext"), tmp_path, tag="vNext")

    assert ran.topics == ["tag-is-not-a-version", "unreadable-project-file"]
    assert "What it should say is not known without a version." in ran.runner.text


def test_a_shallow_clone_is_told_with_its_remedy(tmp_path: Path) -> None:
    """The line that mends the workflow is named, and nothing that follows from it."""
    origin = project(tmp_path)
    shallow = GitRepository(tmp_path / "shallow")
    origin.git("clone", "--quiet", "--depth=1", "--branch=v1.2.0", origin.path.as_uri(), str(shallow.path))

    ran = preflight(shallow, tmp_path)

    assert ran.topics == ["shallow-clone"]
    assert "fetch-depth: 0" in str(ran.failure)


def test_a_clone_at_the_tag_knows_its_branch(tmp_path: Path) -> None:
    """On a runner the branch is that of the remote, and nothing local has its name."""
    origin = project(tmp_path)
    clone = GitRepository(tmp_path / "clone")
    origin.git("clone", "--quiet", origin.path.as_uri(), str(clone.path))
    clone.git("checkout", "--quiet", "v1.2.0")
    clone.git("branch", "--quiet", "-D", "main")

    assert preflight(clone, tmp_path).topics == []
    assert preflight(clone, tmp_path, branch="gone").topics == ["branch-not-in-checkout"]


def test_a_maintenance_release_is_not_latest(tmp_path: Path) -> None:
    """A higher final version is out, and the release comes from a branch of its own."""
    repository = project(tmp_path)
    repository.git("checkout", "--quiet", "-b", "1.1.x", "v1.1.0")
    changed = {"pyproject.toml": PYPROJECT.replace("1.2.0", "1.1.1"), "CHANGELOG.md": "## 1.1.1\n\n- Mended\n"}
    repository.commit(changed)
    repository.git("tag", "v1.1.1")

    assert preflight(repository, tmp_path, tag="v1.1.1").topics == ["tag-not-on-branch"]
    ran = preflight(repository, tmp_path, tag="v1.1.1", branch="main\n1.1.x")
    assert (ran.topics, ran.outputs.latest, ran.outputs.previous_tag) == ([], False, "v1.1.0")


def test_a_prerelease_is_known(tmp_path: Path) -> None:
    """The tag may spell the version in its own way."""
    files = {
        "pyproject.toml": PYPROJECT.replace("1.2.0", "1.3.0rc1"),
        "CHANGELOG.md": CHANGELOG.replace("1.2.0", "1.3.0-rc1"),
    }
    ran = preflight(project(tmp_path, files, tag="v1.3.0-rc1"), tmp_path, tag="v1.3.0-rc1")

    assert ran.topics == []
    assert (ran.outputs.version, ran.outputs.prerelease, ran.outputs.latest) == ("1.3.0rc1", True, False)


def test_a_package_among_several(tmp_path: Path) -> None:
    """Its own tags, folder and section count."""
    repository = new_repository(tmp_path / "workspace", tag="v9.0")
    files = {f"packages/core/{name}": text for name, text in FILES.items()}
    repository.commit(files)
    repository.git("tag", "core-v1.2.0")

    ran = preflight(repository, tmp_path, tag="core-v1.2.0", tag_prefix="core-v", working_directory="packages/core")

    assert ran.topics == []
    assert (ran.outputs.name, ran.outputs.latest, ran.outputs.previous_tag) == ("hello", True, "")


def test_on_a_branch_nothing_is_released(tmp_path: Path) -> None:
    """Only what does not concern a tag is looked at, and it is said."""
    ran = preflight(
        project(tmp_path, {"CHANGELOG.md": ""}), tmp_path, context={"ref_type": "branch", "ref_name": "main"}
    )

    assert ran.topics == []
    assert (ran.outputs.release, ran.outputs.tag, ran.outputs.version) == (False, "", "")
    assert (ran.outputs.previous_tag, ran.outputs.name) == ("v1.2.0", "hello")
    assert "not for a tag: build and verify, no release" in ran.runner.text
    assert ran.runner.summary.startswith("### ⏭️ Preflight: no release\n")


def test_a_tag_given_on_a_branch_is_released(tmp_path: Path) -> None:
    """Started by hand from a branch, with a tag to release."""
    ran = preflight(project(tmp_path), tmp_path, tag="v1.2.0", context={"ref_type": "branch", "ref_name": "main"})

    assert (ran.topics, ran.outputs.release) == ([], True)


@pytest.mark.parametrize(
    ("files", "given", "topics"),
    [
        pytest.param({"CHANGELOG.md": ""}, {"changelog": "none"}, [], id="no changelog is wanted"),
        pytest.param({"NOTES.md": CHANGELOG, "CHANGELOG.md": ""}, {"changelog": "NOTES.md"}, [], id="another file"),
        pytest.param({}, {"changelog": "NOTES.md"}, ["no-changelog"], id="a file that is not there"),
        pytest.param(
            {"pyproject.toml": PYPROJECT.replace(">=3.11", ">=3.14")},
            {},
            ["wrong-requires-python"],
            id="no Python is left",
        ),
        pytest.param({"pyproject.toml": "["}, {}, ["unreadable-project-file"], id="no TOML"),
        pytest.param({}, {"working_directory": "gone"}, ["no-such-folder"], id="no such folder"),
        pytest.param({}, {"python_versions": "3.10 3.1"}, ["wrong-python-version"], id="a version YAML ate"),
    ],
)
def test_what_can_be_set(tmp_path: Path, files: dict[str, str], given: dict[str, Any], topics: list[str]) -> None:
    """Inputs change what is looked at, and a wrong one is told."""
    assert preflight(project(tmp_path, files), tmp_path, **given).topics == topics


def test_pythons_can_be_listed(tmp_path: Path) -> None:
    """A list of one's own becomes the JSON that a matrix wants."""
    ran = preflight(project(tmp_path), tmp_path, python_versions="3.10, 3.14t")

    assert output_texts(ran.outputs)["python-versions"] == '["3.10","3.14t"]'


def test_a_folder_that_is_no_checkout_is_told(tmp_path: Path) -> None:
    """Nothing is known about tags there."""
    folder = GitRepository(tmp_path / "plain")
    folder.path.mkdir()
    for name, text in FILES.items():
        (folder.path / name).write_text(text)

    assert preflight(folder, tmp_path).topics == ["no-checkout"]


@pytest.mark.parametrize(
    ("page", "given", "topics", "warnings"),
    [
        pytest.param(Page(json.dumps({"files": []})), {}, [], 0, id="a version that is new"),
        pytest.param(Page(status=404), {}, [], 0, id="a project that is new"),
        pytest.param(
            Page(json.dumps({"files": [{"filename": "hello-1.2.tar.gz", "url": "x"}]})),
            {},
            ["version-on-index"],
            0,
            id="it is there",
        ),
        pytest.param(
            Page(json.dumps({"files": [{"filename": "hello-1.2.tar.gz", "url": "x"}]})),
            {"on_published": "warn"},
            [],
            1,
            id="it is there, and the release is to be finished",
        ),
        pytest.param(Page(status=403), {}, [], 1, id="an index that does not answer"),
    ],
)
def test_the_index_is_asked(
    tmp_path: Path, page: Page, given: dict[str, Any], topics: list[str], warnings: int
) -> None:
    """Equal by PEP 440 is the same version; an index that cannot be asked warns."""
    with pages({"/simple/hello/": [page]}) as index:
        url = index.url.replace("http://", "http://user:s3cret@")
        ran = preflight(project(tmp_path), tmp_path, index_url=f"{url}/simple/", **given)

    assert (ran.topics, len(ran.runner.annotations)) == (topics, warnings)
    assert "s3cret" not in ran.runner.text + str(ran.failure) + str(ran.runner.annotations)


@pytest.mark.parametrize(
    ("release", "topics"),
    [
        pytest.param(
            {"tag_name": "v1.2.0", "immutable": True},
            ["422-cannot-upload-assets-to-an-immutable-release"],
            id="one that takes no more files",
        ),
        pytest.param({"tag_name": "v1.2.0"}, [], id="one that can be brought up to date"),
        pytest.param({"tag_name": "v1.1.0"}, [], id="one of another tag"),
    ],
)
def test_github_is_asked_for_a_release_in_the_way(tmp_path: Path, release: dict[str, Any], topics: list[str]) -> None:
    """Only a release that takes no more files stops."""
    with github_under_test(tmp_path / "hub", repository={"releases": [release]}) as hub:
        ran = preflight(project(tmp_path), tmp_path, token=TOKEN, context={"api_url": hub.server.url})

    assert ran.topics == topics
    assert "GitHub was not asked" not in ran.runner.text


def test_a_github_that_does_not_answer_is_told(tmp_path: Path) -> None:
    """It stops nothing: gh-release would tell before it touches anything."""
    ran = preflight(project(tmp_path), tmp_path, token="t", context={"api_url": "http://127.0.0.1:9"})

    assert ran.topics == []
    assert "GitHub was not asked for a release of v1.2.0: no response" in ran.runner.text


def test_a_workflow_that_publishes_is_held_to_what_pypi_wants(tmp_path: Path) -> None:
    """The running workflow must be let in; the advice is left out where nothing publishes that way."""
    path = ".github/workflows/release.yml"
    workflow = "on: push\njobs: {publish: {steps: [{uses: pypa/gh-action-pypi-publish@v1}]}}\n"
    repository = project(tmp_path, {path: workflow})
    context = {"workflow_ref": f"octo/hello/{path}@refs/tags/v1.2.0"}

    assert preflight(repository, tmp_path, context=context).topics == ["no-id-token"]
    other = {"workflow_ref": "octo/hello/.github/workflows/other.yml@refs/tags/v1.2.0"}
    ran = preflight(repository, tmp_path, context=other)
    assert ran.topics == []
    assert [title for _, title, _ in ran.runner.annotations] == ["Preflight"]


def test_an_ordinary_repository_takes_less_than_two_seconds(tmp_path: Path) -> None:
    """Hundreds of tags and commits, and an index that answers: nobody waits for it."""
    repository = project(tmp_path)
    stream = "".join(
        f"commit refs/heads/old\nmark :{number}\ncommitter O <o@x> {number} +0000\ndata 0\n\n"
        f"reset refs/tags/v0.{number}\nfrom :{number}\n\n"
        for number in range(1, 600)
    )
    (tmp_path / "stream").write_text(stream)
    repository.git("-c", "alias.load=!git fast-import --quiet <../stream", "load")
    with pages({"/simple/hello/": [Page(json.dumps({"files": []}))]}) as index:
        seconds = []
        for _ in range(3):
            started = time.monotonic()
            assert preflight(repository, tmp_path, index_url=f"{index.url}/simple/").topics == []
            seconds.append(time.monotonic() - started)

    # The machine may be busy with something else once.
    assert min(seconds) < 2
