"""The whole release as one step: every other action, in order, without publishing to an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagship.actions import build_dist, extract_changelog, gh_release, preflight, quality_gate, verify_wheel
from tagship.contract import Action, Secret, borrowed, gives, inputs, outputs
from tagship.contract.expressions import expand
from tagship.contract.fields import inputs_of
from tagship.contract.reading import with_defaults

if TYPE_CHECKING:
    from tagship.actions.gh_release import Automatic
    from tagship.core.versions import Tag
    from tagship.edges.world import World


@inputs
class Inputs:
    """What a whole release can be told; each is declared where it is used."""

    tag: Tag = borrowed(preflight.Inputs, "tag")
    tag_prefix: str = borrowed(preflight.Inputs, "tag_prefix")
    branch: tuple[str, ...] = borrowed(preflight.Inputs, "branch")
    index_url: str = borrowed(preflight.Inputs, "index_url")
    working_directory: str = borrowed(preflight.Inputs, "working_directory")
    changelog: str = borrowed(preflight.Inputs, "changelog")
    command: str = borrowed(quality_gate.Inputs, "command")
    install: tuple[str, ...] = borrowed(quality_gate.Inputs, "install")
    imports: tuple[str, ...] = borrowed(verify_wheel.Inputs, "imports")
    smoke_command: str = borrowed(verify_wheel.Inputs, "smoke_command")
    draft: bool = borrowed(gh_release.Inputs, "draft")
    latest: Automatic = borrowed(gh_release.Inputs, "latest")
    checksums: bool = borrowed(gh_release.Inputs, "checksums")
    dry_run: bool = borrowed(gh_release.Inputs, "dry_run")
    token: Secret = borrowed(gh_release.Inputs, "token")


@outputs
class Outputs:
    """What came of it."""

    name: str = gives("The package's name.")
    version: str = gives("The version, normalised by PEP 440.")
    prerelease: bool = gives("Whether the version is a pre-release.")
    dist_dir: str = gives("The folder that holds the wheel and the sdist.")
    notes_file: str = gives("The file that holds the notes.")
    released: bool = gives("Whether there is a release now; false on a branch, and on a dry run.")
    url: str = gives("The address of the release, empty where there is none.")


def run(inputs: Inputs, world: World) -> Outputs:
    """Release the tag, or on a branch build and verify and stop there.

    Raises Failure as the action does that finds something wrong; nothing is released then.
    """
    checked: preflight.Outputs = _stage(preflight.ACTION, inputs, world)
    _stage(quality_gate.ACTION, inputs, world)
    # Off a tag there is no version to hold the files against.
    tag = inputs.tag if checked.release else ""
    built: build_dist.Outputs = _stage(build_dist.ACTION, inputs, world, tag=tag)
    digests = tuple(built.sha256sums.splitlines())
    _stage(verify_wheel.ACTION, inputs, world, wheel=built.wheel, sha256sums=digests)
    notes_file = url = ""
    if checked.release:
        notes: extract_changelog.Outputs = _stage(extract_changelog.ACTION, inputs, world)
        handed_on = (*digests, *notes.sha256sums.splitlines())
        files = tuple(path for path in (built.sdist, built.wheel) if path)
        released: gh_release.Outputs = _stage(
            gh_release.ACTION, inputs, world, files=files, sha256sums=handed_on, notes_file=notes.notes_file
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


def _stage(action: Action, inputs: Inputs, world: World, **wired: Any) -> Any:
    """What ``action`` gives for those of our inputs it declares too, with ``wired`` in their place where given."""
    declared = {item.attribute for item in inputs_of(action.inputs)}
    shared = {item.attribute: getattr(inputs, item.attribute) for item in inputs_of(type(inputs))}
    values = {name: value for name, value in (shared | wired).items() if name in declared}
    names = world.context.expressions()
    world.runner.log(f"{action.title}: {action.step}")
    return action.run(with_defaults(action.inputs, values, expand=lambda text: expand(text, names)), world)


ACTION = Action(
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
