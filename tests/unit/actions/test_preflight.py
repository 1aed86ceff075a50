"""preflight on real repositories, a real index and the embedded GitHub."""

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
from tagship.contract.conversion import output_texts
from tagship.core.preflight.wheels import RUNNERS

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
    """Return a repository with an older tag and a commit that is ready for release."""
    repository = new_repository(tmp_path / "workspace", tag="v1.1.0")
    repository.commit({**FILES, **(files or {})})
    if tag:
        repository.git("tag", "--annotate", "--message", tag, tag)
    return repository


def preflight(repository: GitRepository, tmp_path: Path, *, context: dict[str, Any] | None = None, **given: str) -> Ran:
    """Run preflight on the repository, without an index and a GitHub by default."""
    recorded = recorded_world(repository.path, tmp_path / "temporary", **(context or {}))
    return run_action("preflight", recorded, **{"index_url": "none", **given})


def test_a_good_release_passes(tmp_path: Path) -> None:
    """All facts for later jobs are outputs."""
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
        "verify-pythons": '["3.11","3.12"]',
        "build-python": "3.12",
        "wheels": "pure",
        "wheel-runners": json.dumps(RUNNERS.split(), separators=(",", ":")),
        "trusted": "false",
    }
    assert ran.runner.summary.startswith("### ✅ Preflight: v1.2.0\n")
    assert ran.runner.annotations == []


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    """One run reports every problem that must be fixed."""
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
        "missing-id-token-permission",
    ]
    assert ran.failure is not None
    assert "| ✅&nbsp;History |" in ran.failure.summary


def test_metadata_that_pypi_refuses_stops_the_release(tmp_path: Path) -> None:
    """The message has the line, and another index may accept it."""
    files = {"pyproject.toml": PYPROJECT + 'dependencies = ["a @ https://example.org/a.whl"]\n'}
    repository = project(tmp_path, files)

    ran = preflight(repository, tmp_path)

    assert ran.topics == ["refused-by-pypi"]
    assert "PyPI refuses pyproject.toml: Requires-Dist: Can't have direct dependency: a @ " in str(ran.failure)
    assert preflight(repository, tmp_path, index_rules="none").topics == []


def test_findings_of_tagship_doctor_can_be_included(tmp_path: Path) -> None:
    """An error stops the release and a warning is an annotation, each once; notes are left out."""
    workflow = (
        "on: {push: {tags: ['v*']}}\njobs:\n  build:\n    permissions: {}\n"
        "    uses: OWNER/tagship/.github/workflows/python-build.yml@v1\n"
        "  release:\n    needs: build\n    permissions: write-all\n"
        "    steps: [{uses: pypa/gh-action-pypi-publish@release/v1}]\n"
    )
    repository = project(tmp_path, {".github/workflows/release.yml": workflow, "pyproject.toml": f"{PYPROJECT}\n"})

    assert preflight(repository, tmp_path).topics == []
    ran = preflight(repository, tmp_path, doctor="true", tag="v1.2.0")

    assert sorted(ran.topics) == ["doctor-finding", "no-checks"]
    assert "Job build calls python-build.yml without contents: read: GitHub rejects the run. [call-without-" in str(
        ran.failure
    )
    warnings = [text.partition("\n")[0] for level, _, text in ran.runner.annotations if level == "warning"]
    assert "Job release has `permissions: write-all`. [write-all]" in warnings
    assert len(set(warnings)) == len(warnings)


def test_an_invalid_version_in_the_tag_hides_no_other_problem(tmp_path: Path) -> None:
    """The other checks run nevertheless."""
    ran = preflight(project(tmp_path, {"pyproject.toml": "["}, tag="vNext"), tmp_path, tag="vNext")

    assert ran.topics == ["tag-is-not-a-version", "unreadable-project-file"]
    assert "The changelog was not checked: the version is unknown." in ran.runner.text


def test_a_shallow_clone_is_reported_with_its_remedy(tmp_path: Path) -> None:
    """The remedy is the line for the workflow, and no consequential problem is reported."""
    origin = project(tmp_path)
    shallow = GitRepository(tmp_path / "shallow")
    origin.git("clone", "--quiet", "--depth=1", "--branch=v1.2.0", origin.path.as_uri(), str(shallow.path))

    ran = preflight(shallow, tmp_path)

    assert ran.topics == ["shallow-clone"]
    assert "fetch-depth: 0" in str(ran.failure)


