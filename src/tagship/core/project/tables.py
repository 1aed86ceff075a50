"""Tables of the TOML files in a checkout, which may be malformed or have other values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any


def parsed(text: str) -> Mapping[str, Any]:
    """Return the content of a TOML file; nothing if it is malformed."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def table(data: object, *path: str) -> Mapping[str, Any]:
    """Return the table at ``path`` of ``data``; empty if it is missing or not a table."""
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def texts(value: object) -> tuple[str, ...]:
    """Return the strings in an array; nothing for another value."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()
