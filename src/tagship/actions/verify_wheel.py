"""verify-wheel: install what was built, away from the checkout, and use it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from packaging.dependency_groups import DependencyGroupResolver
from packaging.specifiers import SpecifierSet

from tagship.contract import Action, choice, folder, given, gives, inputs, lines, mapping, outputs, seconds, text
from tagship.contract.writing import as_plain
from tagship.core.distributions import read_distribution
from tagship.core.environment import without_python_settings
from tagship.core.loading import Home, loading_problems
from tagship.core.verification import Check, verification_summary
from tagship.core.wheels import best_wheel, import_names, installed_paths, scripts_of, why_nothing_to_import
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagship.core.distributions import Distribution
    from tagship.core.loading import Loaded
    from tagship.core.wheels import Script
    from tagship.edges.environments import Environment, Environments
    from tagship.edges.probes import Probes
    from tagship.edges.processes import Completed
    from tagship.edges.world import World

_SHOWN = 12
"""Lines of a failed program's output that the message repeats; the log has them all."""


@inputs
class Inputs:
    """What verify-wheel can be told."""

    wheel: str = given(text, "The wheel, or a glob of wheels, from the top of the checkout.", default="dist/*.whl")
    imports: tuple[str, ...] = given(
        lines, "The modules to import, one a line; `auto` reads them from the wheel.", default="auto"
    )
    scripts: Literal["check", "load", "off"] = given(
        choice("check", "load", "off"),
        "`check` loads what the console scripts call and runs each with `--help`, `load` only loads.",
        default="check",
    )
    smoke_command: str = given(
        text, "Commands for bash, with the wheel's environment first on PATH; run in working-directory.", default=""
    )
    timeout: float = given(seconds, "How long the smoke command may take.", default="15m")
    extras: tuple[str, ...] = given(lines, "Extras to install with the wheel, one a line.", default="")
    groups: tuple[str, ...] = given(
        lines, "Dependency groups of the project to install before the smoke command, one a line.", default=""
    )
    working_directory: str = given(folder, "The project's folder inside the checkout.", default=".")
    python: str = given(
        text, "The Python to verify with, a version or a path; by default the one that runs the action.", default=""
    )
    env: Mapping[str, str] = given(
        mapping, "Variables for the installer and the programs; `PIP_*` and `UV_*` count only from here.", default=""
    )


@outputs
class Outputs:
    """What was verified."""

    name: str = gives("The package's name, normalised.")
    version: str = gives("The version that was installed, normalised by PEP 440.")
    imports: tuple[str, ...] = gives("The modules that were imported, as a JSON list.")
    scripts: tuple[str, ...] = gives("The programs that were checked, as a JSON list.")
    report: str = gives("The path of a JSON file with every check, its result and what there was to say.")


@dataclass(slots=True, kw_only=True)
class _Proof:
    """A wheel under proof: where it is installed, what is used of it, and what has come out so far."""

    path: Path
    wheel: Distribution
    python: str
    home: Home
    environments: Environments
    environment: Environment
    probes: Probes
    checks: list[Check] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, name: str, problems: Sequence[Problem], passed: str = "") -> None:
        """Note a check: failed where there are problems, else passed with something to say."""
        detail = problems[0].found.splitlines()[0] if problems else passed
        self.checks.append(Check(name=name, result="failed" if problems else "passed", detail=detail))
        self.problems += problems


def run(inputs: Inputs, world: World) -> Outputs:
    """Install the wheel into a fresh environment and use it as its users will.

    Raises Failure with everything that is wrong; a wheel that cannot be installed at all is the only thing told then.
    """
    with (
        world.scratch("verify") as scratch,
        world.runner.group("Install the wheel and use it"),
        world.runner.shielded() as say,
    ):
        environ = {**without_python_settings(world.environ), **inputs.env}
        environments = world.environments(scratch, environ=environ, say=say)
        proof = _begun(inputs, world, environments)
        _install(inputs, proof)
        names = import_names(proof.wheel) if inputs.imports == ("auto",) else inputs.imports
        scripts = scripts_of(proof.wheel) if inputs.scripts != "off" else ()
        _check_files(proof)
        _check_dependencies(proof)
        _check_imports(proof, names)
        _check_scripts(proof, scripts, with_help=inputs.scripts == "check")
        if inputs.smoke_command.strip() and not proof.problems:
            _check_smoke_command(inputs, world, proof)
    return _concluded(world, proof, names, scripts)


