"""verify-wheel: install the built wheel outside the checkout and use it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from packaging.tags import platform_tags
from packaging.utils import canonicalize_name

from tagship import contract as c
from tagship.contract.conversion import as_plain
from tagship.core.digests import read_digests, refuse_other
from tagship.core.distributions.distribution import Distribution, read_distribution
from tagship.core.distributions.wheels import Script, import_names, installed_paths, scripts_of, why_nothing_to_import
from tagship.core.formatting import escaped
from tagship.core.runner import without_python_settings
from tagship.core.summary import Verdict, page
from tagship.core.verification.checks import (
    CheckResult,
    check_dependencies,
    check_files,
    check_help,
    check_left_out,
    check_resources,
    check_smoke_command,
    chosen_extras,
    judged,
    lacks_extra,
    not_installable,
    refuse_damaged,
    refuse_foreign_python,
    verification_summary,
    without_optional,
)
from tagship.core.verification.loading import MISSING_CHOICE, OPTIONAL, SitePackages, loading_problems
from tagship.core.verification.wheel_choice import (
    NO_WHEEL_FITS,
    best_wheel,
    fits,
    interpreters_of,
    release_to_take,
    require_equal,
    require_one_package,
)
from tagship.edges.archives import read_archive
from tagship.edges.confinement import given
from tagship.edges.environments import Environments
from tagship.edges.output_folder import find_files, find_source, installable_paths
from tagship.edges.probes import Probes
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.edges.runtime import Runtime


_ABSENT = "no-virtual-environment"
"""The topic of a Python that is not available."""


@c.inputs
class Inputs:
    """The wheel to verify and the checks."""

    wheel: str = c.input(
        c.text,
        "Path, directory or glob of the wheel, relative to the repository root, for example `dist/hello-*.whl`.",
        default="dist/*.whl",
    )
    sha256sums: tuple[str, ...] = c.input(
        c.lines,
        "Expected checksums of the wheels in `sha256sum` format: the output of build-dist in an earlier job.",
        default="",
    )
    imports: tuple[str, ...] = c.input(
        c.lines,
        "Modules to import, for example `hello.cli`; `auto` reads them from the wheel, `none` imports nothing.",
        default="auto",
    )
    scripts: Literal["check", "load", "off"] = c.input(
        c.choice("check", "load", "off"),
        "Check of the console scripts: `check` loads their entry points and runs each with `--help`, `load` only loads "
        "them, `off` skips the check.",
        default="check",
    )
    resources: tuple[str, ...] = c.input(
        c.lines, "Globs of files that must be installed, for example `hello/data/*.json`.", default=""
    )
    smoke_command: str = c.input(
        c.text,
        "Bash commands to run in the project directory with the wheel's environment first on PATH, for example "
        "`pytest tests`.",
        default="",
    )
    timeout: float = c.input(c.seconds, "Time limit of the smoke command, for example `90s`.", default="15m")
    extras: tuple[str, ...] = c.input(
        c.lines, "Extras to install with the wheel, for example `cli`; `all` installs every extra.", default=""
    )
    groups: tuple[str, ...] = c.input(
        c.lines, "Dependency groups to install before the smoke command, for example `test`.", default=""
    )
    with_wheels: tuple[str, ...] = c.input(
        c.lines,
        "Directories with wheels of other packages of the same release, a source of dependencies in addition to the "
        "index, for example `dist/core`.",
        default="",
    )
    working_directory: str = c.input(c.folder, "Project directory, for example `packages/core`.", default=".")
    python: str = c.input(
        c.text,
        "Python to verify with, a version or a path, for example `3.13`. By default the one that runs the action. "
        "`all`: every wheel for this platform, each on the lowest Python that it is for; uv installs a missing one.",
        default="",
    )
    index: str = c.input(
        c.text,
        "Simple API of the index to install the published wheel from, for example `https://pypi.org/simple/`. Empty: "
        "install the built file.",
        default="",
    )
    name: str = c.input(
        c.text,
        "Package to install from the index, for example `hello-tagship`. By default that of the wheel or the project.",
        default="",
    )
    version: str = c.input(
        c.text, "Version to install from the index, for example `1.2.0`. By default the wheel's.", default=""
    )
    wait: float = c.input(c.seconds, "Time limit for the version to appear on the index.", default="5m")
    env: Mapping[str, str] = c.input(
        c.mapping,
        "Environment variables of the installer and the programs, for example "
        "`PIP_INDEX_URL=https://pypi.example.com/simple/`. `PIP_*` and `UV_*` of the job are removed.",
        default="",
    )


@c.outputs
class Outputs:
    """The verified wheel."""

    name: str = c.output("Package name, normalised.")
    version: str = c.output("Installed version, normalised by PEP 440.")
    imports: tuple[str, ...] = c.output("Imported modules, as a JSON list.")
    scripts: tuple[str, ...] = c.output("Checked console scripts and GUI scripts, as a JSON list.")
    report: str = c.output("Path of a JSON file with the name, result and detail of every check.")


@dataclass(slots=True, kw_only=True)
class _Trial:
    """A trial installation of a wheel, and the checks so far."""

    path: Path
    wheel: Distribution
    python: str
    home: SitePackages
    probes: Probes
    extras: frozenset[str]
    checks: list[CheckResult] = field(default_factory=list)
    imported: dict[str, CheckResult] = field(default_factory=dict)

    def problems(self) -> list[Problem]:
        """Return the distinct problems of all checks."""
        return list(dict.fromkeys(problem for check in self.checks for problem in check.problems))


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Verify the wheel that fits the Python, or with ``python: all`` each wheel for this platform on its own Python.

    Raises Failure with every problem of every wheel.
    """
    if inputs.python == "all" and not inputs.index:
        return _verify_each(inputs, runtime)
    try:
        return _verify(inputs, runtime)
    except Failure as failure:
        if not inputs.index or failure.problems[0].topic != NO_WHEEL_FITS:
            raise
        # The release is published, and other platforms have wheels.
        runtime.runner.annotate("warning", ACTION.title, f"Nothing was verified. {failure}")
        return Outputs(name=inputs.name, version=inputs.version, imports=(), scripts=(), report="")


