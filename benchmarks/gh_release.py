"""gh-release against the embedded GitHub: time next to other programs, requests in a large repository, and memory.

``make bench`` prints three tables. Each program runs as a process of its own, on one server with 100 ms latency, with
and without the limit of 80 creating requests a minute. Programs that are not installed are left out: ``gh`` is searched
in PATH, and ``--softprops FOLDER`` is a clone of softprops/action-gh-release, which ``--node PROGRAM`` runs. The
programs take turns, and each number is the median of ``--repeat`` runs. Times are comparable only within a run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.app import Settings, add_release, add_repository, add_token
from tagship.rehearsal.fake_github.models import Release, Repository, Token
from tagship.rehearsal.fake_github.permissions import Rates, Window
from tagship.rehearsal.fake_github.server import Server, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY, TOKEN, TAG, COMMIT = "octo/hello", "benchmark", "v1.2.0", "c0ffee" * 6 + "c0ff"
ENDLESS = Window(requests=10**9, seconds=60)
START = "import sys; sys.path.insert(0, sys.argv.pop(2)); from tagship.main import console; console()"
SOURCE = Path(__file__).parents[1] / "src"


@dataclass(frozen=True, slots=True)
class Run:
    """One process: its seconds, its processor seconds, the requests that arrived, and its peak memory in KiB."""

    seconds: float
    processor: float
    requests: list[dict[str, object]]
    complete: bool
    peak: int = 0

    @property
    def uploads(self) -> int:
        """Number of uploads, with refused ones."""
        return sum("/uploads/" in str(request["path"]) for request in self.requests)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="*", default=[1, 60, 300])
    parser.add_argument("--softprops", type=Path, help="clone of softprops/action-gh-release")
    parser.add_argument("--node", default=shutil.which("node"), help="Node for softprops, by default node in PATH")
    parser.add_argument("--limits", action="store_true", help="also with secondary rate limits: takes minutes")
    parser.add_argument("--repeat", type=int, default=1, help="number of runs of each program")
    parser.add_argument("--mebibytes", type=int, default=64, help="size of the large file")
    options = parser.parse_args()
    softprops = None
    if options.softprops and options.node:
        softprops = [options.node, str(options.softprops / "dist" / "index.js")]
        action = (options.softprops / "action.yml").read_text("utf-8")
        version = subprocess.run([options.node, "--version"], capture_output=True, text=True, check=True).stdout
        if wrong := wrong_node(action, version.strip()):
            parser.error(wrong)
    speed(options.files, limits=options.limits, softprops=softprops, repeat=options.repeat)
    large_repository()
    memory(options.mebibytes)


def wrong_node(action: str, version: str) -> str:
    """Return the error if this version of Node is older than the one in ``using`` of an action.yml; else empty text.

    softprops/action-gh-release 3.0.0 uploads no file on Node 20, whose streams have pieces of another type.
    """
    required = re.search(r"^  using: \W?node(\d+)", action, re.MULTILINE)
    if required is None or int(version.removeprefix("v").partition(".")[0]) >= int(required[1]):
        return ""
    install = f"npm install node@{required[1]}, then --node node_modules/node/bin/node"
    return f"softprops/action-gh-release requires Node {required[1]}, and this is {version}. Install it: {install}"


def speed(files: list[int], *, limits: bool, softprops: list[str] | None, repeat: int) -> None:
    """Print the time and the requests of each program."""
    print("files  limits  program    seconds  processor  requests  refused")
    for limited in (False, True) if limits else (False,):
        for count in files:
            runs: dict[str, list[Run]] = {"tagship": [], "softprops": [], "gh": []}
            for name in list(runs) * repeat:
                with repository(0, latency=0.1, limited=limited) as (server, folder):
                    write_files(folder, [10_000] * count)
                    command = commands(server, folder, softprops).get(name)
                    if command is not None:
                        runs[name].append(measured(server, folder, *command))
            for name, done in runs.items():
                if done:
                    print(f"{count:5}  {limited!s:6}  {name:9}  {row(done)}", flush=True)


def row(runs: list[Run]) -> str:
    """Return the medians of several runs of one program."""
    seconds, processor = median(run.seconds for run in runs), median(run.processor for run in runs)
    requests = median(len(run.requests) for run in runs)
    refused = median(sum(request["status"] in (403, 429) for request in run.requests) for run in runs)
    state = "" if all(run.complete for run in runs) else "  incomplete"
    return f"{seconds:7.2f}  {processor:9.2f}  {requests:8.0f}  {refused:7.0f}{state}"


def large_repository() -> None:
    """Print the requests of a new release with 10,000 older ones, and those of a rerun."""
    with repository(10_000) as (server, folder):
        write_files(folder, [10_000])
        first, again = (measured(server, folder, *commands(server, folder, None)["tagship"]) for _ in range(2))
    others = len(first.requests) - first.uploads
    print(f"10,000 releases: {others} requests and the upload; rerun: {len(again.requests)} requests")


def memory(mebibytes: int) -> None:
    """Print the peak memory for one large file and for 1,000 small ones."""
    for name, sizes in ((f"{mebibytes} MiB", [mebibytes << 20]), ("1,000 files", [1000] * 1000)):
        with repository(0) as (server, folder):
            write_files(folder, sizes)
            done = measured(server, folder, *commands(server, folder, None)["tagship"], memory=True)
            print(f"{name}: {done.seconds:.1f} s, peak memory {done.peak // 1024} MiB, complete {done.complete}")


@contextmanager
def repository(releases: int, *, latency: float = 0.0, limited: bool = False) -> Iterator[tuple[Server, Path]]:
    """Yield a server with a tag and that many releases, and an empty folder."""
    rates = Rates(primary=ENDLESS) if limited else Rates(primary=ENDLESS, content=(ENDLESS,))
    with TemporaryDirectory() as name, serve(Path(name, "assets"), Settings(latency=latency, rates=rates)) as server:
        add_token(server.app, Token(token=TOKEN, permissions={REPOSITORY: {"contents": "write"}}))
        add_repository(server.app, Repository(name=REPOSITORY, branches={"main": COMMIT}, tags={TAG: COMMIT}))
        for number in range(releases):
            add_release(server.app, Release(repository=REPOSITORY, tag_name=f"v0.{number}.0", created_at=1e9 + number))
        folder = Path(name, "work")
        (folder / "dist").mkdir(parents=True)
        for file in ("output", "summary", "event.json"):
            (folder / file).write_text("{}" if file == "event.json" else "", "utf-8")
        yield server, folder


def write_files(folder: Path, sizes: list[int]) -> None:
    """Write files of these sizes in bytes, with different contents."""
    for number, size in enumerate(sizes):
        with (folder / "dist" / f"file-{number:04}.bin").open("wb") as file:
            for _ in range(0, size, 1 << 20):
                file.write(os.urandom(min(size, 1 << 20)))


def commands(server: Server, folder: Path, softprops: list[str] | None) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Return the command and the environment of each installed program."""
    runner = {
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_API_URL": server.url,
        "GITHUB_SERVER_URL": server.url,
        "GITHUB_REF": f"refs/tags/{TAG}",
        "GITHUB_REF_NAME": TAG,
        "GITHUB_REF_TYPE": "tag",
        "GITHUB_SHA": COMMIT,
        "GITHUB_WORKSPACE": str(folder),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "RUNNER_TEMP": str(folder),
    }
    inputs = {"tag": TAG, "token": TOKEN, "repository": REPOSITORY, "api-url": server.url, "notes": "Notes."}
    ours = {**runner, "INPUTS": json.dumps(inputs)}
    found = {"tagship": ([sys.executable, "-I", "-X", "utf8", "-c", START, "gh-release", str(SOURCE)], ours)}
    if gh := shutil.which("gh"):
        files = sorted(map(str, (folder / "dist").iterdir()))
        place = {"GH_TOKEN": TOKEN, "GH_REPO": f"github.localhost/{REPOSITORY}", "HTTP_PROXY": server.url}
        found["gh"] = ([gh, "release", "create", TAG, *files, "--notes", "Notes.", "--latest"], place)
    if softprops:
        words = {"FILES": "dist/*", "TOKEN": TOKEN, "BODY": "Notes.", "TAG_NAME": TAG, "MAKE_LATEST": "true"}
        place = {**runner, **{f"INPUT_{name}": value for name, value in words.items()}}
        found["softprops"] = (softprops, place)
    return found


def measured(server: Server, folder: Path, command: list[str], environ: dict[str, str], *, memory: bool = False) -> Run:
    """Run the program and return its time and requests, and its peak memory if requested."""
    before, used, start = len(server.requests()), processor_seconds(), time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = peak_memory(process) if memory else 0
    status = process.wait()
    seconds = time.perf_counter() - start
    state = server.app.state
    wanted = len(list((folder / "dist").iterdir()))
    released = [release for release in state.releases.values() if release.tag_name == TAG and not release.draft]
    complete = not status and bool(released) and len(state.assets_of(released[0])) == wanted
    return Run(seconds, processor_seconds() - used, server.requests()[before:], complete, peak)


def peak_memory(process: subprocess.Popen[bytes]) -> int:
    """Wait for the process, and return its peak memory in KiB. Its ``ru_maxrss`` begins with the memory of this one."""
    found = 0
    while process.poll() is None:
        with suppress(OSError):
            status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
            found = max(found, *map(int, re.findall(r"VmHWM:\s+(\d+)", status)), 0)
        time.sleep(0.01)
    return found


def processor_seconds() -> float:
    """Return the processor seconds of all finished child processes."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