def test_the_branch_is_found_in_a_clone_at_the_tag(tmp_path: Path) -> None:
    """On a runner only the remote branch exists, not a local one."""
    origin = project(tmp_path)
    clone = GitRepository(tmp_path / "clone")
    origin.git("clone", "--quiet", origin.path.as_uri(), str(clone.path))
    clone.git("checkout", "--quiet", "v1.2.0")
    clone.git("branch", "--quiet", "-D", "main")

    assert preflight(clone, tmp_path).topics == []
    assert preflight(clone, tmp_path, branch="gone").topics == ["branch-not-in-checkout"]


def test_a_maintenance_release_is_not_latest(tmp_path: Path) -> None:
    """A release from a maintenance branch is not Latest if a higher final version exists."""
    repository = project(tmp_path)
    repository.git("checkout", "--quiet", "-b", "1.1.x", "v1.1.0")
    changed = {"pyproject.toml": PYPROJECT.replace("1.2.0", "1.1.1"), "CHANGELOG.md": "## 1.1.1\n\n- Fixed\n"}
    repository.commit(changed)
    repository.git("tag", "v1.1.1")

    refused = preflight(repository, tmp_path, tag="v1.1.1")
    assert refused.topics == ["tag-not-on-branch"]
    assert "`branch: 1.1.x`" in str(refused.failure)
    ran = preflight(repository, tmp_path, tag="v1.1.1", branch="main\n1.1.x")
    assert (ran.topics, ran.outputs.latest, ran.outputs.previous_tag) == ([], False, "v1.1.0")


def test_a_prerelease_is_recognised(tmp_path: Path) -> None:
    """The tag may spell the version in any form of PEP 440."""
    files = {
        "pyproject.toml": PYPROJECT.replace("1.2.0", "1.3.0rc1"),
        "CHANGELOG.md": CHANGELOG.replace("1.2.0", "1.3.0-rc1"),
    }
    ran = preflight(project(tmp_path, files, tag="v1.3.0-rc1"), tmp_path, tag="v1.3.0-rc1")

    assert ran.topics == []
    assert (ran.outputs.version, ran.outputs.prerelease, ran.outputs.latest) == ("1.3.0rc1", True, False)


def test_one_package_of_a_monorepo(tmp_path: Path) -> None:
    """Only the package's own tags, folder and section are used."""
    repository = new_repository(tmp_path / "workspace", tag="v9.0")
    files = {f"packages/core/{name}": text for name, text in FILES.items()}
    repository.commit(files)
    repository.git("tag", "core-v1.2.0")

    ran = preflight(repository, tmp_path, tag="core-v1.2.0", tag_prefix="core-v", working_directory="packages/core")

    assert ran.topics == []
    assert (ran.outputs.name, ran.outputs.latest, ran.outputs.previous_tag) == ("hello", True, "")


def test_a_branch_is_not_released(tmp_path: Path) -> None:
    """On a branch only the checks without a tag run, and the summary says so."""
    ran = preflight(
        project(tmp_path, {"CHANGELOG.md": ""}), tmp_path, context={"ref_type": "branch", "ref_name": "main"}
    )

    assert ran.topics == []
    assert (ran.outputs.release, ran.outputs.tag, ran.outputs.version) == (False, "", "")
    assert (ran.outputs.previous_tag, ran.outputs.name) == ("v1.2.0", "hello")
    assert "not for a tag: build and verify only" in ran.runner.text
    assert ran.runner.summary.startswith("### ⏭️ Preflight: no release\n")


def test_a_tag_input_on_a_branch_is_released(tmp_path: Path) -> None:
    """A manual run on a branch can have a tag to release."""
    ran = preflight(project(tmp_path), tmp_path, tag="v1.2.0", context={"ref_type": "branch", "ref_name": "main"})

    assert (ran.topics, ran.outputs.release) == ([], True)