def _verify_each(inputs: Inputs, runtime: Runtime) -> Outputs:
    found, platforms = _built(inputs, runtime), frozenset(platform_tags())
    fitting = [(path, wheel) for path, wheel in found if fits(wheel, platforms)]
    others = [wheel.filename for _, wheel in found if not fits(wheel, platforms)]
    if others:
        runtime.runner.log(f"Not verified, because they are for other platforms: {', '.join(others)}.")
    results, problems, absent = list[Outputs](), list[Problem](), list[Failure]()
    for path, wheel in fitting:
        try:
            results.append(_verify_one(replace(inputs, wheel=str(path)), runtime, interpreters_of(wheel)))
        except Failure as failure:
            if failure.problems[0].topic != _ABSENT:
                problems += failure.problems
                continue
            absent.append(failure)
            text = f"{wheel.filename} was not verified: Python {interpreters_of(wheel)[0]} is not available."
            runtime.runner.annotate("warning", ACTION.title, text)
    if problems or (absent and not results):
        raise Failure(*dict.fromkeys(problems)) if problems else absent[0]
    if results:
        return results[-1]
    # The wheels may be cross-compiled, for example in an emulator.
    runtime.runner.annotate("warning", ACTION.title, "No wheel is for this platform, so nothing was verified.")
    wheel = found[0][1]
    return Outputs(name=wheel.name, version=str(wheel.version), imports=(), scripts=(), report="")


