"""The Python that a wheel is verified with if there are wheels for several."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from tagship.core.project.python_versions import admits

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution

_INTERPRETER = re.compile(r"(?P<name>cp|pp|graalpy)(?P<major>\d)(?P<minor>\d+)")
_NAMES = {"cp": "", "pp": "pypy", "graalpy": "graalpy"}


def interpreters_of(wheel: Distribution) -> tuple[str, ...]:
    """Return the Pythons to verify ``wheel`` with, as uv names them; the first that is available is used.

    It is the lowest that the wheel is for, for example ``3.12``, ``3.14t`` (free-threaded) or ``pypy3.11``. An empty
    name is the running Python, for a wheel that is for every one, or for the stable ABI of one that is too old.
    """
    found = []
    for tag in wheel.tags:
        if match := _INTERPRETER.fullmatch(tag.interpreter):
            major, minor = int(match["major"]), int(match["minor"])
            threads = "t" if tag.abi.endswith("t") else ""
            if tag.abi == "abi3":
                minor = _admitted(wheel, major, minor)
            found.append(((major, minor), f"{_NAMES[match['name']]}{major}.{minor}{threads}"))
    stable = ("",) if any(tag.abi == "abi3" for tag in wheel.tags) else ()
    return (min(found)[1], *stable) if found else ("",)


def _admitted(wheel: Distribution, major: int, minor: int) -> int:
    """Return the lowest minor version from ``minor`` on that the Requires-Python of ``wheel`` admits."""
    required = wheel.metadata.get("requires_python")
    return next((each for each in range(minor, minor + 40) if admits(required, f"{major}.{each}")), minor)


def fits(wheel: Distribution, platforms: Collection[str]) -> bool:
    """Return True if ``wheel`` is for one of ``platforms`` or for every platform."""
    return any(tag.platform == "any" or tag.platform in platforms for tag in wheel.tags)
