"""The downloads that all rehearsals of a user share: the libraries of the actions, and the caches of uv and pip."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.environment import OFFLINE
from tagship.edges.environments import CACHE
from tagship.edges.user_cache import own_cache

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TIER = re.compile(r"tagship-[0-9a-f]{16,}")
"""The name of a complete installation by the bootstrap."""
_DIGESTS = ".tagship-digests"
"""The list that the bootstrap writes into it; a step with a token refuses an installation without one."""


def rehearsal_cache(environ: Mapping[str, str]) -> Path:
    """Return the folder of the shared downloads: TAGSHIP_CACHE, or a folder in the user's cache. Raises Failure."""
    configured = environ.get(CACHE)
    folder = Path(configured).absolute() if configured else own_cache(environ, sys.platform) / "rehearsal"
    (folder / "libraries").mkdir(parents=True, exist_ok=True)
    return folder


def cache_variables(cache: Path, *, offline: bool) -> dict[str, str]:
    """Return the variables that make the actions use ``cache``, and only that if ``offline``."""
    return {CACHE: str(cache), **({OFFLINE: "1", "UV_OFFLINE": "1"} if offline else {})}


@contextmanager
def shared_libraries(cache: Path, temporary: Path) -> Iterator[None]:
    """Link the libraries in ``cache`` into the runner's ``temporary`` folder; keep new ones in ``cache`` at the end."""
    shared = cache / "libraries"
    for path in shared.iterdir():
        link = temporary / path.name
        if _is_usable(path) and not link.is_dir():
            link.unlink(missing_ok=True)
            # Windows may not permit links; the libraries are then installed again.
            with contextlib.suppress(OSError):
                link.symlink_to(path, target_is_directory=True)
    try:
        yield
    finally:
        for path in temporary.iterdir():
            if _is_usable(path) and not path.is_symlink() and not _is_usable(shared / path.name):
                staging = shared / f".{path.name}-{os.getpid()}"
                shutil.move(path, staging)
                shutil.rmtree(shared / path.name, ignore_errors=True)
                staging.rename(shared / path.name)


def _is_usable(path: Path) -> bool:
    return TIER.fullmatch(path.name) is not None and (path / _DIGESTS).exists()
