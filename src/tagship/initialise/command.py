"""The command ``tagship init``: write the release workflow of a project and list the remaining settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.contract.parsers import as_flag, prefix, tag
from tagship.core.formatting import did_you_mean
from tagship.errors import Failure, Problem
from tagship.initialise.settings import gather_settings
from tagship.initialise.workflow import advice, caller_workflow

if TYPE_CHECKING:
    import argparse

SUMMARY = "Write the workflow that releases a project, and list the settings that it requires."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags; the defaults fit a package on PyPI."""
    add = parser.add_argument
    add("path", nargs="?", default=".", help="folder of the project in a git clone (default: .)")
    add("--name", default="", help="package name, if the project files do not declare it")
    add("--index", default="pypi", metavar="pypi|none|URL", help="package index to publish to (default: pypi)")
    add("--testpypi", action="store_true", help="publish to TestPyPI first")
    add("--attestations", action="store_true", help="attest the build provenance of the files on GitHub")
    add(
        "--tag-prefix",
        type=as_flag(prefix),
        help="tag prefix before the version, for example v or pkg-v; none: no prefix (default: that of the newest tag)",
    )
    add("--environment", default="", help="deployment environment of the publish job (default: pypi, or index)")
    add("--file", default="", help="file name of the workflow in .github/workflows (default: release.yml)")
    add("--source", default="", metavar="OWNER/NAME", help="repository of tagship (default: the one it came from)")
    add("--reference", default="", help="tag of tagship to call (default: v1, if its commit is unknown)")
    add("--pin", default="", metavar="COMMIT", help="commit SHA of tagship to call (default: its own, if known)")
    add("--force", action="store_true", help="replace an existing workflow")


_VALID = {
    "index": (r"pypi|none|https?://[^\s@\"\\]+", "pypi, none, or the upload URL of an index, without a password"),
    "environment": (r"[A-Za-z0-9._-]*", "only letters, digits, dots, dashes and underscores"),
    "file": (r"([A-Za-z0-9._-]+\.ya?ml)?", "a file name that ends in .yml, for example release.yml"),
    "source": (r"([A-Za-z0-9-]+/[A-Za-z0-9._-]+)?", "a repository on GitHub, for example octo/tagship"),
    "reference": (r"[A-Za-z0-9._/-]*", "a tag of tagship, for example v1 or v1.2.0"),
    "pin": (r"([0-9a-f]{40})?", "a full commit SHA of 40 hexadecimal digits"),
}
"""The pattern of the values of each flag, and its description."""


def wrong_options(arguments: argparse.Namespace) -> Iterator[Problem]:
    """Yield a problem for each invalid flag."""
    for name, (pattern, valid) in _VALID.items():
        if not re.fullmatch(pattern, getattr(arguments, name)):
            yield _wrong(name, getattr(arguments, name), valid)
    try:
        tag.read(f"{arguments.tag_prefix or ''}1.2.0")
    except ValueError as error:
        yield _wrong("tag-prefix", arguments.tag_prefix, f"a valid start of a git tag; {error}")


def _wrong(name: str, value: str, valid: str) -> Problem:
    remedy = f"{did_you_mean(value, ('pypi', 'none'))} Use {valid}.".lstrip()
    return Problem(found=f"Invalid value for --{name}: {value!r}.", remedy=remedy, topic="wrong-options")


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Write the workflow and return 0. Raises Failure."""
    problems = list(wrong_options(arguments))
    if problems:
        raise Failure(*problems)
    root, settings = gather_settings(arguments, environ)
    target = root / ".github" / "workflows" / settings.file
    written = _write(target, caller_workflow(settings), force=arguments.force)
    print(f"{'Wrote' if written else 'No changes in'} {target} for {settings.package} ", end="")
    print(f"(changelog: {settings.changelog or 'none yet'}).\n")
    print(advice(settings), end="")
    return 0


def _write(target: Path, text: str, *, force: bool) -> bool:
    """Write the workflow and return True if its text has changed. Raises Failure if another one exists."""
    present = target.read_bytes().replace(b"\r\n", b"\n") if target.is_file() else None
    if present == text.encode():
        return False
    if target.is_dir() or (present is not None and not force):
        raise Failure.of(
            found=f"{target} already exists with other content.",
            remedy="Choose another name with --file NAME.yml, or replace it with --force.",
            topic="workflow-exists",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8", newline="\n")
    return True
