"""The plan: from what is there to what is wanted, by the fewest writes, safe to be cut short anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tagship.core.release.body import changed_body, cut_remark, new_body
from tagship.core.release.checking import problems_of
from tagship.core.release.choosing import choose, where
from tagship.core.release.files import plan_files
from tagship.core.release.steps import CreateDraft, DeleteDraft, Fields, Plan, Publish, UpdateRelease
from tagship.core.release.wanted import OnExisting
from tagship.core.versions import is_latest, is_prerelease, tagged_version
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.release.choosing import Choice
    from tagship.core.release.files import FilePlan
    from tagship.core.release.state import Release, State
    from tagship.core.release.wanted import Wanted

MakeLatest = Literal["true", "false", "legacy"]


def plan(wanted: Wanted, state: State) -> Plan:
    """The steps from ``state`` to ``wanted``; none where everything is as it should be.

    Publishing is the last step and one request. Nothing published is made a draft again, no field is sent that was
    not asked for, and no file is removed but one that is replaced, an unfinished upload, or what ``exact`` excludes.

    Raises Failure where what is asked for cannot be had, before anything is touched.
    """
    problems = problems_of(wanted)
    if problems:
        raise Failure(*problems)
    choice = choose(wanted, state)
    release = choice.release
    if release is None:
        return _new(wanted, state)
    unfinished = choice.ours and release.draft
    if wanted.on_existing is OnExisting.SKIP and not unfinished:
        return Plan(release=release, remarks=(f"{_named(release)} exists, and on-existing is skip.",))
    made = _changed(wanted, state, release, choice)
    if wanted.on_existing is OnExisting.FAIL and not unfinished and made.steps:
        raise Failure(_exists(wanted, release))
    return made


def _new(wanted: Wanted, state: State) -> Plan:
    _check_tag(wanted, state)
    create = CreateDraft(
        fields=Fields(
            tag_name=wanted.tag,
            target_commitish=_target(wanted, state),
            name=wanted.tag if wanted.name is None else wanted.name,
            body=new_body(wanted),
            draft=True,
            prerelease=_prerelease(wanted),
        )
    )
    files, publish = plan_files(wanted, None, ours=True), _publish(wanted, state, None, ours=True)
    return Plan(before=(create,), files=files.chains, publish=publish, remarks=cut_remark(wanted))


def _changed(wanted: Wanted, state: State, release: Release, choice: Choice) -> Plan:
    if release.draft:
        _check_tag(wanted, state)
        fields = _draft_fields(wanted, release, ours=choice.ours)
    else:
        fields = _published_fields(wanted, state, release, ours=choice.ours)
    files = plan_files(wanted, release, ours=choice.ours)
    if files.chains and not release.draft:
        _check_commit(wanted, state)
    if files.chains and release.immutable:
        raise Failure(_immutable(wanted, release, tuple(str(step) for chain in files.chains for step in chain)))
    stays = f"{_named(release)} is published and stays so: draft is true, but nothing is ever unpublished."
    unpublished = (stays,) if wanted.draft and not release.draft else ()
    update = (UpdateRelease(release=release.id, fields=fields),) if fields.sent() else ()
    doubles = [draft for draft in choice.spare if _is_double(draft, files)]
    alone = [draft for draft in (*choice.spare, *choice.others) if draft not in doubles]
    return Plan(
        release=release,
        before=update,
        files=files.chains,
        doubles=tuple(DeleteDraft(release=draft.id) for draft in doubles),
        publish=_publish(wanted, state, release, ours=choice.ours) if release.draft else None,
        remarks=(*cut_remark(wanted), *files.remarks, *unpublished, *(_left_alone(wanted, draft) for draft in alone)),
    )


def _is_double(draft: Release, files: FilePlan) -> bool:
    """Whether every file of ``draft`` is in the release as well when the plan is done, byte for byte."""
    return all(asset.digest in files.digests for asset in draft.assets if asset.uploaded)


def _left_alone(wanted: Wanted, draft: Release) -> str:
    return f"Another draft for {wanted.tag} holds files of its own or is not ours, and is left alone: {where(draft)}."


def _draft_fields(wanted: Wanted, release: Release, *, ours: bool) -> Fields:
    """What to change of a draft before it is published; what publishing decides waits for the publishing request."""
    prerelease = _prerelease(wanted) if ours or wanted.prerelease is not None else release.prerelease
    return Fields(
        name=_differing(wanted.name, release.name),
        body=changed_body(wanted, release.body, ours=ours),
        prerelease=prerelease if wanted.draft and prerelease != release.prerelease else None,
    )


def _published_fields(wanted: Wanted, state: State, release: Release, *, ours: bool) -> Fields:
    """What to change of a published release: what was asked for in so many words, and differs."""
    shown = state.latest == release.id
    return Fields(
        name=_differing(wanted.name, release.name),
        body=changed_body(wanted, release.body, ours=ours),
        prerelease=wanted.prerelease if wanted.prerelease != release.prerelease else None,
        make_latest=None if wanted.latest is None or wanted.latest == shown else _word(wanted.latest),
        discussion_category_name=None if release.discussed else wanted.discussion,
    )


def _publish(wanted: Wanted, state: State, release: Release | None, *, ours: bool) -> Publish | None:
    """The request that publishes, or None where a draft is all that was asked for.

    It carries the tag again, because old drafts may have lost it, and ``make_latest``, which drafts refuse.
    """
    if wanted.draft:
        return None
    prerelease = _prerelease(wanted)
    if release is not None and not ours and wanted.prerelease is None:
        prerelease = prerelease or release.prerelease
    return Publish(
        release=None if release is None else release.id,
        fields=Fields(
            tag_name=wanted.tag,
            target_commitish=_target(wanted, state),
            draft=False,
            prerelease=prerelease,
            make_latest="false" if prerelease else _latest(wanted, state),
            discussion_category_name=wanted.discussion,
        ),
    )


def _prerelease(wanted: Wanted) -> bool:
    if wanted.prerelease is not None:
        return wanted.prerelease
    return wanted.version is not None and is_prerelease(wanted.version)


def _latest(wanted: Wanted, state: State) -> MakeLatest:
    """Whether the release becomes Latest: as asked for, else where no published final version is higher.

    Where the tag is no version, GitHub is left to decide as it does by itself.
    """
    if wanted.latest is not None:
        return _word(wanted.latest)
    if wanted.version is None:
        return "legacy"
    final = (release.tag for release in state.releases if not release.draft and not release.prerelease)
    versions = (tagged_version(tag, wanted.tag_prefix) for tag in final if tag != wanted.tag)
    return _word(is_latest(wanted.version, (version for version in versions if version is not None)))


def _word(latest: bool) -> MakeLatest:
    return "true" if latest else "false"


def _differing(asked: str | None, found: str) -> str | None:
    return None if asked == found else asked


def _target(wanted: Wanted, state: State) -> str | None:
    """Where GitHub is to make the tag: sent only where there is none, since it means nothing otherwise."""
    return wanted.target if state.commit is None and not wanted.require_tag else None


def _check_tag(wanted: Wanted, state: State) -> None:
    """Refuse to let GitHub make a tag nobody asked for, or to release another commit than the one that was built."""
    if state.commit is None and (wanted.require_tag or (wanted.target is None and not wanted.draft)):
        raise Failure(
            Problem(
                found=f"The repository has no tag {wanted.tag}. GitHub would make one on the default branch.",
                remedy=(
                    f"Push the tag first: git push origin {wanted.tag}. "
                    "Or set require-tag to false and target to the commit to tag."
                ),
                topic="tag-missing",
            )
        )
    _check_commit(wanted, state)


def _check_commit(wanted: Wanted, state: State) -> None:
    """Refuse files that were built from another commit than the one that the tag points at."""
    if state.commit is not None and wanted.commit is not None and state.commit != wanted.commit:
        raise Failure(
            Problem(
                found=f"The tag {wanted.tag} points at {state.commit}, but {wanted.commit} is what was built.",
                remedy="Someone moved the tag. Run the workflow again for the tag as it is now.",
                topic="tag-moved",
            )
        )


def _exists(wanted: Wanted, release: Release) -> Problem:
    return Problem(
        found=f"{_named(release)} exists already, it differs from what was asked for, and on-existing is fail.",
        remedy=f"Set on-existing to update or skip, or release another tag than {wanted.tag}.",
        topic="release-exists",
    )


def _immutable(wanted: Wanted, release: Release, steps: tuple[str, ...]) -> Problem:
    return Problem(
        found=f"{_named(release)} is immutable, and its files would have to change: {'; '.join(steps)}.",
        remedy=(
            "Release the files under a new version. "
            f'The title and notes of {wanted.tag} can still be changed: run with files: "!*"'
        ),
        topic="immutable-release",
    )


def _named(release: Release) -> str:
    kind = "draft" if release.draft else "release"
    return f"The {kind} {release.tag} ({release.url or release.id})"
