"""Start-up time: each tier cold compared with plain pip, warm compared with a bare import of the same libraries.

``python benchmarks/bootstrap.py`` prints seconds and ratios, and with ``warm`` only those of warm starts. Both sides of
a ratio are measured in turns, and the best round counts. It needs the package index.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from bootstrap.start import identity

SOURCE = Path(__file__).resolve().parents[1] / "src"
TIERS: dict[str, str] = json.loads((SOURCE / "locks" / "actions.json").read_text("utf-8"))
COLD_ROUNDS = 2
WARM_ROUNDS = 20
LIBRARIES = {
    "preflight": "actions_toolkit.command, markdown_it, packaging.specifiers, requests, ruamel.yaml",
    "quality-gate": "actions_toolkit.command, packaging.requirements, packaging.specifiers, uv",
    "build-dist": "actions_toolkit.command, markdown_it, packaging.metadata, build, uv",
    "check-dist": "actions_toolkit.command, markdown_it, packaging.metadata",
    "verify-wheel": "actions_toolkit.command, packaging.metadata, packaging.tags, uv",
    "extract-changelog": "actions_toolkit.command, markdown_it, packaging.version",
    "gh-release": "actions_toolkit.command, packaging.version, requests",
    "verify-release": "actions_toolkit.command, packaging.metadata, requests",
    "release": "actions_toolkit.command, markdown_it, packaging.metadata, requests, ruamel.yaml",
}
"""The libraries that a usual run of an action imports; the others of its tier run as programs."""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="tagship-bench-") as name:
        folder = Path(name)
        if "warm" not in sys.argv[1:]:
            print_cold(folder)
        print("warm: action                bare      start  ratio  modules   CPU time until the action begins to work")
        for action in LIBRARIES:
            bare, start, modules = warm_seconds(action, folder)
            print(f"      {action:18}{bare * 1000:7.1f} ms {start * 1000:7.1f} ms  {start / bare:5.2f}  {modules:7}")
        print("      aim: at most 1.3")


def print_cold(folder: Path) -> None:
    """Print the seconds that each tier needs to be installed and started."""
    print("cold: tier         pip      start   ratio")
    pip, cold = {}, {}
    for tier in dict.fromkeys(TIERS.values()):
        pip[tier], cold[tier] = cold_seconds(tier, folder / tier)
        print(f"      {tier:13}{pip[tier]:5.2f} s  {cold[tier]:5.2f} s  {cold[tier] / pip[tier]:5.2f}")
    print(f"      changelog by a start against full by pip: {cold['changelog'] / pip['full']:.2f} (aim: under 0.33)")


def cold_seconds(tier: str, folder: Path) -> tuple[float, float]:
    """Return the seconds to install ``tier`` with plain pip, and with a start that exits after the installation."""
    source = _tree(folder / "src", {"start": tier}, "raise SystemExit")
    pip, cold = [], []
    for number in range(COLD_ROUNDS):
        pip.append(_seconds(_pip(tier, folder / f"pip-{number}")))
        cold.append(_seconds(_start(source, "start"), folder / f"runner-{number}"))
    return min(pip), min(cold)


def warm_seconds(action: str, folder: Path) -> tuple[float, float, int]:
    """Return the CPU seconds of the bare imports, those of a start of the action, and the number of its modules.

    The start reads the inputs as on a runner, imports the same libraries, and exits where the action begins to work.
    """
    body = f"""
        import sys
        from dataclasses import replace
        from tagship import real_main
        load = real_main.load
        def stop(*_):
            import {LIBRARIES[action]}
            print(sum(name.startswith("tagship") for name in sys.modules))
            raise SystemExit
        real_main.load = lambda name: replace(load(name), run=stop)
        real_main.console()
    """
    start = _start(_tree(folder / action, TIERS, body), action)
    runner = folder / "runner"
    runner.mkdir(exist_ok=True)
    modules = int(_cpu_seconds(start, runner)[1].split()[-1])
    bare = _bare(action, runner)
    rounds = [(_cpu_seconds(bare, runner)[0], _cpu_seconds(start, runner)[0]) for _ in range(WARM_ROUNDS)]
    best_bare, best_start = map(min, zip(*rounds, strict=True))
    return best_bare, best_start, modules


def _bare(action: str, runner: Path) -> list[str]:
    """Return the command that imports the libraries of ``action`` and nothing else."""
    lock = (SOURCE / "locks" / f"{TIERS[action]}.txt").read_bytes()
    libraries = runner / f"tagship-{identity(lock)}"
    program = f"import sys; sys.path.append({str(libraries)!r}); import {LIBRARIES[action]}"
    return [sys.executable, "-I", "-S", "-X", "utf8", "-c", program]


def _tree(source: Path, tiers: dict[str, str], body: str) -> Path:
    """Return a copy of ``src`` whose entry point runs ``body``; the real one is the module ``real_main``."""
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
    (source / "locks" / "actions.json").write_text(json.dumps(tiers))
    (source / "tagship" / "main.py").rename(source / "tagship" / "real_main.py")
    (source / "tagship" / "main.py").write_text(f"def console():\n        {body.strip()}\n")
    return source


def _start(source: Path, action: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-X", "utf8", str(source), action]


def _pip(tier: str, target: Path) -> list[str]:
    options = ["--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-deps", "--require-hashes"]
    lock = str(SOURCE / "locks" / f"{tier}.txt")
    return [sys.executable, "-m", "pip", "install", *options, "--target", str(target), "--requirement", lock]


def _seconds(command: list[str], runner: Path | None = None) -> float:
    environ = os.environ | ({"RUNNER_TEMP": str(runner)} if runner else {})
    started = time.perf_counter()
    done = subprocess.run(command, env=environ, check=False, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stderr)
    return seconds


def _cpu_seconds(command: list[str], runner: Path) -> tuple[float, str]:
    """Return the CPU time of ``command`` on a runner in seconds, and its output."""
    runners = {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": os.devnull, "GITHUB_REF_NAME": "v1.0.0", "INPUTS": "{}"}
    environ = {**os.environ, **runners, "GITHUB_REPOSITORY": "octo/hello", "RUNNER_TEMP": str(runner)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environ, check=False, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


if __name__ == "__main__":
    main()
