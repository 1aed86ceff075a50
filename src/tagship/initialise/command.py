"""The command ``tagship init``: read the project, write its workflow, say what is left to do."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tagship.contract.parsers import tag
from tagship.core.environment import without_credentials
from tagship.core.versions import parse_version
from tagship.edges.context import context_of_clone
from tagship.edges.git import Repository
from tagship.edges.processes import Processes
from tagship.edges.runner import TerminalRunner
from tagship.errors import Failure, Problem
from tagship.initialise.advice import advice
from tagship.initialise.facts import Facts
from tagship.initialise.project import (
    changelog_in,
    declaration_in,
    declares_pythons,
    foreign_host,
    package_name,
    rivals,
    tag_prefix,
)
from tagship.initialise.workflow import caller_workflow

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from tagship.core.project.declaration import Declaration


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
    """Yield everything that is wrong with the flags by themselves."""
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


__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "Write the workflow that releases a project, and say which settings go with it."


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Write the workflow. 0 where it was written, 1 where something was in the way, which is said on standard error."""
    try:
        root, facts = _facts(arguments, environ)
        target = root / ".github" / "workflows" / facts.file
        written = _write(target, caller_workflow(facts), force=arguments.force)
    except Failure as failure:
        TerminalRunner(stream=sys.stderr).fail(failure.problems)
        return 1
    print(f"{'Wrote' if written else 'Nothing to change in'} {target} for {facts.package} ", end="")
    print(f"(changelog: {facts.changelog or 'none yet'}).\n")
    print(advice(facts), end="")
    return 0


def _facts(arguments: argparse.Namespace, environ: Mapping[str, str]) -> tuple[Path, Facts]:
    """Return the top of the checkout and the facts of the project in it. Raises Failure with all that is wrong."""
    problems = list(wrong_options(arguments))
    if problems:
        raise Failure(*problems)
    project = Path(arguments.path).resolve()
    root = _root(project)
    repository = Repository(directory=project, processes=Processes(environ=without_credentials(environ)))
    declaration = declaration_in(project)
    name = package_name(arguments.name, declaration, project)
    owner, _, slug = context_of_clone(repository, environ).repository.partition("/")
    is_top = project == root
    is_url = arguments.index not in {"pypi", "none"}
    prefix = tag_prefix(repository.tags()) if is_top else f"{canonicalize_name(name)}-v"
    file = arguments.file or ("release.yml" if is_top else f"release-{canonicalize_name(name)}.yml")
    return root, Facts(
        package=name,
        folder=project.relative_to(root).as_posix(),
        owner=owner,
        repository=slug,
        branch=repository.default_branch() or repository.branch() or "main",
        changelog=changelog_in(project),
        version=_next_version(declaration),
        declares_pythons=declares_pythons(declaration),
        tag_prefix=prefix if arguments.tag_prefix is None else arguments.tag_prefix,
        index="other" if is_url else arguments.index,
        index_url=arguments.index if is_url else "",
        testpypi=arguments.testpypi,
        attestations=arguments.attestations,
        environment=arguments.environment or ("index" if is_url else "pypi"),
        file=file,
        host=foreign_host(repository.remote_url() or ""),
        rivals=rivals(root, file) if is_top else (),
        reference=arguments.reference,
        pin=arguments.pin,
    )


def _root(project: Path) -> Path:
    """Return the top of the checkout that holds ``project``: workflows stand there and nowhere else."""
    for folder in (project, *project.parents) if project.is_dir() else ():
        if (folder / ".git").exists():
            return folder
    making = f"Make it one (git init {project}), or name" if project.is_dir() else "Name"
    raise Failure(
        Problem(
            found=f"{project} is in no git checkout." if project.is_dir() else f"There is no folder {project}.",
            remedy=f"{making} the folder of a clone: tagship init PATH",
            topic="no-checkout",
        )
    )


def _write(target: Path, text: str, *, force: bool) -> bool:
    """Return True if the workflow had to be written. Raises Failure where it says something else and is not to be
    replaced.
    """
    present = target.read_bytes().replace(b"\r\n", b"\n") if target.is_file() else None
    if present == text.encode():
        return False
    if target.is_dir() or (present is not None and not force):
        raise Failure(
            Problem(
                found=f"{target} is there already and says something else.",
                remedy="Write beside it with --file NAME.yml, or replace it with --force.",
                topic="workflow-exists",
            )
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8", newline="\n")
    return True


def _next_version(declaration: Declaration) -> str:
    """Return the version to tag: the one that is declared, without what marks it as still in development; else any."""
    version = None if declaration.versioned_by_git else parse_version(declaration.version or "")
    if version is None:
        return "1.2.0"
    return version.base_version if version.is_devrelease else version.public
