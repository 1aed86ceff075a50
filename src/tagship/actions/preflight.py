"""preflight: find everything that would stop a release before anything is built."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from packaging.version import Version

from tagship import contract as c
from tagship.actions import extract_changelog
from tagship.core.formatting import escaped
from tagship.core.index_rules.file_names import look_alikes
from tagship.core.preflight.changelog import OnMissing, changelog_finding
from tagship.core.preflight.check import Check, fine, skipped, stopped, warned
from tagship.core.preflight.history import (
    History,
    history_findings,
    no_checkout,
    previous_tag,
    released_versions,
    twin_tag,
    untagged_findings,
)
from tagship.core.preflight.project import chosen_pythons, no_project, project_findings
from tagship.core.preflight.published import index_finding, is_pypi, release_finding, results_of, trust_finding
from tagship.core.preflight.publishing import publishing_findings
from tagship.core.preflight.wheels import RUNNERS, Wheels, runner_labels, wheels_findings, wheels_of
from tagship.core.project.content import content_findings
from tagship.core.project.python_versions import build_python, ends
from tagship.core.versions import Tag, is_latest, version_of
from tagship.edges.changelogs import tag_text
from tagship.edges.git import read_history
from tagship.edges.index_rules import declared_findings
from tagship.edges.package_index import PackageIndex
from tagship.edges.project_files import facts_of_checkout
from tagship.errors import Failure, Graded, Problem

if TYPE_CHECKING:
    from tagship.core.index_rules.rule import Index
    from tagship.core.project.declaration import Declaration
    from tagship.core.project.facts import ProjectFacts
    from tagship.edges.github.releases import GitHub
    from tagship.edges.runtime import Runtime


@c.inputs
class Inputs:
    """The release to check."""

    tag: Tag = c.input(c.tag, "Tag to release, for example `v1.2.0`.", default="${{ github.ref_name }}")
    tag_prefix: str = c.input(c.prefix, "Tag prefix before the version, for example `v` or `pkg-v`.", default="v")
    branch: tuple[str, ...] = c.input(
        c.lines,
        "Release branches or patterns, for example `main` or `*.x`. One of them must contain the tagged commit.",
        default="${{ github.event.repository.default_branch }}",
    )
    changelog: str = c.same_as(extract_changelog.Inputs, "changelog")
    heading_prefix: str = c.same_as(extract_changelog.Inputs, "heading_prefix")
    on_missing: OnMissing = c.same_as(extract_changelog.Inputs, "on_missing")
    index_url: str = c.input(
        c.text,
        "Simple API of the index that must not have the version yet, for example `https://test.pypi.org/simple/`; "
        "`none` skips the check.",
        default="https://pypi.org/simple/",
    )
    on_published: Literal["fail", "warn"] = c.input(
        c.choice("fail", "warn"),
        "Policy for a version that is already on the index; `warn` allows completing an interrupted release.",
        default="fail",
    )
    index_rules: Index = c.input(
        c.choice("pypi", "none"),
        "Index whose rules apply to the declared metadata, for example `none` for one that is not PyPI.",
        default="pypi",
    )
    working_directory: str = c.input(c.folder, "Project directory, for example `packages/core`.", default=".")
    wheels: Wheels = c.input(
        c.choice("auto", "pure", "cibuildwheel", "none"),
        "Kind of wheels for the output of the same name; `auto`: `cibuildwheel` if the project contains compiled code, "
        "else `pure`.",
        default="auto",
    )
    wheel_runners: str = c.input(
        c.text, "Labels of the runners for cibuildwheel, for example `ubuntu-latest windows-latest`.", default=RUNNERS
    )
    python_versions: str = c.input(
        c.text,
        "Python versions for the output of the same name, for example `3.11 3.12`; `auto`: those that the package "
        "declares.",
        default="auto",
    )
    doctor: bool = c.input(
        c.boolean, "Also examine the project and its workflows as `tagship doctor` does.", default="false"
    )
    trust_checks: tuple[str, ...] = c.input(
        c.lines,
        "Checks of the commit that replace the quality gate if they have passed, for example `test`; `all`: every "
        "check of the commit.",
        default="",
    )
    token: c.Secret = c.input(c.secret, "GitHub token for reading releases.", default="${{ github.token }}")


@c.outputs
class Outputs:
    """The facts about the release for later jobs."""

    release: bool = c.output(
        "`true` if there is a tag to release; `false` on a branch, which is only built and verified."
    )
    tag: str = c.output("Tag, empty on a branch.")
    version: str = c.output("Version, normalised by PEP 440, empty on a branch.")
    prerelease: bool = c.output("`true` if the version is a pre-release by PEP 440.")
    latest: bool = c.output("`true` if the version is final and no tag has a higher final version.")
    previous_tag: str = c.output("Tag of the previous release, empty if there is none.")
    name: str = c.output("Package name, empty if only a build can determine it.")
    python_versions: tuple[str, ...] = c.output("Python versions to test on, as a JSON list.")
    verify_pythons: tuple[str, ...] = c.output("Lowest and highest of `python-versions`, as a JSON list.")
    trusted: bool = c.output("`true` if all `trust-checks` have passed, so that the quality gate need not run.")
    wheels: Wheels = c.output("Kind of wheels: `pure`, `cibuildwheel` or `none`.")
    wheel_runners: tuple[str, ...] = c.output("Labels of the runners for cibuildwheel, as a JSON list.")
    build_python: str = c.output("Python version to build with: 3.12, or the closest that the package supports.")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Check the whole release, annotate warnings, and raise Failure with every problem that would stop it."""
    runtime.require_folder(inputs.working_directory)
    release = not (runtime.context.ref_type == "branch" and inputs.tag == runtime.context.ref_name)
    version, findings = _version(inputs) if release else (None, [_no_release(inputs)])
    facts = facts_of_checkout(
        runtime.workspace,
        inputs.working_directory,
        changelog=inputs.changelog if release else "none",
        version=inputs.tag.removeprefix(inputs.tag_prefix),
        heading_prefix=inputs.heading_prefix,
    )
    declaration, unread = facts.declaration, _unread(facts)
    pythons, wrong = chosen_pythons(inputs.python_versions, declaration)
    with ThreadPoolExecutor(2) as pool:
        # The two network requests run while the files are read.
        asked = [pool.submit(ask, inputs, runtime, version, declaration) for ask in (_on_index, _on_github) if release]
        history = read_history(runtime.git(inputs.working_directory), inputs.tag if release else None, inputs.branch)
        findings += _on_history(history, inputs, version, release=release)
        findings += unread or [
            *project_findings(declaration, version),
            *declared_findings(facts, inputs.index_rules, is_online=runtime.is_online),
        ]
        findings += wrong
        runners = runner_labels(inputs.wheel_runners)
        findings += wheels_findings(inputs.wheels, runners, is_compiled=facts.is_compiled)
        findings += _on_content(content_findings(runtime.git(inputs.working_directory).content()))
        findings += [_on_changelog(inputs, runtime, version, facts)] if release else []
        findings += publishing_findings(facts.workflows, running=_running(runtime))
        trust = [_on_checks(inputs, runtime, history)] if inputs.trust_checks else []
        findings += [*(answer.result() for answer in asked), *trust]
    if inputs.doctor:
        findings += _examined(inputs, replace(facts, history=history), findings, release=release)
    subject = escaped(inputs.tag) if release else "no release"
    trusted = any(check.outcome == "passed" for check in trust)
    outputs = _outputs(inputs, version, facts, history, pythons, trusted=trusted)
    runtime.runner.conclude(ACTION.title, findings, subject=subject, verdict="passed" if release else "skipped")
    return outputs


