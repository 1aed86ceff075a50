"""The embedded GitHub as a process: started, spoken to, killed and started again."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import pytest

from support.hub import REPOSITORY, WRITER, Wire, configuration, sha256
from tagship.rehearsal.fake_github.process import SOURCE, serve

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = f"{REPOSITORY}/releases"


def answers(wire: Wire) -> bool:
    """Return True if anybody is there, who may go in the middle of an answer."""
    try:
        return wire.ask("GET", "/").status == 200
    except (OSError, HTTPException):
        return False


def test_a_kill_at_any_moment_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """Threads write without pause; the process is killed among them; what it answered is there afterwards, whole."""
    content = b"x" * 300_000
    answered: list[str] = []
    config = configuration(limits={"content": []})
    with serve(tmp_path, config=config) as server:
        wire = Wire(url=server.url)
        release = int(wire.create()["id"])

        def write(thread: int) -> None:
            with suppress(OSError):
                for number in range(1000):
                    name = f"{thread}-{number}.whl"
                    assert wire.upload(release, name, content).status == 201
                    answered.append(name)

        writers = [threading.Thread(target=write, args=(number,)) for number in range(2)]
        for writer in writers:
            writer.start()
        while len(answered) < 10:
            time.sleep(0.01)
        server.kill()
        for writer in writers:
            writer.join()
    with serve(tmp_path) as server:
        assert server.token == WRITER
        found: Any = server.state()
        assets = {asset["name"]: (asset["state"], asset["digest"]) for asset in found["releases"][0]["assets"]}
        assert {name: assets.get(name) for name in answered} == dict.fromkeys(answered, ("uploaded", sha256(content)))
        assert (tmp_path / "blobs" / sha256(content).removeprefix("sha256:")).read_bytes() == content
        assert not list((tmp_path / "blobs").glob("partial-*"))
        assert Wire(url=server.url).upload(release, "after.whl").status == 201


def test_what_was_asked_outlives_the_process(tmp_path: Path) -> None:
    """The record goes on where it stopped, with the request that the kill cut short."""
    faults = [{"method": "GET", "path": RELEASES, "delay": 30}]
    with serve(tmp_path, config=configuration(faults=faults)) as server:
        wire = Wire(url=server.url)
        wire.create()

        def wait() -> None:
            with suppress(OSError):
                wire.ask("GET", RELEASES)

        waiting = threading.Thread(target=wait)
        waiting.start()
        while len(server.requests()) < 2:
            time.sleep(0.01)
        server.kill()
        waiting.join()
    with serve(tmp_path, config={"faults": []}) as server:
        Wire(url=server.url).ask("GET", REPOSITORY)
        record = [(entry["id"], entry["path"], entry["status"]) for entry in server.requests()]
        assert record == [(1, RELEASES, 201), (2, RELEASES, None), (3, REPOSITORY, 200)]
        assert [entry["id"] for entry in server.requests(after=2)] == [3]


def test_the_port_and_the_configuration_can_be_chosen_again(tmp_path: Path) -> None:
    """A client that was interrupted finds the same address after a restart."""
    with serve(tmp_path, config=configuration()) as server:
        url = server.url
    with serve(tmp_path, port=int(url.rpartition(":")[2])) as server:
        assert server.url == url
        assert server.enterprise_url == f"{url}/api/v3"
        server.configure({"repositories": [{"name": "octo/hello", "private": True}]})
        assert Wire(url=url, token=None).ask("GET", REPOSITORY).status == 404
        server.push_tag("octo/hello", "v7", "c" * 40)
        assert Wire(url=url).ask("GET", f"{REPOSITORY}/git/ref/tags/v7").json["object"]["sha"] == "c" * 40


def test_a_configuration_that_cannot_be_read_stops_the_start(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The reason stands on standard error."""
    with pytest.raises(RuntimeError, match="did not start; it ended with 1"), serve(tmp_path, config={"colour": 1}):
        pass
    assert "the configuration has no colour" in capfd.readouterr().err


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    """A parent that is killed has no time to end its child; the child notices by itself."""
    program = (
        f"import sys, time; sys.path.insert(0, {str(SOURCE)!r})\n"
        "from pathlib import Path\n"
        "from tagship.rehearsal.fake_github.process import serve\n"
        f"with serve(Path({str(tmp_path)!r})) as server:\n"
        "    print(server.url, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        wire = Wire(url=parent.stdout.readline().strip())
        assert wire.ask("GET", "/").status == 200
        parent.kill()
    deadline = time.monotonic() + 10
    while answers(wire):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_it_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    """Without site-packages the package is imported and answers ``--help``."""
    program = (
        f"import sys; sys.path.insert(0, {str(SOURCE)!r}); sys.argv = ['github', '--help']\n"
        "import runpy; runpy.run_module('tagship.rehearsal.fake_github', run_name='__main__', alter_sys=True)\n"
    )
    completed = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert completed.returncode == 0, completed.stderr
    assert "--state" in completed.stdout
