"""From the strings a caller gave to an ``@inputs`` value, or to everything that is wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from tagship.contract.fields import Input, inputs_of
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")


def parse_object(text: str) -> dict[str, str]:
    """Return the inputs that ``toJSON(inputs)`` spells: an object whose values are strings, numbers, booleans or null.

    Raises Failure where the text is something else.
    """
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Failure(
            Problem(
                found="The variable INPUTS is not a JSON object.",
                remedy="Set it as the action's manifest does: INPUTS: ${{ toJSON(inputs) }}",
                topic="wrong-inputs",
            )
        )
    return {name: _as_text(item) for name, item in value.items()}


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def read_inputs(cls: type[T], raw: Mapping[str, str], *, expand: Callable[[str], str]) -> T:
    """Return the value of the ``@inputs`` class ``cls`` that ``raw`` spells.

    Names are compared without case, since the runner passes them on as the caller spelled them. An empty value stands
    for the default; ``expand`` replaces the expressions a default holds. Raises Failure naming every input that is
    unknown, given twice, missing or unreadable.
    """
    declared = {item.name: item for item in inputs_of(cls)}
    problems = list(_misspelt(raw, declared))
    folded = {name.lower(): value for name, value in raw.items()}
    values: dict[str, Any] = {}
    for item in declared.values():
        try:
            values[item.attribute] = _value(item, folded.get(item.name, ""), expand)
        except ValueError as error:
            problems.append(
                Problem(
                    found=f"{item.name}: {error}.", remedy=f"{item.name} is: {item.description}", topic="wrong-inputs"
                )
            )
    if problems:
        raise Failure(*problems)
    return cls(**values)


def with_defaults(cls: type[T], values: Mapping[str, Any], *, expand: Callable[[str], str]) -> T:
    """Return the value of the ``@inputs`` class ``cls`` that holds ``values`` by attribute, and defaults for the
    rest.
    """
    rest = {item.attribute: _value(item, "", expand) for item in inputs_of(cls) if item.attribute not in values}
    return cls(**values, **rest)


def _value(item: Input, given: str, expand: Callable[[str], str]) -> Any:
    if not given.strip():
        if item.default is None:
            raise ValueError("this input must be given")
        given = expand(item.default)
    return item.parser.read(given)


def _misspelt(raw: Mapping[str, str], declared: Iterable[str]) -> Iterable[Problem]:
    known = list(declared)
    seen: dict[str, str] = {}
    for name in raw:
        folded = name.lower()
        if folded in seen:
            yield Problem(
                found=f"The input {name} is given twice, as {seen[folded]} and as {name}.",
                remedy="Keep one of the two; names are the same in any case.",
                topic="wrong-inputs",
            )
        elif folded not in known:
            import difflib

            near = difflib.get_close_matches(folded.replace("_", "-"), known, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            yield Problem(
                found=f"There is no input {name!r}.",
                remedy=f"{hint}The inputs are: {', '.join(known)}.",
                topic="wrong-inputs",
            )
        seen.setdefault(folded, name)
