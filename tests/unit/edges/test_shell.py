"""Bash: what it takes for unfinished, and how it ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tagship.edges.check_runs import find_shell
from tagship.edges.processes import Processes
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

PROCESSES = Processes(environ=dict(os.environ))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("pytest", False, id="a command"),
        pytest.param("for a in 1 2; do", True, id="a loop"),
        pytest.param("for a in 1 2; do\necho $a\ndone", False, id="a whole loop"),
        pytest.param("if true; then", True, id="a condition"),
        pytest.param("case x in", True, id="a case"),
        pytest.param("{", True, id="a group"),
        pytest.param("(", True, id="a subshell"),
        pytest.param("f() {", True, id="a function"),
        pytest.param("echo 'a", True, id="a quote"),
        pytest.param('echo "$(', True, id="a substitution"),
        pytest.param("cat <<END", True, id="a here-document"),
        pytest.param("cat <<END\na\nEND", False, id="a whole here-document"),
        pytest.param("make &&", True, id="an operator at the end"),
        pytest.param("make )", False, id="a mistake"),
        pytest.param("done", False, id="another mistake"),
        pytest.param("[[ -f x", True, id="a test"),
    ],
)
def test_bash_says_what_is_unfinished(script: str, expected: bool) -> None:
    """What bash would ask more lines for is open; a mistake is not."""
    assert find_shell(PROCESSES).is_open(script) is expected


def test_looking_runs_nothing(tmp_path: Path) -> None:
    """Whether a script is whole is found without running any of it."""
    find_shell(PROCESSES).is_open(f"touch {tmp_path}/ran")

    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("script", "code"),
    [
        pytest.param("true", 0, id="success"),
        pytest.param("false\ntrue", 1, id="the first line that fails"),
        pytest.param("false | true", 1, id="a failing pipe"),
        pytest.param("echo $no_such_variable", 1, id="an unset variable"),
        pytest.param("exit 7", 7, id="a status of its own"),
        pytest.param("no-such-program", 127, id="a missing program"),
    ],
)
def test_a_script_fails_with_its_first_failure(tmp_path: Path, script: str, code: int) -> None:
    """Nothing after a failure makes it good again."""
    heard: list[str] = []

    done = find_shell(PROCESSES).run(
        script, cwd=tmp_path, environ=PROCESSES.environ, timeout=None, on_line=heard.append
    )

    assert done.code == code


def test_startup_files_are_not_read(tmp_path: Path) -> None:
    """A check behaves the same whoever runs it."""
    (tmp_path / "start").write_text("exit 9\n")
    environ = {**PROCESSES.environ, "HOME": str(tmp_path)}
    (tmp_path / ".bashrc").write_text("exit 9\n")

    assert find_shell(PROCESSES).run("true", cwd=tmp_path, environ=environ, timeout=None, on_line=print).code == 0


def test_no_bash_is_told(tmp_path: Path) -> None:
    """A machine without it gets the line that installs it."""
    with pytest.raises(Failure, match="no bash on PATH"):
        find_shell(Processes(environ={"PATH": str(tmp_path)}))
