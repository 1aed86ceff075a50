"""The plan from the current to the desired release: the fewest writes, in an order that can be interrupted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from tagship.core.release.assets import PART, SUMS
from tagship.core.release.body import changed_body, is_ours, length_remark, new_body
from tagship.core.release.desired import problems_of
from tagship.core.release.files import plan_files
from tagship.core.release.steps import (
    CreateDraft,
    DeleteRelease,
    Fields,
    MoveTag,
    Plan,
    Publish,
    UpdateRelease,
)
from tagship.core.versions import is_latest, tagged_version
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.release.desired import DesiredRelease
    from tagship.core.release.files import FilePlan
    from tagship.core.release.state import CurrentReleases, Release

_WITHOUT_TAG = "untagged-"
"""Prefix of the tag that GitHub shows for a draft without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The release to change, None if a new one is needed; ``ours`` is True if a tagship run created it.

    ``spare`` are further drafts of tagship runs with the same tag, ``others`` are drafts of unknown origin.
    """

    release: Release | None
    ours: bool
    spare: tuple[Release, ...] = ()
    others: tuple[Release, ...] = ()


def choose(desired: DesiredRelease, current: CurrentReleases) -> Choice:
    """Return the release to change: the published one, else the oldest draft of a tagship run, else the only draft.

    Raises Failure for several drafts of unknown origin, because the right one cannot be determined.
    """
    published = [release for release in current.releases if not release.draft and release.tag == desired.tag]
    drafts = sorted((release for release in current.releases if release.draft), key=lambda release: release.id)
    ours = [release for release in drafts if _is_our_draft(release, desired)]
    foreign = [release for release in drafts if release.tag == desired.tag and release not in ours]
    if not published and not ours and foreign:
        _check_foreign(desired, foreign)
    candidates = [*published, *ours, *(foreign if desired.on_draft == "adopt" else ())]
    if not candidates:
        return Choice(release=None, ours=True, others=tuple(foreign))
    chosen = candidates[0]
    rest = [release for release in (*ours, *foreign) if release is not chosen]
    return Choice(
        release=chosen,
        ours=is_ours(chosen.body, desired.tag),
        spare=tuple(release for release in rest if release in ours and release.tag == desired.tag),
        others=tuple(release for release in rest if release not in ours or release.tag != desired.tag),
    )


def _is_our_draft(release: Release, desired: DesiredRelease) -> bool:
    """Return True if a tagship run for this tag created the draft: it has the marker, and the tag or none.

    The marker alone proves nothing: a person can copy the text of an older release with its markers.
    """
    known = release.tag == desired.tag or release.tag.startswith(_WITHOUT_TAG)
    return known and is_ours(release.body, desired.tag)


def _check_foreign(desired: DesiredRelease, drafts: list[Release]) -> None:
    """Raise Failure if ``on_draft`` is to fail for these drafts, or does not decide between them."""
    places = ", ".join(where(draft) for draft in drafts)
    if desired.on_draft == "fail" or (desired.on_draft == "adopt" and len(drafts) > 1):
        count = "A draft has" if len(drafts) == 1 else f"{len(drafts)} drafts have"
        raise Failure.of(
            found=f"{count} the tag {desired.tag} and none was created by tagship: {places}.",
            remedy="Delete all drafts except the one to publish and set on-draft to adopt, "
            "or set on-draft to new to keep them next to a new release.",
            topic="several-drafts-for-one-tag",
        )


def where(release: Release) -> str:
    """Return the release's URL, or its id if it has none."""
    return release.url or f"release id {release.id}"


MakeLatest = Literal["true", "false", "legacy"]


def plan(desired: DesiredRelease, current: CurrentReleases) -> Plan:
    """Return the steps from ``current`` to ``desired``; none if the release is up to date.

    One request publishes, and only deletions of other releases follow it. A published release never becomes a draft
    again, and no field is sent that was not requested. An asset is deleted only if it is replaced, unfinished, or
    excluded by ``exact``.

    Raises Failure if the desired release is impossible, before anything is changed.
    """
    problems = problems_of(desired)
    if problems:
        raise Failure(*problems)
    choice = choose(desired, current)
    release = choice.release
    unfinished = release is not None and release.draft and choice.ours
    if release is not None and desired.on_existing == "skip" and not unfinished:
        return Plan(release=release, remarks=(f"{_named(release)} exists and on-existing is skip.",))
    moved = _moved_tag(desired, current)
    if moved:
        current = replace(current, commit=desired.commit)
    made = _changed(desired, current, release, choice) if release else _new(desired, current, choice)
    made = replace(made, before=(*moved, *made.before))
    if release is not None and made.steps and not unfinished:
        _check_policy(desired, release)
    return replace(made, old=_old(desired, current, release))


