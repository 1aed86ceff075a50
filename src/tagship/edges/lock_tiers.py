"""Libraries that an action needs for some projects only: a lock tier of their own, installed at the first use."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec


def require_library(module: str, tier: str, environ: Mapping[str, str]) -> None:
    """Install the lock of ``tier`` unless ``module`` can be imported. Raises Failure if the installation fails.

    The search path has only the standard library, tagship and its tiers, never the checkout.
    """
    if find_spec(module) is None:
        from bootstrap.start import add_tier

        add_tier(tier, environ)
