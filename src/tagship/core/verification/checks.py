"""Results of the checks of an installed wheel, and the report in the step summary."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tagship.core import summary
from tagship.core.distributions.wheels import installed_paths
from tagship.core.formatting import escaped, last_lines, prose, some
from tagship.core.reachability import unreachable
from tagship.core.verification.loading import MISSING_EXTRA, OPTIONAL, extras_setting, optional_need
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution
    from tagship.edges.processes import Completed

Result = Literal["passed", "failed", "warned", "skipped"]
_SHOWN = 5
_SOURCES = (".py", ".pyx", ".pxd", ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".rs", ".f90", ".in", ".md", ".rst")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Result of one check, a detail for its row in the report, the problems if it failed, and the warnings."""

    name: str
    result: Result
    detail: str = ""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def judged(name: str, problems: Sequence[Problem], passed: str = "") -> CheckResult:
    """Return a failed check if there are problems, else one that passed with the detail ``passed``."""
    if problems:
        return CheckResult(
            name=name, result="failed", detail=problems[0].found.splitlines()[0], problems=tuple(problems[:_SHOWN])
        )
    return CheckResult(name=name, result="passed", detail=passed)


def without_optional(check: CheckResult, allowed: Collection[str] = OPTIONAL) -> CheckResult:
    """Return ``check`` as a warning if it failed only because of needs with the topics ``allowed``."""
    if not check.problems or any(problem.topic not in allowed for problem in check.problems):
        return check
    return CheckResult(name=check.name, result="warned", detail=check.detail, warnings=check.problems)


def lacks_extra(wheel: Distribution, script: str, extras: Sequence[str]) -> CheckResult:
    """Return a warning that ``script`` was not checked, because its entry point requires ``extras``."""
    detail = f"requires the extra {', '.join(extras)}"
    problem = Problem(
        found=f"{script} of {wheel.filename} {detail}, so it was not checked, and users without it cannot run it.",
        remedy=f"To check it, install the extra with the wheel, {extras_setting(','.join(extras))}",
        topic=MISSING_EXTRA,
    )
    return CheckResult(name=f"{script} --help", result="warned", detail=detail, warnings=(problem,))


def _tail(ended: Completed) -> str:
    return last_lines(ended.output, indent="  ")


def refuse_foreign_python(wheel: Distribution, python: str) -> None:
    """Raise Failure if the Requires-Python of the wheel excludes the version ``python``."""
    required = wheel.metadata.get("requires_python") or ""
    try:
        admitted = SpecifierSet(required).contains(python, prereleases=True)
    except ValueError:
        admitted = True
    if not admitted:
        raise Failure.of(
            found=f"{wheel.filename} requires Python {required}, but this is Python {python}.",
            remedy="Correct requires-python in pyproject.toml. In our workflows set python-versions: auto. "
            "Or use another Python, for example python: '3.13'",
            topic="requires-python",
        )


_NOT_ON_THE_INDEX = re.compile(r"([\w.-]+) was not found in the package registry")
_BUILD_AGAIN = "Build the wheel again with a current build backend: python -m build"


def refuse_damaged(wheel: Distribution) -> None:
    """Raise Failure if a file that installers need is missing in the wheel; their own message is about dependencies."""
    paths = wheel.archive.texts
    missing = [name for name in ("WHEEL", "RECORD") if not any(path.endswith(f".dist-info/{name}") for path in paths)]
    if missing:
        raise Failure.of(
            found=f"{wheel.filename} is damaged: its .dist-info folder has no {' and no '.join(missing)}.",
            remedy=_BUILD_AGAIN,
            topic="not-a-distribution",
        )


def chosen_extras(wheel: Distribution, asked: Sequence[str]) -> Sequence[str]:
    """Return the extras in ``asked``; for ``all`` every extra of the wheel, unless it has one of that name.

    Raises Failure if the wheel lacks one: installers only warn about it.
    """
    offered = wheel.metadata.get("provides_extra", [])
    known = {canonicalize_name(name) for name in offered}
    if list(asked) == ["all"] and "all" not in known:
        return offered
    unknown = [name for name in asked if canonicalize_name(name) not in known]
    if unknown:
        raise Failure.of(
            found=f"{wheel.filename} has no extra {', '.join(unknown)}. It has: {', '.join(offered) or 'none'}.",
            remedy="Correct the input extras, or declare the extra in [project.optional-dependencies]. A "
            "dependency group belongs in the input groups.",
            topic="unknown-extra",
        )
    return asked


def not_installable(what: str, ended: Completed) -> Problem:
    """Return the problem of a failed installation of ``what``."""
    absent = _NOT_ON_THE_INDEX.search(ended.output)
    is_malformed = f"Failed to install: {what.partition('[')[0]}" in ended.output
    return unreachable(ended.output) or Problem(
        found=f"Installing {what} failed:\n{_tail(ended)}",
        remedy=_BUILD_AGAIN
        if is_malformed
        else f"If {absent[1]} is a package of the same release, set with-wheels to the folder of its wheel; or correct "
        "the dependencies in pyproject.toml."
        if absent
        else "Correct the dependencies in pyproject.toml so that published versions satisfy all of them. To "
        "reproduce it, install the wheel with uv pip install into a new environment.",
        topic="cannot-install",
    )


