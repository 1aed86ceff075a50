"""Laws of release plans, over generated states of a repository and desired releases."""

from __future__ import annotations

from dataclasses import replace
from itertools import count, dropwhile
from typing import TYPE_CHECKING, get_args

from hypothesis import assume, given
from hypothesis import strategies as st

from support.release_model import after
from tagship.core.release.assets import PART, asset_name
from tagship.core.release.body import marker
from tagship.core.release.desired import AssetsMode, DesiredRelease, File, NotesMode, OnDraft
from tagship.core.release.planning import plan
from tagship.core.release.state import Asset, CurrentReleases, Release
from tagship.core.release.steps import CreateDraft, DeleteAsset, DeleteRelease, Plan, Publish, UpdateRelease, Upload
from tagship.core.versions import parse_version
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

TAG = "v1.2.0"
NAMES = ("a.whl", "b.tar.gz", "my file.txt", "Ünïcode")
SHOWN = tuple(asset_name(name) for name in NAMES)
DIGESTS = ("sha256:aa", "sha256:bb", "sha256:cc")
COMMIT = "c" * 40

maybe_text = st.none() | st.sampled_from(["One.", "Two.\n\n* with a list", "<!-- tagship: end of notes -->"])
maybe = st.none() | st.booleans()
bodies = st.sampled_from(["", "By hand.", marker(TAG), f"Notes.\n\n{marker(TAG)}", "Crlf.\r\nHere."])