def _verify_one(inputs: Inputs, runtime: Runtime, pythons: Sequence[str]) -> Outputs:
    """Verify the wheel on the first of ``pythons`` that is available. Raises the Failure of the first otherwise."""
    try:
        return _verify(replace(inputs, python=pythons[0]), runtime, may_download=True)
    except Failure as failure:
        if failure.problems[0].topic != _ABSENT or not pythons[1:]:
            raise
        absent = failure
    try:
        return _verify_one(inputs, runtime, pythons[1:])
    except Failure as failure:
        # The wheel may not be for the Python that is there instead.
        raise absent if failure.problems[0].topic == NO_WHEEL_FITS else failure from None


def _verify(inputs: Inputs, runtime: Runtime, *, may_download: bool = False) -> Outputs:
    """Install the wheel into a new environment and use it as its users will.

    Raises Failure with every problem; with one only if the wheel cannot be installed. uv installs a missing Python if
    it ``may_download`` one.
    """
    if inputs.groups and not inputs.smoke_command.strip():
        raise Failure.of(
            found=f"groups is set to {', '.join(inputs.groups)}, but smoke-command is empty.",
            remedy="Set smoke-command, for example smoke-command: pytest tests; or remove groups.",
            topic="wrong-inputs",
        )
    with (
        runtime.scratch("verify") as scratch,
        runtime.runner.group("Install the wheel and use it"),
        runtime.runner.shielded() as say,
    ):
        environ = {**without_python_settings(runtime.environ), **inputs.env}
        environments = Environments(
            folder=scratch, processes=runtime.processes, environ=environ, say=say, may_download=may_download
        )
        trial = _installed(inputs, runtime, environments)
        names = import_names(trial.wheel) if inputs.imports == ("auto",) else inputs.imports
        names = () if inputs.imports == ("none",) else names
        scripts = scripts_of(trial.wheel) if inputs.scripts != "off" else ()
        _check_contents(inputs, runtime, trial)
        _check_imports(trial, names, are_guessed=inputs.imports == ("auto",))
        _check_scripts(trial, scripts, with_help=inputs.scripts == "check")
        if inputs.smoke_command.strip():
            _smoke(inputs, runtime, trial)
    return _concluded(runtime, trial, names, scripts)


def _installed(inputs: Inputs, runtime: Runtime, environments: Environments) -> _Trial:
    """Return the wheel that fits the interpreter, installed with its extras and dependencies."""
    environment = environments.create("environment", python=runtime.interpreter(inputs.python))
    probes = Probes(environment=environment, environments=environments)
    python, roots = probes.describe()
    path, wheel = (_from_index if inputs.index else _from_folder)(inputs, runtime, probes, python)
    refuse_damaged(wheel)
    refuse_foreign_python(wheel, python)
    asked = chosen_extras(wheel, list(filter(None, map(str.strip, ",".join(inputs.extras).split(",")))))
    extras = f"[{','.join(asked)}]" if asked else ""
    others = [word for folder in inputs.with_wheels for word in ("--find-links", given(runtime.workspace, folder))]
    ended = environments.install(environment, *others, f"{wheel.name}{extras} @ {path.as_uri()}")
    project = runtime.directory(inputs.working_directory)
    if not ended.ok:
        raise Failure(not_installable(f"{wheel.filename}{extras}", ended))
    return _Trial(
        path=path,
        wheel=wheel,
        python=python,
        home=SitePackages(roots=tuple(map(str, roots)), in_checkout=lambda installed: find_source(project, installed)),
        probes=probes,
        extras=frozenset(map(canonicalize_name, asked)),
    )


def _built(inputs: Inputs, runtime: Runtime, *, required: bool = True) -> list[tuple[Path, Distribution]]:
    """Return the wheels that match the glob.

    Raises Failure if packages, versions or checksums differ, or if one is ``required`` and there is none.
    """
    paths = find_files(runtime.workspace, inputs.wheel, suffix=".whl")
    found = [(path, read_distribution(read_archive(path))) for path in paths]
    require_one_package(inputs.wheel, [wheel for _, wheel in found])
    refuse_other([(wheel.filename, wheel.archive.sha256) for _, wheel in found], inputs.sha256sums)
    if required and not found:
        raise Failure.of(
            found=f"No wheel matches {inputs.wheel!r}.",
            remedy="Run build-dist or download its artifact in an earlier step, or correct wheel, a path or glob "
            "relative to the repository root.",
            topic="no-wheel",
        )
    return found