def check_files(wheel: Distribution, shared: Mapping[str, str], altered: Sequence[str]) -> CheckResult:
    """Check that every file of the wheel is in the environment as built and belongs to no other package.

    ``shared`` maps a path to its other owner; ``altered`` are paths with a missing or different file.
    """
    problems = [
        Problem(
            found=f"{path} is in both {wheel.filename} and {owner}: one overwrites the other.",
            remedy="Remove the file from one of the two, or move it into a package with another name.",
            topic="overwritten-files",
        )
        for path, owner in shared.items()
    ]
    problems += [
        Problem(
            found=f"{path} is missing or different in the environment after installing {wheel.filename}.",
            remedy="Build the wheel again; its RECORD or its contents are wrong: python -m build",
            topic="overwritten-files",
        )
        for path in altered
        if path not in shared
    ]
    count = len(installed_paths(wheel))
    return judged("Installed files", problems, "1 file" if count == 1 else f"{count} files")


def check_resources(wheel: Distribution, globs: Iterable[str]) -> CheckResult:
    """Check that each glob matches a file that the wheel installs."""
    paths = installed_paths(wheel)
    problems = [
        Problem(
            found=f"No file of {wheel.filename} matches {pattern!r}.",
            remedy="Include the file in the wheel (setuptools: [tool.setuptools.package-data]), or correct the input "
            "resources.",
            topic="missing-data-file",
        )
        for pattern in globs
        if not any(fnmatchcase(path, pattern) for path in paths)
    ]
    return judged("Resources", problems, "all found")


def check_left_out(wheel: Distribution, sources: Iterable[str]) -> CheckResult | None:
    """Return a warning about data files in the wheel's packages that are in the checkout only; None without any.

    ``sources`` are the files of the checkout, as paths at which a wheel would install them.
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
    return CheckResult(name="Data files", result="warned", detail=f"in the checkout but not in the wheel: {some(left)}")


def check_dependencies(wheel: Distribution, ended: Completed) -> CheckResult:
    """Return the result of ``uv pip check``."""
    problem = Problem(
        found=f"The dependencies of {wheel.filename} conflict:\n{_tail(ended)}",
        remedy="Correct the dependencies in pyproject.toml. To reproduce it, run uv pip check in an environment.",
        topic="cannot-install",
    )
    return judged("Dependencies", [] if ended.ok else [problem], "uv pip check")


def check_help(wheel: Distribution, script: str, ended: Completed) -> CheckResult:
    """Return the result of ``SCRIPT --help``: a traceback fails; an optional need and other errors are warnings."""
    name = f"{script} --help"
    optional = None if ended.ok else optional_need(f"{name} of {wheel.filename} failed", wheel, ended.output)
    if optional:
        return without_optional(judged(name, [optional]))
    # A program such as a task runner may require a file of the folder that it is started in.
    absent = re.search(r"FileNotFoundError: .*'(?P<path>.+)'\s*$", ended.output)
    wanted = absent["path"] if absent and "site-packages" not in absent["path"] else ""
    if not ended.ok and not wanted and "Traceback (most recent call last)" in ended.output:
        problem = Problem(
            found=f"{name} of {wheel.filename} failed with a traceback:\n{_tail(ended)}",
            remedy="Fix the error in the traceback. If the program does not support --help: scripts: load",
            topic="script-fails",
        )
        return judged(name, [problem])
    if not ended.ok:
        why = "timed out" if ended.timed_out else f"exit code {ended.code}"
        cause = f"it requires {wanted}" if wanted else "it may not support --help"
        return CheckResult(name=name, result="warned", detail=f"{why}; {cause}")
    return judged(name, [], f"{ended.seconds:.1f} s")


def check_smoke_command(command: str, limit: float, ended: Completed) -> CheckResult:
    """Return the result of the smoke command, which had ``limit`` seconds."""
    if ended.ok:
        return judged("Smoke command", [], f"{ended.seconds:.1f} s")
    if ended.timed_out:
        found = f"The smoke command timed out after {limit:g} s"
        remedy = "To allow more time: timeout: 30m; in a workflow that calls python-build.yml: smoke-timeout: 30m"
    elif ended.code == 5 and "pytest" in command:
        found = "pytest collected no tests (exit code 5)"
        remedy = "The wheel contains no tests for --pyargs. Use the test folder of the checkout: pytest tests"
    else:
        found = f"The smoke command failed with exit code {ended.code}"
        remedy = "Fix the error above. The command imports the package from the wheel, never from the checkout."
    problem = Problem(found=f"{found}.\n{_tail(ended)}".rstrip(), remedy=remedy, topic="smoke-command")
    return judged("Smoke command", [problem])


def verification_summary(wheel: Distribution, python: str, checks: Sequence[CheckResult]) -> str:
    """Return Markdown with the wheel, the Python, and a table of the checks."""
    return summary.joined(
        f"`{wheel.filename}` in a fresh environment with Python {escaped(python)}, outside the checkout.",
        summary.table(
            ("Check", "Detail"),
            ((summary.marked(check.result, check.name), prose(check.detail)) for check in checks),
        ),
    )
