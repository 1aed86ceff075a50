"""From an ``@outputs`` value to the texts that a workflow reads."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from tagship.contract.fields import outputs_of


def as_plain(value: Any) -> Any:
    """Convert ``value`` to JSON types: records become objects, tuples arrays, unknown types their text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name.replace("_", "-"): as_plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(name): as_plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def as_text(value: Any) -> str:
    """Convert ``value`` to an output: text unchanged, None to an empty text, anything else to compact JSON."""
    plain = as_plain(value)
    if plain is None:
        return ""
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def input_text(value: Any) -> str:
    """Convert the value of an input to a text that its parser reads: lists and mappings have one line per item."""
    if isinstance(value, Mapping):
        return "\n".join(f"{name}={item}" for name, item in value.items())
    return "\n".join(value) if isinstance(value, tuple) else as_text(value)


def output_texts(value: Any) -> dict[str, str]:
    """Return the outputs of an ``@outputs`` value by their names in the manifest."""
    return {item.name: as_text(getattr(value, item.attribute)) for item in outputs_of(type(value))}
