"""From the texts of a caller to an ``@inputs`` value, and from an ``@outputs`` value to the texts of a workflow."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from tagship.contract.fields import Input, inputs_of, outputs_of
from tagship.core.formatting import did_you_mean
from tagship.errors import Failure, Problem

T = TypeVar("T")


def parse_object(text: str) -> dict[str, str]:
    """Return the inputs in ``toJSON(inputs)``: an object whose values are strings, numbers, booleans or null.

    Raises Failure if the text is anything else.
    """
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Failure.of(
            found="The environment variable INPUTS is not a JSON object.",
            remedy="Set it as the action's manifest does: INPUTS: ${{ toJSON(inputs) }}",
            topic="wrong-inputs",
        )
    return {name: _as_text(item) for name, item in value.items()}


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def read_inputs(cls: type[T], raw: Mapping[str, str], *, expand: Callable[[str], str]) -> T:
    """Return the value of the ``@inputs`` class ``cls`` that ``raw`` describes.

    Names are compared case-insensitively, because the runner passes them as the caller spelled them. An empty text
    selects the default, unless the parser accepts it; ``expand`` evaluates the expressions in a default. Raises
    Failure with every input that is unknown, set twice, missing or malformed.
    """
    declared = {item.name: item for item in inputs_of(cls)}
    folded = {name.lower(): value for name, value in raw.items()}
    values, problems = _parsed(declared.values(), folded, expand)
    problems = [*misspelt(raw, declared), *problems]
    if problems:
        raise Failure(*problems)
    return cls(**values)


def with_defaults(cls: type[T], values: Mapping[str, Any], *, expand: Callable[[str], str]) -> T:
    """Return the ``@inputs`` value of ``cls`` with ``values`` by attribute and defaults for the other inputs."""
    others = [item for item in inputs_of(cls) if item.attribute not in values]
    rest, problems = _parsed(others, {}, expand)
    if problems:
        raise Failure(*problems)
    return cls(**values, **rest)


def _parsed(
    items: Iterable[Input], raw: Mapping[str, str], expand: Callable[[str], str]
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for item in items:
        try:
            values[item.attribute] = _value(item, raw.get(item.name), expand)
        except ValueError as error:
            found = f"{item.name}: {error}{'' if str(error).endswith('?') else '.'}"
            # One example is enough.
            said = item.meaning if "for example" in found else item.description
            remedy = f"Correct the input {item.name}. {said}"
            problems.append(Problem(found=found, remedy=remedy, topic="wrong-inputs"))
    return values, problems


def _value(item: Input, given: str | None, expand: Callable[[str], str]) -> Any:
    if given is None or not (given.strip() or item.parser.blank):
        if item.default is None:
            raise ValueError("this input is required")
        given = expand(item.default)
    return item.parser.read(given)


def misspelt(raw: Mapping[str, str], declared: Iterable[str]) -> Iterable[Problem]:
    """Yield the names in ``raw`` that are not ``declared``, each with the nearest one, or that are set twice."""
    known = list(declared)
    seen: dict[str, str] = {}
    for name in raw:
        folded = name.lower()
        if folded in seen:
            yield Problem(
                found=f"Input {name} is set twice, as {seen[folded]} and as {name}.",
                remedy="Remove one of them. Input names are case-insensitive.",
                topic="wrong-inputs",
            )
        elif folded not in known:
            yield Problem(
                found=f"Unknown input {name!r}.",
                remedy=f"{did_you_mean(name, known)} Use one of: {', '.join(known)}.".lstrip(),
                topic="wrong-inputs",
            )
        seen.setdefault(folded, name)


_EXPRESSION = re.compile(r"\$\{\{\s*github\.([a-z_.]+)\s*\}\}")


def expand(text: str, github: Mapping[str, str]) -> str:
    """Replace every ``${{ github.NAME }}`` in ``text`` by its value in ``github``; by an empty text if it is unset.

    Names are dotted, as in ``event.repository.default_branch``. Other expressions remain unchanged.
    """
    return _EXPRESSION.sub(lambda match: github.get(match[1], ""), text)


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
