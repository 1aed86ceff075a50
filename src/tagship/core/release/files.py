"""The chains of steps that bring the files of a release to what is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tagship.core.release.assets import PART, asset_name, may_be_called
from tagship.core.release.desired import AssetsMode
from tagship.core.release.steps import DeleteAsset, FileStep, RenameAsset, Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagship.core.release.desired import DesiredRelease, File
    from tagship.core.release.state import Asset, Release

Chain: TypeAlias = tuple[FileStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    """The chains, one a file, and a sentence for each file that is left as it is although it differs.

    ``digests`` are those of all files that the release holds in the end.
    """

    chains: tuple[Chain, ...] = ()
    remarks: tuple[str, ...] = ()
    digests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the files go, whether the public sees it, whether files may be replaced, and what is there by name."""

    release: int | None
    public: bool
    replacing: bool
    found: Mapping[str, Asset]


def plan_files(desired: DesiredRelease, release: Release | None, *, ours: bool) -> FilePlan:
    """Return the steps for each file that is not as wanted.

    A file of a published release is replaced in a way that never leaves the release without it: the new one is
    uploaded beside it, the old one removed, the new one renamed.
    """
    assets = release.assets if release else ()
    public = release is not None and not release.draft
    place = _Place(
        release=release.id if release else None,
        public=public,
        replacing=desired.assets is not AssetsMode.KEEP or (ours and not public),
        found={asset.name: asset for asset in assets},
    )
    names = {asset_name(file.name) for file in desired.files}
    pairs = [(file, _holder(file, place.found, names)) for file in desired.files]
    chains = [_chain(file, holder, place) for file, holder in pairs]
    if desired.assets is AssetsMode.EXACT:
        kept = {holder.name for _, holder in pairs if holder} | names | {name + PART for name in names}
        chains += [(_delete(asset),) for asset in assets if asset.name not in kept]
    return FilePlan(
        digests=_left(assets, chains),
        chains=tuple(chain for chain in chains if chain),
        remarks=tuple(_left_alone(file, holder) for file, holder in pairs if holder and _is_kept(file, holder, place)),
    )


def _left(assets: Iterable[Asset], chains: Iterable[Chain]) -> frozenset[str]:
    """Return the digests of what is there after the chains."""
    steps = [step for chain in chains for step in chain]
    gone = {step.asset for step in steps if isinstance(step, DeleteAsset)}
    kept = {asset.digest for asset in assets if asset.uploaded and asset.digest and asset.id not in gone}
    return frozenset(kept | {step.file.digest for step in steps if isinstance(step, Upload)})


def _holder(file: File, found: Mapping[str, Asset], names: set[str]) -> Asset | None:
    """Return the asset that is this file: the one of its name, else the same bytes under the name GitHub gave
    instead.
    """
    asset = found.get(asset_name(file.name))
    if asset is not None:
        return asset
    given = (other for other in found.values() if other.name not in names and may_be_called(file.name, other.name))
    return next((other for other in given if _same(other, file)), None)


def _chain(file: File, holder: Asset | None, place: _Place) -> Chain:
    name = asset_name(file.name)
    part = place.found.get(name + PART)
    if holder is not None and _same(holder, file):
        leftover = (_delete(part),) if part else ()
        return (*leftover, *_labelling(file, holder))
    if holder is not None and holder.uploaded:
        if not place.replacing:
            return ()
        if place.public:
            return (*_beside(file, part, place), _delete(holder), _taking_the_name(file, part))
    if part is not None and _same(part, file):
        return (*((_delete(holder),) if holder else ()), _taking_the_name(file, part))
    rubbish = tuple(_delete(asset) for asset in (part, holder) if asset)
    return (*rubbish, Upload(release=place.release, file=file, name=name, label=file.label))


def _beside(file: File, part: Asset | None, place: _Place) -> Chain:
    """Return the steps that put the new file beside the old one."""
    if part is not None and _same(part, file):
        return ()
    upload = Upload(release=place.release, file=file, name=asset_name(file.name) + PART, label=file.label)
    return (_delete(part), upload) if part else (upload,)


def _taking_the_name(file: File, part: Asset | None) -> RenameAsset:
    name = asset_name(file.name)
    known = part.id if part is not None and _same(part, file) else None
    return RenameAsset(asset=known, old=name + PART, name=name, label=file.label)


def _labelling(file: File, holder: Asset) -> Chain:
    if file.label is None or file.label == holder.label:
        return ()
    return (RenameAsset(asset=holder.id, old=holder.name, name=holder.name, label=file.label),)


def _is_kept(file: File, holder: Asset, place: _Place) -> bool:
    return holder.uploaded and not _same(holder, file) and not place.replacing


def _left_alone(file: File, holder: Asset) -> str:
    return (
        f"{holder.name} is there with other content ({holder.size:,} bytes, {holder.digest}) and is kept, "
        f"since assets is keep; {file.path} ({file.size:,} bytes, {file.digest}) is not attached."
    )


def _same(asset: Asset, file: File) -> bool:
    return asset.uploaded and asset.size == file.size and asset.digest == file.digest


def _delete(asset: Asset) -> DeleteAsset:
    since = 0.0 if asset.uploaded else asset.created
    return DeleteAsset(asset=asset.id, name=asset.name, unfinished=not asset.uploaded, since=since)
