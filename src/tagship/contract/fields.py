"""An action as a value, and ``@inputs`` and ``@outputs``, whose fields hold the data for manifests, help and tables."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast, dataclass_transform

from tagship.contract.parsers import Parser, Secret

T = TypeVar("T")
C = TypeVar("C")
_KEY = "tagship"
_EXAMPLES = re.compile(r",? for example ((?:`[^`]*`(?: or |, (?=`))?)+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One declared output. The name is that of its field."""

    name: str = ""
    description: str

    @property
    def attribute(self) -> str:
        return self.name.replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(Output):
    """One declared input. ``default`` is the text in the manifest; None if the input is required."""

    parser: Parser[Any]
    default: str | None

    @property
    def examples(self) -> str:
        """The examples in the description, as Markdown; without any, another choice than the default."""
        found = _EXAMPLES.search(self.description)
        others = (f"`{word}`" for word in self.parser.choices if word != self.default)
        return found[1] if found else next(others, "")

    @property
    def meaning(self) -> str:
        """The description without the examples."""
        return _EXAMPLES.sub("", self.description)


def input(parser: Parser[T], description: str, *, default: str | None = None) -> T:  # noqa: A001
    """Return a field of an ``@inputs`` class. mypy checks its annotation against the type that ``parser`` returns.

    ``default`` is parsed like any other text. It may be an expression such as ``${{ github.ref_name }}``, which the
    runner (locally ``expressions``) evaluates first. Without a default the input is required.
    """
    declaration = Input(parser=parser, description=description, default=default)
    options: dict[str, Any] = {}
    if default is not None and "${{" not in default:
        value = parser.read(default)
        options["default_factory"] = lambda: value
    return cast("T", dataclasses.field(metadata={_KEY: declaration}, **options))


def same_as(owner: type, attribute: str) -> Any:
    """Return a field declared like ``attribute`` of the ``@inputs`` or ``@outputs`` class ``owner``."""
    (found,) = (item for item in dataclasses.fields(owner) if item.name == attribute)
    declared: Output = found.metadata[_KEY]
    if isinstance(declared, Input):
        return input(declared.parser, declared.description, default=declared.default)
    return output(declared.description)


def output(description: str) -> Any:
    """Return a field of an ``@outputs`` class."""
    return dataclasses.field(metadata={_KEY: Output(description=description)})


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(input, same_as))
def inputs(cls: type[C]) -> type[C]:
    """Return the class as a frozen value of ``input`` fields. The type Secret keeps secrets out of its repr."""
    return dataclass(frozen=True, kw_only=True, slots=True)(cls)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(output, same_as))
def outputs(cls: type[C]) -> type[C]:
    """Return the class as a frozen value of ``output`` fields."""
    return dataclass(frozen=True, kw_only=True, slots=True)(cls)


def inputs_of(cls: type) -> tuple[Input, ...]:
    """Return the inputs that ``cls`` declares, in order."""
    return tuple(_named(item) for item in dataclasses.fields(cls))


def outputs_of(cls: type) -> tuple[Output, ...]:
    """Return the outputs that ``cls`` declares, in order."""
    return tuple(_named(item) for item in dataclasses.fields(cls))


def _named(item: dataclasses.Field[Any]) -> Any:
    return dataclasses.replace(item.metadata[_KEY], name=item.name.replace("_", "-"))


def secrets_of(value: Any) -> tuple[Secret, ...]:
    """Return the non-empty secrets of an ``@inputs`` value."""
    held = (getattr(value, item.name) for item in dataclasses.fields(value))
    return tuple(item for item in held if isinstance(item, Secret) and item)


Tier = Literal["changelog", "github", "environments", "build", "full"]
"""The lock file in ``src/locks`` with the libraries that an action requires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A composite action. ``run`` maps an ``inputs`` value and a Runtime to an ``outputs`` value.

    ``run`` raises Failure for every expected problem. ``icon`` and ``color`` are the branding on GitHub's marketplace.
    ``step`` is the name of the manifest's only step, as shown in the log.
    """

    name: str
    title: str
    summary: str
    step: str
    icon: str
    color: Literal["white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"]
    tier: Tier
    inputs: type
    outputs: type
    run: Callable[[Any, Any], Any]
