"""Embedded GitHubs for the tests here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from support.hub import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Open(Protocol):
    """Opens desks over folders of the test's own."""

    def __call__(self, config: Mapping[str, object] | None = None, *, folder: str = "hub") -> Desk:
        """Return a desk; without a configuration, the standard one."""
        ...


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Open]:
    """Opens hubs in this process, and closes them after the test."""
    desks: list[Desk] = []

    def opened(config: Mapping[str, object] | None = None, *, folder: str = "hub") -> Desk:
        desk = Desk(tmp_path / folder, config)
        desks.append(desk)
        return desk

    yield opened
    for desk in desks:
        desk.hub.store.close()


@pytest.fixture
def desk(open_desk: Open) -> Desk:
    """Return a hub with the standard configuration."""
    return open_desk()
