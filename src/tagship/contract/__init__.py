"""What an action is, declared once: its inputs, outputs, parsers, and everything that is rendered from them."""

from tagship.contract.action import Action, Tier
from tagship.contract.fields import input, inputs, output, outputs, same_as  # noqa: A004
from tagship.contract.parsers import (
    Parser,
    Secret,
    boolean,
    choice,
    folder,
    lines,
    mapping,
    names,
    number,
    prefix,
    script,
    seconds,
    secret,
    tag,
    text,
)

__all__ = [
    "Action",
    "Parser",
    "Secret",
    "Tier",
    "boolean",
    "choice",
    "folder",
    "input",
    "inputs",
    "lines",
    "mapping",
    "names",
    "number",
    "output",
    "outputs",
    "prefix",
    "same_as",
    "script",
    "seconds",
    "secret",
    "tag",
    "text",
]
