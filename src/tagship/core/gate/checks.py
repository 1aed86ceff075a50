"""The checks in a command, and the reports on their results."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagship.core import summary
from tagship.core.formatting import duration, plain
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_STATE = frozenset(
    [".", "alias", "cd", "declare", "export", "popd", "pushd", "set", "shopt", "source", "ulimit", "umask", "unset"]
)
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_RUNS = re.compile(r"\.\s|source\s|.*(\$\(|`)", re.DOTALL)
"""A statement that runs a file or a command, even if it also changes the state of the shell."""
_SEPARATOR = re.compile(r"[;&|]+")
_NAME_LENGTH = 72
_NOT_FOUND = 127
_NO_TESTS = 5
_NOX_SKIPPED = re.compile(r"^nox > Session .+ skipped: ", re.MULTILINE)
_TOX_SKIPPED = re.compile(r"^(?:ROOT: skip environment |  \S+: SKIP )", re.MULTILINE)
_RAN = re.compile(r"^(?:nox > Session .+ was successful|  \S+: (?:OK|FAIL) )", re.MULTILINE)
_MISSING = re.compile(
    r"^(?:\S*sh: (?:line )?(?:\d+: )?|make(?:\[\d+\])?: |env: .?)(?P<name>[\w.+-]+).?: (?:command )?"
    r"(?:not found|No such file or directory)",
    re.MULTILINE,
)
"""The message of a shell, make or env about a program that is not on PATH."""
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'|failed to import the '([\w.-]+)' package")
"""The message of Python or nox about a package that is not installed."""

Outcome = Literal["passed", "failed", "timed out", "ran nothing", "wrong Python", "not run"]
_VERDICTS: dict[Outcome, summary.Verdict] = {
    "passed": "passed",
    "failed": "failed",
    "timed out": "late",
    "ran nothing": "failed",
    "wrong Python": "failed",
    "not run": "skipped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCommand:
    """One command that passes or fails: ``script`` for bash, and its first line as its ``name``."""

    name: str
    script: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Result of one check. ``exit_code`` is None if the check did not run or timed out.

    ``python`` has the minor versions of Python that it ran on, such as ``3.12`` or ``3.11, 3.12`` for sessions of nox.
    ``output`` has the last lines of a check that did not pass.
    """

    name: str
    command: str
    outcome: Outcome
    exit_code: int | None
    seconds: float
    python: str = ""
    output: str = ""


def split_checks(command: str, is_open: Callable[[str], bool]) -> tuple[CheckCommand, ...]:
    """Return the checks in ``command``: one a statement, each for a shell of its own.

    ``is_open`` returns True if bash expects more lines after its argument. Loops, quotes, here-documents and lines that
    end in a backslash stay whole. A line that only changes the state of the shell, such as ``cd docs`` or
    ``export A=1``, is repeated before every later check. After the last check it is dropped, unless it also runs
    something, as ``. ./lint.sh`` does, or is all there is. Blank lines and comments between checks are dropped.
    """
    prelude: list[str] = []
    last: list[str] = []
    checks: list[CheckCommand] = []
    for statement in _statements(command, is_open):
        if _only_sets_up(statement):
            prelude.append(statement)
            last.append(statement)
        else:
            checks.append(CheckCommand(name=_name(statement), script="\n".join([*prelude, statement])))
            last = []
    running = [statement for statement in last if _RUNS.match(statement)]
    if running or not checks:
        checks += [
            CheckCommand(name=_name(statement), script="\n".join(prelude)) for statement in (running or last)[:1]
        ]
    return tuple(checks)


def _statements(command: str, is_open: Callable[[str], bool]) -> Iterator[str]:
    pending: list[str] = []
    for line in command.splitlines():
        if not pending and (not line.strip() or line.lstrip().startswith("#")):
            continue
        pending.append(line if pending else line.lstrip())
        text = "\n".join(pending)
        if not (text.endswith("\\") or is_open(text)):
            yield text.rstrip()
            pending = []
    if pending:
        yield "\n".join(pending)


def _only_sets_up(statement: str) -> bool:
    """Return True if the statement is one simple command that only changes the state of its shell."""
    tokens = shlex.shlex(statement, posix=True, punctuation_chars=True)
    tokens.whitespace_split = True
    try:
        words = list(tokens)
    except ValueError:
        return False
    depth = 0
    for word in words:
        if set(word) <= {"(", ")"}:
            depth += word.count("(") - word.count(")")
        elif depth == 0 and _SEPARATOR.fullmatch(word):
            return False
    return bool(words) and (words[0] in _STATE or all(_ASSIGNMENT.match(word) for word in words))


