"""Steps, run as a runner runs them, and the manifests they are read from."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
import yaml

from support.fake_actions import fake_actions
from support.runtimes import CONTEXT
from tagship.actions import NAMES, load
from tagship.edges.processes import Processes
from tagship.rehearsal.steps import Job, StepResult, read_manifest
from tagship.workflow_commands import read_outputs
from tools.manifest import render_manifest


def run(tmp_path: Path, script: str, inputs: dict[str, str] | None = None) -> StepResult:
    """Run a step with the command ``script``."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    job = Job(
        context=CONTEXT,
        tagship=fake_actions(tmp_path / "tagship", {"preflight": script}),
        workspace=workspace,
        temporary=tmp_path / "temp",
        event=tmp_path / "event.json",
        processes=Processes(environ={"PATH": os.environ["PATH"], "GITHUB_REF": "refs/heads/other"}),
    )
    return job.run("preflight", inputs or {}, programs=Path(sys.executable).parent, on_line=lambda _: None)


def test_passes_every_input_with_its_default(tmp_path: Path) -> None:
    """INPUTS is a JSON object with set inputs, evaluated defaults, and empty strings for the rest."""
    result = run(tmp_path, 'echo "said=$(printf %s "$INPUTS" | tr -d "\\n")" >> "$GITHUB_OUTPUT"', {"WORD": "x"})
    assert json.loads(result.outputs["said"]) == {"tag": "v1.2.0", "token": "", "word": "", "WORD": "x"}


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_ACTION_REPOSITORY", ""),
        ("GITHUB_ACTION_REF", ""),
        ("TAGSHIP_REPOSITORY", "OWNER/tagship"),
        ("GITHUB_API_URL", "https://api.github.com"),
        ("GITHUB_REF", "refs/tags/v1.2.0"),
        ("GITHUB_REPOSITORY_OWNER", "octo"),
        ("PWD", "{workspace}"),
        ("GITHUB_WORKSPACE", "{workspace}"),
        ("RUNNER_TEMP", "{temp}"),
    ],
)
def test_sets_the_variables_of_a_runner(variable: str, expected: str, tmp_path: Path) -> None:
    """A step has the variables of a runner, which replace those of the machine, and starts in the workspace."""
    result = run(tmp_path, f'echo "${variable}"')
    assert result.log == (expected.format(workspace=tmp_path / "workspace", temp=tmp_path / "temp"),)


def test_finds_its_python_first(tmp_path: Path) -> None:
    """The folder of programs is first on PATH."""
    assert run(tmp_path, "command -v python3").log[0] == str(Path(sys.executable).parent / "python3")


def test_returns_outputs_annotations_summary_and_status(tmp_path: Path) -> None:
    """The result has the content of the runner's files, the annotations and the exit status."""
    result = run(
        tmp_path,
        'printf "a=1\\nb<<END\\ntwo\\nlines\\nEND\\n" >> "$GITHUB_OUTPUT"\n'
        'echo "### Done" >> "$GITHUB_STEP_SUMMARY"\necho "::error::broken"\nexit 3\n',
    )
    assert (result.status, result.outputs, result.summary) == (3, {"a": "1", "b": "two\nlines"}, "### Done\n")
    assert [annotation.text for annotation in result.annotations] == ["broken"]


def test_drops_an_output_with_a_masked_text(tmp_path: Path) -> None:
    """A release whose plan contains a secret fails here as it does on GitHub."""
    result = run(tmp_path, 'echo "::add-mask::hunter2"\nprintf "a=1\nplan=hunter2!\n" >> "$GITHUB_OUTPUT"\n')
    assert result.outputs == {"a": "1"}


def test_stops_at_the_first_failed_line(tmp_path: Path) -> None:
    """The shell has the options of a runner: a failed pipe ends the step."""
    result = run(tmp_path, "set -euo pipefail\nfalse | cat\necho not reached")
    assert (result.status, result.log) == (1, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="an empty file"),
        pytest.param("a=b=c\n", {"a": "b=c"}, id="split at the first equals sign"),
        pytest.param("a<<X\nb=c\n\nX\nd=e\n", {"a": "b=c\n", "d": "e"}, id="a multiline value"),
        pytest.param("a<<X\nX\n", {"a": ""}, id="an empty multiline value"),
        pytest.param("a=1<<2\n", {"a": "1<<2"}, id="a delimiter mark after the equals sign is text"),
        pytest.param("a=one\u2028two\x0bthree\n", {"a": "one\u2028two\x0bthree"}, id="other line separators are text"),
    ],
)
def test_parses_the_output_file(text: str, expected: dict[str, str]) -> None:
    """Both formats of GitHub's output file are parsed."""
    assert read_outputs(text) == expected


@pytest.mark.parametrize("name", NAMES)
def test_reads_a_manifest(name: str, tmp_path: Path) -> None:
    """Defaults and command equal those in the rendered YAML."""
    path = tmp_path / "action.yml"
    path.write_text(render_manifest(load(name)), "utf-8")
    expected = yaml.safe_load(path.read_text("utf-8"))
    assert read_manifest(path) == (
        expected["runs"]["steps"][0]["run"],
        {key: item.get("default", "") for key, item in expected["inputs"].items()},
    )
