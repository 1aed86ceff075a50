"""verify-wheel: install what was built, away from the checkout, and use it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from packaging.utils import canonicalize_name

from tagship import contract as c
from tagship.contract.writing import as_plain
from tagship.core.digests import read_digests, refuse_other
from tagship.core.distributions.distribution import read_distribution
from tagship.core.distributions.wheels import import_names, installed_paths, scripts_of, why_nothing_to_import
from tagship.core.environment import without_python_settings
from tagship.core.escaping import escaped
from tagship.core.summary import page
from tagship.core.verification.checks import (
    CheckResult,
    check_dependencies,
    check_files,
    check_help,
    check_left_out,
    check_resources,
    check_smoke_command,
    judged,
    not_installable,
    refuse_foreign_python,
    refuse_unknown_extras,
    verification_summary,
)
from tagship.core.verification.loading import SitePackages, loading_problems
from tagship.core.verification.wheel_choice import best_wheel, release_to_take, require_equal, require_one_package
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tagship.core.distributions.distribution import Distribution
    from tagship.core.distributions.wheels import Script
    from tagship.core.summary import Verdict
    from tagship.edges.environments import Environment, Environments
    from tagship.edges.probes import Probes
    from tagship.edges.runtime import Runtime


@c.inputs
class Inputs:
    """What verify-wheel can be told."""

    wheel: str = c.input(
        c.text, "The wheel, its folder, or a glob of wheels, from the top of the checkout.", default="dist/*.whl"
    )
    sha256sums: tuple[str, ...] = c.input(
        c.lines,
        "What the wheels must be, as `sha256sum` prints it: the output of build-dist in an earlier job.",
        default="",
    )
    imports: tuple[str, ...] = c.input(
        c.lines, "The modules to import, one a line; `auto` reads them from the wheel.", default="auto"
    )
    scripts: Literal["check", "load", "off"] = c.input(
        c.choice("check", "load", "off"),
        "`check` loads what the console scripts call and runs each with `--help`, `load` only loads.",
        default="check",
    )
    resources: tuple[str, ...] = c.input(
        c.lines, "Files that must be installed, one glob a line, such as `hello/data/*.json`.", default=""
    )
    smoke_command: str = c.input(
        c.text, "Commands for bash, with the wheel's environment first on PATH; run in working-directory.", default=""
    )
    timeout: float = c.input(c.seconds, "How long the smoke command may take.", default="15m")
    extras: tuple[str, ...] = c.input(c.lines, "Extras to install with the wheel, one a line.", default="")
    groups: tuple[str, ...] = c.input(
        c.lines, "Dependency groups of the project to install before the smoke command, one a line.", default=""
    )
    working_directory: str = c.input(c.folder, "The project's folder inside the checkout.", default=".")
    python: str = c.input(
        c.text, "The Python to verify with, a version or a path; by default the one that runs the action.", default=""
    )
    index: str = c.input(
        c.text,
        "The Simple API of the index to install from after publishing, such as `https://pypi.org/simple/`; "
        "empty to install the built file.",
        default="",
    )
    name: str = c.input(
        c.text, "The package to take from the index; by default the wheel's or the project's.", default=""
    )
    version: str = c.input(c.text, "The version to take from the index; by default the wheel's.", default="")
    wait: float = c.input(c.seconds, "How long to wait for the version to appear on the index.", default="5m")
    env: Mapping[str, str] = c.input(
        c.mapping, "Variables for the installer and the programs; `PIP_*` and `UV_*` count only from here.", default=""
    )


@c.outputs
class Outputs:
    """What was verified."""

    name: str = c.output("The package's name, normalised.")
    version: str = c.output("The version that was installed, normalised by PEP 440.")
    imports: tuple[str, ...] = c.output("The modules that were imported, as a JSON list.")
    scripts: tuple[str, ...] = c.output("The programs that were checked, as a JSON list.")
    report: str = c.output("The path of a JSON file with every check, its result and what there was to say.")


@dataclass(slots=True, kw_only=True)
class _Proof:
    """A wheel under proof: where it is installed, what is used of it, and the checks so far."""

    path: Path
    wheel: Distribution
    python: str
    home: SitePackages
    environments: Environments
    environment: Environment
    probes: Probes
    extras: frozenset[str]
    checks: list[CheckResult] = field(default_factory=list)
    imported: dict[str, CheckResult] = field(default_factory=dict)

    def problems(self) -> list[Problem]:
        """Return everything that is wrong, each once."""
        return list(dict.fromkeys(problem for check in self.checks for problem in check.problems))


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Install the wheel into a fresh environment and use it as its users will.

    Raises Failure with everything that is wrong; a wheel that cannot be installed at all is the only thing told then.
    """
    if inputs.groups and not inputs.smoke_command.strip():
        raise Failure(
            Problem(
                found=f"The groups {', '.join(inputs.groups)} are for the smoke command, and there is none.",
                remedy="Name what they are needed for, like smoke-command: pytest tests; or leave groups out.",
                topic="wrong-inputs",
            )
        )
    with (
        runtime.scratch("verify") as scratch,
        runtime.runner.group("Install the wheel and use it"),
        runtime.runner.shielded() as say,
    ):
        environ = {**without_python_settings(runtime.environ), **inputs.env}
        proof = _installed(inputs, runtime, runtime.environments(scratch, environ=environ, say=say))
        names = import_names(proof.wheel) if inputs.imports == ("auto",) else inputs.imports
        scripts = scripts_of(proof.wheel) if inputs.scripts != "off" else ()
        _check_contents(inputs, runtime, proof)
        _check_imports(proof, names)
        _check_scripts(proof, scripts, with_help=inputs.scripts == "check")
        if inputs.smoke_command.strip():
            _smoke(inputs, runtime, proof)
    return _concluded(runtime, proof, names, scripts)


