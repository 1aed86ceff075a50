"""``tagship doctor`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from support.indexes import ScriptedIndex, serving
from support.repositories import GitRepository, new_repository
from tagship.initialise.examples import EXAMPLES
from tagship.initialise.workflow import caller_workflow
from tagship.main import main

PYPROJECT = (
    '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    '[project]\nname = "your-package"\nversion = "1.2.0"\nrequires-python = ">=3.11"\n'
)
FILES = {
    "pyproject.toml": PYPROJECT,
    "CHANGELOG.md": "# Changes\n\n## 1.2.0\n\nHello.\n",
    ".github/workflows/release.yml": caller_workflow(EXAMPLES[None]),
}


@pytest.fixture
def project(tmp_path: Path) -> GitRepository:
    """Return a project that can be released."""
    return new_repository(tmp_path / "project", FILES)


def doctor(project: GitRepository, *flags: str) -> int:
    """Return the exit status of ``tagship doctor`` with ``flags``."""
    return main(["doctor", str(project.path), *flags], {"PATH": "/usr/bin:/bin"})


def test_a_sound_project_passes(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """What init wrote and a person filled in has no blocker, whether the tag is named or not."""
    assert doctor(project) == 0
    assert doctor(project, "--tag", "v1.2.0") == 0
    assert "your-package 1.2.0: 2 pieces of advice.\n" in capsys.readouterr().out


def test_a_blocker_ends_in_status_1(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """And says where it is and what to do."""
    assert doctor(project, "--tag", "v1.3.0") == 1
    said = capsys.readouterr().out
    assert said.startswith("❌ blocker CHANGELOG.md:3\n   CHANGELOG.md has no section for 1.3.0.")
    assert "❌ blocker pyproject.toml:6\n   pyproject.toml says version 1.2.0, but the tag says 1.3.0.\n   → " in said


def test_the_page_shows_what_is_printed(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """The example of the page, word for word."""
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
    """The same findings and the same status."""
    assert doctor(project, "--tag", "v1.3.0", "--json") == 1
    value = json.loads(capsys.readouterr().out)
    assert (value["name"], value["version"], value["tag"]) == ("your-package", "1.3.0", "v1.3.0")
    assert [finding["rule"] for finding in value["findings"] if finding["level"] == "blocker"] == [
        "missing-section",
        "version-mismatch",
    ]


def test_the_index_is_asked_where_that_is_wanted(
    project: GitRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A version that is there already blocks; without ``--online`` nobody is asked."""
    wheel = tmp_path / "your_package-1.2.0-py3-none-any.whl"
    wheel.write_bytes(b"")
    with serving(ScriptedIndex(script=[[wheel]])) as index:
        assert doctor(project, "--index-url", index.url) == 0
        assert index.requests == []
        assert doctor(project, "--index-url", index.url, "--online") == 1
        assert [path for path, _ in index.requests] == ["/simple/your-package/"]
    assert "your-package 1.2.0 is on" in capsys.readouterr().out


def test_nothing_of_a_file_steers_the_terminal(project: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters of a workflow are shown as what they are."""
    project.commit({".github/workflows/x.yml": 'on: release\njobs: {"a\\e[2J": {steps: [uses: a/b@c]}}\n'})
    doctor(project)
    assert "\x1b" not in capsys.readouterr().out


def test_a_folder_in_no_clone_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to type instead."""
    assert main(["doctor", str(tmp_path)], {"PATH": "/usr/bin:/bin"}) == 1
    assert "is in no git checkout.\n   → Name the folder of a project in a clone: tagship doctor PATH" in (
        capsys.readouterr().err
    )
