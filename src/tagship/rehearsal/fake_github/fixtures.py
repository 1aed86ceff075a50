"""State that exists before the first request: tokens, repositories and releases."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.models import Put

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.app import App
    from tagship.rehearsal.fake_github.models import Release, Repository, Token


def add_token(app: App, token: Token) -> None:
    """Add the token, or replace the one with the same secret."""
    app.provide([Put(record=token)])


def add_repository(app: App, repository: Repository) -> Repository:
    """Add the repository, or replace the one of that name and keep its id; return it with its id."""
    known = app.state.repositories.get(repository.key)
    stored = replace(repository, id=known.id if known else app.state.serial + 1)
    app.provide([Put(record=stored)])
    return stored


def add_release(app: App, release: Release, *, latest: bool = False) -> Release:
    """Add the release and return it with its id. ``latest`` marks it as the repository's latest release."""
    published_at = release.published_at or (None if release.draft else time.time())
    stored = replace(release, id=app.state.serial + 1, published_at=published_at)
    app.provide([Put(record=stored)])
    if latest:
        repository = app.state.repositories[release.repository.lower()]
        app.provide([Put(record=replace(repository, latest=stored.id))])
    return stored
