"""The actions, one module each; ``NAMES`` has all of them in the order of a release."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagship.contract import Action

NAMES = (
    "preflight",
    "quality-gate",
    "build-dist",
    "check-dist",
    "verify-wheel",
    "extract-changelog",
    "gh-release",
    "verify-release",
    "release",
)


def load(name: str) -> Action:
    """Return the action ``name``. Import only its module, because its tier may lack other actions' libraries."""
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    action: Action = module.ACTION
    return action
