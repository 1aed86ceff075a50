"""What GitHub does with the steps of a plan, on values alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tagship.core.release.assets import asset_name
from tagship.core.release.state import Asset, CurrentReleases, Release
from tagship.core.release.steps import (
    CreateDraft,
    DeleteAsset,
    DeleteRelease,
    MoveTag,
    Publish,
    RenameAsset,
    UpdateRelease,
    Upload,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagship.core.release.steps import Fields, FileStep, Step


def after(state: CurrentReleases, steps: Iterable[Step]) -> CurrentReleases:
    """Return the state that the steps lead to, one by one."""
    for step in steps:
        state = _after(state, step)
    return state


def _after(state: CurrentReleases, step: Step) -> CurrentReleases:
    match step:
        case CreateDraft():
            blank = Release(id=_new_id(state), tag="", name="", body="", draft=True, prerelease=False)
            return replace(state, releases=(*state.releases, _set(blank, step.fields)))
        case UpdateRelease() | Publish():
            identity = _created(state) if step.release is None else step.release
            changed = _change(state, identity, step.fields)
            return replace(changed, latest=_latest(changed, identity, step.fields))
        case MoveTag():
            return replace(state, commit=step.commit)
        case DeleteRelease():
            return replace(state, releases=tuple(one for one in state.releases if one.id != step.release))
        case _:
            return _after_file(state, step)


def _after_file(state: CurrentReleases, step: FileStep) -> CurrentReleases:
    match step:
        case DeleteAsset():
            return _with_assets(state, {step.asset: None})
        case RenameAsset():
            old = _asset(state, step)
            label = old.label if step.label is None else step.label
            return _with_assets(state, {old.id: replace(old, name=step.name, label=label)})
        case Upload():
            return _uploaded(state, step)


def _uploaded(state: CurrentReleases, step: Upload) -> CurrentReleases:
    identity = _created(state) if step.release is None else step.release
    (release,) = (one for one in state.releases if one.id == identity)
    assert not release.immutable
    assert step.name not in {asset.name for asset in release.assets}, "already_exists"
    asset = Asset(
        id=_new_id(state),
        name=asset_name(step.name),
        size=step.file.size,
        digest=step.file.digest,
        label=step.label or "",
    )
    grown = replace(release, assets=(*release.assets, asset))
    return replace(state, releases=tuple(grown if one.id == identity else one for one in state.releases))


def _asset(state: CurrentReleases, step: RenameAsset) -> Asset:
    every = [asset for release in state.releases for asset in release.assets]
    if step.asset is not None:
        (found,) = (asset for asset in every if asset.id == step.asset)
        return found
    return max((asset for asset in every if asset.name == step.old), key=lambda asset: asset.id)


def _with_assets(state: CurrentReleases, changes: dict[int, Asset | None]) -> CurrentReleases:
    def changed(release: Release) -> Release:
        kept = ((changes.get(asset.id, asset)) for asset in release.assets)
        assets = tuple(asset for asset in kept if asset is not None)
        assert len({asset.name for asset in assets}) == len(assets), "two assets of one name"
        return replace(release, assets=assets)

    return replace(state, releases=tuple(changed(release) for release in state.releases))


def _change(state: CurrentReleases, identity: int, fields: Fields) -> CurrentReleases:
    assert identity in {release.id for release in state.releases}
    releases = (_set(one, fields) if one.id == identity else one for one in state.releases)
    return replace(state, releases=tuple(releases))


def _set(release: Release, fields: Fields) -> Release:
    assert fields.make_latest is None or not (release.draft and fields.draft is not False), "refused on drafts"
    sent = fields.sent()
    sent.pop("target_commitish", None)
    sent.pop("make_latest", None)
    discussed = bool(sent.pop("discussion_category_name", None)) or release.discussed
    tag = sent.pop("tag_name", release.tag)
    return replace(release, tag=str(tag), discussed=discussed, **sent)  # type: ignore[arg-type]


def _latest(state: CurrentReleases, identity: int, fields: Fields) -> int | None:
    if fields.make_latest == "true":
        return identity
    return None if fields.make_latest == "false" and state.latest == identity else state.latest


def _created(state: CurrentReleases) -> int:
    return max(release.id for release in state.releases)


def _new_id(state: CurrentReleases) -> int:
    used = [release.id for release in state.releases]
    used += [asset.id for release in state.releases for asset in release.assets]
    return max(used, default=0) + 1
