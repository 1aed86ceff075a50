"""Start of an action: set the search path, install missing dependencies, call ``main``.

Every step of every job runs this module, so it imports only modules that the libraries of an action import anyway:
pathlib would be a third of the time.
"""
# ruff: noqa: PTH100, PTH112, PTH118, PTH119, PTH120, PTH123

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import source_hash
from typing import NoReturn

SOURCE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def start() -> NoReturn:
    """Run the action on the command line with its dependencies, and exit with its status."""
    sys.path[:] = [SOURCE, *standard_library(sys.path)]
    if "INPUTS" in os.environ:
        conceal()
    try:
        tier = tier_of(sys.argv[1:])
        add_tier(os.environ.pop("TAGSHIP_TIER", tier), os.environ)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.exit(130)
    except Exception as error:
        from bootstrap.messages import report_failure

        if not report_failure(error, os.environ):
            raise
        sys.exit(1)
    from tagship.main import console

    console()


_LAYOUT = "with digests"
"""Contents of an installation in addition to its libraries. Another layout gets another folder."""


def standard_library(paths: Sequence[str]) -> list[str]:
    """Return those of ``paths`` that contain the standard library.

    Site-packages and paths from ``.pth`` files are excluded: an unlocked library must fail at once, and no version or
    plug-in of the caller may take part in a release.
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


def add_tier(tier: str, environ: Mapping[str, str]) -> None:
    """Append the folder with the dependencies of ``tier`` to the search path, installed if missing.

    Raises Failure if the installation fails, or if an earlier step has changed it and this one has a token.
    """
    lock = os.path.join(SOURCE, "locks", f"{tier}.txt")
    with open(lock, "rb") as file:
        folder = os.path.join(root(environ), f"tagship-{identity(file.read())}")
    if not os.path.isdir(folder):
        from pathlib import Path

        from bootstrap.install import install

        install(Path(lock), Path(folder), environ)
    elif '"token"' in environ.get("INPUTS", "").lower():
        from pathlib import Path

        from bootstrap.digests import refuse_changes

        refuse_changes(Path(folder))
    sys.path.append(folder)


def tier_of(arguments: Sequence[str]) -> str:
    """Return the tier of the action in ``arguments``. Raises Failure for an unknown action."""
    with open(os.path.join(SOURCE, "locks", "actions.json"), encoding="utf-8") as file:
        tiers: dict[str, str] = json.load(file)
    name = arguments[0] if arguments else ""
    if name not in tiers:
        from tagship.errors import Failure

        found = f"Unknown action: {name!r}." if name else "The name of an action is missing."
        raise Failure.of(found=found, remedy=f"Use one of: {', '.join(tiers)}.", topic="unknown-action")
    return tiers[name]


def identity(lock: bytes) -> str:
    """Return 16 hexadecimal digits, different for each lock, interpreter, platform and layout of an installation."""
    machine = os.uname().machine if hasattr(os, "uname") else ""
    facts = [_LAYOUT, sys.version, EXTENSION_SUFFIXES[0], sys.platform, machine]
    return source_hash("\0".join(facts).encode() + b"\0" + lock).hex()


def root(environ: Mapping[str, str]) -> str:
    """Return the folder for installations: RUNNER_TEMP, which is deleted after the job, else the user's cache.

    All rehearsals share one.
    """
    if shared := environ.get("TAGSHIP_CACHE"):
        return os.path.join(shared, "libraries")
    temporary = environ.get("RUNNER_TEMP")
    if temporary:
        return os.path.abspath(temporary)
    from tagship.edges.user_cache import own_cache

    return str(own_cache(environ, sys.platform))


_PR_SET_DUMPABLE = 4


def conceal() -> None:
    """Protect this process's memory and initial environment from other processes of the same user.

    A variable removed from the environment remains in ``/proc/PID/environ``, which every child process could read. This
    works on Linux only, and not against root: https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html
    """
    with contextlib.suppress(ImportError, OSError, TypeError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