def _begun(inputs: Inputs, world: World, environments: Environments) -> _Proof:
    """An empty environment, and the wheel its interpreter would take of those that the glob matches."""
    environment = environments.create("environment", python=inputs.python)
    probes = world.probes(environment, environments)
    python, roots = probes.describe()
    found = [(path, read_distribution(world.read_archive(path))) for path in _matches(inputs, world)]
    wheels = [wheel for _, wheel in found]
    packages = sorted({f"{wheel.name} {wheel.version}" for wheel in wheels})
    if len(packages) > 1:
        raise Failure(
            Problem(
                found=f"{inputs.wheel!r} matches wheels of {', '.join(packages)}.",
                remedy="Verify one package and version at a time: set wheel to a glob that matches only its wheels.",
                topic="several-packages",
            )
        )
    universal = any(str(tag) == "py3-none-any" for tag in wheels[0].tags)
    wheel = wheels[0] if universal and len(wheels) == 1 else best_wheel(wheels, probes.tags())
    if wheel is None:
        names = ", ".join(wheel.filename for wheel in wheels)
        raise Failure(
            Problem(
                found=f"Python {python} on this machine takes none of: {names}.",
                remedy="Verify each wheel on a runner and with a Python that its name says it is for.",
                topic="no-fitting-wheel",
            )
        )
    home = Home(
        roots=tuple(map(str, roots)), in_checkout=lambda inner: world.source_of(inner, inputs.working_directory)
    )
    (path,) = (path for path, item in found if item is wheel)
    return _Proof(
        path=path,
        wheel=wheel,
        python=python,
        home=home,
        environments=environments,
        environment=environment,
        probes=probes,
    )


def _matches(inputs: Inputs, world: World) -> list[Path]:
    paths = sorted(path for path in world.workspace.glob(inputs.wheel) if path.suffix == ".whl")
    if not paths:
        raise Failure(
            Problem(
                found=f"No wheel matches {inputs.wheel!r}.",
                remedy="Build it in an earlier step (build-dist) or download the artifact that holds it; the input "
                "wheel is a path or glob from the top of the checkout.",
                topic="no-wheel",
            )
        )
    return paths


def _install(inputs: Inputs, proof: _Proof) -> None:
    """Install the file itself, with its extras and what it depends on."""
    required = proof.wheel.metadata.get("requires_python")
    if required and not SpecifierSet(required).contains(proof.python, prereleases=True):
        raise Failure(
            Problem(
                found=f"{proof.wheel.filename} requires Python {required}, and this is Python {proof.python}.",
                remedy="Correct requires-python in pyproject.toml, or verify with a Python that it admits "
                "(the input python).",
                topic="requires-python",
            )
        )
    extras = f"[{','.join(inputs.extras)}]" if inputs.extras else ""
    answer = proof.environments.install(proof.environment, f"{proof.wheel.name}{extras} @ {proof.path.as_uri()}")
    if not answer.ok:
        raise Failure(
            Problem(
                found=f"{proof.wheel.filename} cannot be installed into a fresh environment:\n{_tail(answer)}",
                remedy="Correct the dependencies in pyproject.toml so that some set of published versions meets them "
                "all; on your machine: uv pip install the wheel into a new environment.",
                topic="cannot-install",
            )
        )


def _check_files(proof: _Proof) -> None:
    """Every file of the wheel is in the environment as it was built, and belongs to no other package."""
    roots = [Path(root) for root in proof.home.roots]
    problems = [
        Problem(
            found=f"{path} is installed by {proof.wheel.filename} and by {owner}: one overwrites the other.",
            remedy="Install it in one of the two only, or put it into a package of another name.",
            topic="shadowed-files",
        )
        for path, owner in proof.probes.also_owned(proof.wheel, roots).items()
    ]
    if not problems:
        problems = [
            Problem(
                found=f"{path} is not in the environment as it is in {proof.wheel.filename}.",
                remedy="Build the wheel anew: what it says it installs is not what is there after installing it.",
                topic="shadowed-files",
            )
            for path in proof.probes.altered(proof.wheel, roots)
        ]
    count = len(installed_paths(proof.wheel))
    proof.add("Its files are installed as built", problems[:5], f"{count} files")


def _check_dependencies(proof: _Proof) -> None:
    answer = proof.environments.check(proof.environment)
    problem = Problem(
        found=f"The dependencies of {proof.wheel.filename} do not fit together:\n{_tail(answer)}",
        remedy="Correct the dependencies in pyproject.toml; uv pip check shows the same in any environment.",
        topic="cannot-install",
    )
    proof.add("Dependencies fit together", [] if answer.ok else [problem], "uv pip check")


def _check_imports(proof: _Proof, names: Sequence[str]) -> None:
    if not names:
        detail = why_nothing_to_import(proof.wheel)
        proof.checks.append(Check(name="Import", result="skipped", detail=f"Nothing to import. {detail}"))
        return
    loaded = proof.probes.imports(names)
    _say_tracebacks(proof, loaded)
    for item in loaded:
        proof.add(f"import {item.name}", loading_problems([item], proof.wheel, proof.home), "from the wheel")


def _check_scripts(proof: _Proof, scripts: Sequence[Script], *, with_help: bool) -> None:
    """What the scripts call can be loaded, and console scripts answer ``--help``; a refusal is only a warning."""
    targets = [script.target for script in scripts if script.target]
    loaded = proof.probes.objects(targets) if targets else ()
    _say_tracebacks(proof, loaded)
    broken = {item.name for item in loaded if not item.ok}
    for item in loaded:
        name = ", ".join(script.name for script in scripts if script.target == item.name)
        problems = loading_problems([item], proof.wheel, proof.home)
        proof.add(f"{name} loads", problems, item.name)
    asked = [script.name for script in scripts if with_help and script.is_console and script.target not in broken]
    for name, answer in proof.probes.help_of(asked).items():
        proof.environments.say(answer.output)
        _judge_help(proof, name, answer)


