"""Child processes are read as they speak, and ended with everything they started."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tagship.edges.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROCESSES = Processes(environ=dict(os.environ))
posix = pytest.mark.skipif(os.name == "nt", reason="process groups and daemons are POSIX")


def python(source: str) -> list[str]:
    """Return the command that runs ``source``."""
    return [sys.executable, "-I", "-c", source]


def is_alive(pid: int) -> bool:
    """Return True if a process of that number still runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def has_ended(pid: int) -> bool:
    """Return True if the process ends within a few seconds: the system may take a moment to end what was killed."""
    for _ in range(200):
        if not is_alive(pid):
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def strays() -> Iterator[list[int]]:
    """Numbers of processes that outlive a test's command on purpose; they are ended here."""
    numbers: list[int] = []
    yield numbers
    for number in numbers:
        if is_alive(number):
            os.kill(number, signal.SIGKILL)


def test_output_is_kept_to_its_end_however_slowly_it_is_taken(tmp_path: Path) -> None:
    """A process may have said more than could be passed on by the time it has ended; its last lines come all the same.

    The listener takes longer over the lines than there is patience for a daemon.
    """
    seen: list[str] = []

    def take_slowly(line: str) -> None:
        seen.append(line)
        time.sleep(0.01)

    completed = PROCESSES.run(python("for i in range(200): print(i)"), cwd=tmp_path, on_line=take_slowly)
    assert (completed.output.splitlines()[-1], seen[-1], len(seen)) == ("199", "199", 200)


def test_output_and_status_are_returned(tmp_path: Path) -> None:
    """Both streams come in order, and the status is the process's own."""
    source = (
        "import sys; print('out', flush=True); print('err', file=sys.stderr, flush=True); print('end'); sys.exit(3)"
    )

    completed = PROCESSES.run(python(source), cwd=tmp_path)

    assert (completed.code, completed.output, completed.ok) == (3, "out\nerr\nend\n", False)


def test_a_child_sees_the_environment_it_is_given_and_no_input(tmp_path: Path) -> None:
    """Nothing of this process's environment reaches a child by itself, and reading its input ends at once."""
    source = "import os, sys; print(sorted(k for k in os.environ if k.startswith('T_')), sys.stdin.read() == '')"

    assert Processes(environ={"T_A": "1"}).run(python(source), cwd=tmp_path).output == "['T_A'] True\n"


def test_standard_error_can_be_kept_apart(tmp_path: Path) -> None:
    """An answer that is parsed holds no warnings."""
    completed = PROCESSES.run(
        python("import sys; print('warning', file=sys.stderr); print('answer')"), cwd=tmp_path, errors_apart=True
    )

    assert completed.output == "answer\n"


def test_lines_are_told_while_the_process_runs(tmp_path: Path) -> None:
    """A line is handed on when it is written, not when the process ends."""
    marker = tmp_path / "heard"
    source = f"""
import pathlib, time
print("begun", flush=True)
for _ in range(500):
    if pathlib.Path({str(marker)!r}).exists():
        break
    time.sleep(0.02)
else:
    print("nobody listened")
"""

    completed = PROCESSES.run(python(source), cwd=tmp_path, on_line=lambda line: marker.touch(), timeout=30)

    assert completed.output == "begun\n"


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    """Output that is not UTF-8 is shown with replacement characters."""
    completed = PROCESSES.run(python(r"import sys; sys.stdout.buffer.write(b'a\xffb\n')"), cwd=tmp_path)

    assert completed.output == "a�b\n"


def test_the_end_of_a_long_output_can_be_kept(tmp_path: Path) -> None:
    """Every line is heard, and as many of the last ones stay as make up so many characters."""
    heard: list[str] = []

    processes = Processes(environ=PROCESSES.environ, kept=25)
    command = python("for number in range(100000): print(f'{number:09}')")
    completed = processes.run(command, cwd=tmp_path, on_line=heard.append)

    assert len(heard) == 100000
    assert completed.output == "000099997\n000099998\n000099999\n"


