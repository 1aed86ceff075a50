"""verify-release: prove that the index, the release on GitHub and SHA256SUMS have the same files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from tagship import contract as c
from tagship.actions import gh_release
from tagship.core.digests import read_digests
from tagship.core.formatting import escaped
from tagship.core.index_page import IndexFile, pauses
from tagship.core.release.agreement import Attestation, Published, agreement, attestations_in, distribution_name
from tagship.core.release.assets import SUMS
from tagship.core.versions import Tag, version_of
from tagship.edges.package_index import PackageIndex
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.release.state import Release
    from tagship.edges.github.releases import GitHub
    from tagship.edges.runtime import Runtime


@c.inputs
class Inputs:
    """The release to verify."""

    tag: Tag = c.input(c.tag, "Tag of the release, for example `v1.2.0`.", default="${{ github.ref_name }}")
    tag_prefix: str = c.same_as(gh_release.Inputs, "tag_prefix")
    package: str = c.input(
        c.text, "Package name on the index. Empty: that in the file names, else the repository's.", default=""
    )
    index_url: str = c.input(
        c.text,
        "Simple API of the index with the files, for example `https://test.pypi.org/simple/`; `none` compares the "
        "release with its `SHA256SUMS` only.",
        default="https://pypi.org/simple/",
    )
    wait: float = c.input(c.seconds, "Time limit for all files to appear on the index.", default="0s")
    commit: str = c.input(c.text, "Commit SHA that the tag must point at. Empty: any.", default="")
    token: c.Secret = c.input(c.secret, "GitHub token for reading the release.", default="${{ github.token }}")
    repository: str = c.same_as(gh_release.Inputs, "repository")
    api_url: str = c.same_as(gh_release.Inputs, "api_url")


@c.outputs
class Outputs:
    """The verified files."""

    version: str = c.output("Version, normalised by PEP 440.")
    commit: str = c.output("SHA of the commit that the tag points at.")
    files: tuple[dict[str, str], ...] = c.output("Files as a JSON list: name and SHA-256.")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Compare the files in all places, and raise Failure with every difference."""
    # Importing PyGithub is slow, and loading this module for its declarations must be fast.
    from tagship.edges.github.proof import proof
    from tagship.edges.github.releases import GitHub

    version, log = version_of(inputs.tag, inputs.tag_prefix), runtime.runner.log
    github = GitHub(repository=inputs.repository, api_url=inputs.api_url, token=inputs.token.reveal(), log=log)
    release = _release(inputs, github)
    published = _published(inputs, version, (release, github), PackageIndex(url=inputs.index_url, log=log))
    checks = [*agreement(published, commit=inputs.commit), *proof(github, release)]
    runtime.runner.conclude(ACTION.title, checks, subject=escaped(f"{inputs.repository} {inputs.tag}"))
    files = tuple(
        {"name": name, "sha256": next(iter(published.digests(name).values()), "")} for name in published.names
    )
    return Outputs(version=str(version), commit=published.commit or "", files=files)


def _release(inputs: Inputs, github: GitHub) -> Release:
    release = github.release(inputs.tag)
    if release is None:
        raise Failure.of(
            found=f"{inputs.repository} has no published release of the tag {inputs.tag}.",
            remedy="Check the repository and the tag. A draft cannot be verified: publish it first.",
            topic="no-published-release",
        )
    return release


def _published(inputs: Inputs, version: Version, on_github: tuple[Release, GitHub], index: PackageIndex) -> Published:
    release, github = on_github
    assets = {asset.name: (asset.digest or "").removeprefix("sha256:") for asset in release.assets if asset.uploaded}
    package = _package(inputs, version, assets)
    files, status = _on_index(inputs, (package, version), assets, index)
    return Published(
        repository=inputs.repository,
        tag=inputs.tag,
        package=package,
        version=version,
        commit=github.commit_of(inputs.tag),
        assets=assets,
        sums=_sums(release, github),
        index=files,
        status=status,
        on_index={
            name: attestations_in(index.provenance(file)) for name, file in (files or {}).items() if file.provenance
        },
        on_github=_on_github(assets, files or {}, github),
    )


def _package(inputs: Inputs, version: Version, assets: Mapping[str, str]) -> NormalizedName:
    named = (distribution_name(name) for name in sorted(assets))
    guessed = next((found[0] for found in named if found and found[1] == version), "")
    return canonicalize_name(inputs.package or guessed or inputs.repository.rpartition("/")[2])


def _on_index(
    inputs: Inputs, wanted: tuple[NormalizedName, Version], assets: Mapping[str, str], index: PackageIndex
) -> tuple[dict[str, IndexFile] | None, str]:
    """Return the files of the version and the status of the project. Poll until all distributions are there."""
    if inputs.index_url == "none":
        return None, ""
    expected = {name for name in assets if distribution_name(name) == wanted}
    for pause in (*pauses(inputs.wait), None):
        found, status = index.project(wanted[0])
        files = {file.filename: file for file in found if file.version == wanted[1]}
        if pause is None or (files and expected <= files.keys()):
            return files, status
        index.log(f"{index.shown} does not have all files of {wanted[0]} {wanted[1]} yet. Retrying in {pause:g} s.")
        index.sleep(pause)
    raise AssertionError("the last pause is None")


def _sums(release: Release, github: GitHub) -> dict[str, str] | None:
    """Return the content of the asset SHA256SUMS; None without one. Raises Failure if it cannot be read."""
    asset = next((asset for asset in release.assets if asset.name == SUMS), None)
    if asset is None:
        return None
    try:
        return read_digests((github.asset_content(asset) or b"?").decode().splitlines())
    except ValueError as error:
        raise Failure.of(
            found=f"The asset {SUMS} cannot be read: {error}.",
            remedy=f"Attach a valid {SUMS} with: gh release upload {release.tag} {SUMS} --clobber",
            topic="files-differ-between-index-and-release",
        ) from error


def _on_github(
    assets: Mapping[str, str], files: Mapping[str, IndexFile], github: GitHub
) -> dict[str, tuple[Attestation, ...]]:
    """Return the attestations on GitHub of one distribution: a workflow attests all of its files."""
    digests = {name: file.sha256 for name, file in files.items()} | dict(assets)
    name = next((name for name in sorted(digests) if name.endswith((".whl", ".tar.gz")) and digests[name]), "")
    found = attestations_in(github.attestations(f"sha256:{digests[name]}")) if name else ()
    return {name: found} if found else {}


ACTION = c.Action(
    name="verify-release",
    title="Verify release",
    summary="Prove that package index, GitHub release and SHA256SUMS have the same files, and name their commit.",
    step="Compare the published files",
    icon="check-square",
    color="purple",
    tier="github",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