def _outputs(
    inputs: Inputs,
    version: Version | None,
    facts: ProjectFacts,
    history: History | None,
    pythons: tuple[str, ...],
    *,
    trusted: bool,
) -> Outputs:
    tags, merged = (history.tags, history.merged) if history else ((), ())
    return Outputs(
        release=version is not None,
        tag=inputs.tag if version else "",
        version=str(version) if version else "",
        prerelease=version is not None and version.is_prerelease,
        latest=version is not None and is_latest(version, released_versions(tags, inputs.tag_prefix)),
        previous_tag=previous_tag(version, [tag for tag in merged if tag != inputs.tag], inputs.tag_prefix),
        name=facts.declaration.name or "",
        python_versions=pythons,
        verify_pythons=ends(pythons),
        trusted=trusted,
        wheels=wheels_of(inputs.wheels, is_compiled=facts.is_compiled),
        wheel_runners=runner_labels(inputs.wheel_runners),
        build_python=build_python(facts.declaration.requires_python),
    )


def _version(inputs: Inputs) -> tuple[Version | None, list[Check]]:
    try:
        version = version_of(inputs.tag, inputs.tag_prefix)
    except Failure as failure:
        return None, [stopped("Version", problem) for problem in failure.problems]
    return version, [fine("Version", f"{inputs.tag} is version {version}.")]


def _no_release(inputs: Inputs) -> Check:
    return skipped("Release", f"This run is for the branch {inputs.tag}, not for a tag: build and verify only.")


def _unread(facts: ProjectFacts) -> list[Check]:
    """Return the checks that stop a release because the project files are missing or cannot be read."""
    return [stopped("Project", problem) for problem in facts.problems] or (
        [] if facts.files else [no_project(facts.folder)]
    )


def _on_history(history: History | None, inputs: Inputs, version: Version | None, *, release: bool) -> list[Check]:
    if history is None:
        return [no_checkout(inputs.working_directory)]
    if not release:
        return list(untagged_findings(history))
    twin = twin_tag(inputs.tag, version, history.tags, inputs.tag_prefix) if version else None
    return [*history_findings(history, inputs.tag, version), *([twin] if twin else [])]


