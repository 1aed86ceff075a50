"""quality-gate: run all of the project's own checks, or judge the jobs that a job needs."""

from __future__ import annotations

import tempfile
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tagship import contract as c
from tagship.core.formatting import escaped
from tagship.core.gate.checks import (
    CheckCommand,
    CheckReport,
    check_setting,
    failed,
    not_run,
    problem,
    split_checks,
    table,
)
from tagship.core.gate.detection import no_checks
from tagship.core.gate.installation import Installation, planned, split_arguments
from tagship.core.gate.sessions import LISTINGS, chosen
from tagship.core.gate.verdict import JobVerdict, job_problems, judge, parse_needs, verdict_table
from tagship.core.summary import page
from tagship.edges.check_environment import CheckEnvironment
from tagship.edges.check_runs import CheckRuns, Shell, find_shell
from tagship.edges.interpreters import Interpreters
from tagship.edges.program_guard import guarded, with_uv
from tagship.edges.project_files import facts_of_checkout
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagship.core.gate.detection import Detected
    from tagship.core.project.facts import ProjectFacts
    from tagship.edges.interpreters import Interpreter
    from tagship.edges.runtime import Runtime
    from tagship.errors import Problem

_DEFAULT_PYTHON = "python"


@c.inputs
class Inputs:
    """The checks to run, or the jobs to judge."""

    command: str = c.input(
        c.script,
        "Check commands, for example `pytest`. Empty: `make check` if the target exists, else nox, tox, or a task "
        "`check` or `test` of just, poe, taskipy, PDM or hatch, else those of ruff, mypy and pytest that are "
        "configured; of several, the one that a workflow contains. "
        "Scripts of other Pythons on PATH are not run.",
        default="",
    )
    install: tuple[str, ...] = c.input(
        c.lines,
        "Arguments of `pip install` before the checks, for example `-e .[test]`. `auto`: the package, editable, with "
        "its development dependencies, at the versions of its lock file; `latest`: without the lock file; `none`: "
        "nothing.",
        default="auto",
    )
    extras: tuple[str, ...] = c.input(
        c.names, "Extras to install with the package, for example `test`. Empty: those for development.", default=""
    )
    groups: tuple[str, ...] = c.input(
        c.names, "Dependency groups to install, for example `dev`. Empty: those for development.", default=""
    )
    working_directory: str = c.input(c.folder, "Project directory, for example `packages/core`.", default=".")
    env: Mapping[str, str] = c.input(
        c.mapping,
        "Environment variables of the checks, for example `PYTHONWARNINGS=error`. They appear in the log, so set no "
        "secrets.",
        default="",
    )
    timeout: float = c.input(c.seconds, "Time limit of each check, for example `15m`; `0` sets none.", default="60m")
    keep_going: bool = c.input(c.boolean, "Run the remaining checks after a failure.", default="true")
    python: str = c.input(
        c.text,
        "Python for the checks: a program on PATH, for example `python3.13`, or a path.",
        default=_DEFAULT_PYTHON,
    )
    python_versions: tuple[str, ...] = c.input(
        c.names,
        "Pythons of all jobs of the matrix, for example `3.11, 3.12`, so that one of them runs the sessions of nox and "
        "environments of tox for no Python. Empty: this one does.",
        default="",
    )
    needs: str = c.input(
        c.text,
        "Results of the jobs to judge instead of running checks: the value of the expression `toJSON(needs)`.",
        default="",
    )
    allowed_skips: tuple[str, ...] = c.input(
        c.names, "Jobs in `needs` that may be skipped, for example `docs`.", default=""
    )
    allowed_failures: tuple[str, ...] = c.input(
        c.names, "Jobs in `needs` that may have any result, for example `nightly`.", default=""
    )


