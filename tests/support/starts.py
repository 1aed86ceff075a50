"""A small copy of ``src`` with a tier of one small wheel, an index that serves it, and its runs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from uv import find_uv_bin

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = Path(__file__).resolve().parents[2] / "src"
ACTION = "tiny-action"
_NEEDED = (
    "tagship/__init__.py",
    "tagship/errors.py",
    "tagship/core/__init__.py",
    "tagship/core/formatting.py",
    "tagship/core/formatting.py",
    "tagship/core/reachability.py",
    "tagship/core/runner.py",
    "tagship/core/summary.py",
    "tagship/edges/__init__.py",
    "tagship/edges/descendants.py",
    "tagship/edges/environments.py",
    "tagship/edges/processes.py",
    "tagship/edges/user_cache.py",
    "tagship/workflow_commands.py",
)
"""Modules of tagship that the bootstrap imports; none of them imports a library."""
_MAIN = """
import json, os, sys

def console():
    import tiny
    loaded = sorted(name for name in sys.modules if name.partition(".")[0] == "bootstrap")
    print(json.dumps({"path": sys.path, "arguments": sys.argv[1:], "tiny": tiny.__file__, "bootstrap": loaded}))
    sys.exit(0)
"""


@dataclass(slots=True, kw_only=True)
class Start:
    """A machine: a copy of ``src``, a checkout, a home, a PATH folder and a temporary folder of a runner."""

    folder: Path
    python: str = sys.executable
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Path:
        """The copy of ``src``, with substitutes for the locks and for ``main``."""
        return self.folder / "repository" / "src"

    @property
    def index(self) -> Path:
        """The folder of the index."""
        return self.folder / "index"

    @property
    def checkout(self) -> Path:
        """The caller's checkout, which is the working directory."""
        return self.folder / "checkout"

    @property
    def home(self) -> Path:
        """The home folder of the user."""
        return self.folder / "home"

    @property
    def programs(self) -> Path:
        """The only folder on PATH, empty at first."""
        return self.folder / "programs"

    @property
    def temporary(self) -> Path:
        """The runner's temporary folder."""
        return self.folder / "temporary"

    @property
    def lock(self) -> Path:
        """The lock of the one tier."""
        return self.source / "locks" / "tiny.txt"

    def command(self) -> list[str]:
        """Return the command line of a manifest."""
        return [self.python, "-I", "-S", "-X", "utf8", str(self.source), ACTION, "--tag", "v1.0"]

    def variables(self, more: Mapping[str, str] = {}) -> dict[str, str]:
        """Return the environment of a run."""
        environ = {
            "PATH": str(self.programs),
            "HOME": str(self.home),
            "RUNNER_TEMP": str(self.temporary),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": (self.index / "simple").as_uri(),
        }
        if os.name == "nt":
            environ |= {name: os.environ[name] for name in ("SYSTEMROOT", "COMSPEC") if name in os.environ}
        return environ | self.environ | dict(more)

    def run(self, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the command and return the finished process."""
        return subprocess.run(
            self.command(),
            cwd=self.checkout,
            env=self.variables(more),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    def launch(self, **more: str) -> subprocess.Popen[str]:
        """Start the command in its own process group and return the running process."""
        return subprocess.Popen(
            self.command(),
            cwd=self.checkout,
            env=self.variables(more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def installations(self) -> list[str]:
        """Return the names of the finished, running and interrupted installations."""
        return sorted(path.name for path in self.temporary.iterdir())

    def publish(self, name: str, *, scripts: Mapping[str, bytes] = {}) -> str:
        """Add a wheel called ``name`` to the index, and return its entry in a lock file."""
        wheel = _wheel(self.index, name, scripts)
        page = self.index / "simple" / name / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(f'<!DOCTYPE html><a href="../../{wheel.name}">{wheel.name}</a>')
        return f"{name}==1.0 \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"

    def put_uv_on_path(self) -> None:
        """Copy uv into the PATH folder."""
        shutil.copy(find_uv_bin(), self.programs)

    def program(self, name: str, script: str) -> None:
        """Write a shell script called ``name`` into the PATH folder."""
        file = self.programs / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)


def machine(folder: Path, *, python: str = sys.executable) -> Start:
    """Create a machine in ``folder`` without any installation, and return it."""
    start = Start(folder=folder.resolve(), python=python)
    for path in (start.checkout, start.home, start.programs, start.temporary):
        path.mkdir(parents=True)
    for name in ("__main__.py", "bootstrap", *_NEEDED):
        target = start.source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (SOURCE / name).is_dir():
            shutil.copytree(SOURCE / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(SOURCE / name, target)
    (start.source / "tagship" / "main.py").write_text(_MAIN)
    start.lock.parent.mkdir()
    (start.source / "locks" / "actions.json").write_text(json.dumps({ACTION: "tiny"}))
    start.lock.write_text(start.publish("tiny"))
    return start


def _wheel(folder: Path, name: str, scripts: Mapping[str, bytes]) -> Path:
    """Write a wheel with one empty module and ``scripts``, and return its path."""
    members = {
        f"{name}/__init__.py": b"",
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{name}-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    } | {f"{name}-1.0.data/scripts/{script}": content for script, content in scripts.items()}
    record = f"{name}-1.0.dist-info/RECORD"
    members[record] = "".join(f"{member},,\n" for member in [*members, record]).encode()
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for member, content in members.items():
            entry = zipfile.ZipInfo(member)
            entry.external_attr = (stat.S_IFREG | 0o755) << 16
            archive.writestr(entry, content)
    return wheel
