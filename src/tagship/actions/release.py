"""release: every other action in one step, without publishing to an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from tagship import contract as c
from tagship.actions import build_dist, extract_changelog, gh_release, preflight, quality_gate, verify_wheel
from tagship.contract.expressions import expand
from tagship.contract.fields import inputs_of
from tagship.contract.reading import with_defaults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.core.preflight.changelog import OnMissing
    from tagship.core.versions import Tag
    from tagship.edges.runtime import Runtime


@c.inputs
class Inputs:
    """The inputs of a whole release, each declared by the action that uses it."""

    tag: Tag = c.same_as(preflight.Inputs, "tag")
    tag_prefix: str = c.same_as(preflight.Inputs, "tag_prefix")
    branch: tuple[str, ...] = c.same_as(preflight.Inputs, "branch")
    index_url: str = c.same_as(preflight.Inputs, "index_url")
    working_directory: str = c.same_as(preflight.Inputs, "working_directory")
    changelog: str = c.same_as(preflight.Inputs, "changelog")
    on_missing: OnMissing = c.same_as(preflight.Inputs, "on_missing")
    command: str = c.same_as(quality_gate.Inputs, "command")
    install: tuple[str, ...] = c.same_as(quality_gate.Inputs, "install")
    env: Mapping[str, str] = c.input(
        c.mapping,
        "Environment variables of the checks, the build and the verification, for example "
        "`PIP_INDEX_URL=https://pypi.example.com/simple/`. They appear in the log, so set no secrets.",
        default="",
    )
    imports: tuple[str, ...] = c.same_as(verify_wheel.Inputs, "imports")
    smoke_command: str = c.same_as(verify_wheel.Inputs, "smoke_command")
    draft: bool = c.same_as(gh_release.Inputs, "draft")
    latest: Literal["auto", "true", "false", "legacy"] = c.same_as(gh_release.Inputs, "latest")
    checksums: bool = c.same_as(gh_release.Inputs, "checksums")
    dry_run: bool = c.same_as(gh_release.Inputs, "dry_run")
    token: c.Secret = c.same_as(gh_release.Inputs, "token")


@c.outputs
class Outputs:
    """The result of the release."""

    name: str = c.output("Package name, normalised.")
    version: str = c.output("Version, normalised by PEP 440.")
    prerelease: bool = c.output("`true` if the version is a pre-release.")
    dist_dir: str = c.output("Directory of the wheel and the sdist.")
    notes_file: str = c.output("Path of the Markdown file with the notes.")
    released: bool = c.output("`true` if the tag has a release; `false` on a branch and in a dry run.")
    url: str = c.output("URL of the release page, empty if there is none.")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Release the tag; on a branch only build and verify.

    Raises the Failure of the first action that fails; nothing is released then.
    """
    checked: preflight.Outputs = _stage(preflight.ACTION, inputs, runtime)
    _stage(quality_gate.ACTION, inputs, runtime)
    # Without a tag no version exists to compare the files with.
    tag = inputs.tag if checked.release else ""
    built: build_dist.Outputs = _stage(build_dist.ACTION, inputs, runtime, tag=tag)
    digests = tuple(built.sha256sums.splitlines())
    _stage(verify_wheel.ACTION, inputs, runtime, wheel=built.wheel, sha256sums=digests)
    notes_file = url = ""
    if checked.release:
        notes: extract_changelog.Outputs = _stage(extract_changelog.ACTION, inputs, runtime)
        checksums = (*digests, *notes.sha256sums.splitlines())
        files = tuple(path for path in (built.sdist, built.wheel) if path)
        released: gh_release.Outputs = _stage(
            gh_release.ACTION,
            inputs,
            runtime,
            files=files,
            sha256sums=checksums,
            notes_file=notes.notes_file,
            generate_notes=notes.generate_notes,
        )
        notes_file, url = notes.notes_file, released.url
    return Outputs(
        name=built.name,
        version=built.version,
        prerelease=built.prerelease,
        dist_dir=built.dist_dir,
        notes_file=notes_file,
        released=checked.release and not inputs.dry_run,
        url=url,
    )


def _stage(action: c.Action, inputs: Inputs, runtime: Runtime, **wired: Any) -> Any:
    """Run ``action`` with the inputs of the same names; ``wired`` overrides them."""
    declared = {item.attribute for item in inputs_of(action.inputs)}
    shared = {item.attribute: getattr(inputs, item.attribute) for item in inputs_of(type(inputs))}
    values = {name: value for name, value in (shared | wired).items() if name in declared}
    names = runtime.context.expressions()
    runtime.runner.log(f"{action.title}: {action.step}")
    return action.run(with_defaults(action.inputs, values, expand=lambda text: expand(text, names)), runtime)


ACTION = c.Action(
    name="release",
    title="tagship",
    summary="Check, test, build, verify and release a Python package from its tag, in one step.",
    step="Release the tag",
    icon="anchor",
    color="blue",
    tier="full",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
