"""Checksums of files, passed from the job that built the files to the jobs that use them.

Their format is that of ``sha256sum`` and ``sha256sum --check``: a SHA-256, two spaces, a file name.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from tagship.errors import Failure, Problem

_LINE = re.compile(r"(?P<digest>[0-9a-fA-F]{64}) [ *](?P<name>[^\s/\\][^/\\]*)")


def digest_lines(digests: Mapping[str, str]) -> str:
    """Return one line per file, sorted by name, from hexadecimal SHA-256 by name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def read_digests(lines: Iterable[str]) -> dict[str, str]:
    """Return the digests in ``lines`` by file name. Raises ValueError for a malformed line or a duplicate name."""
    digests: dict[str, str] = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {line!r} is not in sha256sum format: SHA-256, two spaces, file name")
        if match["name"] in digests:
            raise ValueError(f"{match['name']} is listed twice")
        digests[match["name"]] = match["digest"].lower()
    return digests


def refuse_other(files: Iterable[tuple[str, str]], expected: Iterable[str]) -> None:
    """Raise Failure for each of ``files`` (name and SHA-256) that differs from ``expected`` or is not listed there.

    All files with the same name are checked. If ``expected`` is empty, nothing is checked. Listed files that are not in
    ``files`` are ignored.
    """
    try:
        digests = read_digests(expected)
    except ValueError as error:
        raise Failure.of(
            found=f"sha256sums: {error}.",
            remedy="Pass the output sha256sums of build-dist unchanged.",
            topic="wrong-inputs",
        ) from error
    problems = [_mismatch(name, digest, digests.get(name)) for name, digest in files if digests.get(name) != digest]
    if digests and problems:
        raise Failure(*problems)


def refuse_missing(present: Container[str], expected: Iterable[str]) -> None:
    """Raise Failure for each file that is listed in ``expected`` and is not ``present``."""
    missing = [name for name in read_digests(expected) if name not in present]
    if missing:
        raise Failure(
            *(_problem(f"{name} is missing: sha256sums lists it, and no file has this name.") for name in missing)
        )


def _mismatch(name: str, digest: str, expected: str | None) -> Problem:
    origin = f"expected {expected}" if expected else "but sha256sums does not list it"
    return _problem(f"Checksum mismatch for {name}: its SHA-256 is {digest}, {origin}.")


def _problem(found: str) -> Problem:
    return Problem(
        found=found,
        remedy="Run the whole workflow again, and publish nothing from this run. If it fails again, find out which job "
        "or tool changes the artifacts of this repository.",
        topic="checksum-mismatch",
    )
