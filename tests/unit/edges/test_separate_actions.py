"""The process with the token imports nothing after the first program of the project has started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.github import TOKEN, github_under_test
from tagship.core.runner import without_credentials
from tagship.edges import separate_actions
from tagship.edges.processes import Processes
from tagship.edges.separate_actions import SeparateActions
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import json, os, sys
with open(os.environ["GITHUB_OUTPUT"], "a") as file:
    seen = [sys.argv[1], json.loads(os.environ["INPUTS"]), sorted(os.environ)]
    file.write("seen<<x\\n" + json.dumps(seen) + "\\nx\\n")
    file.write("lines<<y\\na\\nx\\nb\\ny\\nempty<<z\\n\\nz\\n")
print("::notice::said")
sys.exit(os.environ["INPUTS"].count("fail"))
"""
RELEASE = """
import sys, time
time.sleep = lambda seconds: None
from pathlib import Path
from support.running import run_action
from support.runtimes import recorded_world
from tagship.edges.separate_actions import seal
folder, url, token = Path(sys.argv[1]), *sys.argv[2:]
recorded = recorded_world(folder, folder / "temporary", api_url=url, token=token)
names = set(sys.modules)
seal()
sealed = set(sys.modules)
ran = run_action("gh-release", recorded, files="a.bin", checksums="true", notes="x " * 3000, generate_notes="true")
print(sorted(set(sys.modules) - sealed), ran.topics, ran.failure and ran.failure.problems)
try:
    import this
except ModuleNotFoundError:
    print("sealed")
"""


def runner(tmp_path: Path, said: list[str]) -> SeparateActions:
    """Return a runner of the program above."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "__main__.py").write_text(PROGRAM)
    environ = without_credentials(
        {**os.environ, "MY_TOKEN": "x", "COPY": "the-token-of-the-step"}, ["the-token-of-the-step"]
    )
    return SeparateActions(
        source=tmp_path / "src",
        processes=Processes(environ=environ),
        variables={"GITHUB_STEP_SUMMARY": "summary"},
        temporary=tmp_path,
        write=said.append,
    )


def test_an_action_runs_in_its_own_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets its inputs and the summary but no credential; its commands reach the runner, its outputs come back."""
    monkeypatch.setattr(separate_actions, "seal", lambda: None)
    said: list[str] = []
    outputs = runner(tmp_path, said).run("build-dist", {"tag": "v1"})
    name, inputs, variables = json.loads(outputs["seen"])
    assert (name, inputs) == ("build-dist", {"tag": "v1"})
    assert {"GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "INPUTS"} <= set(variables)
    assert not {"MY_TOKEN", "COPY", "GITHUB_TOKEN"} & set(variables)
    assert (outputs["lines"], outputs["empty"], said) == ("a\nx\nb", "", ["::notice::said"])


def test_a_failure_is_reported_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has reported its problems, so the Failure has none."""
    monkeypatch.setattr(separate_actions, "seal", lambda: None)
    with pytest.raises(Failure) as failed:
        runner(tmp_path, []).run("quality-gate", {"command": "fail"})
    assert failed.value.problems == ()


def test_an_action_that_is_killed_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could report nothing, for example without memory."""
    monkeypatch.setattr(separate_actions, "seal", lambda: None)
    with pytest.raises(Failure, match="quality-gate exited with status 3"):
        runner(tmp_path, []).run("quality-gate", {"command": "fail fail fail"})


@pytest.mark.parametrize("case", ["done", "refused", "silent"])
def test_a_sealed_process_makes_a_release(tmp_path: Path, case: str) -> None:
    """Everything that a release and its failures need is imported before; an import from a file fails afterwards."""
    (tmp_path / "a.bin").write_text("abc")
    commit = "a" * 40
    with github_under_test(
        tmp_path / "github", repository={"branches": {"main": commit}, "tags": {"v1.2.0": commit}}
    ) as hub:
        url = "http://127.0.0.1:9" if case == "silent" else hub.server.url
        token = "wrong" if case == "refused" else TOKEN
        command = [sys.executable, "-c", RELEASE, str(tmp_path), url, token]
        path = os.pathsep.join(path for path in sys.path if path)
        ended = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
        )
    assert ended.stderr == ""
    topics = {"done": "[] None", "refused": "['401-bad-credentials']", "silent": "['no-connection-to-github']"}
    assert ended.stdout.startswith(f"[] {topics[case]}")
    assert ended.stdout.endswith("sealed\n")