def _judge_help(proof: _Proof, name: str, answer: Completed) -> None:
    check = f"{name} --help"
    if answer.ok:
        proof.add(check, [], f"{answer.seconds:.1f} s")
    elif "Traceback (most recent call last)" in answer.output:
        problem = Problem(
            found=f"{name} --help of {proof.wheel.filename} fails:\n{_tail(answer)}",
            remedy="Mend what the traceback says; where the program is not meant to know --help, set scripts: load.",
            topic="script-fails",
        )
        proof.add(check, [problem])
    else:
        why = "took too long" if answer.timed_out else f"ended with status {answer.code}"
        proof.checks.append(Check(name=check, result="warned", detail=why))


def _check_smoke_command(inputs: Inputs, world: World, proof: _Proof) -> None:
    """The caller's own command, in the checkout, where every import of the wheel's modules is held to the wheel."""
    groups = _groups(inputs, world)
    if groups:
        answer = proof.environments.install(proof.environment, proof.path, *groups)
        if not answer.ok:
            raise Failure(
                Problem(
                    found=f"The groups {', '.join(inputs.groups)} cannot be installed with the wheel:\n{_tail(answer)}",
                    remedy="Correct them under [dependency-groups] in pyproject.toml.",
                    topic="cannot-install",
                )
            )
    tops = {path.partition("/")[0].partition(".")[0] for path in installed_paths(proof.wheel)}
    proof.probes.guard(tuple(tops), [Path(root) for root in proof.home.roots])
    script = proof.environment.path / "smoke.sh"
    script.write_text(inputs.smoke_command + "\n", "utf-8", newline="\n")
    answer = proof.environments.processes.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
        cwd=world.directory(inputs.working_directory),
        environ=proof.environment.variables(proof.environments.environ),
        timeout=inputs.timeout,
        on_line=proof.environments.say,
    )
    proof.add("Smoke command", _smoke_problems(inputs, answer), f"{answer.seconds:.1f} s")


def _smoke_problems(inputs: Inputs, answer: Completed) -> list[Problem]:
    if answer.ok:
        return []
    if answer.timed_out:
        found, remedy = f"The smoke command took longer than {inputs.timeout:g} s", "Raise timeout, or ask it for less."
    elif answer.code == 5 and "pytest" in inputs.smoke_command:
        found = "pytest found no tests (status 5)"
        remedy = "--pyargs looks inside the wheel, which holds no tests: name the tests' folder in the checkout."
    else:
        found = f"The smoke command failed with status {answer.code}"
        remedy = "Mend what it says; the wheel's modules come from the wheel there, never from the checkout."
    return [Problem(found=f"{found}.\n{_tail(answer)}", remedy=remedy, topic="smoke-command")]


def _groups(inputs: Inputs, world: World) -> list[str]:
    if not inputs.groups:
        return []
    project = world.project(inputs.working_directory)
    try:
        resolver = DependencyGroupResolver(project.groups)
        return [str(requirement) for group in inputs.groups for requirement in resolver.resolve(group)]
    except (LookupError, ValueError, ExceptionGroup) as error:
        raise Failure(
            Problem(
                found=f"The groups {', '.join(inputs.groups)} cannot be read: {error}.",
                remedy=f"pyproject.toml has the groups: {', '.join(project.groups) or 'none'}.",
                topic="no-group",
            )
        ) from error


def _say_tracebacks(proof: _Proof, loaded: Sequence[Loaded]) -> None:
    for item in loaded:
        if item.traceback:
            proof.environments.say(f"{item.name}:\n{item.traceback}")


def _tail(answer: Completed) -> str:
    lines = [f"  {line.rstrip()}" for line in answer.output.strip().splitlines()]
    return "\n".join(lines[-_SHOWN:])


def _concluded(world: World, proof: _Proof, names: Sequence[str], scripts: Sequence[Script]) -> Outputs:
    """The outputs; in a Failure where there is a problem."""
    report = world.new_folder("verification") / "report.json"
    report.write_text(json.dumps(as_plain(proof.checks), ensure_ascii=False, indent=2), "utf-8")
    results = Outputs(
        name=proof.wheel.name,
        version=str(proof.wheel.version),
        imports=tuple(names),
        scripts=tuple(script.name for script in scripts),
        report=str(report),
    )
    summary = verification_summary(proof.wheel, proof.python, proof.checks)
    for check in proof.checks:
        world.runner.untrusted(f"{check.result}: {check.name}" + (f" ({check.detail})" if check.detail else ""))
    if proof.problems:
        raise Failure(*dict.fromkeys(proof.problems), outputs=results, summary=summary)
    world.runner.summarise(summary)
    return results


ACTION = Action(
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
