"""The Python that a wheel is verified with if there are wheels for several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from tagship.core.distributions.distribution import Distribution

_INTERPRETER = re.compile(r"(?P<name>cp|pp|graalpy)(?P<major>\d)(?P<minor>\d+)")
_NAMES = {"cp": "", "pp": "pypy", "graalpy": "graalpy"}


def interpreter_of(wheel: Distribution) -> str:
    """Return the lowest Python that ``wheel`` is for, as uv names it; empty if it is for every Python.

    Examples: ``3.12``, ``3.14t`` (free-threaded), ``pypy3.11``.
    """
    found = []
    for tag in wheel.tags:
        if match := _INTERPRETER.fullmatch(tag.interpreter):
            number = (int(match["major"]), int(match["minor"]))
            threads = "t" if tag.abi.endswith("t") else ""
            found.append((number, f"{_NAMES[match['name']]}{match['major']}.{match['minor']}{threads}"))
    return min(found)[1] if found else ""


def fits(wheel: Distribution, platforms: Collection[str]) -> bool:
    """Return True if ``wheel`` is for one of ``platforms`` or for every platform."""
    return any(tag.platform == "any" or tag.platform in platforms for tag in wheel.tags)