def _installed(inputs: Inputs, runtime: Runtime, environments: Environments) -> _Proof:
    """Return the wheel that fits the interpreter, installed with its extras and what it depends on."""
    named = runtime.directory(inputs.python)
    environment = environments.create("environment", python=str(named) if named.is_file() else inputs.python)
    probes = runtime.probes(environment, environments)
    python, roots = probes.describe()
    path, wheel = (_from_index if inputs.index else _from_folder)(inputs, runtime, probes, python)
    refuse_foreign_python(wheel, python)
    asked = [name for line in inputs.extras for extra in line.split(",") if (name := extra.strip())]
    refuse_unknown_extras(wheel, asked)
    extras = f"[{','.join(asked)}]" if asked else ""
    ended = environments.install(environment, f"{wheel.name}{extras} @ {path.as_uri()}")
    if not ended.ok:
        raise Failure(not_installable(f"{wheel.filename}{extras}", ended))
    return _Proof(
        path=path,
        wheel=wheel,
        python=python,
        home=SitePackages(
            roots=tuple(map(str, roots)), in_checkout=lambda inner: runtime.source_of(inner, inputs.working_directory)
        ),
        environments=environments,
        environment=environment,
        probes=probes,
        extras=frozenset(map(canonicalize_name, asked)),
    )


def _built(inputs: Inputs, runtime: Runtime) -> list[tuple[Path, Distribution]]:
    """Return the wheels that the glob matches, all of one package and version and as they were handed on."""
    found = [(path, read_distribution(runtime.read_archive(path))) for path in runtime.wheels(inputs.wheel)]
    require_one_package(inputs.wheel, [wheel for _, wheel in found])
    refuse_other([(wheel.filename, wheel.archive.sha256) for _, wheel in found], inputs.sha256sums)
    return found


def _from_folder(inputs: Inputs, runtime: Runtime, probes: Probes, python: str) -> tuple[Path, Distribution]:
    """Return the wheel to verify, of those that were built."""
    found = _built(inputs, runtime)
    if not found:
        raise Failure(
            Problem(
                found=f"No wheel matches {inputs.wheel!r}.",
                remedy="Build it in an earlier step (build-dist) or download the artifact that holds it; the input "
                "wheel is a path or glob from the top of the checkout.",
                topic="no-wheel",
            )
        )
    wheel = best_wheel([wheel for _, wheel in found], probes.tags, python)
    return next((path, item) for path, item in found if item is wheel)


def _from_index(inputs: Inputs, runtime: Runtime, probes: Probes, python: str) -> tuple[Path, Distribution]:
    """Return the wheel to verify, of those on the index; it equals the built one as far as that is here or its digest
    is.
    """
    built = [wheel for _, wheel in _built(inputs, runtime)]
    project = runtime.project(inputs.working_directory).name
    name, version = release_to_take(inputs.name, inputs.version, built=built, project=project)
    index = runtime.package_index(inputs.index, log=probes.environments.say)
    wheels = [file for file in index.awaited(name, version, inputs.wait) if file.filename.endswith(".whl")]
    if not wheels:
        raise Failure(
            Problem(
                found=f"{index.shown} has no wheel of {name} {version}, only an sdist.",
                remedy="Publish the wheel along with the sdist; without one every user has to build it.",
                topic="no-wheel",
            )
        )
    path = index.download(best_wheel(wheels, probes.tags, python), probes.environments.folder)
    served = read_distribution(runtime.read_archive(path))
    require_equal(served, built, read_digests(inputs.sha256sums))
    return path, served


def _check_contents(inputs: Inputs, runtime: Runtime, proof: _Proof) -> None:
    """Files, data and dependencies are in the environment as they should be."""
    wheel, roots = proof.wheel, proof.home.roots
    shared, altered = proof.probes.also_owned(wheel, roots), proof.probes.altered(wheel, roots)
    proof.checks.append(check_files(wheel, shared, altered))
    if inputs.resources:
        proof.checks.append(check_resources(wheel, inputs.resources))
    left_out = check_left_out(wheel, runtime.installable_files(inputs.working_directory))
    if left_out:
        proof.checks.append(left_out)
    proof.checks.append(check_dependencies(wheel, proof.environments.check(proof.environment)))


