"""Whole runs of actions are compared with the files of their folders."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from support.repositories import new_repository
from support.runtimes import recorded_world
from tagship.actions import load
from tagship.contract.conversion import expand, output_texts, read_inputs
from tagship.core.summary import failure_page
from tagship.edges.runner import describe
from tagship.errors import Failure

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.rglob("case.json"))
OWN = {"case.json", "project"}
"""The input files of a case; all other files in its folder are expected results."""


def identify(path: Path) -> str:
    """Return a case's name: its folder, relative to this one."""
    return path.relative_to(HERE).as_posix()


@pytest.mark.parametrize("case", CASES, ids=identify)
def test_a_run_gives_the_files_in_its_folder(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Outputs, summary, annotations and notes equal the files in the case's folder."""
    given = json.loads((case / "case.json").read_text("utf-8"))
    workspace = tmp_path / "workspace"
    shutil.copytree(case / "project", workspace)
    sha = new_repository(workspace, {}, tag=given.get("tag")).git("rev-parse", "HEAD")
    found = run(given, workspace, tmp_path, sha)
    if request.config.getoption("--update-golden"):
        for name, text in found.items():
            (case / name).write_text(text, "utf-8", newline="\n")
    expected = {
        path.name: path.read_bytes().decode() for path in case.iterdir() if path.name not in OWN and path.is_file()
    }
    assert found == expected


def run(given: dict[str, Any], workspace: Path, tmp_path: Path, sha: str) -> dict[str, str]:
    """Run the action of a case and return the texts of its results by their file names."""
    recorded = recorded_world(workspace, tmp_path / "temporary", **{"sha": sha, **given.get("context", {})})
    action = load(given["action"])
    names = recorded.runtime.context.expressions()
    outputs: dict[str, str] = {}
    try:
        inputs: Any = read_inputs(action.inputs, given["inputs"], expand=lambda text: expand(text, names))
        outputs = output_texts(action.run(inputs, recorded.runtime))
    except Failure as failure:
        recorded.runner.annotate("error", action.title, describe(failure.problems))
        recorded.runner.summarise(
            failure_page(
                action.title,
                failure.problems,
                help_page="<docs>/troubleshooting.md",
                subject=failure.subject,
                facts=failure.summary,
            )
        )
    texts = {
        "outputs.json": json.dumps(outputs, indent=2, ensure_ascii=False) + "\n" if outputs else "",
        "summary.md": recorded.runner.summary + "\n" if recorded.runner.summary else "",
        "log.txt": "".join(f"{level}: {title}: {text}\n" for level, title, text in recorded.runner.annotations),
        "notes.md": Path(outputs["notes-file"]).read_text("utf-8") if outputs.get("notes-file") else "",
    }
    return {name: comparable(text, tmp_path, sha) for name, text in texts.items() if text}


def comparable(text: str, tmp_path: Path, sha: str) -> str:
    """Replace the varying parts of ``text``: folders, commits, durations and the version of Python."""
    text = text.replace(str(tmp_path), "<run>").replace(sha, "<commit>").replace(sha[:12], "<commit>")
    text = re.sub(r"\bPython \d+\.\d+\.\d+\w*", "Python <version>", text)
    text = re.sub(r"(<run>/temporary/tagship-[a-z]+-)\w{8}", r"\1<random>", text)
    return re.sub(r"\b\d+(\.\d+)? ?s\b", "<time>", text)
