"""gh-release with a slow connection: time for sixty files, number of requests, and cost of a rerun.

``python benchmarks/gh_release.py`` prints ratios. Times are comparable only on the same machine.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tagship.core.release.desired import DesiredRelease
from tagship.core.release.patterns import patterns_of
from tagship.core.versions import parse_version
from tagship.edges.attachments import Folder
from tagship.edges.github.reconcile import reconcile
from tagship.edges.github.releases import GitHub
from tagship.rehearsal.fake_github.app import Settings
from tagship.rehearsal.fake_github.fixtures import add_repository, add_token
from tagship.rehearsal.fake_github.models import Repository, Token
from tagship.rehearsal.fake_github.server import Server, serve

REPOSITORY = "octo/hello"
TOKEN = "benchmark"
COMMIT = "c0ffee" * 6 + "c0ff"


def main() -> None:
    """Measure, and print a line for each promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=60)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds before each request is looked at")
    parser.add_argument("--parallel", type=int, default=4)
    options = parser.parse_args()
    serial, _, _ = measure(options.assets, options.latency, parallel=1)
    several, requests, again = measure(options.assets, options.latency, parallel=options.parallel)
    least = options.assets + 3
    print(f"{options.assets} files at {options.latency * 1000:.0f} ms a request, {options.parallel} at a time")
    print(f"time against one at a time: {several / serial:.2f} ({several:.1f} s, {serial:.1f} s)")
    print(f"requests against list, create, uploads and publish: {requests / least:.2f} ({requests}, {least})")
    print(f"requests of a rerun that changes nothing: {again}")


def measure(assets: int, latency: float, *, parallel: int) -> tuple[float, int, int]:
    """Seconds and requests of a first run, and the requests of a second."""
    repository = Repository(name=REPOSITORY, branches={"main": COMMIT}, tags={"v1.2.0": COMMIT})
    with TemporaryDirectory() as name, serve(Path(name, "assets"), Settings(latency=latency)) as server:
        add_token(server.app, Token(token=TOKEN, permissions={REPOSITORY: {"contents": "write"}}))
        add_repository(server.app, repository)
        desired = _wanted(Path(name, "dist"), assets)
        seconds = _run(server, desired, parallel)
        requests = len(server.requests())
        _run(server, desired, parallel)
        return seconds, requests, len(server.requests()) - requests


def _wanted(folder: Path, assets: int) -> DesiredRelease:
    folder.mkdir()
    for number in range(assets):
        (folder / f"file-{number:04}.bin").write_bytes(bytes([number % 256]) * 10_000)
    files = Folder(path=folder, home=folder).attachments(patterns_of(("*",)))
    return DesiredRelease(tag="v1.2.0", version=parse_version("1.2.0"), notes="Notes.", files=files)


def _run(server: Server, desired: DesiredRelease, parallel: int) -> float:
    hub = GitHub(repository=REPOSITORY, api_url=server.url, token=TOKEN, log=lambda _: None)
    start = time.perf_counter()
    reconcile(hub, desired, hub.read(desired), parallel=parallel)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
