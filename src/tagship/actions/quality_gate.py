"""Run the project's own checks, every one of them, and tell; or judge the jobs that a job needs."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from typing import TYPE_CHECKING, Literal

from tagship import contract as c
from tagship.core.escaping import escaped
from tagship.core.formatting import last_lines
from tagship.core.gate.checks import CheckCommand, CheckReport, failed, problem, split_checks, table
from tagship.core.gate.detection import (
    CHECK_FILES,
    REQUIREMENT_FILES,
    Detected,
    detect_checks,
    refuse_missing_extras,
    split_arguments,
    wanted_installs,
)
from tagship.core.gate.verdict import JobVerdict, job_problems, judge, parse_needs, verdict_table
from tagship.core.project.declaration import PROJECT_FILES, read_declaration
from tagship.core.reachability import unreachable
from tagship.core.summary import page
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagship.edges.interpreters import Interpreter
    from tagship.edges.runtime import Runtime

_DEFAULT_PYTHON = "python"


@c.inputs
class Inputs:
    """What the gate can be told."""

    command: str = c.input(
        c.script,
        "The checks. Empty: `make check` where there is that target, else nox, tox or just, else the configured ones "
        "of ruff, mypy and pytest.",
        default="",
    )
    install: tuple[str, ...] = c.input(
        c.lines,
        "What is installed first, as arguments of pip install. `auto`: the package, editable, with its development "
        "extra or dependency group. `none`: nothing.",
        default="auto",
    )
    extras: tuple[str, ...] = c.input(c.names, "The extras that `auto` installs.", default="")
    groups: tuple[str, ...] = c.input(c.names, "The dependency groups that `auto` installs.", default="")
    working_directory: str = c.input(c.folder, "The project's folder inside the checkout.", default=".")
    env: Mapping[str, str] = c.input(
        c.mapping, "Variables for the checks. No secrets: they show in the log.", default=""
    )
    timeout: float = c.input(c.seconds, "How long a check may take; 0 for as long as it likes.", default="60m")
    keep_going: bool = c.input(c.boolean, "Run the other checks after one failed.", default="true")
    python: str = c.input(
        c.text, "The Python the checks run on: a program on PATH, or a path.", default=_DEFAULT_PYTHON
    )
    needs: str = c.input(
        c.text,
        "Instead of running checks, judge the jobs this one needs: what the expression `toJSON(needs)` gives.",
        default="",
    )
    allowed_skips: tuple[str, ...] = c.input(c.names, "Jobs of `needs` that may be skipped.", default="")
    allowed_failures: tuple[str, ...] = c.input(c.names, "Jobs of `needs` that may end in any way.", default="")


@c.outputs
class Outputs:
    """What came of it; handed on when the gate stays shut, too."""

    result: Literal["success", "failure"] = c.output("`success` or `failure`.")
    report: tuple[CheckReport, ...] | tuple[JobVerdict, ...] = c.output(
        "JSON: name, command, outcome, exit-code and seconds of each check; with `needs`, name, result, allowed and "
        "reason of each job."
    )


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Run every check, or judge every job, and raise Failure with all that is wrong."""
    if inputs.needs.strip():
        return _judged(inputs, runtime)
    runtime.require_folder(inputs.working_directory)
    detected = None if inputs.command.strip() else _detected(inputs, runtime)
    command = "\n".join(detected.commands) if detected else inputs.command
    checks = split_checks(command, runtime.shell().is_open)
    if not checks:
        raise Failure(
            Problem(
                found="The input command holds comments only.",
                remedy="Name the checks, one a line: command: pytest",
                topic="no-checks",
            )
        )
    with ExitStack() as stack:
        interpreter = _prepared(inputs, runtime, detected, stack)
        return _told(_run_all(checks, inputs, runtime, interpreter), inputs, interpreter, runtime)


def _detected(inputs: Inputs, runtime: Runtime) -> Detected:
    folders = [path.name for path in runtime.directory(inputs.working_directory).iterdir() if path.is_dir()]
    detected = detect_checks(runtime.texts(inputs.working_directory, CHECK_FILES), folders)
    if detected is None:
        raise Failure(
            Problem(
                found="There is no check to run: no make target check, no noxfile.py, no configuration of tox, no just "
                "recipe check or test, and none of ruff, mypy and pytest is configured.",
                remedy="Name the checks, one a line: command: pytest",
                topic="no-checks",
            )
        )
    runtime.runner.log(f"Checks: {', '.join(detected.commands)} ({detected.reason}).")
    return detected


