"""What every run needs once: the actions' libraries, installed as the first step of a job installs them."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from support.lab import lab, prepare_tiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.lab import Lab


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of libraries and downloads that rehearsals share, those of another worker too."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "downloads"


@pytest.fixture(scope="session")
def tiers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder with every tier, which the first worker prepares for all."""
    from fcntl import LOCK_EX, flock  # Windows lacks it, and has no act

    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with (shared / "tiers.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        return prepare_tiers(shared / "tiers")


@pytest.fixture
def opened(tmp_path: Path, tiers: Path) -> Iterator[Callable[..., Lab]]:
    """Open labs, each with more files for the project if ``files`` is given."""
    with ExitStack() as stack:
        yield lambda **files: stack.enter_context(lab(tmp_path, tiers=tiers, files=files.get("files")))
