"""Validation of JSON bodies, with the error messages of GitHub."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tagship.rehearsal.fake_github.http import malformed, refused

Kind = Literal["string", "boolean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Type of a property. ``choices`` are its only permitted strings, if there are any."""

    kind: Kind = "string"
    nullable: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()


RELEASE: Mapping[str, Expected] = {
    "tag_name": Expected(),
    "target_commitish": Expected(),
    "name": Expected(nullable=True),
    "body": Expected(nullable=True),
    "draft": Expected(kind="boolean"),
    "prerelease": Expected(kind="boolean"),
    "discussion_category_name": Expected(),
    "generate_release_notes": Expected(kind="boolean"),
    "make_latest": Expected(choices=("true", "false", "legacy")),
}
NEW_RELEASE: Mapping[str, Expected] = {**RELEASE, "tag_name": Expected(required=True)}
NOTES: Mapping[str, Expected] = {
    "tag_name": Expected(required=True),
    "target_commitish": Expected(),
    "previous_tag_name": Expected(),
    "configuration_file_path": Expected(),
}
REFERENCE: Mapping[str, Expected] = {"ref": Expected(required=True), "sha": Expected(required=True)}
MOVE: Mapping[str, Expected] = {"sha": Expected(required=True), "force": Expected(kind="boolean")}
ASSET: Mapping[str, Expected] = {"name": Expected(), "label": Expected(nullable=True), "state": Expected()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Validated properties of a request."""

    values: Mapping[str, object]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str | None:
        """Return the string, or None if it is null or missing."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return the boolean, or the default if it is missing."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else default


def fields_of(body: bytes, expected: Mapping[str, Expected]) -> Fields:
    """Return the properties of the body. Raise the 400 for invalid JSON, and the 422 for wrong types."""
    try:
        values = json.loads(body)
    except ValueError:
        raise refused(400, "Problems parsing JSON") from None
    if not isinstance(values, dict):
        raise refused(400, "Body should be a JSON object")
    complaints = [text for name, rule in expected.items() if (text := _complaint(name, values, rule))]
    if complaints:
        raise malformed(complaints)
    return Fields(values=values)


def _complaint(name: str, values: Mapping[str, object], rule: Expected) -> str | None:
    if name not in values:
        return f'"{name}" wasn\'t supplied.' if rule.required else None
    value = values[name]
    shown = "nil" if value is None else json.dumps(value)
    where = f"For 'properties/{name}', {shown}"
    if value is None:
        return None if rule.nullable else f"{where} is not a {rule.kind}."
    if not isinstance(value, {"string": str, "boolean": bool}[rule.kind]):
        return f"{where} is not a {rule.kind}."
    if rule.choices and value not in rule.choices:
        return f"{where} is not a member of {json.dumps(list(rule.choices))}."
    return None
