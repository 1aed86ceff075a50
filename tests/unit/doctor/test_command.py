"""``tagship doctor`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from support.indexes import ScriptedIndex, serving
from support.repositories import GitRepository, new_repository
from tagship.initialise.workflow import caller_workflow
from tagship.main import main
from tools.examples import EXAMPLES

PYPROJECT = (
    '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    '[project]\nname = "your-package"\nversion = "1.2.0"\nrequires-python = ">=3.11"\n'
)
FILES = {
    "pyproject.toml": PYPROJECT,
    "tox.ini": "[tox]\n",
    "CHANGELOG.md": "# Changes\n\n## 1.2.0\n\nHello.\n",
    ".github/workflows/release.yml": caller_workflow(EXAMPLES[None]),
}


@pytest.fixture
def project(tmp_path: Path) -> GitRepository:
    """Return a project that is ready for a release."""
    return new_repository(tmp_path / "project", FILES)


def doctor(project: GitRepository, *flags: str) -> int:
    """Return the exit status of ``tagship doctor`` with ``flags``."""
    return main(["doctor", str(project.path), *flags], {"PATH": "/usr/bin:/bin"})


def test_a_sound_project_passes(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow from init and a complete changelog have no error, with and without a tag."""
    assert doctor(project) == 0
    assert doctor(project, "--tag", "v1.2.0") == 0
    assert "your-package 1.2.0: no problems found.\n" in capsys.readouterr().out


def test_an_error_exits_with_status_1(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """The output contains place, problem and remedy."""
    assert doctor(project, "--tag", "v1.3.0") == 1
    said = capsys.readouterr().out
    assert said.startswith("❌ error missing-section\n   CHANGELOG.md:3: CHANGELOG.md has no section for 1.3.0.")
    assert "❌ error version-mismatch\n   pyproject.toml:6: pyproject.toml has version 1.2.0, but the tag" in said


def test_metadata_that_pypi_refuses_is_an_error(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """The value of ``index-rules`` in the release workflow decides which rules apply."""
    project.commit({"pyproject.toml": PYPROJECT + 'classifiers = [\n  "Private :: Do Not Upload",\n]\n'})

    assert doctor(project) == 1
    assert "pyproject.toml:9: PyPI refuses pyproject.toml: Classifier: 'Private" in capsys.readouterr().out
    workflow = FILES[".github/workflows/release.yml"]
    workflow = workflow.replace("python-build.yml@v1\n", "python-build.yml@v1\n    with: {index-rules: none}\n")
    project.commit({".github/workflows/release.yml": workflow})
    assert doctor(project) == 0


def test_the_example_on_the_page_is_current(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """The docs show the exact output of the command."""
    page = (Path(__file__).parents[3] / "docs" / "doctor.md").read_text("utf-8")
    workflow = """\
        name: Release
        on:
          push: {tags: ["v*"]}
        permissions: {}
        jobs:
          release:
            permissions: {contents: write}
            steps:
              - uses: actions/checkout@v4
                with: {persist-credentials: false}
              - run: gh release create "$GITHUB_REF_NAME"
        """
    project.commit({".github/workflows/release.yml": dedent(workflow)})
    assert doctor(project, "--tag", "v1.3.0") == 1
    assert page.partition("```text\n")[2].partition("```")[0] == capsys.readouterr().out


def test_a_program_gets_json(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """The findings and the exit status are the same as in text."""
    assert doctor(project, "--tag", "v1.3.0", "--json") == 1
    value = json.loads(capsys.readouterr().out)
    assert (value["name"], value["version"], value["tag"]) == ("your-package", "1.3.0", "v1.3.0")
    assert [finding["rule"] for finding in value["findings"] if finding["level"] == "error"] == [
        "missing-section",
        "version-mismatch",
    ]


def test_the_index_is_checked_online(
    project: GitRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An existing version is an error; without ``--online`` no request is sent."""
    wheel = tmp_path / "your_package-1.2.0-py3-none-any.whl"
    wheel.write_bytes(b"")
    with serving(ScriptedIndex(script=[[wheel]])) as index:
        assert doctor(project, "--index-url", index.url) == 0
        assert index.requests == []
        assert doctor(project, "--index-url", index.url, "--online") == 1
        assert [path for path, _ in index.requests] == ["/simple/your-package/"]
    assert "your-package 1.2.0 already exists on" in capsys.readouterr().out


def test_control_characters_are_escaped(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Text from a workflow cannot control the terminal."""
    project.commit({".github/workflows/x.yml": 'on: release\njobs: {"a\\e[2J": {steps: [uses: a/b@c]}}\n'})
    doctor(project)
    assert "\x1b" not in capsys.readouterr().out


def test_a_folder_outside_of_a_clone_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message contains the folder and the remedy."""
    assert main(["doctor", str(tmp_path)], {"PATH": "/usr/bin:/bin"}) == 1
    assert f"{tmp_path} is not in a git checkout.\n   → Run the command in a clone" in capsys.readouterr().err


def test_fixes_are_applied(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Each finding with an edit is fixed, with the line endings of its file, and the rest is reported."""
    text = (
        "on:\n  push: {tags: ['v*']}\npermissions: {}\nconcurrency: {group: x, cancel-in-progress: true}\njobs:\n"
        "  build:\n    uses: octo/tagship/.github/workflows/python-build.yml@v1\n"
        "  release:\n    permissions: {contents: write}\n    steps:\n"
        "      - uses: actions/checkout@v4\n      - uses: actions/checkout@v4\n        with: {fetch-depth: 0}\n"
        "      - uses: actions/checkout@v4\n        with:\n          fetch-depth: 0\n"
        "      - uses: actions/download-artifact@v8\n      - run: gh release create\n"
    )
    path = project.path / ".github/workflows/release.yml"
    path.write_text(text, newline="\r\n")
    assert doctor(project, "--tag", "v1.3.0", "--fix") == 1
    fixed = path.read_bytes().decode()
    assert fixed.count("\n") == fixed.count("\r\n")
    assert fixed.count("persist-credentials: false") == 3
    assert "with: {persist-credentials: false, fetch-depth: 0}" in fixed
    assert "cancel-in-progress: false" in fixed
    assert "download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1" in fixed
    assert 'version = "1.3.0"' in (project.path / "pyproject.toml").read_text()
    said = capsys.readouterr()
    assert "Fixed version-mismatch: pyproject.toml:6\n" in said.err
    assert "missing-section" in said.out
    assert "persisted-token" not in said.out


def test_a_comment_silences_a_finding(project: GitRepository) -> None:
    """An error that a comment ignores on its line or the line above does not fail the command."""
    pyproject = PYPROJECT.replace('version = "1.2.0"', 'version = "1.2.0" # tagship: ignore[version-mismatch]')
    changelog = "# Changes\n<!-- tagship: ignore[missing-section] -->\n## 1.2.0\n\nHello.\n"
    project.commit({"pyproject.toml": pyproject, "CHANGELOG.md": changelog})
    assert doctor(project, "--tag", "v1.3.0") == 0
    assert doctor(project, "--tag", "1.3.0", "--tag-prefix", "v") == 1


def test_findings_can_be_annotations(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """On GitHub each finding is an annotation at its line."""
    assert doctor(project, "--tag", "v1.3.0", "--format", "github") == 1
    assert "::error title=version-mismatch,file=pyproject.toml,line=6::" in capsys.readouterr().out
