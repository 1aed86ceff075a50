"""The checks that an installed wheel went through: how each is judged, and their page for the step's summary."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, Protocol

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from tagship.core import summary
from tagship.core.distributions.wheels import installed_paths
from tagship.core.escaping import escaped
from tagship.core.reachability import unreachable
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tagship.core.distributions.distribution import Distribution

Result = Literal["passed", "failed", "warned", "skipped"]
_SHOWN = 5
_TAIL = 12
"""Lines of a failed program's output that a message repeats; the log has them all."""
_SOURCES = (".py", ".pyx", ".pxd", ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".rs", ".f90", ".in", ".md", ".rst")


class Ended(Protocol):
    """A program that ended."""

    @property
    def ok(self) -> bool:
        """Whether it ended by itself with status 0."""

    @property
    def code(self) -> int:
        """The status."""

    @property
    def output(self) -> str:
        """What it printed."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def timed_out(self) -> bool:
        """Whether it was ended for taking too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: what was checked, how it came out, what there is to say about it, and the problems if it failed."""

    name: str
    result: Result
    detail: str = ""
    problems: tuple[Problem, ...] = ()


def judged(name: str, problems: Sequence[Problem], passed: str = "") -> Check:
    """Return a check that failed where there are problems, and else passed with something to say."""
    if problems:
        return Check(
            name=name, result="failed", detail=problems[0].found.splitlines()[0], problems=tuple(problems[:_SHOWN])
        )
    return Check(name=name, result="passed", detail=passed)


def tail(ended: Ended) -> str:
    """Return the last lines of what a program printed, indented."""
    lines = [f"  {line.rstrip()}" for line in ended.output.strip().splitlines()]
    return "\n".join(lines[-_TAIL:])


def refuse_foreign_python(wheel: Distribution, python: str) -> None:
    """Raise Failure where the wheel does not admit the interpreter's version ``python``."""
    required = wheel.metadata.get("requires_python") or ""
    try:
        admitted = SpecifierSet(required).contains(python, prereleases=True)
    except InvalidSpecifier:
        admitted = True
    if not admitted:
        raise Failure(
            Problem(
                found=f"{wheel.filename} requires Python {required}, and this is Python {python}.",
                remedy="Correct requires-python in pyproject.toml, or verify with a Python that it admits "
                "(the input python).",
                topic="requires-python",
            )
        )


def refuse_unknown_extras(wheel: Distribution, asked: Iterable[str]) -> None:
    """Raise Failure where the wheel lacks an extra that is ``asked`` for: installers pass over it with a warning."""
    offered = wheel.metadata.get("provides_extra", [])
    known = {canonicalize_name(name) for name in offered}
    unknown = [name for name in asked if canonicalize_name(name) not in known]
    if unknown:
        raise Failure(
            Problem(
                found=f"{wheel.filename} has no extra {', '.join(unknown)}, but {', '.join(offered) or 'none at all'}.",
                remedy="Correct the input extras, or declare it in [project.optional-dependencies]; a dependency group "
                "is named in the input groups.",
                topic="no-extra",
            )
        )


def not_installable(what: str, ended: Ended) -> Problem:
    """Return the problem of ``what`` not being installable."""
    return unreachable(ended.output) or Problem(
        found=f"{what} cannot be installed:\n{tail(ended)}",
        remedy="Correct the dependencies in pyproject.toml so that some set of published versions meets them all; on "
        "your machine: uv pip install it into a new environment.",
        topic="cannot-install",
    )


def check_files(wheel: Distribution, shared: Mapping[str, str], altered: Sequence[str]) -> Check:
    """Return every file is in the environment as it was built and belongs to no other package.

    ``shared`` names the other owner of a path; ``altered`` are paths whose file is missing or another.
    """
    problems = [
        Problem(
            found=f"{path} is installed by {wheel.filename} and by {owner}: one overwrites the other.",
            remedy="Install it in one of the two only, or put it into a package of another name.",
            topic="shadowed-files",
        )
        for path, owner in shared.items()
    ]
    problems += [
        Problem(
            found=f"{path} is not in the environment as it is in {wheel.filename}.",
            remedy="Build the wheel anew: what it says it installs is not what is there after installing it.",
            topic="shadowed-files",
        )
        for path in altered
        if path not in shared
    ]
    count = len(installed_paths(wheel))
    return judged("Its files are installed as built", problems, "1 file" if count == 1 else f"{count} files")


