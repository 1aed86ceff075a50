"""An action as a value: its name, inputs, outputs and implementation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Tier = Literal["changelog", "github", "environments", "build", "full"]
"""The lock file in ``src/locks`` with the libraries that an action requires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A composite action. ``run`` maps an ``inputs`` value and a Runtime to an ``outputs`` value.

    ``run`` raises Failure for every expected problem. ``icon`` and ``color`` are the branding on GitHub's marketplace.
    ``step`` is the name of the manifest's only step, as shown in the log.
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
