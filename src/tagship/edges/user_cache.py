"""The folder for installations outside a runner, writable by the current user only."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from tagship.errors import Failure

_OTHERS_MAY_WRITE = 0o022


def own_cache(environ: Mapping[str, str], platform: str) -> Path:
    """Return the user's cache folder for tagship on ``platform`` (as ``sys.platform``), created if missing.

    Code is imported from it: raises Failure if it cannot be created, or if another user owns it or can write to it.
    """
    try:
        folder = _cache_home(environ, platform) / "tagship"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        entry, state = folder.lstat(), folder.stat()
    except (OSError, RuntimeError) as error:
        raise _unusable(f"The cache folder cannot be created: {error}.") from error
    if hasattr(os, "geteuid"):
        owners = {entry.st_uid, state.st_uid} - {os.geteuid()}
        if owners:
            raise _unusable(f"The cache folder {folder} belongs to another user (uid {owners.pop()}).")
        if state.st_mode & _OTHERS_MAY_WRITE:
            raise _unusable(f"The cache folder {folder} is writable by other users (mode {state.st_mode & 0o777:o}).")
    return folder


def local_outputs(environ: Mapping[str, str], platform: str, workspace: Path) -> Path | None:
    """Return the folder in the cache for the output files of local runs in ``workspace``; None without a cache."""
    try:
        cache = own_cache(environ, platform)
    except Failure:
        return None
    return cache / "outputs" / f"{workspace.name}-{hashlib.sha256(os.fsencode(workspace)).hexdigest()[:8]}"


def _cache_home(environ: Mapping[str, str], platform: str) -> Path:
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or "~").expanduser()
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if platform == "darwin":
        return home / "Library" / "Caches"
    configured = environ.get("XDG_CACHE_HOME", "")
    # The XDG base directory specification ignores relative paths.
    return Path(configured) if Path(configured).is_absolute() else home / ".cache"


def _unusable(found: str) -> Failure:
    remedy = "Run chmod go-w on the folder, or set RUNNER_TEMP to a folder that only you can write to."
    return Failure.of(found=found, remedy=remedy, topic="cache-folder-not-private")
