"""The plan: from what is there to what is wanted, by the fewest writes, safe to be cut short anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagship.core.release.body import changed_body, cut_remark, is_ours, new_body
from tagship.core.release.desired import OnExisting
from tagship.core.release.files import plan_files
from tagship.core.release.limits import problems_of
from tagship.core.release.steps import CreateDraft, DeleteDraft, Fields, Plan, Publish, UpdateRelease
from tagship.core.versions import is_latest, is_prerelease, tagged_version
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.release.desired import DesiredRelease
    from tagship.core.release.files import FilePlan
    from tagship.core.release.state import Release, State

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


def choose(desired: DesiredRelease, state: State) -> Choice:
    """Return the release to work on: the published one; else our draft, the oldest of several; else somebody's only
    draft.

    Raises Failure where several drafts of others carry the tag: which of them is meant cannot be known.
    """
    published = [release for release in state.releases if not release.draft and release.tag == desired.tag]
    drafts = sorted((release for release in state.releases if release.draft), key=lambda release: release.id)
    ours = [release for release in drafts if _is_our_draft(release, desired)]
    foreign = [release for release in drafts if release.tag == desired.tag and release not in ours]
    if not published and not ours and len(foreign) > 1:
        raise Failure(_several(desired, foreign))
    candidates = [*published, *ours, *foreign]
    if not candidates:
        return Choice(release=None, ours=True)
    chosen = candidates[0]
    rest = [release for release in (*ours, *foreign) if release is not chosen]
    return Choice(
        release=chosen,
        ours=is_ours(chosen.body, desired.tag),
        spare=tuple(release for release in rest if release in ours and release.tag == desired.tag),
        others=tuple(release for release in rest if release not in ours or release.tag != desired.tag),
    )


def _is_our_draft(release: Release, desired: DesiredRelease) -> bool:
    """Return True if a run for this tag left the draft: it has our mark, and the tag unless GitHub has taken that
    from it.

    The mark alone says nothing. Who writes the next release takes the text of the last one along with its marks.
    """
    known = release.tag == desired.tag or release.tag.startswith(_WITHOUT_TAG)
    return known and is_ours(release.body, desired.tag)


def _several(desired: DesiredRelease, drafts: list[Release]) -> Problem:
    places = ", ".join(where(draft) for draft in drafts)
    return Problem(
        found=f"{len(drafts)} drafts carry the tag {desired.tag}, and none of them was left by this action: {places}.",
        remedy="Delete all but the one that is to be published, and run again.",
        topic="several-drafts",
    )


def where(release: Release) -> str:
    """Return the release's address, or what it is known by where it has none."""
    return release.url or f"the release with the id {release.id}"


MakeLatest = Literal["true", "false", "legacy"]


def plan(desired: DesiredRelease, state: State) -> Plan:
    """Return the steps from ``state`` to ``desired``; none where everything is as it should be.

    Publishing is the last step and one request. Nothing published is made a draft again, no field is sent that was
    not asked for, and no file is removed but one that is replaced, an unfinished upload, or what ``exact`` excludes.

    Raises Failure where what is asked for cannot be had, before anything is touched.
    """
    problems = problems_of(desired)
    if problems:
        raise Failure(*problems)
    choice = choose(desired, state)
    release = choice.release
    if release is None:
        return _new(desired, state)
    unfinished = choice.ours and release.draft
    if desired.on_existing is OnExisting.SKIP and not unfinished:
        return Plan(release=release, remarks=(f"{_named(release)} exists, and on-existing is skip.",))
    made = _changed(desired, state, release, choice)
    if desired.on_existing is OnExisting.FAIL and not unfinished and made.steps:
        raise Failure(_exists(desired, release))
    return made


def _new(desired: DesiredRelease, state: State) -> Plan:
    _check_tag(desired, state)
    create = CreateDraft(
        fields=Fields(
            tag_name=desired.tag,
            target_commitish=_target(desired, state),
            name=desired.tag if desired.name is None else desired.name,
            body=new_body(desired),
            draft=True,
            prerelease=_prerelease(desired),
        )
    )
    files, publish = plan_files(desired, None, ours=True), _publish(desired, state, None, ours=True)
    return Plan(before=(create,), files=files.chains, publish=publish, remarks=cut_remark(desired))


def _changed(desired: DesiredRelease, state: State, release: Release, choice: Choice) -> Plan:
    if release.draft:
        _check_tag(desired, state)
        fields = _draft_fields(desired, release, ours=choice.ours)
    else:
        fields = _published_fields(desired, state, release, ours=choice.ours)
    files = plan_files(desired, release, ours=choice.ours)
    if files.chains and not release.draft:
        _check_commit(desired, state)
    if files.chains and release.immutable:
        raise Failure(_immutable(desired, release, tuple(str(step) for chain in files.chains for step in chain)))
    stays = f"{_named(release)} is published and stays so: draft is true, but nothing is ever unpublished."
    unpublished = (stays,) if desired.draft and not release.draft else ()
    update = (UpdateRelease(release=release.id, fields=fields),) if fields.sent() else ()
    doubles = [draft for draft in choice.spare if _is_double(draft, files)]
    alone = [draft for draft in (*choice.spare, *choice.others) if draft not in doubles]
    return Plan(
        release=release,
        before=update,
        files=files.chains,
        doubles=tuple(DeleteDraft(release=draft.id) for draft in doubles),
        publish=_publish(desired, state, release, ours=choice.ours) if release.draft else None,
        remarks=(*cut_remark(desired), *files.remarks, *unpublished, *(_left_alone(desired, draft) for draft in alone)),
    )


