"""Steps, run as a runner runs them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from support.fake_actions import fake_actions
from support.runtimes import CONTEXT
from tagship.rehearsal.children import Children
from tagship.rehearsal.steps import Job, StepResult, read_outputs


def run(tmp_path: Path, script: str, inputs: dict[str, str] | None = None) -> StepResult:
    """Return the end of a step whose command is ``script``."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    job = Job(
        context=CONTEXT,
        tagship=fake_actions(tmp_path / "tagship", {"preflight": script}),
        workspace=workspace,
        temporary=tmp_path / "temp",
        event=tmp_path / "event.json",
        environ={"PATH": os.environ["PATH"]},
        children=Children(),
    )
    return job.run("preflight", inputs or {}, programs=Path(sys.executable).parent, on_line=lambda _: None)


def test_gives_every_input_with_defaults_resolved(tmp_path: Path) -> None:
    """INPUTS is one JSON object: what was given, defaults with their expressions replaced, the rest empty."""
    result = run(tmp_path, 'echo "said=$(printf %s "$INPUTS" | tr -d "\\n")" >> "$GITHUB_OUTPUT"', {"WORD": "x"})
    assert json.loads(result.outputs["said"]) == {"tag": "v1.2.0", "token": "", "word": "", "WORD": "x"}


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_API_URL", "https://api.github.com"),
        ("GITHUB_REF", "refs/tags/v1.2.0"),
        ("GITHUB_REPOSITORY_OWNER", "octo"),
        ("PWD", "{workspace}"),
        ("GITHUB_WORKSPACE", "{workspace}"),
        ("RUNNER_TEMP", "{temp}"),
    ],
)
def test_sets_what_a_runner_sets(variable: str, expected: str, tmp_path: Path) -> None:
    """A step finds a runner's variables, and starts in the workspace."""
    result = run(tmp_path, f'echo "${variable}"')
    assert result.log == (expected.format(workspace=tmp_path / "workspace", temp=tmp_path / "temp"),)


def test_finds_its_python_first(tmp_path: Path) -> None:
    """The folder of programs stands first on the step's path."""
    assert run(tmp_path, "command -v python3").log[0] == str(Path(sys.executable).parent / "python3")


def test_hands_over_outputs_annotations_summary_and_status(tmp_path: Path) -> None:
    """What a step leaves in the runner's files and says to it comes back as values."""
    result = run(
        tmp_path,
        'printf "a=1\\nb<<END\\ntwo\\nlines\\nEND\\n" >> "$GITHUB_OUTPUT"\n'
        'echo "### Done" >> "$GITHUB_STEP_SUMMARY"\necho "::error::broken"\nexit 3\n',
    )
    assert (result.status, result.outputs, result.summary) == (3, {"a": "1", "b": "two\nlines"}, "### Done\n")
    assert [annotation.text for annotation in result.annotations] == ["broken"]


def test_stops_at_the_first_line_that_fails(tmp_path: Path) -> None:
    """The shell has the options a runner gives it: a failing pipe ends the step."""
    result = run(tmp_path, "set -euo pipefail\nfalse | cat\necho not reached")
    assert (result.status, result.log) == (1, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("a=b=c\n", {"a": "b=c"}, id="the first equals sign divides"),
        pytest.param("a<<X\nb=c\n\nX\nd=e\n", {"a": "b=c\n", "d": "e"}, id="a block keeps its lines"),
        pytest.param("a<<X\nX\n", {"a": ""}, id="an empty block"),
        pytest.param("a=1<<2\n", {"a": "1<<2"}, id="a mark behind the equals sign is text"),
        pytest.param("a=one\u2028two\x0bthree\n", {"a": "one\u2028two\x0bthree"}, id="other line ends are text"),
    ],
)
def test_reads_the_output_file(text: str, expected: dict[str, str]) -> None:
    """Both forms of GitHub's output file are read."""
    assert read_outputs(text) == expected