def _from_folder(inputs: Inputs, runtime: Runtime, probes: Probes, python: str) -> tuple[Path, Distribution]:
    """Return the built wheel to verify."""
    found = _built(inputs, runtime)
    wheel = best_wheel([wheel for _, wheel in found], probes.tags, python)
    return next((path, item) for path, item in found if item is wheel)


def _from_index(inputs: Inputs, runtime: Runtime, probes: Probes, python: str) -> tuple[Path, Distribution]:
    """Return the published wheel to verify. It must equal the built wheel or its checksum, if either is given."""
    # The HTTP client is slow to import.
    from tagship.edges.package_index import PackageIndex

    built = [wheel for _, wheel in _built(inputs, runtime, required=False)]
    project = runtime.declaration(inputs.working_directory).name
    name, version = release_to_take(inputs.name, inputs.version, built=built, project=project)
    index = PackageIndex(url=inputs.index, log=probes.environments.say)
    wheels = [file for file in index.awaited(name, version, inputs.wait) if file.filename.endswith(".whl")]
    if not wheels:
        raise Failure.of(
            found=f"{index.shown} has no wheel of {name} {version}, only an sdist.",
            remedy="Publish the wheel together with the sdist; otherwise every user has to build it.",
            topic="no-wheel",
        )
    path = index.download(best_wheel(wheels, probes.tags, python), probes.environments.folder)
    served = read_distribution(read_archive(path))
    require_equal(served, built, read_digests(inputs.sha256sums))
    return path, served


def _check_contents(inputs: Inputs, runtime: Runtime, trial: _Trial) -> None:
    """Check the files, data and dependencies in the environment."""
    wheel, roots = trial.wheel, trial.home.roots
    shared, altered = trial.probes.also_owned(wheel, roots), trial.probes.altered(wheel, roots)
    trial.checks.append(check_files(wheel, shared, altered))
    if inputs.resources:
        trial.checks.append(check_resources(wheel, inputs.resources))
    tracked = runtime.git(inputs.working_directory).files()
    left_out = check_left_out(wheel, installable_paths(tracked))
    if left_out:
        trial.checks.append(left_out)
    trial.checks.append(check_dependencies(wheel, trial.probes.environments.check(trial.probes.environment)))


def _check_imports(trial: _Trial, names: Sequence[str], *, are_guessed: bool) -> None:
    """Import ``names``. If they ``are_guessed``, one that needs an extra is a warning, unless none can be imported.

    One that needs a choice of the user is always a warning.
    """
    if not names:
        why = why_nothing_to_import(trial.wheel) if are_guessed else "The input imports is none."
        detail = f"Nothing to import. {why}"
        trial.checks.append(CheckResult(name="Import", result="skipped", detail=detail))
        return
    loaded = trial.probes.load("imports", names)
    trial.imported = {
        item.name: judged(f"import {item.name}", loading_problems([item], trial.wheel, trial.home), "from the wheel")
        for item in loaded
    }
    works = any(not check.problems for check in trial.imported.values())
    allowed = OPTIONAL if are_guessed and works else (MISSING_CHOICE,)
    trial.checks += [without_optional(check, allowed) for check in trial.imported.values()]


