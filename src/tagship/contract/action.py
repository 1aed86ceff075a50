"""An action as a value: what it is called, what goes in, what comes out, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Tier = Literal["changelog", "github", "environments", "build", "full"]
"""The lock file in ``src/locks`` that holds the libraries an action needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A composite action. ``run`` takes an ``inputs`` value and a Runtime, and returns an ``outputs`` value.

    ``run`` raises Failure for everything that is expected to go wrong. ``icon`` and ``color`` are the branding that
    GitHub's marketplace shows; ``step`` is the name of the manifest's one step, as the log shows it.
    """

    name: str
    title: str
    summary: str
    step: str
    icon: str
    color: Literal["white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"]
    tier: Tier
    inputs: type
    outputs: type
    run: Callable[[Any, Any], Any]
