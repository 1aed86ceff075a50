"""abi3audit: whether a wheel for the stable ABI uses only functions of the stable ABI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tagship.core.environment import without_python_settings
from tagship.core.formatting import last_lines
from tagship.edges.checks import library_command
from tagship.edges.lock_tiers import require_library
from tagship.errors import Graded, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.core.distributions.distribution import Distribution
    from tagship.edges.runtime import Runtime

_LIMIT = 300


def abi3_findings(files: Sequence[tuple[Path, Distribution]], runtime: Runtime) -> Iterator[Graded]:
    """Yield an error for each wheel tagged abi3 that breaks its promise. Other wheels are not read."""
    for path, item in files:
        if any(tag.abi == "abi3" for tag in item.tags):
            require_library("abi3audit", "abi3", runtime.installer_environ)
            environ = {**without_python_settings(runtime.environ), "NO_COLOR": "1", "COLUMNS": "200"}
            command = library_command("abi3audit", "--strict", "--summary", path)
            ended = runtime.processes.run(command, cwd=path.parent, environ=environ, timeout=_LIMIT)
            runtime.runner.untrusted(ended.output)
            if not ended.ok:
                yield (
                    "error",
                    Problem(
                        found=f"{path.name} is tagged abi3, but uses functions outside the stable ABI:\n"
                        f"{last_lines(ended.output, indent='  ')}",
                        remedy="Define Py_LIMITED_API as the lowest supported Python, for example 0x030B0000, or build "
                        f"a wheel for each Python. To reproduce it: abi3audit --strict {path.name}",
                        topic="abi3-violations",
                    ),
                )
