"""The way of every start: search path, dependencies, hand over. A start that finds them installed sees only this."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SOURCE = Path(__file__).resolve().parents[1]


def start() -> NoReturn:
    """Become the action that the command line names, with its dependencies importable; exit with its status."""
    sys.path[:] = [str(SOURCE), *standard_library(sys.path)]
    try:
        dependencies = ready(sys.argv[1:], os.environ)
    except Failure as failure:
        from bootstrap.telling import tell

        for problem in failure.problems:
            tell(problem, os.environ)
        sys.exit(1)
    sys.path.append(str(dependencies))
    from tagship.main import console

    console()


def standard_library(paths: Sequence[str]) -> list[str]:
    """Those of ``paths`` that are the interpreter's own modules.

    Site-packages are left out, and what ``.pth`` files added: a library that a lock forgot must be missed at once, and
    neither the caller's versions nor their plug-ins take part in a release.
    """
    library = os.path.dirname(os.__file__)  # noqa: PTH120 - pathlib would rewrite what sys.path must match
    prefixes = {sys.base_prefix, sys.base_exec_prefix}
    folders = {library, *(os.path.join(prefix, "DLLs") for prefix in prefixes), *prefixes}  # noqa: PTH118
    return [
        path
        for path in paths
        if path in folders
        or (os.path.basename(path) == "lib-dynload" and path.startswith(tuple(prefixes)))  # noqa: PTH119
        or (path.endswith(".zip") and path.startswith(os.path.dirname(library)))  # noqa: PTH120
    ]


def ready(arguments: Sequence[str], environ: Mapping[str, str]) -> Path:
    """The folder that holds the dependencies of the action ``arguments`` name, installed now if they are not yet.

    Raises Failure for an unknown action, and where the dependencies cannot be installed.
    """
    lock = SOURCE / "locks" / f"{tier_of(arguments)}.txt"
    folder = root(environ) / f"tagship-{identity(lock.read_bytes())}"
    if not folder.is_dir():
        from bootstrap.installation import install

        install(lock, folder, environ)
    return folder


def tier_of(arguments: Sequence[str]) -> str:
    """The lock tier of the action that ``arguments`` begin with; Failure where there is no such action."""
    tiers: dict[str, str] = json.loads((SOURCE / "locks" / "actions.json").read_text("utf-8"))
    name = arguments[0] if arguments else ""
    if name not in tiers:
        found = f"There is no action {name!r}." if name else "No action was named."
        raise Failure(Problem(found=found, remedy=f"The actions are: {', '.join(tiers)}.", topic="unknown-action"))
    return tiers[name]


def identity(lock: bytes) -> str:
    """Sixteen hexadecimal digits that tell installations of different locks, interpreters and platforms apart."""
    machine = os.uname().machine if hasattr(os, "uname") else ""
    facts = [sys.version, EXTENSION_SUFFIXES[0], sys.platform, machine]
    return hashlib.sha256("\0".join(facts).encode() + b"\0" + lock).hexdigest()[:16]


def root(environ: Mapping[str, str]) -> Path:
    """The folder for installations: the runner's, which lasts as long as the job, else this user's own cache."""
    temporary = environ.get("RUNNER_TEMP")
    if temporary:
        return Path(temporary).absolute()
    from bootstrap.cache import own_cache

    return own_cache(environ, sys.platform)
