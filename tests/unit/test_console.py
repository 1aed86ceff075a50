"""The process of ``tagship``: its streams, signals and exit status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.repositories import new_repository

if TYPE_CHECKING:
    from support.repositories import GitRepository

SOURCE = Path(__file__).parents[2] / "src"
TAGSHIP = [sys.executable, "-P", "-c", "from tagship.main import console; console()"]


@pytest.fixture
def project(tmp_path: Path) -> GitRepository:
    """Return a project with findings of doctor."""
    return new_repository(tmp_path / "project", {"pyproject.toml": '[project]\nname = "hello"\nversion = "1.0.0"\n'})


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a shell without settings."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONPATH": str(SOURCE), **more}


def tagship(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run ``tagship ARGUMENTS`` in ``folder``."""
    return subprocess.run(
        [*TAGSHIP, *arguments],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_output_without_the_signs_gets_others(project: GitRepository, encoding: str) -> None:
    """A character that the output cannot encode is replaced; the findings and the status stay."""
    done = tagship(project.path, "doctor", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (1, "")
    assert "x error" in done.stdout
    assert "   -> " in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="the redirections are those of bash")
@pytest.mark.parametrize(
    ("redirection", "status"),
    [
        pytest.param(">&-", 1, id="standard output is closed"),
        pytest.param("2>&-", 1, id="standard error is closed"),
        pytest.param(">&- 2>&-", 1, id="both are closed"),
        pytest.param("| true; exit ${PIPESTATUS[0]}", 1, id="the reader of the pipe has ended"),
        pytest.param("2>&1 | true; exit ${PIPESTATUS[0]}", 1, id="the reader of both has ended"),
    ],
)
def test_an_output_nobody_reads_gives_no_traceback(project: GitRepository, redirection: str, status: int) -> None:
    """A closed stream and a closed pipe do not fail the command."""
    program = f"\"$0\" -P -c '{TAGSHIP[-1]}' doctor {redirection}"
    done = subprocess.run(
        ["bash", "-c", program, sys.executable],
        cwd=project.path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.skipif(os.name == "nt", reason="the signal is that of a terminal on POSIX")
def test_ctrl_c_ends_with_status_130() -> None:
    """An interrupt at any time, also in a command that does not expect it, gives one word."""
    program = "import os, tagship.main as m; m.main = lambda *_: os.kill(os.getpid(), 2); m.console()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "\nInterrupted.\n")


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        pytest.param(["prefligt"], "Did you mean preflight?", id="a command"),
        pytest.param(["preflight", "--tag-prefx", "v"], "Did you mean --tag-prefix?", id="a flag of an action"),
        pytest.param(["doctor", "--onlin"], "Did you mean --online?", id="a flag of a command"),
        pytest.param(["preflight", "--on-published", "wrn"], "Did you mean warn", id="a choice"),
        pytest.param(["rehearse", "--input", "buld-dist.sdist=false"], "Did you mean build-dist?", id="an action"),
        pytest.param(["rehearse", "--input", "build-dist.sdst=false"], "Did you mean sdist?", id="its input"),
        pytest.param(["rehearse", "--input", "tag-prefx=v"], "Did you mean tag-prefix?", id="an input of any action"),
    ],
)
def test_a_misspelt_word_gets_a_suggestion(project: GitRepository, arguments: list[str], near: str) -> None:
    """The status is 2, and the message has at most three lines, one with the closest word."""
    done = tagship(project.path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert near in done.stderr
    assert len(done.stderr.splitlines()) <= 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["preflight", "--tag", "a b"], "error: --tag: 'a b' is not a valid git tag name", id="an action"),
        pytest.param(["init", "--pin", "0123abc"], "Invalid value for --pin", id="init"),
        pytest.param(["rehearse", "--tag", "a b"], "error: --tag: 'a b' is not a valid git tag name", id="rehearse"),
    ],
)
def test_an_invalid_value_ends_with_status_2(project: GitRepository, arguments: list[str], said: str) -> None:
    """Scripts can tell a wrong value from a failed check; the message names the flag once."""
    done = tagship(project.path, *arguments)
    assert done.returncode == 2
    assert done.stderr.count(said) == 1


@pytest.mark.skipif(os.name == "nt", reason="PATH has a link to the interpreter")
@pytest.mark.parametrize("arguments", [["preflight"], ["doctor"], ["init"]], ids=lambda arguments: str(arguments[0]))
def test_a_machine_without_git_gets_the_command_to_install_it(project: GitRepository, arguments: list[str]) -> None:
    """The missing program is named, without a traceback."""
    done = tagship(project.path, *arguments, PATH=str(project.path))
    assert done.returncode == 1
    assert "git could not be started" in done.stderr
    assert "apt-get install git" in done.stderr
    assert "Traceback" not in done.stderr


def test_local_runs_leave_nothing_in_the_temporary_folder(project: GitRepository, tmp_path: Path) -> None:
    """Files for later commands are in the cache, one set for each project."""
    project.commit({"CHANGELOG.md": "# Changes\n\n## 1.0.0\n\n- First\n"})
    project.git("tag", "v1.0.0")
    (tmp_path / "temporary").mkdir()
    places = {"TMPDIR": str(tmp_path / "temporary"), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    shown = {tagship(project.path, "extract-changelog", "--repository=octo/hello", **places).stdout for _ in range(2)}
    assert len(shown) == 1
    assert "/cache/tagship/outputs/project-" in shown.pop()
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="the signals are those of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["terminated", "the terminal is closed"])
def test_an_ended_process_deletes_its_temporary_files(tmp_path: Path, number: int) -> None:
    """The status is that of the signal, and folders of ``with`` blocks are removed."""
    program = (
        "import os, tempfile, tagship.main as m\n"
        "def main(*_):\n"
        f"    with tempfile.TemporaryDirectory(): os.kill(os.getpid(), {int(number)})\n"
        "m.main = main\nm.console()\n"
    )
    environ = environment(TMPDIR=str(tmp_path))
    done = subprocess.run([sys.executable, "-P", "-c", program], env=environ, check=False)
    assert (done.returncode, list(tmp_path.iterdir())) == (128 + number, [])


def test_every_command_walks_up_to_the_project(project: GitRepository) -> None:
    """A subfolder gives the same findings as the project."""
    (project.path / "src").mkdir()
    here, below = (
        tagship(folder, "doctor", PYTHONIOENCODING="cp1252").stdout for folder in (project.path, project.path / "src")
    )
    assert here == below
    assert (
        "Project folder: "
        in tagship(project.path / "src", "preflight", "--index-url=none", PYTHONIOENCODING="cp1252").stderr
    )


def test_modules_of_a_checkout_are_not_imported(project: GitRepository) -> None:
    """``python -m`` searches the working directory first, where Poetry's projects have a build.py."""
    for name in ("argparse", "build", "json", "packaging"):
        (project.path / f"{name}.py").write_text("raise SystemExit('imported')\n")
    command = [sys.executable, "-m", "tagship", "build-dist", "--help"]
    completed = subprocess.run(
        command, cwd=project.path, env=environment(), capture_output=True, text=True, check=False
    )

    assert (completed.returncode, completed.stderr) == (0, "")
