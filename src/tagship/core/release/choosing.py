"""Which of the releases that are there is the one to work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.release.body import is_ours
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.release.state import Release, State
    from tagship.core.release.wanted import Wanted


_WITHOUT_TAG = "untagged-"
"""How GitHub calls the tag of a draft that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The release to work on, None where a new one is needed; ``ours`` says whether a run like this one left it.

    ``spare`` are further drafts of ours with the same tag, ``others`` those that somebody else made or may have made.
    """

    release: Release | None
    ours: bool
    spare: tuple[Release, ...] = ()
    others: tuple[Release, ...] = ()


def choose(wanted: Wanted, state: State) -> Choice:
    """The release to work on: the published one; else our draft, the oldest of several; else somebody's only draft.

    Raises Failure where several drafts of others carry the tag: which of them is meant cannot be known.
    """
    published = [release for release in state.releases if not release.draft and release.tag == wanted.tag]
    drafts = sorted((release for release in state.releases if release.draft), key=lambda release: release.id)
    ours = [release for release in drafts if _is_our_draft(release, wanted)]
    foreign = [release for release in drafts if release.tag == wanted.tag and release not in ours]
    if not published and not ours and len(foreign) > 1:
        raise Failure(_several(wanted, foreign))
    candidates = [*published, *ours, *foreign]
    if not candidates:
        return Choice(release=None, ours=True)
    chosen = candidates[0]
    rest = [release for release in (*ours, *foreign) if release is not chosen]
    return Choice(
        release=chosen,
        ours=is_ours(chosen.body, wanted.tag),
        spare=tuple(release for release in rest if release in ours and release.tag == wanted.tag),
        others=tuple(release for release in rest if release not in ours or release.tag != wanted.tag),
    )


def _is_our_draft(release: Release, wanted: Wanted) -> bool:
    """Whether a run for this tag left the draft: it has our mark, and the tag unless GitHub has taken that from it.

    The mark alone says nothing. Who writes the next release takes the text of the last one along with its marks.
    """
    known = release.tag == wanted.tag or release.tag.startswith(_WITHOUT_TAG)
    return known and is_ours(release.body, wanted.tag)


def _several(wanted: Wanted, drafts: list[Release]) -> Problem:
    places = ", ".join(where(draft) for draft in drafts)
    return Problem(
        found=f"{len(drafts)} drafts carry the tag {wanted.tag}, and none of them was left by this action: {places}.",
        remedy="Delete all but the one that is to be published, and run again.",
        topic="several-drafts",
    )


def where(release: Release) -> str:
    """The release's address, or what it is known by where it has none."""
    return release.url or f"the release with the id {release.id}"