def _name(statement: str) -> str:
    first, *rest = (line.strip() for line in statement.splitlines())
    return f"{first[: _NAME_LENGTH - 1]}…" if rest or len(first) > _NAME_LENGTH else first


def not_run(name: str, command: str) -> CheckReport:
    """Return the report on a check that did not run because an earlier one failed."""
    return CheckReport(name=name, command=command, outcome="not run", exit_code=None, seconds=0.0)


def failed(reports: Iterable[CheckReport]) -> tuple[CheckReport, ...]:
    """Return the checks that ran and did not pass."""
    return tuple(report for report in reports if report.outcome not in ("passed", "not run"))


def outcome(code: int, output: str, *, timed_out: bool, right_python: bool = True) -> Outcome:
    """Return the outcome of a check that exited with ``code``.

    Exit code 0 is not enough: nox exits with 0 after skipping every session because its Python is missing, tox with 1,
    and tests on another Python than that of the gate prove nothing about the latter (``right_python``).
    """
    text = plain(output)
    if timed_out:
        return "timed out"
    skipped = _TOX_SKIPPED.search(text) or (not code and _NOX_SKIPPED.search(text))
    if skipped and not _RAN.search(text):
        return "ran nothing"
    if code:
        return "failed"
    return "passed" if right_python else "wrong Python"


def described(report: CheckReport) -> str:
    """Return the result as the predicate of a sentence about the check."""
    match report.outcome:
        case "passed":
            return f"passed in {duration(report.seconds)}"
        case "failed":
            return f"failed with exit code {report.exit_code} after {duration(report.seconds)}"
        case "timed out":
            return f"timed out after {duration(report.seconds)}"
        case "ran nothing":
            return "skipped every session, so nothing was checked"
        case "wrong Python":
            return f"ran on Python {report.python} instead of the Python of the gate"
        case "not run":
            return "did not run"


def check_setting(example: str) -> str:
    """Return the lines that set the checks to ``example``: for our workflow, and for the action."""
    return f"in a workflow that calls python-build.yml: check: {example}; for quality-gate: command: {example}"


_REMEDIES: Mapping[Outcome, tuple[str, str]] = {
    "timed out": ("To allow more time: timeout: 90m", "check-timed-out"),
    "ran nothing": (
        "Run the gate on a Python that one of the sessions uses, or select sessions, " + check_setting("nox -s lint"),
        "nothing-checked",
    ),
    "wrong Python": (
        "Remove this Python from python-versions, or run the check on the Python of the gate, "
        + check_setting("python -m pytest"),
        "wrong-python-in-a-check",
    ),
}


def problem(report: CheckReport, flags: Sequence[str] = (), *, python: str = "") -> Problem:
    """Return the problem of a failed check on ``python``; ``flags`` are the other options of this run of the gate."""
    found = f"The check `{report.name}` {described(report)}."
    remedy, topic = _REMEDIES.get(report.outcome, ("", ""))
    missing, module = _MISSING.search(report.output), _NO_MODULE.search(report.output)
    if report.outcome == "wrong Python":
        found = f"The check `{report.name}` ran on Python {report.python}, not on Python {python}."
    elif not remedy and (missing or report.exit_code == _NOT_FOUND):
        found += f" {missing['name']} is not on PATH." if missing else " Exit code 127 means command not found."
        remedy = "Add the package of the command to install, or install the command in an earlier step."
        topic = "command-not-found"
    elif not remedy and module:
        found += f" The module {module[1] or module[2]} is not installed."
        remedy = "Add its package to the development dependencies of the project, or to install."
        topic = "command-not-found"
    elif report.exit_code == _NO_TESTS and "pytest" in report.command:
        found += " Exit code 5 of pytest means that no tests were collected."
        remedy, topic = "Set testpaths in the configuration of pytest.", "check-failed"
    elif not remedy:
        command = shlex.join(["tagship", "quality-gate", "--command", report.command, *flags])
        remedy, topic = f"Reproduce it locally: {command}", "check-failed"
    output = f"\n{report.output}" if report.output else ""
    return Problem(found=f"{found}{output}", remedy=remedy, topic=topic)


def table(reports: Sequence[CheckReport]) -> str:
    """Return the reports as a Markdown table."""
    rows = (
        (
            summary.marked(_VERDICTS[report.outcome], report.name),
            report.outcome,
            "" if report.exit_code is None else str(report.exit_code),
            "" if report.outcome == "not run" else duration(report.seconds),
            report.python,
        )
        for report in reports
    )
    return summary.table(("Check", "Result", ">Exit code", ">Time", ">Python"), rows)
