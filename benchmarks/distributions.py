"""Time to build and verify real packages, compared with the commands of a typical workflow.

``python benchmarks/distributions.py [TASK...]`` prints seconds, CPU seconds and ratios for five packages with four
build backends. Both sides of a ratio run alternately, without caches and with a new home; the best round counts. The
CPU time is the fairer measure on a machine with other work. It needs git and the package index.

- all: ``pip install build twine && python -m build && twine check --strict && venv && pip install dist/*.whl && python
  -c import``, against build-dist and verify-wheel including the installation of their libraries
- build: ``python -m build`` with ``build`` installed, against build-dist with its libraries installed
- inspect: the commands of build-and-inspect-python-package with uv installed, against build-dist including the
  installation of its libraries
- verify: ``venv && pip install dist/*.whl && python -c import``, against verify-wheel with its libraries installed
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from uv import find_uv_bin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SOURCE = Path(__file__).resolve().parents[1] / "src"
ROUNDS = 2
BIN = "Scripts" if os.name == "nt" else "bin"


@dataclass(frozen=True, slots=True)
class Package:
    """A package on the index, its module, and its build backend."""

    name: str
    version: str
    module: str
    backend: str


PACKAGES = (
    Package("click", "8.1.8", "click", "flit-core"),
    Package("rich", "13.9.4", "rich", "poetry-core"),
    Package("pluggy", "1.5.0", "pluggy", "setuptools-scm"),
    Package("platformdirs", "4.3.6", "platformdirs", "hatch-vcs"),
    Package("idna", "3.10", "idna", "flit-core"),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """A checkout of a package at its tag, with a new home, caches and temporary folder for each measurement."""

    package: Package
    folder: Path
    checkout: Path

    def environ(self, home: Path) -> dict[str, str]:
        """Return the environment of this process with ``home`` as its home and cache folder."""
        home.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PYTHON", "GITHUB_"))}
        return kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

    def run(self, home: Path, *command: str | Path, **environ: str) -> None:
        """Run ``command`` in the checkout; raise SystemExit with its output if it fails."""
        ended = subprocess.run(
            [os.fspath(part) for part in command],
            cwd=self.checkout,
            env=self.environ(home) | environ,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if ended.returncode:
            raise SystemExit(f"{command}\n{ended.stdout[-2000:]}")

    def venv(self, home: Path, name: str, *packages: str) -> Path:
        """Create an environment with ``packages`` by venv and pip, and return its interpreter."""
        self.run(home, sys.executable, "-m", "venv", home / name)
        python = home / name / BIN / "python"
        if packages:
            self.run(home, python, "-m", "pip", "install", "--quiet", *packages)
        return python

    def action(self, home: Path, name: str, **inputs: str) -> None:
        """Run the action as its manifest does."""
        files = {f"GITHUB_{file}": str(home / file.lower()) for file in ("OUTPUT", "STEP_SUMMARY")}
        context = {
            "GITHUB_REF_NAME": f"v{self.package.version}",
            "GITHUB_REF_TYPE": "tag",
            "GITHUB_REPOSITORY": f"octo/{self.package.name}",
            "GITHUB_WORKSPACE": str(self.checkout),
            "RUNNER_TEMP": str(home),
            "INPUTS": json.dumps(inputs),
        }
        self.run(home, sys.executable, "-I", "-S", "-X", "utf8", SOURCE, name, **files, **context)

    def without_dist(self) -> None:
        """Remove the files of an earlier build."""
        for name in ("dist", "build"):
            shutil.rmtree(self.checkout / name, ignore_errors=True)

    def wheel(self) -> str:
        """Return the path of the built wheel."""
        return str(next((self.checkout / "dist").glob("*.whl")))

    def usual_build(self, home: Path, python: Path) -> None:
        """Run ``python -m build``."""
        self.without_dist()
        self.run(home, python, "-m", "build")

    def usual_verify(self, home: Path) -> None:
        """Install the wheel into a new environment and import it."""
        python = self.venv(home, "verify", self.wheel())
        self.run(home, python, "-c", f"import {self.package.module}", PYTHONSAFEPATH="1")

    def usual(self, home: Path) -> None:
        """Run all commands of a typical workflow."""
        python = self.venv(home, "tools", "build", "twine")
        self.usual_build(home, python)
        files = [str(path) for path in (self.checkout / "dist").iterdir()]
        self.run(home, python, "-m", "twine", "check", "--strict", *files)
        self.usual_verify(home)

    def inspect(self, home: Path) -> None:
        """Run the commands of build-and-inspect-python-package, which fetches its tools with uv."""
        self.without_dist()
        uv = [find_uv_bin(), "tool", "run"]
        self.run(home, *uv, "--from", "build==1.6.1", "pyproject-build", "--installer", "uv")
        files = [str(path) for path in (self.checkout / "dist").iterdir()]
        self.run(home, *uv, "--from", "twine==7.0.0", "twine", "check", "--strict", *files)
        self.run(home, *uv, "check-wheel-contents==0.6.3", "--ignore=W002,W009", self.wheel())

    def build(self, home: Path) -> None:
        """Run build-dist without strict, since an old README may cause warnings."""
        self.without_dist()
        self.action(home, "build-dist", strict="false")

    def ours(self, home: Path) -> None:
        """Run both actions."""
        self.build(home)
        self.action(home, "verify-wheel")


def main() -> None:
    """Measure every package and print the results."""
    with tempfile.TemporaryDirectory(prefix="tagship-bench-") as name:
        print("package (backend)            what        usual      ours   ratio   CPU usual       ours   ratio")
        totals: dict[str, list[Spent]] = {}
        for package in PACKAGES:
            bench = Bench(package, Path(name) / package.name, _checkout(package, Path(name) / package.name))
            for what, spent in _measured(bench, sys.argv[1:]).items():
                _print(f"{package.name} ({package.backend})", what, spent)
                totals.setdefault(what, []).append(spent)
        for what, every in totals.items():
            usual, ours = zip(*every, strict=True)
            _print("sum", what, (_each(sum, usual), _each(sum, ours)))
        print("target: at most 0.35 for all, at most 1 for inspect, less than 1 for build and verify")


Times = tuple[float, float]
"""Seconds and CPU seconds."""
Spent = tuple[Times, Times]
"""The times of the usual commands and of ours."""


def _print(label: str, what: str, spent: Spent) -> None:
    (usual, usual_cpu), (ours, ours_cpu) = spent
    print(
        f"{label:28} {what:8} {usual:6.2f} s  {ours:6.2f} s  {ours / usual:6.2f}"
        f"   {usual_cpu:7.2f} s  {ours_cpu:7.2f} s  {ours_cpu / usual_cpu:6.2f}",
        flush=True,
    )


def _measured(bench: Bench, wanted: Sequence[str]) -> dict[str, Spent]:
    """Return the best times of the usual commands and of ours by task, for the ``wanted`` tasks or all."""
    tools = bench.folder / "tools"
    python = bench.venv(tools, "build", *([] if wanted and "build" not in wanted else ["build"]))
    if not wanted or {"build", "verify"} & set(wanted):
        bench.ours(tools)
    sides = {
        "all": (bench.usual, bench.ours),
        "inspect": (bench.inspect, bench.build),
        "build": (
            lambda home: bench.usual_build(home, python),
            lambda _: bench.build(tools),
        ),
        "verify": (bench.usual_verify, lambda _: bench.action(tools, "verify-wheel")),
    }
    sides = {what: pair for what, pair in sides.items() if not wanted or what in wanted}
    times: dict[str, tuple[list[Times], list[Times]]] = {what: ([], []) for what in sides}
    for number in range(ROUNDS):
        for what, pair in sides.items():
            for side, work in enumerate(pair):
                home = bench.folder / f"{what}-{side}-{number}"
                started, cpu = _times()
                work(home)
                ended, cpu_ended = _times()
                times[what][side].append((ended - started, cpu_ended - cpu))
                shutil.rmtree(home, ignore_errors=True)
    return {what: (_each(min, usual), _each(min, ours)) for what, (usual, ours) in times.items()}


def _each(function: Callable[[Iterable[float]], float], times: Iterable[Times]) -> Times:
    """Return the result of ``function`` for the seconds, and for the CPU seconds."""
    seconds, cpu = zip(*times, strict=True)
    return function(seconds), function(cpu)


def _times() -> Times:
    """Return the time, and the CPU time of all ended processes, in seconds."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), spent.ru_utime + spent.ru_stime


def _checkout(package: Package, folder: Path) -> Path:
    """Create a repository with the source of the package, tagged with its version, and return its folder."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    folder.mkdir(parents=True)
    subprocess.run([*command, f"{package.name}=={package.version}", "--dest", folder], check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    (checkout,) = (path for path in folder.iterdir() if path.is_dir())
    (checkout / "PKG-INFO").unlink(missing_ok=True)
    (checkout / ".gitignore").write_text("dist\nbuild\n*.egg-info\n_version.py\nversion.py\n", "utf-8")
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=Release"]):
        identity = ["-c", "user.name=Octo", "-c", "user.email=octo@example.invalid"]
        subprocess.run(["git", *identity, *arguments], cwd=checkout, check=True)
    subprocess.run(["git", "tag", f"v{package.version}"], cwd=checkout, check=True)
    return checkout


if __name__ == "__main__":
    main()
