"""The steps that change the assets of a release to the desired files."""

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
    """One chain of steps per file, and a sentence for each different asset that is kept.

    ``digests`` are those of all assets after the steps.
    """

    chains: tuple[Chain, ...] = ()
    remarks: tuple[str, ...] = ()
    digests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The release: its id, if it is public, if its assets may be replaced, and its assets by name."""

    release: int | None
    public: bool
    replacing: bool
    found: Mapping[str, Asset]


def plan_files(desired: DesiredRelease, release: Release | None, *, ours: bool) -> FilePlan:
    """Return the steps for each file whose asset is missing or different.

    A published release always has a file that is replaced: the new asset is uploaded under a temporary name, the old
    one deleted, the new one renamed.
    """
    assets = release.assets if release else ()
    public = release is not None and not release.draft
    target = _Target(
        release=release.id if release else None,
        public=public,
        replacing=desired.assets is not AssetsMode.KEEP or (ours and not public),
        found={asset.name: asset for asset in assets},
    )
    names = {asset_name(file.name) for file in desired.files}
    pairs = [(file, _holder(file, target.found, names)) for file in desired.files]
    chains = [_chain(file, holder, target) for file, holder in pairs]
    if desired.assets is AssetsMode.EXACT:
        kept = {holder.name for _, holder in pairs if holder} | names | {name + PART for name in names}
        chains += [(_delete(asset),) for asset in assets if asset.name not in kept]
    return FilePlan(
        digests=_left(assets, chains),
        chains=tuple(chain for chain in chains if chain),
        remarks=tuple(_left_alone(file, holder) for file, holder in pairs if holder and _is_kept(file, holder, target)),
    )


def _left(assets: Iterable[Asset], chains: Iterable[Chain]) -> frozenset[str]:
    """Return the digests of all assets after the chains."""
    steps = [step for chain in chains for step in chain]
    gone = {step.asset for step in steps if isinstance(step, DeleteAsset)}
    kept = {asset.digest for asset in assets if asset.uploaded and asset.digest and asset.id not in gone}
    return frozenset(kept | {step.file.digest for step in steps if isinstance(step, Upload)})


def _holder(file: File, found: Mapping[str, Asset], names: set[str]) -> Asset | None:
    """Return the asset of this file: by its name, else by equal content and a name that GitHub may have changed."""
    asset = found.get(asset_name(file.name))
    if asset is not None:
        return asset
    given = (other for other in found.values() if other.name not in names and may_be_called(file.name, other.name))
    return next((other for other in given if _same(other, file)), None)


def _chain(file: File, holder: Asset | None, target: _Target) -> Chain:
    name = asset_name(file.name)
    part = target.found.get(name + PART)
    if holder is not None and _same(holder, file):
        leftover = (_delete(part),) if part else ()
        return (*leftover, *_set_label(file, holder))
    if holder is not None and holder.uploaded:
        if not target.replacing:
            return ()
        if target.public:
            return (*_upload_part(file, part, target), _delete(holder), _rename_part(file, part))
    if part is not None and _same(part, file):
        return (*((_delete(holder),) if holder else ()), _rename_part(file, part))
    obsolete = tuple(_delete(asset) for asset in (part, holder) if asset)
    return (*obsolete, Upload(release=target.release, file=file, name=name, label=file.label))


def _upload_part(file: File, part: Asset | None, target: _Target) -> Chain:
    """Return the steps that upload the new file under its temporary name."""
    if part is not None and _same(part, file):
        return ()
    upload = Upload(release=target.release, file=file, name=asset_name(file.name) + PART, label=file.label)
    return (_delete(part), upload) if part else (upload,)


def _rename_part(file: File, part: Asset | None) -> RenameAsset:
    name = asset_name(file.name)
    known = part.id if part is not None and _same(part, file) else None
    return RenameAsset(asset=known, old=name + PART, name=name, label=file.label)


def _set_label(file: File, holder: Asset) -> Chain:
    if file.label is None or file.label == holder.label:
        return ()
    return (RenameAsset(asset=holder.id, old=holder.name, name=holder.name, label=file.label),)


def _is_kept(file: File, holder: Asset, target: _Target) -> bool:
    return holder.uploaded and not _same(holder, file) and not target.replacing


def _left_alone(file: File, holder: Asset) -> str:
    return (
        f"{holder.name} on the release has other content ({holder.size:,} bytes, {holder.digest}) and is kept because "
        f"assets is keep. {file.path} ({file.size:,} bytes, {file.digest}) is not attached."
    )


def _same(asset: Asset, file: File) -> bool:
    return asset.uploaded and asset.size == file.size and asset.digest == file.digest


def _delete(asset: Asset) -> DeleteAsset:
    return DeleteAsset(asset=asset.id, name=asset.name, unfinished=not asset.uploaded, since=asset.created)
