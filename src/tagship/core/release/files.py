"""The steps that change the assets of a release to the desired files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from tagship.core.release.assets import PART, asset_name, may_be_called
from tagship.core.release.steps import DeleteAsset, FileStep, RenameAsset, Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagship.core.release.desired import DesiredRelease, File
    from tagship.core.release.state import Asset, Release

Chain: TypeAlias = tuple[FileStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    """One chain of steps per file, and a sentence for each different asset that is kept.

    ``held`` are the digests of all assets after the steps, by name; an asset without a digest is left out.
    """

    chains: tuple[Chain, ...] = ()
    remarks: tuple[str, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The release: its id, if it is public, if its assets may be replaced, and its assets by name."""

    release: int | None
    public: bool
    replacing: bool
    found: Mapping[str, Asset]


def plan_files(desired: DesiredRelease, release: Release | None) -> FilePlan:
    """Return the steps for each file whose asset is missing or different.

    A published release always has a file that is replaced: the new asset is uploaded under a temporary name, the old
    one deleted, the new one renamed.
    """
    assets = release.assets if release else ()
    public = release is not None and not release.draft
    target = _Target(
        release=release.id if release else None,
        public=public,
        replacing=desired.assets != "keep" or not public,
        found={asset.name: asset for asset in assets},
    )
    names = {asset_name(file.name) for file in desired.files}
    pairs = _holders(desired.files, target.found)
    chains = [_chain(file, holder, target) for file, holder in pairs]
    if desired.assets == "exact":
        kept = {holder.name for _, holder in pairs if holder} | names | {name + PART for name in names}
        chains += [(_delete(asset),) for asset in assets if asset.name not in kept]
    return FilePlan(
        held=_held(assets, chains),
        chains=tuple(chain for chain in chains if chain),
        remarks=tuple(_left_alone(file, holder) for file, holder in pairs if holder and _is_kept(file, holder, target)),
    )


def _held(assets: Iterable[Asset], chains: Iterable[Chain]) -> dict[str, str]:
    """Return the digests of all assets after the chains, by name."""
    steps = [step for chain in chains for step in chain]
    gone = {step.asset for step in steps if isinstance(step, DeleteAsset)}
    held = {one.name: one.digest for one in assets if one.uploaded and one.digest and one.id not in gone}
    held |= {step.name: step.file.digest for step in steps if isinstance(step, Upload)}
    renamed = {step.old: step.name for step in steps if isinstance(step, RenameAsset)}
    return {renamed.get(name, name): digest for name, digest in held.items()}


def _holders(files: Iterable[File], found: Mapping[str, Asset]) -> list[tuple[File, Asset | None]]:
    """Return each file with its asset: by its name, else by equal content and a name that GitHub may have changed."""
    files = tuple(files)
    names = {asset_name(file.name) for file in files}
    free = {name: asset for name, asset in found.items() if name not in names}
    pairs: list[tuple[File, Asset | None]] = []
    for file in files:
        moved = (asset for asset in free.values() if _is_moved(file, asset))
        holder = found.get(asset_name(file.name)) or next(moved, None)
        if holder is not None:
            free.pop(holder.name, None)
        pairs.append((file, holder))
    return pairs


def _is_moved(file: File, asset: Asset) -> bool:
    """Return True if this asset is the file under the name that GitHub chose.

    Two of three have to agree: the content, the label with the file's name, and the letters of both names.
    """
    letters = may_be_called(file.name, asset.name)
    return (letters and asset.label == file.name) or (_same(asset, file) and (letters or asset.label == file.name))


def _chain(file: File, holder: Asset | None, target: _Target) -> Chain:
    name = asset_name(file.name)
    part = target.found.get(name + PART)
    if holder is not None and _same(holder, file):
        leftover = (_delete(part),) if part else ()
        return (*leftover, *_set_label(file, holder, public=target.public))
    if holder is not None and holder.uploaded:
        if not target.replacing:
            return ()
        if target.public:
            return (*_upload_part(file, part, target), _delete(holder), _rename_part(file, part))
    if part is not None and _same(part, file):
        return (*((_delete(holder),) if holder else ()), _rename_part(file, part))
    obsolete = tuple(_delete(asset) for asset in (part, holder) if asset)
    return (*obsolete, Upload(release=target.release, file=file, name=name, label=file.label_as(name)))


def _upload_part(file: File, part: Asset | None, target: _Target) -> Chain:
    """Return the steps that upload the new file under its temporary name."""
    if part is not None and _same(part, file):
        return ()
    name = asset_name(file.name)
    upload = Upload(release=target.release, file=file, name=name + PART, label=file.label_as(name))
    return (_delete(part), upload) if part else (upload,)


def _rename_part(file: File, part: Asset | None) -> RenameAsset:
    name = asset_name(file.name)
    known = part.id if part is not None and _same(part, file) else None
    return RenameAsset(asset=known, old=name + PART, name=name, label=file.label_as(name))


def _set_label(file: File, holder: Asset, *, public: bool) -> Chain:
    """Return the step that labels the asset; on a published release only if the label was requested."""
    label = file.label if public else file.label_as(holder.name)
    if label is None or label == holder.label:
        return ()
    return (RenameAsset(asset=holder.id, old=holder.name, name=holder.name, label=label),)


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
