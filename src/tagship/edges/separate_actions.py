"""Actions in a process of their own, without the token of the process that starts them.

The root action has a token and runs programs of the project. Before the first of them starts, its process imports all
that it needs later, and nothing after that: such a program can rewrite every file of the runner's user.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import pkgutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.machinery import BuiltinImporter, FrozenImporter
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.reachability import system_error
from tagship.edges.confinement import read
from tagship.errors import Failure
from tagship.workflow_commands import read_outputs

if TYPE_CHECKING:
    from tagship.edges.processes import Processes

_PACKAGES = ("tagship.core", "tagship.contract", "tagship.edges.github", "requests", "urllib3")
_MODULES = (
    "tagship.actions.gh_release", "encodings.idna", "encodings.latin_1", "encodings.ascii", "encodings.utf_8_sig",
    "html", "netrc", "ssl", "stringprep", "traceback",
)  # fmt: skip
"""Modules that a release on GitHub imports late, for example for an error."""

_REPORTED = 1
"""Exit status of an action that has reported its problems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparateActions:
    """Runner of actions with the program ``source``. Their environment is that of ``processes``, plus ``variables``."""

    source: Path
    processes: Processes
    variables: Mapping[str, str]
    temporary: Path
    write: Callable[[str], None]

    def run(self, name: str, inputs: Mapping[str, str]) -> Mapping[str, str]:
        """Run the action ``name`` and return its outputs. Raises Failure without a problem if it has reported one."""
        seal()
        with tempfile.TemporaryDirectory(prefix="tagship-outputs-", dir=self.temporary) as folder:
            output = Path(folder, "output")
            given = {"INPUTS": json.dumps(dict(inputs)), "GITHUB_OUTPUT": str(output), "TAGSHIP_TIER": "full"}
            ended = self.processes.run(
                [sys.executable, "-I", "-S", "-X", "utf8", self.source, name],
                cwd=Path.cwd(),
                environ={**self.processes.environ, **self.variables, **given},
                on_line=self.write,
            )
            if ended.code == _REPORTED:
                raise Failure
            if not ended.ok:
                raise Failure(system_error(f"{name} exited with status {ended.code}"))
            return read_outputs(read(output.resolve()).decode("utf-8", "replace"))


@cache
def seal() -> None:
    """Import everything that a release on GitHub needs, and refuse to import any other file from now on."""
    for name in _MODULES:
        importlib.import_module(name)
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            # Some modules of urllib3 need libraries that no lock has.
            with contextlib.suppress(ImportError):
                importlib.import_module(found.name)
    sys.meta_path[:] = [finder for finder in sys.meta_path if finder in (BuiltinImporter, FrozenImporter)]