def _is_double(draft: Release, files: FilePlan) -> bool:
    """Return True if every file of ``draft`` is in the release as well when the plan is done, byte for byte."""
    return all(asset.digest in files.digests for asset in draft.assets if asset.uploaded)


def _left_alone(desired: DesiredRelease, draft: Release) -> str:
    return f"Another draft for {desired.tag} holds files of its own or is not ours, and is left alone: {where(draft)}."


def _draft_fields(desired: DesiredRelease, release: Release, *, ours: bool) -> Fields:
    """What to change of a draft before it is published; what publishing decides waits for the publishing request."""
    prerelease = _prerelease(desired) if ours or desired.prerelease is not None else release.prerelease
    return Fields(
        name=_differing(desired.name, release.name),
        body=changed_body(desired, release.body, ours=ours),
        prerelease=prerelease if desired.draft and prerelease != release.prerelease else None,
    )


def _published_fields(desired: DesiredRelease, state: State, release: Release, *, ours: bool) -> Fields:
    """What to change of a published release: what was asked for in so many words, and differs."""
    shown = state.latest == release.id
    return Fields(
        name=_differing(desired.name, release.name),
        body=changed_body(desired, release.body, ours=ours),
        prerelease=desired.prerelease if desired.prerelease != release.prerelease else None,
        make_latest=None if desired.latest is None or desired.latest == shown else _word(desired.latest),
        discussion_category_name=None if release.discussed else desired.discussion,
    )


def _publish(desired: DesiredRelease, state: State, release: Release | None, *, ours: bool) -> Publish | None:
    """Return the request that publishes, or None where a draft is all that was asked for.

    It carries the tag again, because old drafts may have lost it, and ``make_latest``, which drafts refuse.
    """
    if desired.draft:
        return None
    prerelease = _prerelease(desired)
    if release is not None and not ours and desired.prerelease is None:
        prerelease = prerelease or release.prerelease
    return Publish(
        release=None if release is None else release.id,
        fields=Fields(
            tag_name=desired.tag,
            target_commitish=_target(desired, state),
            draft=False,
            prerelease=prerelease,
            make_latest="false" if prerelease else _latest(desired, state),
            discussion_category_name=desired.discussion,
        ),
    )


def _prerelease(desired: DesiredRelease) -> bool:
    if desired.prerelease is not None:
        return desired.prerelease
    return desired.version is not None and is_prerelease(desired.version)


def _latest(desired: DesiredRelease, state: State) -> MakeLatest:
    """Return True if the release becomes Latest: as asked for, else where no published final version is higher.

    Where the tag is no version, GitHub is left to decide as it does by itself.
    """
    if desired.latest is not None:
        return _word(desired.latest)
    if desired.version is None:
        return "legacy"
    final = (release.tag for release in state.releases if not release.draft and not release.prerelease)
    versions = (tagged_version(tag, desired.tag_prefix) for tag in final if tag != desired.tag)
    return _word(is_latest(desired.version, (version for version in versions if version is not None)))


def _word(latest: bool) -> MakeLatest:
    return "true" if latest else "false"


def _differing(asked: str | None, found: str) -> str | None:
    return None if asked == found else asked


def _target(desired: DesiredRelease, state: State) -> str | None:
    """Return where GitHub is to make the tag: sent only where there is none, since it means nothing otherwise."""
    return desired.target if state.commit is None and not desired.require_tag else None


def _check_tag(desired: DesiredRelease, state: State) -> None:
    """Refuse to let GitHub make a tag nobody asked for, or to release another commit than the one that was built."""
    if state.commit is None and (desired.require_tag or (desired.target is None and not desired.draft)):
        raise Failure(
            Problem(
                found=f"The repository has no tag {desired.tag}. GitHub would make one on the default branch.",
                remedy=(
                    f"Push the tag first: git push origin {desired.tag}. "
                    "Or set require-tag to false and target to the commit to tag."
                ),
                topic="tag-missing",
            )
        )
    _check_commit(desired, state)


def _check_commit(desired: DesiredRelease, state: State) -> None:
    """Refuse files that were built from another commit than the one that the tag points at."""
    if state.commit is not None and desired.commit is not None and state.commit != desired.commit:
        raise Failure(
            Problem(
                found=f"The tag {desired.tag} points at {state.commit}, but {desired.commit} is what was built.",
                remedy="Someone moved the tag. Run the workflow again for the tag as it is now.",
                topic="tag-moved",
            )
        )


def _exists(desired: DesiredRelease, release: Release) -> Problem:
    return Problem(
        found=f"{_named(release)} exists already, it differs from what was asked for, and on-existing is fail.",
        remedy=f"Set on-existing to update or skip, or release another tag than {desired.tag}.",
        topic="release-exists",
    )


def _immutable(desired: DesiredRelease, release: Release, steps: tuple[str, ...]) -> Problem:
    return Problem(
        found=f"{_named(release)} is immutable, and its files would have to change: {'; '.join(steps)}.",
        remedy=(
            "Release the files under a new version. "
            f'The title and notes of {desired.tag} can still be changed: run with files: "!*"'
        ),
        topic="immutable-release",
    )


def _named(release: Release) -> str:
    kind = "draft" if release.draft else "release"
    return f"The {kind} {release.tag} ({release.url or release.id})"
