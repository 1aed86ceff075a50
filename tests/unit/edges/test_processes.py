"""Child processes: output as it is printed, and an end of the whole process group."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tagship.edges.processes import Processes, Stopped, program_on_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROCESSES = Processes(environ=dict(os.environ))
posix = pytest.mark.skipif(os.name == "nt", reason="process groups and daemons are POSIX")


def python(source: str) -> list[str]:
    """Return the command that runs ``source``."""
    return [sys.executable, "-I", "-c", source]


def is_alive(pid: int) -> bool:
    """Return True if the process still runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def has_ended(pid: int) -> bool:
    """Return True if the process ends within a few seconds, which is the time a kill may need."""
    for _ in range(200):
        if not is_alive(pid):
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def strays() -> Iterator[list[int]]:
    """Collect the ids of processes that outlive a test's command on purpose, and kill them."""
    numbers: list[int] = []
    yield numbers
    for number in numbers:
        if is_alive(number):
            os.kill(number, signal.SIGKILL)


def test_output_is_complete_with_a_slow_listener(tmp_path: Path) -> None:
    """The last lines arrive even if the listener needs longer than the grace time for a daemon."""
    seen: list[str] = []

    def read_slowly(line: str) -> None:
        seen.append(line)
        time.sleep(0.01)

    completed = PROCESSES.run(python("for i in range(200): print(i)"), cwd=tmp_path, on_line=read_slowly)
    assert (completed.output.splitlines()[-1], seen[-1], len(seen)) == ("199", "199", 200)


def test_output_and_status_are_returned(tmp_path: Path) -> None:
    """Both streams arrive in order, with the exit status of the process."""
    source = (
        "import sys; print('out', flush=True); print('err', file=sys.stderr, flush=True); print('end'); sys.exit(3)"
    )

    completed = PROCESSES.run(python(source), cwd=tmp_path)

    assert (completed.code, completed.output, completed.ok) == (3, "out\nerr\nend\n", False)


def test_a_child_gets_the_given_environment_and_no_input(tmp_path: Path) -> None:
    """A child inherits no variable of this process, and its standard input is empty."""
    source = "import os, sys; print(sorted(k for k in os.environ if k.startswith('T_')), sys.stdin.read() == '')"

    assert Processes(environ={"T_A": "1"}).run(python(source), cwd=tmp_path).output == "['T_A'] True\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permissions of this kind")
def test_files_of_a_child_have_the_usual_permissions(tmp_path: Path) -> None:
    """They do not depend on the umask of the machine, so that two builds are equal."""
    before = os.umask(0o077)
    try:
        PROCESSES.run([sys.executable, "-c", "open('a', 'w')"], cwd=tmp_path)
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644


def test_standard_error_can_be_dropped(tmp_path: Path) -> None:
    """Output that is parsed contains no warnings."""
    completed = PROCESSES.run(
        python("import sys; print('warning', file=sys.stderr); print('answer')"), cwd=tmp_path, errors_apart=True
    )

    assert completed.output == "answer\n"


def test_lines_arrive_while_the_process_runs(tmp_path: Path) -> None:
    """A line is passed on when it is printed, not when the process ends."""
    marker = tmp_path / "seen"
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


def test_invalid_utf_8_is_replaced(tmp_path: Path) -> None:
    """Output that is not UTF-8 is decoded with replacement characters."""
    completed = PROCESSES.run(python(r"import sys; sys.stdout.buffer.write(b'a\xffb\n')"), cwd=tmp_path)

    assert completed.output == "a�b\n"


def test_only_the_end_of_a_long_output_is_kept(tmp_path: Path) -> None:
    """Every line is passed on, and the last lines with the requested number of characters are kept."""
    seen: list[str] = []

    processes = Processes(environ=PROCESSES.environ, kept=25)
    command = python("for number in range(100000): print(f'{number:09}')")
    completed = processes.run(command, cwd=tmp_path, on_line=seen.append)

    assert len(seen) == 100000
    assert completed.output == "000099997\n000099998\n000099999\n"


def test_a_process_that_closed_its_output_is_waited_for(tmp_path: Path) -> None:
    """The status is that of the process, not of its closed pipe."""
    completed = PROCESSES.run(
        python("import os, time; os.close(1); os.close(2); time.sleep(0.3); os._exit(5)"), cwd=tmp_path
    )

    assert completed.code == 5
    assert completed.seconds >= 0.3