def test_a_process_that_closed_its_output_is_still_waited_for(tmp_path: Path) -> None:
    """Silence is not the end: the status is that of the whole run."""
    completed = PROCESSES.run(
        python("import os, time; os.close(1); os.close(2); time.sleep(0.3); os._exit(5)"), cwd=tmp_path
    )

    assert completed.code == 5
    assert completed.seconds >= 0.3


@posix
def test_a_timeout_ends_the_process_and_its_children(tmp_path: Path) -> None:
    """Nothing of the process group is left after the time is up."""
    source = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
    completed = PROCESSES.run(python(source), cwd=tmp_path, timeout=1)

    assert completed.timed_out
    assert not completed.ok
    assert completed.seconds < 30
    assert has_ended(int(completed.output))


@posix
def test_a_timeout_counts_while_the_process_talks(tmp_path: Path) -> None:
    """A process that never stops writing is ended in time all the same."""
    completed = PROCESSES.run(python("while True: print('x')"), cwd=tmp_path, timeout=0.5)

    assert completed.timed_out
    assert completed.seconds < 30


@posix
def test_a_timeout_reaches_a_process_that_closed_its_output(tmp_path: Path) -> None:
    """Closing the pipe is no way around the time limit."""
    completed = PROCESSES.run(
        python("import os, time; os.close(1); os.close(2); time.sleep(60)"), cwd=tmp_path, timeout=0.5
    )

    assert completed.timed_out
    assert completed.seconds < 30


@posix
@pytest.mark.parametrize("timeout", [None, 30], ids=["without a time limit", "with a time limit"])
def test_a_daemon_that_holds_the_pipe_does_not_hang_us(
    tmp_path: Path, strays: list[int], timeout: float | None
) -> None:
    """A grandchild that left the process group is not waited for."""
    source = """
import subprocess, sys
daemon = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(60)"], start_new_session=True)
print(daemon.pid, flush=True)
"""
    started = time.monotonic()
    completed = PROCESSES.run(python(source), cwd=tmp_path, timeout=timeout)
    strays.append(int(completed.output))

    assert completed.ok
    assert time.monotonic() - started < 30


@posix
def test_background_processes_are_ended_with_the_one_that_started_them(tmp_path: Path) -> None:
    """A server that a check left running does not disturb the next check."""
    source = """
import subprocess, sys
sleep, null = [sys.executable, "-I", "-c", "import time; time.sleep(60)"], subprocess.DEVNULL
child = subprocess.Popen(sleep, stdout=null, stderr=null)
print(child.pid, flush=True)
"""
    completed = PROCESSES.run(python(source), cwd=tmp_path)

    assert completed.ok
    assert has_ended(int(completed.output))


@posix
def test_an_interrupted_reader_leaves_nothing_behind(tmp_path: Path) -> None:
    """Where the one who listens fails, the process is ended before the error goes on."""
    numbers: list[int] = []

    def listen(line: str) -> None:
        numbers.append(int(line))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        PROCESSES.run(
            python("import os, time; print(os.getpid(), flush=True); time.sleep(60)"), cwd=tmp_path, on_line=listen
        )

    assert has_ended(numbers[0])


def test_a_missing_program_is_told(tmp_path: Path) -> None:
    """There is nothing to end where nothing could be started."""
    with pytest.raises(FileNotFoundError):
        PROCESSES.run(["there-is-no-such-program"], cwd=tmp_path)


@posix
@pytest.mark.parametrize("folder", ["", "."], ids=["an empty entry", "a dot"])
def test_a_program_of_the_folder_worked_in_is_not_taken_for_one_on_path(tmp_path: Path, folder: str) -> None:
    """A ``git`` that lies in the checkout is a file of the project, whatever PATH says of the current folder."""
    for place, word in (("checkout", "hostile"), ("programs", "real")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "git").write_text(f"#!/bin/sh\necho {word}\n")
        (tmp_path / place / "git").chmod(0o755)
    environ = {"PATH": os.pathsep.join([folder, str(tmp_path / "programs")])}
    assert PROCESSES.run(["git"], cwd=tmp_path / "checkout", environ=environ).output == "real\n"
    with pytest.raises(FileNotFoundError, match="git"):
        PROCESSES.run(["git"], cwd=tmp_path / "checkout", environ={"PATH": folder})
