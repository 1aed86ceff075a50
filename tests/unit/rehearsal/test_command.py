"""The command line of a rehearsal."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

import pytest

from tagship.rehearsal.command import add_arguments, run

if TYPE_CHECKING:
    from pathlib import Path


def rehearse(*arguments: str) -> int:
    """Return the exit status of ``tagship rehearse ARGUMENTS``."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args(arguments), os.environ)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["{here}/nowhere"], "There is no folder", id="a project that is not there"),
        pytest.param(["{here}", "--github", "{here}/x.json"], "holds no JSON object", id="a configuration not there"),
        pytest.param(["{here}", "--github", "{here}/list.json"], "holds no JSON object", id="another configuration"),
        pytest.param(["{here}", "--output", "{here}"], "was not made by a rehearsal", id="a folder of somebody else"),
    ],
)  # fmt: skip
def test_refuses_with_a_sentence(
    arguments: list[str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is told in a sentence with a remedy, and the status is 1."""
    (tmp_path / "list.json").write_text("[1]")
    assert rehearse(*[argument.format(here=tmp_path) for argument in arguments]) == 1
    told = capsys.readouterr().err
    assert expected in told
    assert len(told.strip().splitlines()) == 3


def test_refuses_an_input_of_another_form(capsys: pytest.CaptureFixture[str]) -> None:
    """A command line that is wrong ends with status 2."""
    with pytest.raises(SystemExit, match="2"):
        rehearse("--input", "draft")
    assert "neither NAME=VALUE nor ACTION.NAME=VALUE" in capsys.readouterr().err


def test_tells_exit_codes_in_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever scripts it finds the exit statuses in the help."""
    with pytest.raises(SystemExit, match="0"):
        rehearse("--help")
    assert "Exit status: 0 every stage passed; 1 one failed" in " ".join(capsys.readouterr().out.split())


def test_writes_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rehearsal that fails at once still leaves result, report and log, in the output folder and nowhere else."""
    project = tmp_path / "project"
    project.mkdir()
    assert rehearse(str(project), "--output", str(tmp_path / "out"), "--quiet") == 1
    told = capsys.readouterr().err
    assert "checkout: There is no tag, and no changelog that names a release.\nSay which release" in told
    assert f"docs/troubleshooting.md#no-tag-to-rehearse\n   Log: {tmp_path / 'out' / 'logs' / 'checkout.log'}\n" in told
    assert f"Nothing was published. Report: {tmp_path / 'out' / 'report.html'}" in told
    assert (tmp_path / "out" / "result.json").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "project"]
    assert list(project.iterdir()) == []
