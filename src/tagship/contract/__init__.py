"""The declaration of an action: its inputs, outputs and parsers, and the texts rendered from them."""

from tagship.contract.fields import Action, Tier, input, inputs, output, outputs, same_as  # noqa: A004
from tagship.contract.parsers import (
    Parser,
    Secret,
    boolean,
    choice,
    folder,
    lines,
    lines_or_none,
    mapping,
    names,
    number,
    optional,
    prefix,
    repository,
    script,
    seconds,
    secret,
    tag,
    text,
    tristate,
)

__all__ = [
    "Action", "Parser", "Secret", "Tier", "boolean", "choice", "folder", "input", "inputs", "lines", "lines_or_none",
    "mapping", "names", "number", "optional", "output", "outputs", "prefix", "repository", "same_as", "script",
    "seconds", "secret", "tag", "text", "tristate",
]  # fmt: skip
