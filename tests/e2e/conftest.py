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
def tiers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder with every tier; one for all workers, since concurrent installations do no harm."""
    base = tmp_path_factory.getbasetemp()
    return prepare_tiers((base if worker_id == "master" else base.parent) / "tiers")


@pytest.fixture
def opened(tmp_path: Path, tiers: Path) -> Iterator[Callable[..., Lab]]:
    """Open labs, each with more files for the project if ``files`` is given."""
    with ExitStack() as stack:
        yield lambda **files: stack.enter_context(lab(tmp_path, tiers=tiers, files=files.get("files")))
