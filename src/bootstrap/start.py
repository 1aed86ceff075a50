"""The way of every start: search path, dependencies, hand over. A start that finds them installed sees only this.

It is paid by every step of every job, so nothing is imported here that the libraries of an action do not import anyway:
pathlib would be a third of the cost.
"""
# ruff: noqa: PTH100, PTH112, PTH118, PTH119, PTH120, PTH123

from __future__ import annotations

import contextlib
import json
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import source_hash
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SOURCE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def start() -> NoReturn:
    """Become the action that the command line names, with its dependencies importable; exit with its status."""
    sys.path[:] = [SOURCE, *standard_library(sys.path)]
    if "INPUTS" in os.environ:
        from bootstrap.start import conceal

        conceal()
    try:
        dependencies = ready(sys.argv[1:], os.environ)
    except Exception as error:
        from bootstrap.messages import tell

        if not tell(error, os.environ):
            raise
        sys.exit(1)
    sys.path.append(dependencies)
    from tagship.main import console

    console()


def standard_library(paths: Sequence[str]) -> list[str]:
    """Return those of ``paths`` that are the interpreter's own modules.

    Site-packages are left out, and what ``.pth`` files added: a library that a lock forgot must be missed at once, and
    neither the caller's versions nor their plug-ins take part in a release.
    """
    library = os.path.dirname(os.__file__)
    prefixes = {sys.base_prefix, sys.base_exec_prefix}
    folders = {library, *(os.path.join(prefix, "DLLs") for prefix in prefixes), *prefixes}
    return [
        path
        for path in paths
        if path in folders
        or (os.path.basename(path) == "lib-dynload" and path.startswith(tuple(prefixes)))
        or (path.endswith(".zip") and path.startswith(os.path.dirname(library)))
    ]


def ready(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the folder that holds the dependencies of the action ``arguments`` name, installed now if they are not
    yet.

    Raises Failure for an unknown action, and where the dependencies cannot be installed.
    """
    lock = os.path.join(SOURCE, "locks", f"{tier_of(arguments)}.txt")
    with open(lock, "rb") as file:
        folder = os.path.join(root(environ), f"tagship-{identity(file.read())}")
    if not os.path.isdir(folder):
        from pathlib import Path

        from bootstrap.install import install

        install(Path(lock), Path(folder), environ)
    return folder


def tier_of(arguments: Sequence[str]) -> str:
    """Return the lock tier of the action that ``arguments`` begin with; Failure where there is no such action."""
    with open(os.path.join(SOURCE, "locks", "actions.json"), encoding="utf-8") as file:
        tiers: dict[str, str] = json.load(file)
    name = arguments[0] if arguments else ""
    if name not in tiers:
        from tagship.errors import Failure, Problem

        found = f"There is no action {name!r}." if name else "No action was named."
        raise Failure(Problem(found=found, remedy=f"The actions are: {', '.join(tiers)}.", topic="unknown-action"))
    return tiers[name]


def identity(lock: bytes) -> str:
    """Sixteen hexadecimal digits that tell installations of different locks, interpreters and platforms apart."""
    machine = os.uname().machine if hasattr(os, "uname") else ""
    facts = [sys.version, EXTENSION_SUFFIXES[0], sys.platform, machine]
    return source_hash("\0".join(facts).encode() + b"\0" + lock).hex()


def root(environ: Mapping[str, str]) -> str:
    """Return the folder for installations: the runner's, which lasts as long as the job, else this user's own cache."""
    temporary = environ.get("RUNNER_TEMP")
    if temporary:
        return os.path.abspath(temporary)
    from bootstrap.cache import own_cache

    return str(own_cache(environ, sys.platform))


_PR_SET_DUMPABLE = 4


def conceal() -> None:
    """Keep this process's memory, and the environment it was started with, from other processes of this user.

    Taking a variable out of the environment leaves it in ``/proc/PID/environ``, where every child could read it. Only
    Linux knows this, and root sees everything: https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html
    """
    with contextlib.suppress(ImportError, OSError, TypeError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
