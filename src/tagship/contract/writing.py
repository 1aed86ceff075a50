"""From an ``@outputs`` value to the strings a workflow reads."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from tagship.contract.fields import outputs_of


def as_plain(value: Any) -> Any:
    """``value`` as JSON has it: records and tuples become objects and arrays, anything else unknown its text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name.replace("_", "-"): as_plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(name): as_plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def as_text(value: Any) -> str:
    """``value`` as an output: text as it is, nothing for None, everything else as compact JSON."""
    plain = as_plain(value)
    if plain is None:
        return ""
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def output_texts(value: Any) -> dict[str, str]:
    """Return every output of an ``@outputs`` value by its name in the manifest."""
    return {item.name: as_text(getattr(value, item.attribute)) for item in outputs_of(type(value))}
