"""Child processes: what they see, what they say, and how they end."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tagship.edges.processes import Processes


def python(code: str) -> list[str]:
    """A command that runs ``code``."""
    return [sys.executable, "-c", code]


def test_output_comes_line_by_line_and_whole(tmp_path: Path) -> None:
    """Both streams are read, bytes that are no UTF-8 are replaced, and the status is told."""
    seen: list[str] = []
    code = "import sys; print('a', flush=True); sys.stderr.buffer.write(b'\\xff\\n'); sys.exit(3)"
    done = Processes(environ={}).run(python(code), cwd=tmp_path, on_line=seen.append)
    assert (done.code, done.output, seen, done.ok) == (3, "a\n�\n", ["a", "�"], False)


def test_a_child_sees_the_environment_it_is_given_and_no_input(tmp_path: Path) -> None:
    """Nothing of this process's environment reaches a child by itself, and reading its input ends at once."""
    code = "import os, sys; print(sorted(k for k in os.environ if k.startswith('T_')), sys.stdin.read() == '')"
    done = Processes(environ={"T_A": "1"}).run(python(code), cwd=tmp_path)
    assert done.output == "['T_A'] True\n"


def test_a_time_limit_ends_the_child_and_what_it_started(tmp_path: Path) -> None:
    """After the limit the whole group is gone, not only its first process."""
    marker = tmp_path / "marker"
    grandchild = f"import time, pathlib; time.sleep(2); pathlib.Path({str(marker)!r}).touch()"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {grandchild!r}]); time.sleep(60)"
    started = time.monotonic()
    done = Processes(environ={}).run(python(code), cwd=tmp_path, timeout=1)
    assert (done.timed_out, done.ok, time.monotonic() - started < 30) == (True, False, True)
    time.sleep(2)
    assert not marker.exists()


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing program is an error of its own."""
    with pytest.raises(FileNotFoundError):
        Processes(environ={}).run([Path("/nonexistent/program")], cwd=tmp_path)
