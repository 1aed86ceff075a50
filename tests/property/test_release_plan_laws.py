"""The laws of release plans, over states that GitHub can be in and releases that can be asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from hypothesis import assume, given
from hypothesis import strategies as st

from support.release_model import after
from tagship.core.release.assets import PART, asset_name
from tagship.core.release.body import marker
from tagship.core.release.desired import AssetsMode, DesiredRelease, File, NotesMode, OnExisting
from tagship.core.release.planning import plan
from tagship.core.release.state import Asset, CurrentReleases, Release
from tagship.core.release.steps import CreateDraft, DeleteAsset, DeleteDraft, Plan, Publish, UpdateRelease, Upload
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
    """Return files to attach, of different names."""
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
    """Return a repository: at most one published release a tag, any number of drafts, files in every condition."""
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


wanteds = st.builds(
    DesiredRelease,
    tag=st.just(TAG),
    version=st.just(parse_version("1.2.0")) | st.none(),
    name=st.none() | st.just("A new title"),
    notes=maybe_text,
    notes_mode=st.sampled_from(NotesMode),
    files=files(),
    assets=st.sampled_from(AssetsMode),
    draft=st.booleans(),
    prerelease=maybe,
    latest=maybe,
    on_existing=st.sampled_from(OnExisting),
    discussion=st.none() | st.just("News"),
)


def planned(desired: DesiredRelease, state: CurrentReleases) -> Plan:
    """Return the plan; cases that are refused are no cases."""
    try:
        return plan(desired, state)
    except Failure:
        assume(False)
        raise


def facts(state: CurrentReleases) -> object:
    """Return a state without the ids and the order that depend on how it came about."""
    return sorted(
        (
            replace(one, id=0, assets=()).__repr__(),
            one.id == state.latest,
            sorted(repr(replace(asset, id=0)) for asset in one.assets),
        )
        for one in state.releases
    )


@given(wanteds, states())
def test_planning_after_applying_is_empty(desired: DesiredRelease, state: CurrentReleases) -> None:
    """What a plan leads to needs no further plan."""
    made = planned(desired, state)
    assert plan(desired, after(state, made.steps)).steps == ()


@given(wanteds, states(), st.integers(0, 12))
def test_a_plan_cut_short_anywhere_is_completed_by_the_next(
    desired: DesiredRelease, state: CurrentReleases, done: int
) -> None:
    """However far a run came, the next ends where the first would have ended."""
    made = planned(desired, state)
    cut = after(state, made.steps[:done])
    again = after(cut, planned(desired, cut).steps)
    assert facts(again) == facts(after(state, made.steps))


@given(wanteds, states())
def test_publishing_is_the_last_step(desired: DesiredRelease, state: CurrentReleases) -> None:
    """Nothing follows the request that makes a release public, and there is one at most."""
    kinds = [isinstance(step, Publish) for step in planned(desired, state).steps]
    assert kinds.count(True) <= 1
    assert True not in kinds[:-1]


@given(wanteds, states())
def test_nothing_is_unpublished(desired: DesiredRelease, state: CurrentReleases) -> None:
    """What is public stays public, and no release or foreign draft is removed."""
    made = planned(desired, state)
    then = {release.id: release for release in after(state, made.steps).releases}
    for release in state.releases:
        if not release.draft or marker(TAG) not in release.body:
            assert release.id in then
        assert release.draft or not then[release.id].draft


@given(wanteds, states())
def test_no_file_is_removed_that_is_not_replaced(desired: DesiredRelease, state: CurrentReleases) -> None:
    """A file goes because another takes its name, because it never was one, or because ``exact`` was asked for."""
    made = planned(desired, state)
    wanted_names = {asset_name(file.name) for file in desired.files}
    for step in made.steps:
        if isinstance(step, DeleteAsset):
            replaced = step.name.removesuffix(PART) in wanted_names
            assert step.unfinished or replaced or desired.assets is AssetsMode.EXACT
    then = after(state, made.steps)
    kept = {asset.digest for release in then.releases for asset in release.assets}
    for double in (step for step in made.steps if isinstance(step, DeleteDraft)):
        (gone,) = (release for release in state.releases if release.id == double.release)
        assert all(asset.digest in kept for asset in gone.assets if asset.uploaded)


@given(wanteds, states())
def test_no_field_is_sent_that_was_not_asked_for(desired: DesiredRelease, state: CurrentReleases) -> None:
    """A change of an existing release carries what was asked for and differs, and nothing else."""
    for step in planned(desired, state).steps:
        if isinstance(step, UpdateRelease):
            asked = {
                "name": desired.name,
                "body": desired.notes,
                "prerelease": desired.prerelease if not desired.draft else False,
                "make_latest": desired.latest,
                "discussion_category_name": desired.discussion,
            }
            assert all(asked[name] is not None for name in step.fields.sent())


@given(wanteds, states())
def test_releases_of_other_tags_are_left_alone(desired: DesiredRelease, state: CurrentReleases) -> None:
    """Only what belongs to the tag is touched."""
    then = {release.id: release for release in after(state, planned(desired, state).steps).releases}
    for release in state.releases:
        if release.tag != TAG:
            assert then[release.id] == release


@given(wanteds, states())
def test_files_of_immutable_releases_are_left_alone(desired: DesiredRelease, state: CurrentReleases) -> None:
    """No plan holds a step that GitHub would refuse on an immutable release."""
    made = planned(desired, state)
    if made.release is not None and made.release.immutable:
        assert made.files == ()


@given(wanteds, states())
def test_every_file_is_there_in_the_end(desired: DesiredRelease, state: CurrentReleases) -> None:
    """A release that is ours to fill ends with every file, whole; no upload is for a file that is there already."""
    made = planned(desired, state)
    assume(desired.on_existing is not OnExisting.SKIP and not made.remarks)
    then = after(state, made.steps)
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
