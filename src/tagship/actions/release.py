"""The whole release as one step: every other action, in order, without publishing to an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagship import contract as c
from tagship.actions import build_dist, extract_changelog, gh_release, preflight, quality_gate, verify_wheel
from tagship.contract.expressions import expand
from tagship.contract.fields import inputs_of
from tagship.contract.reading import with_defaults

if TYPE_CHECKING:
    from tagship.actions.gh_release import Automatic
    from tagship.core.versions import Tag
    from tagship.edges.runtime import Runtime


@c.inputs
class Inputs:
    """What a whole release can be told; each is declared where it is used."""

    tag: Tag = c.same_as(preflight.Inputs, "tag")
    tag_prefix: str = c.same_as(preflight.Inputs, "tag_prefix")
    branch: tuple[str, ...] = c.same_as(preflight.Inputs, "branch")
    index_url: str = c.same_as(preflight.Inputs, "index_url")
    working_directory: str = c.same_as(preflight.Inputs, "working_directory")
    changelog: str = c.same_as(preflight.Inputs, "changelog")
    command: str = c.same_as(quality_gate.Inputs, "command")
    install: tuple[str, ...] = c.same_as(quality_gate.Inputs, "install")
    imports: tuple[str, ...] = c.same_as(verify_wheel.Inputs, "imports")
    smoke_command: str = c.same_as(verify_wheel.Inputs, "smoke_command")
    draft: bool = c.same_as(gh_release.Inputs, "draft")
    latest: Automatic = c.same_as(gh_release.Inputs, "latest")
    checksums: bool = c.same_as(gh_release.Inputs, "checksums")
    dry_run: bool = c.same_as(gh_release.Inputs, "dry_run")
    token: c.Secret = c.same_as(gh_release.Inputs, "token")


@c.outputs
class Outputs:
    """What came of it."""

    name: str = c.output("The package's name.")
    version: str = c.output("The version, normalised by PEP 440.")
    prerelease: bool = c.output("Whether the version is a pre-release.")
    dist_dir: str = c.output("The folder that holds the wheel and the sdist.")
    notes_file: str = c.output("The file that holds the notes.")
    released: bool = c.output("Whether there is a release now; false on a branch, and on a dry run.")
    url: str = c.output("The address of the release, empty where there is none.")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Release the tag, or on a branch build and verify and stop there.

    Raises Failure as the action does that finds something wrong; nothing is released then.
    """
    checked: preflight.Outputs = _stage(preflight.ACTION, inputs, runtime)
    _stage(quality_gate.ACTION, inputs, runtime)
    # Off a tag there is no version to hold the files against.
    tag = inputs.tag if checked.release else ""
    built: build_dist.Outputs = _stage(build_dist.ACTION, inputs, runtime, tag=tag)
    digests = tuple(built.sha256sums.splitlines())
    _stage(verify_wheel.ACTION, inputs, runtime, wheel=built.wheel, sha256sums=digests)
    notes_file = url = ""
    if checked.release:
        notes: extract_changelog.Outputs = _stage(extract_changelog.ACTION, inputs, runtime)
        handed_on = (*digests, *notes.sha256sums.splitlines())
        files = tuple(path for path in (built.sdist, built.wheel) if path)
        released: gh_release.Outputs = _stage(
            gh_release.ACTION, inputs, runtime, files=files, sha256sums=handed_on, notes_file=notes.notes_file
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
    """What ``action`` gives for those of our inputs it declares too, with ``wired`` in their place where given."""
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
