"""The requirements in ``pyproject.toml`` and the locks, read without the tools that wrote them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
TIERS = ("changelog", "restructuredtext", "abi3", "github", "environments", "build", "lint", "full")
LOCKS = {name: ROOT / "src" / "locks" / f"{name}.txt" for name in TIERS} | {
    "dev": ROOT / "tests" / "requirements.txt",
    "audit": ROOT / "tests" / "audit" / "requirements.txt",
    "fuzz": ROOT / "tests" / "fuzz" / "requirements.txt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """One entry of a lock: its requirement and the hashes that files may have."""

    requirement: Requirement
    hashes: frozenset[str]


def project() -> dict[str, Any]:
    """Return the whole of ``pyproject.toml``."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def direct(group: str) -> dict[str, Requirement]:
    """Return the requirements of a dependency group and of those it includes, by normalised name."""
    found: dict[str, Requirement] = {}
    for item in project()["dependency-groups"][group]:
        if isinstance(item, str):
            requirement = Requirement(item)
            found[canonicalize_name(requirement.name)] = requirement
        else:
            found |= direct(item["include-group"])
    return found


def locked(lock: Path) -> dict[str, Locked]:
    """Return the entries of a lock by normalised name. Raises ValueError for a line without a hash."""
    entries: dict[str, Locked] = {}
    for line in lock.read_text("utf-8").replace("\\\n", " ").splitlines():
        text, *hashes = re.split(r"\s+--hash=", line)
        if not hashes or not all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", item) for item in hashes):
            raise ValueError(f"{lock.name}: no hashes: {line}")
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        if name in entries:
            raise ValueError(f"{lock.name}: {name} is listed twice")
        entries[name] = Locked(requirement=requirement, hashes=frozenset(hashes))
    return entries
