"""The flags of ``tagship init``, and what may not be given to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.contract.parsers import tag
from tagship.errors import Problem

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags; each has a default that is right for a package on PyPI."""
    add = parser.add_argument
    add("path", nargs="?", default=".", help="the project's folder, in a checkout of its repository")
    add("--name", default="", help="the package's name, where its metadata does not say it")
    add("--index", default="pypi", metavar="pypi|none|URL", help="where to publish (default: pypi)")
    add("--testpypi", action="store_true", help="publish to TestPyPI first")
    add("--attestations", action="store_true", help="have GitHub sign where the files were built")
    add(
        "--tag-prefix",
        help="what stands before the version in a tag (default: v, or as the tags have it; NAME-v in a folder)",
    )
    add("--environment", default="", help="the environment that publishing happens in (default: pypi, or index)")
    add("--file", default="", help="the workflow's name in .github/workflows (default: release.yml)")
    add("--reference", default="v1", help="the tag of tagship to call (default: v1)")
    add("--pin", default="", metavar="COMMIT", help="the commit of that tag, to call tagship by it")
    add("--force", action="store_true", help="replace a workflow that is there already")


def wrong_options(arguments: argparse.Namespace) -> Iterator[Problem]:
    """Everything that is wrong with the flags by themselves."""
    url = arguments.index
    if url not in {"pypi", "none"} and not re.fullmatch(r"https?://[^\s@\"\\]+", url):
        yield _wrong("--index", url, "pypi, none, or the address that twine uploads to, without a password in it")
    if arguments.environment and not re.fullmatch(r"[A-Za-z0-9._-]+", arguments.environment):
        yield _wrong("--environment", arguments.environment, "letters, digits, dots, dashes and underscores")
    if arguments.file and not re.fullmatch(r"[A-Za-z0-9._-]+\.ya?ml", arguments.file):
        yield _wrong("--file", arguments.file, "a file name that ends in .yml, like release.yml")
    if not re.fullmatch(r"[A-Za-z0-9._/-]+", arguments.reference):
        yield _wrong("--reference", arguments.reference, "a tag of tagship, like v1 or v1.2.0")
    if arguments.pin and not re.fullmatch(r"[0-9a-f]{40}", arguments.pin):
        yield _wrong("--pin", arguments.pin, "the whole hash of a commit, 40 digits from 0 to f")
    try:
        tag.read(f"{arguments.tag_prefix or ''}1.2.0")
    except ValueError as error:
        yield _wrong("--tag-prefix", arguments.tag_prefix, f"the start of a tag; {error}")


def _wrong(flag: str, value: str, wanted: str) -> Problem:
    return Problem(found=f"{flag} is {value!r}.", remedy=f"It takes {wanted}.", topic="wrong-options")