@c.outputs
class Outputs:
    """The result; also set if the gate fails."""

    result: Literal["success", "failure"] = c.output("`success` or `failure`.")
    report: tuple[CheckReport, ...] | tuple[JobVerdict, ...] = c.output(
        "JSON list of name, command, outcome, exit-code, seconds and python of each check; with `needs`, of name, "
        "result, allowed and reason of each job."
    )


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Run every check or judge every job, and raise Failure with all that failed."""
    if inputs.needs.strip():
        return _judged(inputs, runtime)
    runtime.require_folder(inputs.working_directory)
    facts = facts_of_checkout(runtime.workspace, inputs.working_directory)
    if not inputs.command.strip() and facts.checks is None:
        raise Failure(no_checks())
    detected = None if inputs.command.strip() else facts.checks
    base = Interpreters(processes=runtime.processes, temporary=runtime.temporary).find(inputs.python)
    shell = find_shell(runtime.processes)
    checks = _checks(inputs, detected, base, runtime, shell)
    with ExitStack() as stack:
        interpreter = stack.enter_context(_prepared(inputs, runtime, facts, detected, base))
        runs = CheckRuns(
            shell=shell,
            runner=runtime.runner,
            workspace=runtime.workspace,
            inside=inputs.working_directory,
            python=interpreter.minor,
        )
        temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="tagship-path-", dir=runtime.temporary))
        programs = Path(temporary).resolve()
        environ = guarded(_environ(inputs, runtime, interpreter), interpreter, programs / "bin")
        environ = with_uv(environ, programs / "uv")
        if detected and (listing := LISTINGS.get(checks[0].script)):
            sessions = runs.listed(listing, environ)
            commands, nowhere = chosen(checks[0].script, sessions, interpreter.request, inputs.python_versions)
            if nowhere:
                text = f"No job runs {', '.join(nowhere)}. Add the Python of its settings to python-versions."
                runtime.runner.annotate("warning", ACTION.title, text)
            if not commands:
                return _reported((not_run(checks[0].name, checks[0].script),), inputs, interpreter, runtime)
            checks = tuple(CheckCommand(name=one, script=one) for one in commands)
        reports = runs.run(checks, environ=environ, timeout=inputs.timeout or None, keep_going=inputs.keep_going)
        return _reported(reports, inputs, interpreter, runtime)


def _checks(
    inputs: Inputs, detected: Detected | None, python: Interpreter, runtime: Runtime, shell: Shell
) -> tuple[CheckCommand, ...]:
    commands = detected.commands_on(python.minor) if detected else (inputs.command,)
    if detected:
        runtime.runner.log(f"Checks: {', '.join(commands)} ({detected.reason}).")
    if checks := split_checks("\n".join(commands), shell.is_open):
        return checks
    found, remedy = "The commands of the checks are only comments.", f"Set one per line, {check_setting('pytest')}"
    raise Failure.of(found=found, remedy=remedy, topic="no-checks")


def _prepared(
    inputs: Inputs, runtime: Runtime, facts: ProjectFacts, detected: Detected | None, base: Interpreter
) -> AbstractContextManager[Interpreter]:
    """Return the Python for the checks, with their dependencies installed."""
    if inputs.install == ("none",):
        runtime.runner.log(f"Python {base.version} at {base.path}, unchanged.")
        return nullcontext(base)
    plans = partial(planned, facts, detected, extras=inputs.extras, groups=inputs.groups, command=inputs.command)
    if inputs.install not in (("auto",), ("latest",)):
        plan = Installation(package=split_arguments(inputs.install))
    elif facts.problems:
        raise Failure(*facts.problems)
    else:
        plan = plans(lock="installed" if inputs.install == ("auto",) else "ignored")
    environment = CheckEnvironment(
        runtime=runtime, folder=inputs.working_directory, environ={**runtime.environ, **inputs.env}
    )
    return environment.prepared(base, plan, partial(plans, lock="constraints"))


def _environ(inputs: Inputs, runtime: Runtime, python: Interpreter) -> dict[str, str]:
    # The default Python keeps its position on PATH, because other programs may precede it on purpose.
    first = python.environment is not None or inputs.python != _DEFAULT_PYTHON
    variables = python.variables(runtime.environ) if first else {**runtime.environ, **python.choice}
    return {**variables, **inputs.env}


def _reported(reports: tuple[CheckReport, ...], inputs: Inputs, python: Interpreter, runtime: Runtime) -> Outputs:
    problems = [problem(report, _flags(inputs), python=python.minor) for report in failed(reports)]
    outputs = Outputs(result="failure" if problems else "success", report=reports)
    return _concluded(outputs, problems, table(reports), f"Python {python.version}", runtime)


def _concluded(outputs: Outputs, problems: Sequence[Problem], rows: str, subject: str, runtime: Runtime) -> Outputs:
    if problems:
        raise Failure(*problems, outputs=outputs, subject=escaped(subject), summary=rows)
    runtime.runner.summarise(page("passed", ACTION.title, rows, subject=escaped(subject)))
    return outputs


def _flags(inputs: Inputs) -> list[str]:
    """Return the inputs of this run other than its checks, as flags of the command line."""
    several = {
        "install": () if inputs.install == ("auto",) else inputs.install,
        "extras": inputs.extras,
        "groups": inputs.groups,
        "env": [f"{name}={value}" for name, value in inputs.env.items()],
    }
    folder = [] if inputs.working_directory == "." else ["--working-directory", inputs.working_directory]
    return folder + [f"--{name}={value}" for name, values in several.items() for value in values]


def _judged(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Judge the jobs in ``needs``."""
    if inputs.command.strip():
        raise Failure.of(
            found="The inputs command and needs are both set.",
            remedy="Run the checks in one job, and judge its result in another job with needs.",
            topic="wrong-inputs",
        )
    jobs = judge(
        parse_needs(inputs.needs), allowed_skips=inputs.allowed_skips, allowed_failures=inputs.allowed_failures
    )
    problems, subject = job_problems(jobs), f"{len(jobs)} jobs" if len(jobs) > 1 else "one job"
    outputs = Outputs(result="failure" if problems else "success", report=jobs)
    return _concluded(outputs, problems, verdict_table(jobs), subject, runtime)


ACTION = c.Action(
    name="quality-gate",
    title="Quality gate",
    summary="Run all of a project's own checks and report each result; or judge all jobs that a job needs.",
    step="Run every check",
    icon="check-circle",
    color="green",
    tier="environments",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
