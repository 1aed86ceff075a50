"""The pages that an answer's links lead to: small, but there exactly when what they show is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.rehearsal.github.messages import Answer

if TYPE_CHECKING:
    from tagship.rehearsal.github.hub import Hub
    from tagship.rehearsal.github.messages import Request


def answer(hub: Hub, request: Request) -> Answer:
    """The page at that path."""
    del hub, request
    return Answer(status=404, text="<!doctype html><title>Not found</title>")