@st.composite
def files(draw: Callable[..., object]) -> tuple[File, ...]:
    """Return files with different names."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    assert isinstance(names, list)
    return tuple(
        File(
            path=f"dist/{name}",
            name=name,
            size=3,
            digest=str(draw(st.sampled_from(DIGESTS))),
            label=draw(st.sampled_from([None, "A label"])),  # type: ignore[arg-type]
        )
        for name in names
    )


@st.composite
def states(draw: Callable[..., object]) -> CurrentReleases:
    """Return a repository: at most one published release per tag, drafts, and assets in every current."""
    ids = count(1)
    releases: list[Release] = []
    tags: object = draw(st.lists(st.sampled_from([TAG, TAG, "v1.10.0", "v2.0.0rc1", "nightly"]), max_size=4))
    assert isinstance(tags, list)
    for tag in tags:
        draft = bool(draw(st.booleans())) or any(one.tag == tag and not one.draft for one in releases)
        shown: object = draw(
            st.lists(st.sampled_from([*SHOWN, *(name + PART for name in SHOWN), "x.zip"]), unique=True)
        )
        assert isinstance(shown, list)
        assets = tuple(
            Asset(
                id=next(ids) + 100,
                name=name,
                size=3,
                digest=draw(st.sampled_from([*DIGESTS, None])),  # type: ignore[arg-type]
                uploaded=bool(draw(st.integers(0, 4))),
            )
            for name in shown
        )
        releases.append(
            Release(
                id=next(ids),
                tag=tag,
                name=str(draw(st.sampled_from(["", "Title", tag]))),
                body=str(draw(bodies)),
                draft=draft,
                prerelease=bool(draw(st.booleans())),
                immutable=not draft and bool(draw(st.booleans())),
                discussed=bool(draw(st.booleans())),
                assets=assets,
            )
        )
    finals = [one.id for one in releases if not one.draft and not one.prerelease]
    latest = draw(st.sampled_from([None, *finals]))
    return CurrentReleases(releases=tuple(releases), commit=COMMIT, latest=latest)  # type: ignore[arg-type]


desireds = st.builds(
    DesiredRelease,
    tag=st.just(TAG),
    version=st.just(parse_version("1.2.0")) | st.none(),
    name=st.none() | st.just("A new title"),
    notes=maybe_text,
    notes_mode=st.sampled_from(get_args(NotesMode)),
    files=files(),
    assets=st.sampled_from(get_args(AssetsMode)),
    draft=st.booleans(),
    prerelease=maybe,
    latest=maybe,
    on_existing=st.sampled_from(["update", "skip", "fail"]),
    on_draft=st.sampled_from(get_args(OnDraft)),
    discussion=st.none() | st.just("News"),
)


def planned(desired: DesiredRelease, current: CurrentReleases) -> Plan:
    """Return the plan; refused cases are skipped."""
    try:
        return plan(desired, current)
    except Failure:
        assume(False)
        raise


def facts(current: CurrentReleases) -> object:
    """Return the releases without ids and order, which depend on the steps."""
    return sorted(
        (
            replace(one, id=0, assets=()).__repr__(),
            one.id == current.latest,
            sorted(repr(replace(asset, id=0)) for asset in one.assets),
        )
        for one in current.releases
    )


@given(desireds, states())
def test_planning_after_applying_is_empty(desired: DesiredRelease, current: CurrentReleases) -> None:
    """The result of a plan is up to date."""
    made = planned(desired, current)
    assert plan(desired, after(current, made.steps)).steps == ()


@given(desireds, states(), st.integers(0, 12))
def test_an_interrupted_plan_is_completed_by_the_next(
    desired: DesiredRelease, current: CurrentReleases, done: int
) -> None:
    """After any number of steps, the next run has the result of the complete plan."""
    made = planned(desired, current)
    cut = after(current, made.steps[:done])
    again = after(cut, planned(desired, cut).steps)
    assert facts(again) == facts(after(current, made.steps))


@given(desireds, states())
def test_only_deletions_follow_publishing(desired: DesiredRelease, current: CurrentReleases) -> None:
    """At most one request publishes, and only releases that nobody needs any more are deleted after it."""
    steps = planned(desired, current).steps
    assert sum(isinstance(step, Publish) for step in steps) <= 1
    following = [*dropwhile(lambda step: not isinstance(step, Publish), steps)][1:]
    assert all(isinstance(step, DeleteRelease) for step in following)


@given(desireds, states())
def test_nothing_is_unpublished(desired: DesiredRelease, current: CurrentReleases) -> None:
    """A published release stays published, and no release or foreign draft is deleted."""
    made = planned(desired, current)
    then = {release.id: release for release in after(current, made.steps).releases}
    for release in current.releases:
        if not release.draft or marker(TAG) not in release.body:
            assert release.id in then
        assert release.draft or not then[release.id].draft


@given(desireds, states())
def test_no_asset_is_deleted_that_is_not_replaced(desired: DesiredRelease, current: CurrentReleases) -> None:
    """An asset is deleted if a file replaces it, if it is unfinished, or with ``exact``."""
    made = planned(desired, current)
    names = {asset_name(file.name) for file in desired.files}
    for step in made.steps:
        if isinstance(step, DeleteAsset):
            replaced = step.name.removesuffix(PART) in names
            assert step.unfinished or replaced or desired.assets == "exact"
    then = after(current, made.steps)
    kept = {asset.digest for release in then.releases for asset in release.assets}
    for duplicate in (step for step in made.steps if isinstance(step, DeleteRelease)):
        (gone,) = (release for release in current.releases if release.id == duplicate.release)
        assert all(asset.digest in kept for asset in gone.assets if asset.uploaded)


@given(desireds, states())
def test_no_field_is_sent_that_was_not_requested(desired: DesiredRelease, current: CurrentReleases) -> None:
    """An update has only requested fields that differ."""
    for step in planned(desired, current).steps:
        if isinstance(step, UpdateRelease):
            asked = {
                "name": desired.name,
                "body": desired.notes,
                "prerelease": desired.prerelease if not desired.draft else False,
                "make_latest": desired.latest,
                "discussion_category_name": desired.discussion,
            }
            assert all(asked[name] is not None for name in step.fields.sent())


@given(desireds, states())
def test_releases_of_other_tags_are_not_changed(desired: DesiredRelease, current: CurrentReleases) -> None:
    """Only releases of the tag are changed."""
    then = {release.id: release for release in after(current, planned(desired, current).steps).releases}
    for release in current.releases:
        if release.tag != TAG:
            assert then[release.id] == release


@given(desireds, states())
def test_assets_of_immutable_releases_are_not_changed(desired: DesiredRelease, current: CurrentReleases) -> None:
    """No plan has a step that GitHub would refuse for an immutable release."""
    made = planned(desired, current)
    if made.release is not None and made.release.immutable:
        assert made.files == ()


@given(desireds, states())
def test_every_file_is_attached_in_the_end(desired: DesiredRelease, current: CurrentReleases) -> None:
    """The release has every file, and no file is uploaded that it already had."""
    made = planned(desired, current)
    assume(desired.on_existing != "skip" and not made.remarks)
    then = after(current, made.steps)
    chosen = made.release.id if made.release else max(release.id for release in then.releases)
    (release,) = (one for one in then.releases if one.id == chosen)
    held = {(asset.name, asset.digest) for asset in release.assets if asset.uploaded}
    assert {(asset_name(file.name), file.digest) for file in desired.files} <= held | {
        (asset_name(file.name), file.digest) for file in desired.files if file.digest in {digest for _, digest in held}
    }
    before = {(asset.name, asset.digest) for asset in made.release.assets if asset.uploaded} if made.release else set()
    uploads = {(step.name, step.file.digest) for step in made.steps if isinstance(step, Upload)}
    assert not uploads & before
    assert (made.release is None) == any(isinstance(step, CreateDraft) for step in made.steps)