def _prepared(inputs: Inputs, runtime: Runtime, detected: Detected | None, stack: ExitStack) -> Interpreter:
    """Return the Python to check on, with everything installed that the checks need."""
    pythons = runtime.interpreters()
    base = pythons.find(inputs.python)
    if inputs.install == ("none",):
        runtime.runner.log(f"Python {base.version} at {base.path}, as it is.")
        return base
    arguments = _arguments(inputs, runtime, detected)
    if detected and inputs.install == ("auto",):
        arguments += [
            requirement
            for program, requirement in detected.tools.items()
            if base.lacks(program, runtime.environ) or (base.reserved and program in detected.libraries)
        ]
    if not arguments:
        runtime.runner.log(f"Python {base.version} at {base.path}; nothing to install.")
        return base
    interpreter, place = base, str(base.path)
    if base.reserved:
        interpreter = stack.enter_context(pythons.fresh(base))
        place = f"a fresh environment, since nothing is installed into {base.path}: {base.reserved}"
    runtime.runner.log(f"Python {base.version}: {place}.")
    _install(arguments, inputs, runtime, interpreter)
    return interpreter


def _arguments(inputs: Inputs, runtime: Runtime, detected: Detected | None) -> list[str]:
    """What is to be installed, as arguments of ``uv pip install``."""
    if inputs.install != ("auto",):
        return split_arguments(inputs.install)
    if detected and not detected.needs_package and not inputs.extras and not inputs.groups:
        return []
    inside_folder = inputs.working_directory
    declaration = read_declaration(runtime.texts(inside_folder, PROJECT_FILES), folder=inside_folder)
    present = runtime.texts(inside_folder, REQUIREMENT_FILES)
    return wanted_installs(declaration, present, extras=inputs.extras, groups=inputs.groups)


def _install(arguments: Sequence[str], inputs: Inputs, runtime: Runtime, interpreter: Interpreter) -> None:
    title = f"Install {shlex.join(arguments)}"
    with runtime.runner.group(title), runtime.runner.shielded() as write:
        completed = runtime.interpreters().install(
            interpreter,
            arguments,
            cwd=runtime.directory(inputs.working_directory),
            environ={**runtime.environ, **inputs.env},
            on_line=write,
        )
    if not completed.ok:
        raise Failure(
            unreachable(completed.output)
            or Problem(
                found=f"What the checks need could not be installed:\n{last_lines(completed.output)}",
                remedy="Correct the requirement, or say what to install: install: -e .[test]. Nothing: install: none",
                topic="install-failed",
            )
        )
    refuse_missing_extras(completed.output)


def _run_all(
    checks: Sequence[CheckCommand], inputs: Inputs, runtime: Runtime, python: Interpreter
) -> tuple[CheckReport, ...]:
    # A Python that PATH leads to stays where it is on PATH: other programs may stand before it on purpose.
    leads = python.environment is not None or inputs.python != _DEFAULT_PYTHON
    environ = python.variables(runtime.environ) if leads else runtime.environ
    return runtime.check_runs(inputs.working_directory).run(
        checks, environ={**environ, **inputs.env}, timeout=inputs.timeout or None, keep_going=inputs.keep_going
    )


def _told(reports: tuple[CheckReport, ...], inputs: Inputs, python: Interpreter, runtime: Runtime) -> Outputs:
    rows, wrong, subject = table(reports), failed(reports), escaped(f"Python {python.version}")
    if wrong:
        outputs = Outputs(result="failure", report=reports)
        problems = [problem(report, _flags(inputs)) for report in wrong]
        raise Failure(*problems, outputs=outputs, subject=subject, summary=rows)
    runtime.runner.summarise(page("passed", ACTION.title, rows, subject=subject))
    return Outputs(result="success", report=reports)


def _flags(inputs: Inputs) -> list[str]:
    """What this run was given besides its checks, in the words of the command line."""
    several = {
        "install": () if inputs.install == ("auto",) else inputs.install,
        "extras": inputs.extras,
        "groups": inputs.groups,
        "env": [f"{name}={value}" for name, value in inputs.env.items()],
    }
    folder = [] if inputs.working_directory == "." else ["--working-directory", inputs.working_directory]
    return folder + [f"--{name}={value}" for name, values in several.items() for value in values]


def _judged(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Return the verdict over the jobs of ``needs``."""
    if inputs.command.strip():
        raise Failure(
            Problem(
                found="The inputs command and needs are both given.",
                remedy="Run checks in one job, and judge them with needs in another that needs it.",
                topic="wrong-inputs",
            )
        )
    jobs = judge(
        parse_needs(inputs.needs), allowed_skips=inputs.allowed_skips, allowed_failures=inputs.allowed_failures
    )
    rows = verdict_table(jobs)
    problems, subject = job_problems(jobs), f"{len(jobs)} jobs" if len(jobs) > 1 else "one job"
    if problems:
        outputs = Outputs(result="failure", report=jobs)
        raise Failure(*problems, outputs=outputs, subject=subject, summary=rows)
    runtime.runner.summarise(page("passed", ACTION.title, rows, subject=subject))
    return Outputs(result="success", report=jobs)


ACTION = c.Action(
    name="quality-gate",
    title="Quality gate",
    summary="Run a project's own checks, all of them, and tell how each went; or judge all jobs that a job needs.",
    step="Run every check",
    icon="check-circle",
    color="green",
    tier="environments",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