def _check_imports(proof: _Proof, names: Sequence[str]) -> None:
    if not names:
        detail = f"Nothing to import. {why_nothing_to_import(proof.wheel)}"
        proof.checks.append(CheckResult(name="Import", result="skipped", detail=detail))
        return
    loaded = proof.probes.imports(names)
    proof.imported = {
        item.name: judged(f"import {item.name}", loading_problems([item], proof.wheel, proof.home), "from the wheel")
        for item in loaded
    }
    proof.checks += proof.imported.values()


def _check_scripts(proof: _Proof, scripts: Sequence[Script], *, with_help: bool) -> None:
    """What the scripts call can be loaded, and console scripts that can be loaded answer ``--help``."""
    scripts = [script for script in scripts if _is_usable(proof, script)]
    targets = list(dict.fromkeys(script.target for script in scripts if script.target))
    loaded = proof.probes.objects(targets) if targets else ()
    for item in loaded:
        names = ", ".join(script.name for script in scripts if script.target == item.name)
        problems = loading_problems([item], proof.wheel, proof.home)
        proof.checks.append(judged(f"load {item.name}", problems, f"for {names}"))
    broken = {item.name for item in loaded if not item.ok}
    asked = [script.name for script in scripts if with_help and script.is_console and script.target not in broken]
    proof.checks += [check_help(proof.wheel, name, ended) for name, ended in proof.probes.help_of(asked).items()]


def _is_usable(proof: _Proof, script: Script) -> bool:
    """Return True if a program can be checked; where it cannot, that is noted, or was told already."""
    lacking = [extra for extra in script.extras if extra not in proof.extras]
    if lacking:
        detail = f"it needs the extra {', '.join(lacking)}"
        proof.checks.append(CheckResult(name=f"{script.name} --help", result="skipped", detail=detail))
    failed = {name for name, check in proof.imported.items() if check.problems}
    # A program of a module that could not be imported would only repeat why.
    return not lacking and re.split(r"[.:]", script.target)[0] not in failed


def _smoke(inputs: Inputs, runtime: Runtime, proof: _Proof) -> None:
    """The caller's own command, in the checkout, where every import of the wheel's modules is held to the wheel."""
    if proof.problems():
        proof.checks.append(CheckResult(name="Smoke command", result="skipped", detail="a check before it failed"))
        return
    if inputs.groups:
        wanted = runtime.group_requirements(inputs.groups, inputs.working_directory)
        ended = proof.environments.install(proof.environment, proof.path, *wanted)
        if not ended.ok:
            raise Failure(not_installable(f"The wheel with the groups {', '.join(inputs.groups)}", ended))
    runtime.require_folder(inputs.working_directory)
    tops = [path.partition("/")[0].partition(".")[0] for path in installed_paths(proof.wheel)]
    proof.probes.guard(tops, proof.home.roots)
    ended = proof.probes.script(
        inputs.smoke_command, cwd=runtime.directory(inputs.working_directory), timeout=inputs.timeout
    )
    proof.checks.append(check_smoke_command(inputs.smoke_command, inputs.timeout, ended))


def _concluded(runtime: Runtime, proof: _Proof, names: Sequence[str], scripts: Sequence[Script]) -> Outputs:
    """Return the outputs; in a Failure where there is a problem."""
    report = runtime.new_folder("verification") / "report.json"
    facts = [{"name": check.name, "result": check.result, "detail": check.detail} for check in proof.checks]
    report.write_text(json.dumps(as_plain(facts), ensure_ascii=False, indent=2) + "\n", "utf-8")
    results = Outputs(
        name=proof.wheel.name,
        version=str(proof.wheel.version),
        imports=tuple(names),
        scripts=tuple(script.name for script in scripts),
        report=str(report),
    )
    for check in proof.checks:
        runtime.runner.untrusted(f"{check.result}: {check.name}" + (f" ({check.detail})" if check.detail else ""))
    summary = verification_summary(proof.wheel, proof.python, proof.checks)
    subject = escaped(f"{results.name} {results.version}")
    problems = proof.problems()
    if problems:
        raise Failure(*problems, outputs=results, subject=subject, summary=summary)
    verdict: Verdict = "warned" if any(check.result == "warned" for check in proof.checks) else "passed"
    runtime.runner.summarise(page(verdict, ACTION.title, summary, subject=subject))
    return results


ACTION = c.Action(
    name="verify-wheel",
    title="Verify wheel",
    summary="Install the built wheel into a fresh environment, away from the checkout, and use it as its users will.",
    step="Install the wheel and use it",
    icon="check-circle",
    color="blue",
    tier="environments",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