def check_resources(wheel: Distribution, globs: Iterable[str]) -> Check:
    """Return each glob matches a file that the wheel installs."""
    paths = installed_paths(wheel)
    problems = [
        Problem(
            found=f"{wheel.filename} installs no file that matches {pattern!r}.",
            remedy="Have the build backend include it (setuptools: [tool.setuptools.package-data]), or correct the "
            "input resources.",
            topic="missing-data-file",
        )
        for pattern in globs
        if not any(fnmatchcase(path, pattern) for path in paths)
    ]
    return judged("Resources", problems, "all there")


def check_left_out(wheel: Distribution, sources: Iterable[str]) -> Check | None:
    """Return a warning for data files that stand beside the wheel's modules in the checkout and not in the wheel.

    ``sources`` are paths in the checkout as the wheel would install them. None where nothing was left out.
    """
    paths = set(installed_paths(wheel))
    packages = {path.rpartition("/")[0] for path in paths if path.endswith("/__init__.py")}
    left = [
        path
        for path in sources
        if path not in paths and path.rpartition("/")[0] in packages and not path.endswith(_SOURCES)
    ]
    if not left:
        return None
    shown = ", ".join(left[:_SHOWN]) + (f" and {len(left) - _SHOWN} more" if left[_SHOWN:] else "")
    return Check(name="Data files", result="warned", detail=f"in the checkout, but not in the wheel: {shown}")


def check_dependencies(wheel: Distribution, ended: Ended) -> Check:
    """What ``uv pip check`` said."""
    problem = Problem(
        found=f"The dependencies of {wheel.filename} do not fit together:\n{tail(ended)}",
        remedy="Correct the dependencies in pyproject.toml; uv pip check shows the same in any environment.",
        topic="cannot-install",
    )
    return judged("Dependencies fit together", [] if ended.ok else [problem], "uv pip check")


def check_help(wheel: Distribution, script: str, ended: Ended) -> Check:
    """``SCRIPT --help`` ended well; a traceback is a failure, anything else a program's own way."""
    name = f"{script} --help"
    if not ended.ok and "Traceback (most recent call last)" in ended.output:
        problem = Problem(
            found=f"{name} of {wheel.filename} fails:\n{tail(ended)}",
            remedy="Mend what the traceback says; where the program is not meant to know --help, set scripts: load.",
            topic="script-fails",
        )
        return judged(name, [problem])
    if not ended.ok:
        why = "took too long" if ended.timed_out else f"ended with status {ended.code}"
        return Check(name=name, result="warned", detail=f"{why}; it may not know --help")
    return judged(name, [], f"{ended.seconds:.1f} s")


def check_smoke_command(command: str, limit: float, ended: Ended) -> Check:
    """Return the caller's own command ended well within ``limit`` seconds."""
    if ended.ok:
        return judged("Smoke command", [], f"{ended.seconds:.1f} s")
    if ended.timed_out:
        found, remedy = f"The smoke command took longer than {limit:g} s", "Raise timeout, or ask less of the command."
    elif ended.code == 5 and "pytest" in command:
        found = "pytest found no tests (status 5)"
        remedy = "--pyargs looks inside the wheel, which holds no tests: name the folder of tests in the checkout."
    else:
        found = f"The smoke command failed with status {ended.code}"
        remedy = "Mend what it says; the wheel's modules come from the wheel there, never from the checkout."
    problem = Problem(found=f"{found}.\n{tail(ended)}".rstrip(), remedy=remedy, topic="smoke-command")
    return judged("Smoke command", [problem])


def verification_summary(wheel: Distribution, python: str, checks: Sequence[Check]) -> str:
    """Markdown: what was installed where, and a row a check."""
    return summary.joined(
        f"`{wheel.filename}` in a fresh environment of Python {escaped(python)}, away from the checkout.",
        summary.table(
            ("Check", "What came of it"),
            ((summary.marked(check.result, check.name), escaped(check.detail)) for check in checks),
        ),
    )