@posix
def test_a_timeout_kills_the_process_and_its_children(tmp_path: Path) -> None:
    """No process of the group is left after the timeout."""
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
def test_a_timeout_applies_to_a_process_that_prints(tmp_path: Path) -> None:
    """A process that never stops printing is killed in time."""
    completed = PROCESSES.run(python("while True: print('x')"), cwd=tmp_path, timeout=0.5)

    assert completed.timed_out
    assert completed.seconds < 30


@posix
def test_a_timeout_applies_to_a_process_that_closed_its_output(tmp_path: Path) -> None:
    """Closing the pipe does not disable the timeout."""
    completed = PROCESSES.run(
        python("import os, time; os.close(1); os.close(2); time.sleep(60)"), cwd=tmp_path, timeout=0.5
    )

    assert completed.timed_out
    assert completed.seconds < 30


@posix
@pytest.mark.parametrize("timeout", [None, 30], ids=["without a timeout", "with a timeout"])
def test_a_daemon_that_holds_the_pipe_does_not_block(tmp_path: Path, strays: list[int], timeout: float | None) -> None:
    """A grandchild that has left the process group is not waited for."""
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


DAEMON = """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(null, number)
        if sys.argv[1:] != ["alone"] and os.fork() == 0:
            os.setsid()
        open(f"{os.getpid()}.pid", "w").close()
        os.execve(sys.executable, [sys.executable, "-I", "-c", "import time; time.sleep(60)"], {})
    os._exit(0)
os.wait()
while len([name for name in os.listdir() if name.endswith(".pid")]) < (1 if sys.argv[1:] == ["alone"] else 2):
    pass
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let a process adopt orphans")
@pytest.mark.parametrize("arguments", [["alone"], []], ids=["one daemon", "a daemon with a daemon"])
def test_daemons_are_killed_with_the_check_that_left_them(tmp_path: Path, arguments: list[str]) -> None:
    """A descendant in another session, without its parent, its pipe and its environment, does not outlive the check."""
    others = subprocess.Popen(python("import time; time.sleep(60)"), start_new_session=True)
    try:
        assert PROCESSES.run([*python(DAEMON), *arguments], cwd=tmp_path).ok
        daemons = [int(file.stem) for file in tmp_path.glob("*.pid")]
        assert len(daemons) == 2 - len(arguments)
        assert [pid for pid in daemons if is_alive(pid)] == []
        assert others.poll() is None
    finally:
        others.kill()
        others.wait()


RUNAWAY = """
import os, sys, time
end, ready = time.time() + 60, os.pipe()
if os.fork() == 0:
    for number in range(3):
        os.dup2(os.open(os.devnull, os.O_RDWR), number)
    os.close(ready[0])
    while time.time() < end:
        if os.fork() > 0:
            os._exit(0)
        os.setsid()
        with open("runs", "a") as file:
            file.write(f"{os.getpid()}\\n")
        os.close(ready[1]) if ready else None
        ready = ()
    os._exit(0)
os.close(ready[1])
os.read(ready[0], 1)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let a process adopt orphans")
def test_a_program_that_starts_itself_again_and_again_is_ended(tmp_path: Path) -> None:
    """A chain of processes that each leave their group and end at once is ended within seconds, or reported."""
    started = time.monotonic()
    try:
        assert PROCESSES.run(python(RUNAWAY), cwd=tmp_path).ok
    except TimeoutError as error:
        assert "faster than they can be killed" in str(error)  # noqa: PT017  # either of two ends is right
    assert time.monotonic() - started < 30
    last = int((tmp_path / "runs").read_text("utf-8").split()[-1])
    assert not is_alive(last)


def test_the_process_of_another_thread_is_spared(tmp_path: Path) -> None:
    """The libraries for the checks of a build are installed during the build, by an instance of their own."""
    environ = {"PATH": os.environ["PATH"]}
    installed: list[int] = []

    def install(_: str) -> None:
        program = [sys.executable, "-c", "import time; time.sleep(1)"]
        thread = threading.Thread(
            target=lambda: installed.append(Processes(environ=environ).run(program, cwd=tmp_path).code)
        )
        thread.start()
        threads.append(thread)

    threads: list[threading.Thread] = []
    build = "import time; print('started', flush=True); time.sleep(0.5)"
    assert Processes(environ=environ).run([sys.executable, "-c", build], cwd=tmp_path, on_line=install).ok
    threads[0].join()
    assert installed == [0]


