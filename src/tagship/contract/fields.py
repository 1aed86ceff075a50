"""``@inputs`` and ``@outputs``: frozen values whose fields carry what manifests, help and tables are made of."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, TypeVar, cast, dataclass_transform

from tagship.contract.parsers import Parser, Secret

T = TypeVar("T")
C = TypeVar("C")
_KEY = "tagship"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One declared input. ``default`` is the text that stands in the manifest; None where the input must be given."""

    name: str
    parser: Parser[Any]
    description: str
    default: str | None

    @property
    def attribute(self) -> str:
        """The name of the field that holds the value."""
        return self.name.replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One declared output."""

    name: str
    description: str

    @property
    def attribute(self) -> str:
        """The name of the field that holds the value."""
        return self.name.replace("-", "_")


@dataclass(frozen=True, slots=True)
class _Declaration:
    parser: Parser[Any]
    description: str
    default: str | None


def input(parser: Parser[T], description: str, *, default: str | None = None) -> T:  # noqa: A001
    """Return a field of an ``@inputs`` class: the type is what ``parser`` returns, and mypy holds the annotation to it.

    ``default`` is text like any other value and goes through the same parser; it may be an expression such as
    ``${{ github.ref_name }}``, which the runner (or, locally, ``expressions``) replaces first. Without a default the
    input must be given.
    """
    declaration = _Declaration(parser, description, default)
    options: dict[str, Any] = {}
    if default is not None and "${{" not in default:
        value = parser.read(default)
        options["default_factory"] = lambda: value
    return cast("T", dataclasses.field(metadata={_KEY: declaration}, **options))


def same_as(owner: type, attribute: str) -> Any:
    """Return the field ``attribute`` of another ``@inputs`` class, declared there and used here as well."""
    (found,) = (item for item in dataclasses.fields(owner) if item.name == attribute)
    declaration: _Declaration = found.metadata[_KEY]
    return input(declaration.parser, declaration.description, default=declaration.default)


def output(description: str) -> Any:
    """Return a field of an ``@outputs`` class."""
    return dataclasses.field(metadata={_KEY: description})


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(input, same_as))
def inputs(cls: type[C]) -> type[C]:
    """Return the class as a frozen value made of ``input`` fields; secrets stay out of its repr by their own type."""
    return dataclass(frozen=True, kw_only=True, slots=True)(cls)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(output,))
def outputs(cls: type[C]) -> type[C]:
    """Return the class as a frozen value made of ``output`` fields."""
    return dataclass(frozen=True, kw_only=True, slots=True)(cls)


def inputs_of(cls: type) -> tuple[Input, ...]:
    """Return the inputs that ``cls`` declares, in order."""
    return tuple(
        Input(
            name=item.name.replace("_", "-"),
            parser=item.metadata[_KEY].parser,
            description=item.metadata[_KEY].description,
            default=item.metadata[_KEY].default,
        )
        for item in dataclasses.fields(cls)
    )


def outputs_of(cls: type) -> tuple[Output, ...]:
    """Return the outputs that ``cls`` declares, in order."""
    return tuple(
        Output(name=item.name.replace("_", "-"), description=item.metadata[_KEY]) for item in dataclasses.fields(cls)
    )


def secrets_of(value: Any) -> tuple[Secret, ...]:
    """Return the secrets an ``@inputs`` value holds that are not empty."""
    held = (getattr(value, item.name) for item in dataclasses.fields(value))
    return tuple(item for item in held if isinstance(item, Secret) and item)