@pytest.mark.parametrize(
    ("files", "given", "topics"),
    [
        pytest.param({"CHANGELOG.md": ""}, {"changelog": "none"}, [], id="releases without a changelog"),
        pytest.param({"NOTES.md": CHANGELOG, "CHANGELOG.md": ""}, {"changelog": "NOTES.md"}, [], id="another file"),
        pytest.param({}, {"changelog": "NOTES.md"}, ["changelog-not-found"], id="a missing file"),
        pytest.param(
            {"pyproject.toml": PYPROJECT.replace(">=3.11", ">=3.14")},
            {},
            ["wrong-requires-python"],
            id="an empty range of Pythons",
        ),
        pytest.param({"pyproject.toml": "["}, {}, ["unreadable-project-file"], id="a malformed pyproject.toml"),
        pytest.param(
            {}, {"working_directory": "gone"}, ["working-directory-not-found"], id="a missing working directory"
        ),
        pytest.param({}, {"python_versions": "3.10 3.1"}, ["wrong-python-version"], id="a version shortened by YAML"),
    ],
)
def test_inputs_change_the_checks(
    tmp_path: Path, files: dict[str, str], given: dict[str, Any], topics: list[str]
) -> None:
    """An input selects other facts to check, and a wrong one is reported."""
    assert preflight(project(tmp_path, files), tmp_path, **given).topics == topics


def test_python_versions_can_be_listed(tmp_path: Path) -> None:
    """A list of versions becomes the JSON for a matrix."""
    ran = preflight(project(tmp_path), tmp_path, python_versions="3.12, 3.14t")

    assert output_texts(ran.outputs)["python-versions"] == '["3.12","3.14t"]'


def test_a_folder_without_git_is_reported(tmp_path: Path) -> None:
    """Tags are unknown without a git checkout."""
    folder = GitRepository(tmp_path / "plain")
    folder.path.mkdir()
    for name, text in FILES.items():
        (folder.path / name).write_text(text)

    assert preflight(folder, tmp_path).topics == ["no-checkout"]


@pytest.mark.parametrize(
    ("page", "given", "topics", "warnings"),
    [
        pytest.param(Page(json.dumps({"files": []})), {}, [], 0, id="a new version"),
        pytest.param(Page(status=404), {}, [], 0, id="a new project"),
        pytest.param(
            Page(json.dumps({"files": [{"filename": "hello-1.2.tar.gz", "url": "x"}]})),
            {},
            ["version-on-index"],
            0,
            id="a published version",
        ),
        pytest.param(
            Page(json.dumps({"files": [{"filename": "hello-1.2.tar.gz", "url": "x"}]})),
            {"on_published": "warn"},
            [],
            1,
            id="a published version of an interrupted release",
        ),
        pytest.param(Page(status=403), {}, [], 1, id="an index that refuses the request"),
    ],
)
def test_the_index_is_checked(
    tmp_path: Path, page: Page, given: dict[str, Any], topics: list[str], warnings: int
) -> None:
    """A version that is equal by PEP 440 is the same version, and an unreachable index is a warning."""
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
            id="an immutable release",
        ),
        pytest.param({"tag_name": "v1.2.0"}, [], id="a release that can be updated"),
        pytest.param({"tag_name": "v1.1.0"}, [], id="a release of another tag"),
    ],
)
def test_existing_releases_on_github_are_checked(tmp_path: Path, release: dict[str, Any], topics: list[str]) -> None:
    """Only a release that accepts no more files is a problem."""
    with github_under_test(tmp_path / "hub", repository={"releases": [release]}) as hub:
        ran = preflight(project(tmp_path), tmp_path, token=TOKEN, context={"api_url": hub.server.url})

    assert ran.topics == topics
    assert "on GitHub was not checked" not in ran.runner.text
    assert "GitHub was not asked" not in ran.runner.text


@pytest.mark.parametrize(
    ("conclusion", "status", "trusted"),
    [
        pytest.param("success", 200, "true", id="all passed"),
        pytest.param("failure", 200, "false", id="one failed"),
        pytest.param("success", 403, "false", id="the token may not read checks"),
    ],
)
def test_the_checks_of_the_commit_can_replace_the_gate(
    tmp_path: Path, conclusion: str, status: int, trusted: str
) -> None:
    """Only checks that have passed for the tagged commit set the output; nothing else stops the release."""
    repository = project(tmp_path)
    commit = f"/repos/octo/hello/commits/{repository.git('rev-parse', 'HEAD').strip()}"
    run = {"name": "test", "status": "completed", "conclusion": conclusion, "details_url": ""}
    text = json.dumps({"total_count": 1, "check_runs": [run]} if status == 200 else {"message": "Forbidden"})
    answers = {
        f"{commit}/check-runs?page=1&per_page=100": [Page(text, status, "application/json")],
        f"{commit}/status": [Page('{"statuses": []}', content_type="application/json")],
    }
    with pages(answers) as served:
        ran = preflight(repository, tmp_path, token=TOKEN, context={"api_url": served.url}, trust_checks="all")
    assert ran.topics == []
    assert output_texts(ran.outputs)["trusted"] == trusted, ran.runner.summary


