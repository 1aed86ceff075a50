"""The command ``tagship rehearse``."""

from __future__ import annotations

import errno
import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from tagship.main import main

if TYPE_CHECKING:
    from pathlib import Path


def rehearse(*arguments: str) -> int:
    """Return the exit status of ``tagship rehearse ARGUMENTS``."""
    return main(["rehearse", *arguments], dict(os.environ))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["{here}/nowhere"], "nowhere not found", id="a missing project"),
        pytest.param(["{here}", "--output", "{here}"], "was not created by", id="a folder with other files"),
    ],
)  # fmt: skip
def test_fails_with_cause_and_remedy(
    arguments: list[str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Invalid paths end with status 1 and one message of three lines: cause, remedy, link."""
    (tmp_path / "thesis.tex").touch()
    assert rehearse(*[argument.format(here=tmp_path) for argument in arguments]) == 1
    printed = capsys.readouterr().err
    assert expected in printed
    assert len(printed.strip().splitlines()) == 3


def test_fails_on_an_invalid_input(capsys: pytest.CaptureFixture[str]) -> None:
    """An invalid command line ends with status 2."""
    with pytest.raises(SystemExit, match="2"):
        rehearse("--input", "draft")
    assert "neither NAME=VALUE nor ACTION.NAME=VALUE" in capsys.readouterr().err


def test_help_lists_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    """The help documents every exit status for scripts."""
    with pytest.raises(SystemExit, match="0"):
        rehearse("--help")
    assert "Exit status: 0 if every stage passed, 1 if a stage failed" in " ".join(capsys.readouterr().out.split())


def test_writes_to_the_output_folder_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rehearsal that fails at once writes result, report and log to the output folder, and no other file."""
    project = tmp_path / "project"
    project.mkdir()
    assert rehearse(str(project), "--output", str(tmp_path / "out"), "--quiet") == 1
    printed = capsys.readouterr().err
    assert (
        "checkout: No version tag, no version in the project files and no release in a changelog found.\nSet the tag"
        in printed
    )
    assert (
        f"docs/troubleshooting.md#no-tag-to-rehearse\n   Log: {tmp_path / 'out' / 'logs' / 'checkout.log'}\n" in printed
    )
    assert f"Nothing was published. Report: {tmp_path / 'out' / 'report.html'}" in printed
    assert (tmp_path / "out" / "result.json").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "project"]
    assert list(project.iterdir()) == []


def test_the_output_of_a_subfolder_is_in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No build folder appears among the sources, where a build backend would include it."""
    sources = tmp_path / "project" / "src"
    sources.mkdir(parents=True)
    (tmp_path / "project" / "pyproject.toml").touch()
    monkeypatch.chdir(sources)
    assert rehearse("--quiet") == 1
    assert list(sources.iterdir()) == []
    assert (tmp_path / "project" / "build" / "rehearsal" / "report.html").is_file()


def test_a_full_disk_has_its_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the cause and the variable for another folder, without a traceback."""

    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    assert rehearse(str(tmp_path), "--output", str(tmp_path / "out")) == 1
    printed = capsys.readouterr().err
    assert "A file could not be written: No space left on device." in printed
    assert "TMPDIR" in printed
