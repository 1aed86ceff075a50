"""Which of the releases that are there is the one to work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.release.body import is_ours
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.release.state import Release, State
    from tagship.core.release.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The release to work on, None where a new one is needed, and what belongs to the same tag besides.

    ``ours`` says whether a run like this one left it. ``doubles`` are drafts of ours that hold no file of their own.
    """

    release: Release | None
    ours: bool
    doubles: tuple[Release, ...] = ()
    remarks: tuple[str, ...] = ()


def choose(wanted: Wanted, state: State) -> Choice:
    """The release to work on: the published one; else our draft, the oldest of several; else somebody's only draft.

    Raises Failure where several drafts of others carry the tag: which of them is meant cannot be known.
    """
    published = [release for release in state.releases if not release.draft and release.tag == wanted.tag]
    drafts = sorted((release for release in state.releases if release.draft), key=lambda release: release.id)
    ours = [release for release in drafts if is_ours(release.body, wanted.tag)]
    foreign = [release for release in drafts if release.tag == wanted.tag and release not in ours]
    if not published and not ours and len(foreign) > 1:
        raise Failure(_several(wanted, foreign))
    candidates = [*published, *ours, *foreign]
    if not candidates:
        return Choice(release=None, ours=True)
    chosen = candidates[0]
    spare = [release for release in ours if release is not chosen]
    doubles = tuple(release for release in spare if _holds_nothing_of_its_own(release, chosen, wanted))
    others = [release for release in (*spare, *foreign) if release is not chosen and release not in doubles]
    return Choice(
        release=chosen,
        ours=is_ours(chosen.body, wanted.tag),
        doubles=doubles,
        remarks=tuple(f"Another draft for {wanted.tag} is left alone: {_where(release)}." for release in others),
    )


def _holds_nothing_of_its_own(draft: Release, chosen: Release, wanted: Wanted) -> bool:
    """Whether every file of ``draft`` is also a file of ``chosen`` or one that will be uploaded, byte for byte."""
    kept = {asset.digest for asset in chosen.assets if asset.uploaded and asset.digest}
    kept |= {file.digest for file in wanted.files} if chosen.draft else set()
    return all(asset.digest in kept for asset in draft.assets if asset.uploaded)


def _several(wanted: Wanted, drafts: list[Release]) -> Problem:
    places = ", ".join(_where(draft) for draft in drafts)
    return Problem(
        found=f"{len(drafts)} drafts carry the tag {wanted.tag}, and none of them was left by this action: {places}.",
        remedy="Delete all but the one that is to be published, and run again.",
        topic="several-drafts",
    )


def _where(release: Release) -> str:
    return release.url or f"the release with the id {release.id}"