def test_the_listener_of_an_endless_output_hears_its_beginning(tmp_path: Path) -> None:
    """The log has the first lines and the number of the others; the result has the last ones."""
    seen: list[str] = []
    processes = Processes(environ=PROCESSES.environ, kept=25, shown=3)
    completed = processes.run(python("for n in range(1000): print(f'{n:09}')"), cwd=tmp_path, on_line=seen.append)
    assert seen == ["000000000", "000000001", "000000002", "997 more lines are not shown."]
    assert completed.output.endswith("000000999\n")


def test_a_long_line_is_divided(tmp_path: Path) -> None:
    """A line without an end does not fill the memory; nothing of the output is lost."""
    seen: list[str] = []
    completed = PROCESSES.run(python("print('x' * 200_000)"), cwd=tmp_path, on_line=seen.append)
    assert (completed.output, "".join(seen)) == ("x" * 200_000 + "\n", "x" * 200_000)
    assert max(map(len, seen)) <= 1 << 16


@posix
def test_background_processes_are_killed_with_their_parent(tmp_path: Path) -> None:
    """A server that a check started does not run during the next check."""
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
def test_an_exception_of_the_listener_kills_the_process(tmp_path: Path) -> None:
    """If the listener raises, the process is killed before the exception is passed on."""
    numbers: list[int] = []

    def interrupt(line: str) -> None:
        numbers.append(int(line))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        PROCESSES.run(
            python("import os, time; print(os.getpid(), flush=True); time.sleep(60)"), cwd=tmp_path, on_line=interrupt
        )

    assert has_ended(numbers[0])


def test_a_missing_program_raises(tmp_path: Path) -> None:
    """A program that does not exist is a FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        PROCESSES.run(["no-such-program"], cwd=tmp_path)


@posix
@pytest.mark.parametrize("folder", ["", "."], ids=["an empty entry", "a dot"])
def test_a_program_in_the_current_folder_is_not_run(tmp_path: Path, folder: str) -> None:
    """A ``git`` in the checkout is never run, even if PATH contains the current folder."""
    for place, word in (("checkout", "hostile"), ("programs", "real")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "git").write_text(f"#!/bin/sh\necho {word}\n")
        (tmp_path / place / "git").chmod(0o755)
    environ = {"PATH": os.pathsep.join([folder, str(tmp_path / "programs")])}
    assert PROCESSES.run(["git"], cwd=tmp_path / "checkout", environ=environ).output == "real\n"
    with pytest.raises(FileNotFoundError, match="git"):
        PROCESSES.run(["git"], cwd=tmp_path / "checkout", environ={"PATH": folder})


@posix
def test_stop_kills_running_processes_and_prevents_new_ones(tmp_path: Path) -> None:
    """After ``stop`` the process and its children are gone, and the next run raises."""
    processes = Processes(environ=PROCESSES.environ)
    source = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
    numbers: list[int] = []

    def stop(line: str) -> None:
        numbers.append(int(line))
        threading.Thread(target=processes.stop).start()

    started = time.monotonic()
    with pytest.raises(Stopped):
        processes.run(python(source), cwd=tmp_path, on_line=stop)

    assert time.monotonic() - started < 30
    assert has_ended(numbers[0])
    with pytest.raises(Stopped):
        processes.run(python("pass"), cwd=tmp_path)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return an executable file ``uv``."""
    file = tmp_path / ("uv.exe" if os.name == "nt" else "uv")
    file.touch(mode=0o755)
    return file


def test_a_program_is_found_on_path(program: Path) -> None:
    """The folders of PATH are searched in order."""
    path = os.pathsep.join([str(program.parent / "missing"), str(program.parent)])
    assert program_on_path("uv", path) == str(program)


@pytest.mark.parametrize("path", ["", ".", os.pathsep, f".{os.sep}", f"{os.pathsep}."])
def test_a_program_in_a_relative_folder_is_ignored(program: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout could contain it."""
    monkeypatch.chdir(program.parent)
    assert program_on_path("uv", path) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_a_file_that_is_not_executable_is_ignored(program: Path) -> None:
    """So is a folder with that name."""
    program.chmod(0o644)
    assert program_on_path("uv", str(program.parent)) is None
    program.unlink()
    program.mkdir()
    assert program_on_path("uv", str(program.parent)) is None
