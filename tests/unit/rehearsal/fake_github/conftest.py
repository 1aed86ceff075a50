"""Embedded GitHubs for the tests of this folder."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from support.fake_github import Client, standard_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def connect(tmp_path: Path) -> Callable[..., Client]:
    """Return a function that makes a client of ``standard_app`` with the given tables."""
    made = partial(standard_app, tmp_path / "assets")
    return lambda *tables, **settings: Client(made(*tables, **settings))


@pytest.fixture
def client(connect: Callable[..., Client]) -> Client:
    """Return a client of the standard app."""
    return connect()
