"""Where installations live outside a runner: a folder that only this user can write to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_OTHERS_MAY_WRITE = 0o022


def own_cache(environ: Mapping[str, str], platform: str) -> Path:
    """Return the user's own cache folder for tagship on ``platform`` (as ``sys.platform``), made if need be.

    Code is imported from it, so Failure where it cannot be made, or where somebody else owns it or may write to it.
    """
    try:
        folder = _cache_home(environ, platform) / "tagship"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        entry, state = folder.lstat(), folder.stat()
    except (OSError, RuntimeError) as error:
        raise _unusable(f"The cache folder of this user cannot be made: {error}.") from error
    if hasattr(os, "geteuid"):
        strangers = {entry.st_uid, state.st_uid} - {os.geteuid()}
        if strangers:
            raise _unusable(f"The cache folder {folder} belongs to another user (number {strangers.pop()}).")
        if state.st_mode & _OTHERS_MAY_WRITE:
            raise _unusable(f"The cache folder {folder} may be written to by other users.")
    return folder


def _cache_home(environ: Mapping[str, str], platform: str) -> Path:
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or "~").expanduser()
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if platform == "darwin":
        return home / "Library" / "Caches"
    given = environ.get("XDG_CACHE_HOME", "")
    # The XDG base directory specification has relative paths ignored.
    return Path(given) if Path(given).is_absolute() else home / ".cache"


def _unusable(found: str) -> Failure:
    remedy = "Set RUNNER_TEMP to a folder that only you can write to."
    return Failure(Problem(found=found, remedy=remedy, topic="cache-folder-not-private"))
