"""What every run needs once: the actions' libraries, installed as the first step of a job installs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.lab import lab, prepare_tiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import ExitStack
    from pathlib import Path

    from support.lab import Lab


@pytest.fixture(scope="session")
def tiers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder with every tier; one for all workers, since concurrent installations do no harm."""
    base = tmp_path_factory.getbasetemp()
    return prepare_tiers((base if worker_id == "master" else base.parent) / "tiers")