def test_an_unreachable_github_is_a_warning(tmp_path: Path) -> None:
    """gh-release reports the problem later, before it changes anything."""
    ran = preflight(project(tmp_path), tmp_path, token="t", context={"api_url": "http://127.0.0.1:9"})

    assert ran.topics == []
    assert "The release of v1.2.0 on GitHub was not checked: no response" in ran.runner.text


def test_a_publishing_workflow_is_checked_against_the_rules_of_pypi(tmp_path: Path) -> None:
    """The running workflow needs id-token permission; other workflows are not checked."""
    path = ".github/workflows/release.yml"
    workflow = "on: push\njobs: {publish: {steps: [{uses: pypa/gh-action-pypi-publish@v1}]}}\n"
    repository = project(tmp_path, {path: workflow})
    context = {"workflow_ref": f"octo/hello/{path}@refs/tags/v1.2.0"}

    assert preflight(repository, tmp_path, context=context).topics == ["missing-id-token-permission"]
    other = {"workflow_ref": "octo/hello/.github/workflows/other.yml@refs/tags/v1.2.0"}
    ran = preflight(repository, tmp_path, context=other)
    assert ran.topics == []
    assert [title for _, title, _ in ran.runner.annotations] == ["Preflight"]


def test_an_ordinary_repository_is_checked_in_two_seconds(tmp_path: Path) -> None:
    """Hundreds of tags and commits and a reachable index cause no delay."""
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

    # The machine may be busy during one of the attempts.
    assert min(seconds) < 2


@pytest.mark.parametrize(
    ("files", "given", "topics", "warnings"),
    [
        pytest.param({}, {}, [], ["No changelog found in the checkout."], id="no changelog"),
        pytest.param({"CHANGES.rst": "1.2.0\n-----\n\n* A\n"}, {}, [], [], id="reStructuredText"),
        pytest.param({"CHANGES.rst": "1.1.0\n-----\n\n* A\n"}, {}, ["missing-section"], [], id="another version"),
        pytest.param(
            {"NEWS": "1.2.0: A fix\n"},
            {},
            [],
            ["No changelog found in the checkout: NEWS has"],
            id="notes without headings",
        ),
        pytest.param({}, {"changelog": "tag"}, [], [], id="the message of the tag"),
        pytest.param(
            {"docs/releases/1.2.0.md": "# 1.2.0\n\nA\n"},
            {"changelog": "docs/releases/{version}.md"},
            [],
            [],
            id="a file",
        ),
        pytest.param(
            {"towncrier.toml": "[tool.towncrier]\n", "newsfragments/1.fix": "A\n"},
            {"on_missing": "fragments"},
            [],
            ["NEWS.rst has no section for 1.2.0."],
            id="fragments",
        ),
        pytest.param({"NEWS.md": "# News\n"}, {"on_missing": "fragments"}, ["missing-section"], [], id="no fragments"),
    ],
)
def test_the_notes_come_from_what_the_project_keeps(
    tmp_path: Path, files: dict[str, str], given: dict[str, str], topics: list[str], warnings: list[str]
) -> None:
    """Only a changelog that exists and lacks the version stops the release."""
    repository = new_repository(tmp_path / "workspace", tag="v1.1.0")
    repository.commit({"pyproject.toml": PYPROJECT, **files})
    repository.git("tag", "--annotate", "--message", "Hello", "v1.2.0")
    ran = preflight(repository, tmp_path, context=None, **given)
    assert ran.topics == topics
    found = [text for level, _, text in ran.runner.annotations if level == "warning"]
    assert len(found) == len(warnings)
    assert all(text.startswith(start) for text, start in zip(found, warnings, strict=True))