def _on_content(found: Iterable[Graded]) -> list[Check]:
    return [(stopped if level == "error" else warned)("Content", problem) for level, problem in found]


def _on_changelog(inputs: Inputs, runtime: Runtime, version: Version | None, facts: ProjectFacts) -> Check:
    changelog, wanted = facts.changelog, inputs.tag.removeprefix(inputs.tag_prefix)
    if version is not None and inputs.changelog == "tag":
        return _on_message(inputs, runtime, wanted)
    if version is None or changelog is None:
        reason = "changelog is none" if inputs.changelog == "none" else "the version is unknown"
        return skipped("Changelog", f"The changelog was not checked: {reason}.")
    if isinstance(changelog, Problem):
        return (warned if changelog.topic == "no-changelog" else stopped)("Changelog", changelog)
    return changelog_finding(
        changelog,
        wanted,
        heading_prefix=inputs.heading_prefix,
        preferred=facts.declaration.name or "",
        on_missing=inputs.on_missing,
    )


def _on_message(inputs: Inputs, runtime: Runtime, wanted: str) -> Check:
    try:
        tag_text(runtime.git(), inputs.tag, wanted)
    except Failure as failure:
        return (warned if inputs.on_missing == "empty" else stopped)("Changelog", failure.problems[0])
    return fine("Changelog", f"The tag {inputs.tag} has a message.")


def _on_index(inputs: Inputs, runtime: Runtime, version: Version | None, declaration: Declaration) -> Check:
    name = declaration.name
    if inputs.index_url == "none" or version is None or name is None:
        reason = "index-url is none" if inputs.index_url == "none" else "the name or the version is unknown"
        return skipped("Index", f"The index was not checked: {reason}.")
    index = PackageIndex(url=inputs.index_url, log=runtime.runner.log)
    answer = index.answer(name)
    others = look_alikes(name) if answer.state == "unknown" and is_pypi(index.shown) else ()
    return index_finding(
        answer,
        name=name,
        version=version,
        index=index.shown,
        on_published=inputs.on_published,
        look_alike=next((other for other in others if index.answer(other).state == "known"), ""),
    )


def _github(inputs: Inputs, runtime: Runtime) -> GitHub | None:
    """Return the repository on GitHub; None if it is unknown or no token is set."""
    # Importing PyGithub is slow, and loading this module for its declarations must be fast.
    from tagship.edges.github.releases import GitHub

    context, log = runtime.context, runtime.runner.log
    if not context.repository or not inputs.token:
        return None
    return GitHub(repository=context.repository, api_url=context.api_url, token=inputs.token.reveal(), log=log)


def _on_github(inputs: Inputs, runtime: Runtime, *_: object) -> Check:
    github = _github(inputs, runtime)
    if github is None:
        reason = "no token is set" if runtime.context.repository else "the repository is unknown"
        return skipped("Release", f"The release of {inputs.tag} on GitHub was not checked: {reason}.")
    return release_finding(github.published(inputs.tag), tag=inputs.tag)


def _on_checks(inputs: Inputs, runtime: Runtime, history: History | None) -> Check:
    github, commit = _github(inputs, runtime), (history.tagged or history.head) if history else None
    if github is None or not commit:
        return skipped("Trusted checks", "The quality gate runs, because the checks on GitHub cannot be read here.")
    try:
        runs, statuses = github.checks(commit)
    except Failure as failure:
        return skipped("Trusted checks", f"The quality gate runs, because of a refusal. {failure.problems[0]}")
    return trust_finding(inputs.trust_checks, results_of(runs, statuses, own_run=runtime.context.run_url))


def _examined(inputs: Inputs, facts: ProjectFacts, findings: list[Check], *, release: bool) -> list[Check]:
    """Return the findings of ``tagship doctor`` that are not among ``findings``, without notes."""
    from tagship.doctor.diagnosis import diagnose

    changelog = facts.changelog if release else None
    facts = replace(
        facts,
        changelog=changelog,
        tag=inputs.tag if release else "",
        prefix=inputs.tag_prefix,
        heading_prefix=inputs.heading_prefix,
    )
    known = {finding.says for finding in findings}
    return [
        (stopped if one.level == "error" else warned)("Doctor", one.problem)
        for one in diagnose(facts)
        if one.level != "note" and one.found not in known
    ]


def _running(runtime: Runtime) -> str:
    return runtime.context.workflow_ref.partition("@")[0].removeprefix(f"{runtime.context.repository}/")


ACTION = c.Action(
    name="preflight",
    title="Preflight",
    summary="Find everything that would stop a release before anything is built, and report all of it at once.",
    step="Check for problems that would stop the release",
    icon="compass",
    color="blue",
    tier="github",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
