"""Digests that travel beside files, from the job that made them to each job that receives them.

They are written as ``sha256sum`` prints them and ``sha256sum --check`` reads them: a digest, two spaces, a name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LINE = re.compile(r"(?P<digest>[0-9a-fA-F]{64}) [ *](?P<name>[^\s/\\][^/\\]*)")


def digest_lines(digests: Mapping[str, str]) -> str:
    """Return a line for each file (SHA-256 in hexadecimal by name), sorted by name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def read_digests(lines: Iterable[str]) -> dict[str, str]:
    """Return the digests that ``lines`` tell, by file name. Raises ValueError for a line of another form or a doubled
    name.
    """
    digests: dict[str, str] = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(
                f"the line {line!r} is no SHA-256 with two spaces and a file name, as sha256sum prints them"
            )
        if match["name"] in digests:
            raise ValueError(f"{match['name']} is listed twice")
        digests[match["name"]] = match["digest"].lower()
    return digests


def refuse_other(files: Iterable[tuple[str, str]], told: Iterable[str]) -> None:
    """Raise Failure for each of ``files`` (name and SHA-256) that is not what the lines ``told`` say.

    Files of one name may lie in several folders, and each has to be what was told.

    Nothing told is nothing to hold them against. A file that was not told of is as wrong as one that differs; one that
    was told of and is not among them is the caller's to miss.
    """
    try:
        digests = read_digests(told)
    except ValueError as error:
        raise Failure(
            Problem(
                found=f"sha256sums: {error}.",
                remedy="Hand the output sha256sums of build-dist on as it is.",
                topic="wrong-inputs",
            )
        ) from error
    problems = [_other(name, digest, digests.get(name)) for name, digest in files if digests.get(name) != digest]
    if digests and problems:
        raise Failure(*problems)


def _other(name: str, digest: str, was: str | None) -> Problem:
    origin = f"where it was made it was {was}" if was else "no job said that it made it"
    return Problem(
        found=f"{name} is not what was handed on: its SHA-256 is {digest}, and {origin}.",
        remedy="Publish nothing of this run and run the whole workflow again. If it happens again, something changes "
        "the artifacts of this repository.",
        topic="other-digest",
    )
