"""release: every other action in one step, without publishing to an index."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from tagship import contract as c
from tagship.actions import build_dist, extract_changelog, gh_release, preflight, quality_gate, verify_wheel
from tagship.contract.conversion import expand, input_text, output_texts, with_defaults
from tagship.contract.fields import inputs_of
from tagship.edges.confinement import inside
from tagship.errors import Failure

if TYPE_CHECKING:
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

    name: str = c.same_as(build_dist.Outputs, "name")
    version: str = c.same_as(build_dist.Outputs, "version")
    prerelease: bool = c.same_as(build_dist.Outputs, "prerelease")
    dist_dir: str = c.output("Directory of the wheel and the sdist.")
    notes_file: str = c.same_as(extract_changelog.Outputs, "notes_file")
    released: bool = c.output("`true` if the tag has a release; `false` on a branch and in a dry run.")
    url: str = c.output("URL of the release page, empty if there is none.")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Release the tag; on a branch only build and verify.

    On a runner, the actions that start programs of the project have no token, and only paths and digests come back from
    them. Raises the Failure of the first action that fails; nothing is released then.
    """
    checked: preflight.Outputs = _stage(preflight.ACTION, inputs, runtime)
    _separate(quality_gate.ACTION, inputs, runtime)
    # Without a tag no version exists to compare the files with.
    built = _separate(build_dist.ACTION, inputs, runtime, tag=inputs.tag if checked.release else "")
    digests = tuple(built["sha256sums"].splitlines())
    _separate(verify_wheel.ACTION, inputs, runtime, wheel=built["wheel"], sha256sums=digests)
    notes_file = url = ""
    if checked.release:
        notes = _separate(extract_changelog.ACTION, inputs, runtime)
        notes_file = str(inside(runtime.outputs or runtime.temporary, notes["notes-file"]))
        released: gh_release.Outputs = _stage(
            gh_release.ACTION,
            inputs,
            runtime,
            files=tuple(_in_dist(path) for path in (built["sdist"], built["wheel"]) if path),
            sha256sums=(*digests, *notes["sha256sums"].splitlines()),
            notes_file=notes_file,
            generate_notes=notes["generate-notes"] == "true",
        )
        url = released.url
    return Outputs(
        name=built["name"],
        version=built["version"],
        prerelease=built["prerelease"] == "true",
        dist_dir=built["dist-dir"],
        notes_file=notes_file,
        released=checked.release and not inputs.dry_run,
        url=url,
    )


def _in_dist(path: str) -> str:
    """Return ``path``. Raises Failure unless it is a file in ``dist``: a glob could match any file of the runner."""
    if not re.fullmatch(r"dist/\w[\w.+!-]*", path):
        raise Failure.of(
            found=f"The build reported the file {path!r}, which is not in dist.",
            remedy="Find the program of the project that changes files in RUNNER_TEMP.",
            topic="changed-library-file",
        )
    return path


def _stage(action: c.Action, inputs: Inputs, runtime: Runtime, **wired: Any) -> Any:
    """Run ``action`` with the inputs of the same names; ``wired`` overrides them."""
    values, names = _shared(action, inputs, wired), runtime.context.expressions()
    runtime.runner.log(f"{action.title}: {action.step}")
    return action.run(with_defaults(action.inputs, values, expand=lambda text: expand(text, names)), runtime)


def _separate(action: c.Action, inputs: Inputs, runtime: Runtime, **wired: Any) -> Mapping[str, str]:
    """Run ``action`` like `_stage`, on a runner in a process without the token, and return its outputs."""
    if runtime.separate is None:
        return output_texts(_stage(action, inputs, runtime, **wired))
    runtime.runner.log(f"{action.title}: {action.step}")
    given = {name.replace("_", "-"): input_text(value) for name, value in _shared(action, inputs, wired).items()}
    if "tag-prefix" in given:
        given["tag-prefix"] = given["tag-prefix"] or "none"
    return defaultdict(str, runtime.separate(action.name, given))


def _shared(action: c.Action, inputs: Inputs, wired: Mapping[str, Any]) -> dict[str, Any]:
    declared = {item.attribute for item in inputs_of(action.inputs)}
    shared = {item.attribute: getattr(inputs, item.attribute) for item in inputs_of(type(inputs))}
    return {name: value for name, value in {**shared, **wired}.items() if name in declared}


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
