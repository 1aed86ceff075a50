"""How long a start takes: each tier cold against a plain pip, warm against a bare import of the action's libraries.

``python benchmarks/bootstrap.py`` prints seconds and ratios; both sides of a ratio are taken in turns in one run.
Needs the package index. The times of cold starts are the best of the rounds, those of warm ones the medians.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
COLD_ROUNDS = 2
WARM_ROUNDS = 15
LIBRARIES = {
    "changelog": "actions_toolkit.command, markdown_it, packaging.version",
    "github": "actions_toolkit.command, packaging.version, github",
    "environments": "actions_toolkit.command, packaging.version, uv",
    "build": "actions_toolkit.command, packaging.metadata, build, uv",
    "full": "actions_toolkit.command, markdown_it, packaging.metadata, build, github, uv",
}
"""What the actions of a tier import; the other libraries of a tier run as programs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds that one tier takes: by plain pip, cold, warm with nothing behind it, and for the bare imports."""

    pip: float
    cold: float
    warm: float
    bare: float


def main() -> None:
    """Measure and print."""
    tiers = dict.fromkeys(json.loads((SOURCE / "locks" / "actions.json").read_text("utf-8")).values())
    print(f"{'tier':13}{'pip':>7}{'cold':>7}{'ratio':>7}   {'bare':>6}{'warm':>7}{'ratio':>7}")
    measured = {tier: measure(tier) for tier in sorted(tiers, key=list(LIBRARIES).index)}
    for tier, times in measured.items():
        cold = f"{times.pip:6.2f}s{times.cold:6.2f}s{times.cold / times.pip:7.2f}"
        warm = f"{times.bare * 1000:4.0f}ms{times.warm * 1000:5.0f}ms{times.warm / times.bare:7.2f}"
        print(f"{tier:13}{cold}   {warm}")
    share = measured["changelog"].cold / measured["full"].pip
    print(f"extract-changelog cold against the full tier by pip: {share:.2f} (aim: under 0.33)")
    print(f"worst warm start: {max(times.warm / times.bare for times in measured.values()):.2f} (aim: at most 1.3)")


def measure(tier: str) -> Times:
    """The times of one tier, in folders that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tagship-bench-") as name:
        folder = Path(name)
        source = _tree(folder / "src", tier)
        pip, cold = [], []
        for number in range(COLD_ROUNDS):
            pip.append(_seconds(_pip(tier, folder / f"pip-{number}"), os.environ))
            cold.append(_seconds(_start(source), _runner(folder / f"runner-{number}")))
        runner = _runner(folder / "runner-0")
        (dependencies,) = (folder / "runner-0").glob("tagship-*")
        bare_command = [sys.executable, "-I", "-X", "utf8", "-c", _imports(tier, dependencies)]
        bare, warm = [], []
        for _ in range(WARM_ROUNDS):
            bare.append(_seconds(bare_command, runner))
            warm.append(_seconds(_start(source), runner))
        return Times(pip=min(pip), cold=min(cold), warm=statistics.median(warm), bare=statistics.median(bare))


def _tree(source: Path, tier: str) -> Path:
    """A copy of what starts an action, with an action behind it that imports its libraries and ends."""
    (source / "tagship").mkdir(parents=True)
    shutil.copytree(SOURCE / "locks", source / "locks")
    shutil.copytree(SOURCE / "bootstrap", source / "bootstrap")
    (source / "locks" / "actions.json").write_text(json.dumps({"start": tier}))
    for file in ("__main__.py", "tagship/__init__.py", "tagship/errors.py"):
        (source / file).write_bytes((SOURCE / file).read_bytes())
    (source / "tagship" / "main.py").write_text(f"import {LIBRARIES[tier]}\ndef console(): raise SystemExit\n")
    return source


def _start(source: Path) -> list[str]:
    return [sys.executable, "-I", "-X", "utf8", str(source), "start"]


def _pip(tier: str, target: Path) -> list[str]:
    options = ["--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-deps", "--require-hashes"]
    lock = str(SOURCE / "locks" / f"{tier}.txt")
    return [sys.executable, "-m", "pip", "install", *options, "--target", str(target), "--requirement", lock]


def _imports(tier: str, dependencies: Path) -> str:
    return f"import sys; sys.path.append({str(dependencies)!r}); import {LIBRARIES[tier]}"


def _runner(temporary: Path) -> dict[str, str]:
    temporary.mkdir(exist_ok=True)
    return os.environ | {"RUNNER_TEMP": str(temporary)}


def _seconds(command: list[str], environ: os._Environ[str] | dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