def held_digests(desired: DesiredRelease, current: CurrentReleases) -> dict[str, str]:
    """Return the digests of all assets after the run, by name, without SHA256SUMS and its signatures."""
    held = plan_files(desired, choose(desired, current).release).held
    return {name: digest for name, digest in held.items() if not name.startswith(SUMS) and not name.endswith(PART)}


def _moved_tag(desired: DesiredRelease, current: CurrentReleases) -> tuple[MoveTag, ...]:
    """Return the step that moves the tag to the requested commit, if it was requested and the tag is elsewhere."""
    if not desired.move_tag or desired.commit is None or desired.commit == current.commit:
        return ()
    return (MoveTag(tag=desired.tag, commit=desired.commit, new=current.commit is None),)


def _old(desired: DesiredRelease, current: CurrentReleases, release: Release | None) -> tuple[DeleteRelease, ...]:
    """Return the deletion of all pre-releases of tagship but the ``keep_last`` newest, this one among them.

    Their tags have the same text before the first digit: other packages of a monorepo are not touched.
    """
    named = (one for one in current.releases if one.tag != desired.tag and _stem(one.tag) == _stem(desired.tag))
    others = [one for one in named if one.prerelease and not one.draft]
    ours = [one for one in others if is_ours(one.body, one.tag) and not one.immutable]
    counts = not desired.draft and _prerelease(desired) if release is None else release.prerelease
    kept = desired.keep_last - counts
    newest = sorted(ours, key=lambda one: one.id, reverse=True)
    excess = newest[kept:] if desired.keep_last else []
    return tuple(DeleteRelease(release=one.id, state="prerelease", tag=one.tag) for one in excess)


def _new(desired: DesiredRelease, current: CurrentReleases, choice: Choice) -> Plan:
    _check_tag(desired, current)
    create = CreateDraft(
        fields=Fields(
            tag_name=desired.tag,
            target_commitish=_target(desired, current),
            name=desired.tag if desired.name is None else desired.name,
            body=new_body(desired),
            draft=True,
            prerelease=_prerelease(desired),
        )
    )
    files, publish = plan_files(desired, None), _publish(desired, current, None, ours=True)
    remarks = (*length_remark(desired), *(_other_draft(desired, draft) for draft in choice.others))
    return Plan(before=(create,), files=files.chains, publish=publish, remarks=remarks)


def _stem(tag: str) -> str:
    return re.split(r"\d", tag, maxsplit=1)[0]


def _changed(desired: DesiredRelease, current: CurrentReleases, release: Release, choice: Choice) -> Plan:
    if release.draft:
        _check_tag(desired, current)
        fields = _draft_fields(desired, release, ours=choice.ours)
    else:
        fields = _published_fields(desired, current, release, ours=choice.ours)
    files = plan_files(desired, release)
    if files.chains:
        _check_commit(desired, current)
    if files.chains and release.immutable:
        raise Failure(_immutable(desired, release, tuple(str(step) for chain in files.chains for step in chain)))
    stays = f"{_named(release)} stays published although draft is true: tagship never unpublishes a release."
    unpublished = (stays,) if desired.draft and not release.draft else ()
    update = (UpdateRelease(release=release.id, fields=fields),) if fields.sent() else ()
    safe = (draft for draft in choice.spare if not desired.draft or not release.draft or draft.id in current.created)
    duplicates = [draft for draft in safe if _is_duplicate(draft, files)]
    alone = [draft for draft in (*choice.spare, *choice.others) if draft not in duplicates]
    return Plan(
        release=release,
        before=update,
        files=files.chains,
        duplicates=tuple(DeleteRelease(release=one.id, state="draft", tag=one.tag) for one in duplicates),
        publish=_publish(desired, current, release, ours=choice.ours) if release.draft else None,
        remarks=(
            *length_remark(desired),
            *files.remarks,
            *unpublished,
            *(_other_draft(desired, draft) for draft in alone),
        ),
    )


def _is_duplicate(draft: Release, files: FilePlan) -> bool:
    """Return True if the release has every asset of ``draft``, byte for byte, after the plan."""
    return all(asset.digest in files.held.values() for asset in draft.assets if asset.uploaded)


def _other_draft(desired: DesiredRelease, draft: Release) -> str:
    return (
        f"Another draft for {desired.tag} has other assets or was not created by tagship. It is kept: {where(draft)}."
    )


def _draft_fields(desired: DesiredRelease, release: Release, *, ours: bool) -> Fields:
    """Return the fields to change before a draft is published; the publishing request sets the rest."""
    prerelease = _prerelease(desired) if ours or desired.prerelease is not None else release.prerelease
    return Fields(
        name=_differing(desired.name, release.name),
        body=changed_body(desired, release.body, ours=ours),
        prerelease=prerelease if desired.draft and prerelease != release.prerelease else None,
    )