def _check_scripts(trial: _Trial, scripts: Sequence[Script], *, with_help: bool) -> None:
    """Load the entry points of ``scripts``, and run the console scripts that can be loaded with ``--help``."""
    scripts = [script for script in scripts if _is_usable(trial, script)]
    targets = list(dict.fromkeys(script.target for script in scripts if script.target))
    loaded = trial.probes.load("objects", targets) if targets else ()
    for item in loaded:
        names = ", ".join(script.name for script in scripts if script.target == item.name)
        problems = loading_problems([item], trial.wheel, trial.home)
        trial.checks.append(without_optional(judged(f"load {item.name}", problems, f"for {names}")))
    broken = {item.name for item in loaded if not item.ok}
    asked = [script.name for script in scripts if with_help and script.is_console and script.target not in broken]
    trial.checks += [check_help(trial.wheel, name, ended) for name, ended in trial.probes.help_of(asked).items()]


def _is_usable(trial: _Trial, script: Script) -> bool:
    """Return True if ``script`` can be checked; otherwise make sure that the checks give the reason."""
    lacking = [extra for extra in script.extras if extra not in trial.extras]
    if lacking:
        trial.checks.append(lacks_extra(trial.wheel, script.name, lacking))
    failed = {name for name, check in trial.imported.items() if check.problems}
    # A script of a module that cannot be imported would only repeat the import error.
    return not lacking and re.split(r"[.:]", script.target)[0] not in failed


def _smoke(inputs: Inputs, runtime: Runtime, trial: _Trial) -> None:
    """Run the smoke command in the checkout, with the wheel's modules importable only from the wheel."""
    if trial.problems():
        trial.checks.append(CheckResult(name="Smoke command", result="skipped", detail="an earlier check failed"))
        return
    if inputs.groups:
        from tagship.core.project.development import read_development

        development = read_development(runtime.texts(inputs.working_directory, ["pyproject.toml"]), ())
        environments, wanted = trial.probes.environments, development.required(inputs.groups)
        ended = environments.install(trial.probes.environment, trial.path, *wanted)
        if not ended.ok:
            raise Failure(not_installable(f"The wheel with the groups {', '.join(inputs.groups)}", ended))
    runtime.require_folder(inputs.working_directory)
    tops = [path.partition("/")[0].partition(".")[0] for path in installed_paths(trial.wheel)]
    trial.probes.guard(tops, trial.home.roots)
    ended = trial.probes.script(
        inputs.smoke_command, cwd=runtime.directory(inputs.working_directory), timeout=inputs.timeout
    )
    trial.checks.append(check_smoke_command(inputs.smoke_command, inputs.timeout, ended))


def _concluded(runtime: Runtime, trial: _Trial, names: Sequence[str], scripts: Sequence[Script]) -> Outputs:
    """Return the outputs. Raises Failure with them if there is a problem."""
    report = runtime.new_folder("verification") / "report.json"
    facts = [{"name": check.name, "result": check.result, "detail": check.detail} for check in trial.checks]
    report.write_text(json.dumps(as_plain(facts), ensure_ascii=False, indent=2) + "\n", "utf-8")
    results = Outputs(
        name=trial.wheel.name,
        version=str(trial.wheel.version),
        imports=tuple(names),
        scripts=tuple(script.name for script in scripts),
        report=str(report),
    )
    for check in trial.checks:
        runtime.runner.untrusted(f"{check.result}: {check.name}" + (f" ({check.detail})" if check.detail else ""))
    for warning in dict.fromkeys(warning for check in trial.checks for warning in check.warnings):
        runtime.runner.annotate("warning", ACTION.title, str(warning))
    summary = verification_summary(trial.wheel, trial.python, trial.checks)
    subject = escaped(f"{results.name} {results.version}")
    problems = trial.problems()
    if problems:
        raise Failure(*problems, outputs=results, subject=subject, summary=summary)
    verdict: Verdict = "warned" if any(check.result == "warned" for check in trial.checks) else "passed"
    runtime.runner.summarise(page(verdict, ACTION.title, summary, subject=subject))
    return results


ACTION = c.Action(
    name="verify-wheel",
    title="Verify wheel",
    summary="Install the built wheel into a new environment, outside the checkout, and use it as its users will.",
    step="Install the wheel and use it",
    icon="check-circle",
    color="blue",
    tier="environments",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
