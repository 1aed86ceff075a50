"""Start-up time: each tier cold compared with plain pip, warm compared with a bare import of the same libraries.

``python benchmarks/bootstrap.py`` prints seconds and ratios. Both sides of a ratio are measured in turns, and the best
round counts. It needs the package index.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
TIERS: dict[str, str] = json.loads((SOURCE / "locks" / "actions.json").read_text("utf-8"))
COLD_ROUNDS = 2
WARM_ROUNDS = 12
LIBRARIES = {
    "changelog": "actions_toolkit.command, markdown_it, packaging.version",
    "environments": "actions_toolkit.command, packaging.metadata, uv",
    "github": "actions_toolkit.command, packaging.version, requests, typing_extensions, ruamel.yaml",
    "build": "actions_toolkit.command, packaging.metadata, uv",
    "full": "actions_toolkit.command, markdown_it, packaging.metadata, build, requests, ruamel.yaml, uv",
}
"""The imports of a tier's actions; the other libraries of a tier run as programs."""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="tagship-bench-") as name:
        folder = Path(name)
        print("cold: tier         pip      start   ratio")
        pip, cold = {}, {}
        for tier in LIBRARIES:
            pip[tier], cold[tier] = cold_seconds(tier, folder / tier)
            print(f"      {tier:13}{pip[tier]:5.2f} s  {cold[tier]:5.2f} s  {cold[tier] / pip[tier]:5.2f}")
        print(
            f"      changelog by a start against full by pip: {cold['changelog'] / pip['full']:.2f} (aim: under 0.33)"
        )
        print("warm: action             bare     start  ratio   with tagship's modules  ratio")
        for action, tier in TIERS.items():
            bare, start, whole = warm_seconds(action, folder / tier / "runner-0", folder / action)
            print(
                f"      {action:18}{bare * 1000:5.0f} ms  {start * 1000:5.0f} ms  {start / bare:5.2f}"
                f"   {whole * 1000:19.0f} ms  {whole / bare:5.2f}"
            )
        print("      aim: at most 1.3")


def cold_seconds(tier: str, folder: Path) -> tuple[float, float]:
    """Return the seconds to install ``tier`` with plain pip, and with a start that exits after the installation."""
    source = _tree(folder / "src", tier, "raise SystemExit")
    pip, cold = [], []
    for number in range(COLD_ROUNDS):
        pip.append(_seconds(_pip(tier, folder / f"pip-{number}")))
        cold.append(_seconds(_start(source), folder / f"runner-{number}"))
    return min(pip), min(cold)


def warm_seconds(action: str, runner: Path, folder: Path) -> tuple[float, float, float]:
    """Return the seconds for the bare imports of the libraries, for a start with them, and with tagship's modules."""
    tier = TIERS[action]
    (dependencies,) = runner.glob("tagship-*")
    libraries = f"import {LIBRARIES[tier]}"
    bare = [
        sys.executable,
        "-I",
        "-S",
        "-X",
        "utf8",
        "-c",
        f"import sys; sys.path.append({str(dependencies)!r}); {libraries}",
    ]
    start = _start(_tree(folder / "start", tier, f"{libraries}; raise SystemExit"))
    own = f"from tagship import real_main; real_main.load({action!r}); {libraries}; raise SystemExit"
    whole = _start(_tree(folder / "whole", tier, own))
    for command in (start, whole):
        _seconds(command, runner)
    rounds = [[_seconds(command, runner) for command in (bare, start, whole)] for _ in range(WARM_ROUNDS)]
    bare_times, start_times, whole_times = zip(*rounds, strict=True)
    return min(bare_times), min(start_times), min(whole_times)


def _tree(source: Path, tier: str, body: str) -> Path:
    """Return a copy of ``src`` whose only action ``start`` runs ``body``; ``main`` is renamed to ``real_main``."""
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
    (source / "locks" / "actions.json").write_text(json.dumps({"start": tier}))
    (source / "tagship" / "main.py").rename(source / "tagship" / "real_main.py")
    (source / "tagship" / "main.py").write_text(f"def console():\n    {body}\n")
    return source


def _start(source: Path) -> list[str]:
    return [sys.executable, "-I", "-S", "-X", "utf8", str(source), "start"]


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


if __name__ == "__main__":
    main()