def _published_fields(desired: DesiredRelease, current: CurrentReleases, release: Release, *, ours: bool) -> Fields:
    """Return the fields of a published release that were requested explicitly and differ."""
    shown = current.latest == release.id
    return Fields(
        name=_differing(desired.name, release.name),
        body=changed_body(desired, release.body, ours=ours),
        prerelease=desired.prerelease if desired.prerelease != release.prerelease else None,
        make_latest=_word(desired.latest) if isinstance(desired.latest, bool) and desired.latest != shown else None,
        discussion_category_name=None if release.discussed else desired.discussion,
    )


def _publish(
    desired: DesiredRelease, current: CurrentReleases, release: Release | None, *, ours: bool
) -> Publish | None:
    """Return the request that publishes the release, or None if only a draft is requested.

    It contains the tag again, because old drafts may have lost it, and ``make_latest``, which drafts refuse.
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
            target_commitish=_target(desired, current),
            draft=False,
            prerelease=prerelease,
            make_latest="false" if prerelease else _latest(desired, current),
            discussion_category_name=desired.discussion,
        ),
    )


def _prerelease(desired: DesiredRelease) -> bool:
    if desired.prerelease is not None:
        return desired.prerelease
    return desired.version is not None and desired.version.is_prerelease


def _latest(desired: DesiredRelease, current: CurrentReleases) -> MakeLatest:
    """Return if the release becomes Latest: as requested, else if no published stable version is higher.

    If the tag is not a version, GitHub decides.
    """
    if isinstance(desired.latest, bool):
        return _word(desired.latest)
    if desired.version is None or desired.latest == "legacy":
        return "legacy"
    final = (release.tag for release in current.releases if not release.draft and not release.prerelease)
    versions = (tagged_version(tag, desired.tag_prefix) for tag in final)
    return _word(is_latest(desired.version, (version for version in versions if version is not None)))


def _word(latest: bool) -> MakeLatest:
    return "true" if latest else "false"


def _differing(asked: str | None, found: str) -> str | None:
    return None if asked == found else asked


def _target(desired: DesiredRelease, current: CurrentReleases) -> str | None:
    """Return the commit for a new tag; None if the tag exists, because GitHub then ignores the field."""
    return desired.target if current.commit is None else None


def _check_tag(desired: DesiredRelease, current: CurrentReleases) -> None:
    """Raise Failure if GitHub would create a tag that was not requested, or if the tag is not the built commit."""
    if current.commit is None and (desired.require_tag or (desired.target is None and not desired.draft)):
        raise Failure.of(
            found=f"The repository has no tag {desired.tag}. GitHub would create it on the default branch.",
            remedy=(
                f"Push the tag: git push origin {desired.tag}. "
                "Or set require-tag to false and target to the commit SHA to tag."
            ),
            topic="published-releases-must-have-a-valid-tag",
        )
    _check_commit(desired, current)


def _check_commit(desired: DesiredRelease, current: CurrentReleases) -> None:
    """Raise Failure if the files were built from another commit than the tagged one."""
    if current.commit is not None and desired.commit is not None and current.commit != desired.commit:
        raise Failure.of(
            found=f"The tag {desired.tag} points at commit {current.commit}, "
            f"but the files were built from {desired.commit}.",
            remedy="The tag was moved. Run the workflow again for the current tag.",
            topic="tag-moved",
        )


def _check_policy(desired: DesiredRelease, release: Release) -> None:
    """Raise Failure if ``on_existing`` forbids a change of the release."""
    if desired.on_existing == "fail":
        found = f"{_named(release)} already exists, differs from the requested one, and on-existing is fail."
    elif desired.on_existing == "unreleased" and not (release.draft or release.prerelease):
        found = f"{_named(release)} is published and no pre-release, and on-existing is unreleased."
    else:
        return
    remedy = f"Set on-existing to update or skip, or release another tag than {desired.tag}."
    raise Failure.of(found=found, remedy=remedy, topic="release-already-exists")


def _immutable(desired: DesiredRelease, release: Release, steps: tuple[str, ...]) -> Problem:
    return Problem(
        found=f"{_named(release)} is immutable, but its assets would have to change: {'; '.join(steps)}.",
        remedy=(
            "Release the files under a new version. "
            f"To change only the title and notes of {desired.tag}, set files: none"
        ),
        topic="422-cannot-upload-assets-to-an-immutable-release",
    )


def _named(release: Release) -> str:
    kind = "draft" if release.draft else "release"
    return f"The {kind} {release.tag} ({release.url or release.id})"
