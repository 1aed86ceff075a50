"""The spelling of the version at the start of a heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tagship.core.versions import parse_version

if TYPE_CHECKING:
    from packaging.version import Version

_NUMBER = (
    r"(?P<number>[0-9]+(?:[.,][0-9]+)*\.[0-9]+,[0-9]+(?=\s*$)|[0-9]+\.[0-9]+,[0-9]+(?=\s*$)|[0-9][0-9A-Za-z.+_!*-]*)"
)
_VERSIONED = re.compile(
    r"[\W_]*(?P<word>(?:version|ver|release|rel|tag|milestone)\b[\s.:#_-]*)?"
    rf"(?P<label>(?P<v>v\.?\s?)?{_NUMBER})(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_GLUED_DATE = re.compile(r"[-_](?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}$")
_GLUED_RANGE = re.compile(r"-v?[0-9]+(?:\.[0-9]+)+$")
_SPACED = re.compile(
    r"[\s()\[\]_-]+(?P<word>alpha|beta|rc|release candidate|pre(?:-?release|view)?|dev)[\s._#-]*(?P<count>[0-9]{1,3})"
    r"(?![\w./-]*[\w])[)\]]?",
    re.IGNORECASE,
)
_SEGMENTS = {"a": "a", "b": "b", "r": "rc", "p": "rc", "d": ".dev"}


class Spelled(NamedTuple):
    """A version as a heading spells it, and the ``rest`` of the heading after it.

    ``label`` includes a ``v`` and a pre-release in words, ``number`` does not. A ``marked`` version has a ``v``, a word
    such as ``release`` or a bracket before it.
    """

    number: str
    label: str
    version: Version | None
    rest: str
    marked: bool


def spelled_version(text: str) -> Spelled | None:
    """Split the version from the start of ``text``, or return None."""
    match = _VERSIONED.match(text)
    if match is None:
        return None
    number, rest = match["number"], match["rest"]
    glued = _GLUED_DATE.search(number) or (None if parse_version(number) else _GLUED_RANGE.search(number))
    if glued:
        number, rest = number[: glued.start()], f"{number[glued.start() :]}{rest}"
    number = number.rstrip(".-_+!")
    label = f"{match['v'] or ''}{number}"
    version = parse_version(number.replace(",", "."))
    spaced = _SPACED.match(rest)
    if spaced and version and version.public == version.base_version:
        version = parse_version(f"{version}{_SEGMENTS[spaced['word'][0].lower()]}{spaced['count']}")
        label, rest = label + re.sub(r"[()\[\]]", "", spaced[0]), rest[spaced.end() :]
    marked = bool(match["word"] or match["v"]) or text[: match.start("label")].endswith(("[", "("))
    return Spelled(number=number, label=label, version=version, rest=rest, marked=marked)
