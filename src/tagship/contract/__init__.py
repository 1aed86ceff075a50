"""What an action is, declared once: its inputs, outputs, parsers, and everything that is rendered from them."""

from tagship.contract.action import Action, Tier
from tagship.contract.fields import borrowed, given, gives, inputs, outputs
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
    "borrowed",
    "choice",
    "folder",
    "given",
    "gives",
    "inputs",
    "lines",
    "mapping",
    "names",
    "number",
    "outputs",
    "prefix",
    "script",
    "seconds",
    "secret",
    "tag",
    "text",
]
