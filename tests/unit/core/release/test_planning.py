"""Plans, over everything that can be there: each row a state, what is asked for, and the steps between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tagship.core.release.assets import PART
from tagship.core.release.body import mark
from tagship.core.release.desired import AssetsMode, DesiredRelease, File, NotesMode, OnExisting
from tagship.core.release.planning import plan
from tagship.core.release.state import Asset, Release, State
from tagship.core.release.steps import CreateDraft, Publish, UpdateRelease
from tagship.core.versions import parse_version
from tagship.errors import Failure

COMMIT = "c" * 40
BODY = f"Notes.\n\n{mark('v1.2.0')}"
NO_FILES: tuple[File, ...] = ()


def file(name: str, content: str = "new", **fields: Any) -> File:
    """Return a file to attach; its content stands in for its digest."""
    return File(path=f"dist/{name}", name=name, size=3, digest=f"sha256:{content}", **fields)


def asset(name: str, content: str = "new", **fields: Any) -> Asset:
    """Return a file that is there."""
    values: dict[str, Any] = {"id": sum(map(ord, name)), "name": name, "size": 3, "digest": f"sha256:{content}"}
    return Asset(**{**values, **fields})


def release(*assets: Asset, **fields: Any) -> Release:
    """Return a published release of v1.2.0."""
    values: dict[str, Any] = {
        "id": 1,
        "tag": "v1.2.0",
        "name": "v1.2.0",
        "body": "Notes.",
        "draft": False,
        "prerelease": False,
    }
    return Release(**{**values, "assets": assets, **fields})


def ours(*assets: Asset, **fields: Any) -> Release:
    """Return a draft that an earlier run left."""
    return release(*assets, **{"draft": True, "body": BODY, **fields})


def foreign(*assets: Asset, **fields: Any) -> Release:
    """Return a draft that somebody else made."""
    return release(*assets, **{"draft": True, "body": "By hand.", **fields})


def state(*releases: Release, commit: str | None = COMMIT, latest: int | None = None) -> State:
    """What is there; the tag is, unless ``commit`` is None."""
    return State(releases=releases, commit=commit, latest=latest)


WANTED = DesiredRelease(
    tag="v1.2.0", version=parse_version("1.2.0"), notes="Notes.", files=(file("a.whl"), file("b.gz")), commit=COMMIT
)
A, B = asset("a.whl"), asset("b.gz")
OLD = asset("a.whl", "old")
STARTER = asset("a.whl", "none", uploaded=False, digest=None)
DRAFT, CREATE, PUBLISH = "change", "create", "publish"


def shapes(made: object) -> list[str]:
    """Return the steps without sizes and digests, which the rows need not repeat."""
    return [str(step).partition(" (")[0] for step in made.steps]  # type: ignore[attr-defined]


CASES = {
    "nothing is there": (
        {},
        state(),
        ["create a draft of the release v1.2.0", "upload a.whl", "upload b.gz", "publish"],
    ),
    "nothing is there, and a draft is wanted": (
        {"draft": True},
        state(),
        ["create a draft of the release v1.2.0", "upload a.whl", "upload b.gz"],
    ),
    "our draft is complete": ({}, state(ours(A, B)), ["publish"]),
    "our draft is complete and a draft is wanted": ({"draft": True}, state(ours(A, B)), []),
    "our draft lacks a file": ({}, state(ours(A)), ["upload b.gz", "publish"]),
    "our draft has a file of an earlier build": ({}, state(ours(OLD, B)), ["delete a.whl", "upload a.whl", "publish"]),
    "our draft has the remnant of an upload": (
        {},
        state(ours(STARTER, B)),
        ["delete the unfinished a.whl", "upload a.whl", "publish"],
    ),
    "our draft has lost its tag": ({}, state(ours(A, B, tag="untagged-1")), ["publish"]),
    "a draft of another tag has our notes": (
        {},
        state(ours(tag="v1.3.0")),
        ["create a draft of the release v1.2.0", "upload a.whl", "upload b.gz", "publish"],
    ),
    "published, and a draft of another tag has its notes": (
        {},
        state(release(A, B, id=9), ours(id=1, tag="v1.3.0")),
        [],
    ),
    "published, and a draft without a tag has its notes": (
        {},
        state(release(A, B, id=9), ours(id=1, tag="untagged-1")),
        [],
    ),
    "our draft has other notes": ({"notes": "Other."}, state(ours(A, B)), ["change body of the release 1", "publish"]),
    "three drafts of ours": (
        {},
        state(ours(A, B, id=7), ours(A, id=5), ours(id=6)),
        [
            "upload b.gz",
            "delete the draft 6, a double of our own",
            "delete the draft 7, a double of our own",
            "publish",
        ],
    ),
    "our draft and a foreign one": ({}, state(foreign(id=1), ours(A, B, id=2)), ["publish"]),
    "a draft of ours with a file of its own": ({}, state(ours(A, B, id=1), ours(asset("x", "own"), id=2)), ["publish"]),
    "a foreign draft": ({"notes": None}, state(foreign()), ["upload a.whl", "upload b.gz", "publish"]),
    "a foreign draft with another file": ({"notes": None}, state(foreign(OLD, B)), ["publish"]),
    "a foreign draft with another file to replace": (
        {"notes": None, "assets": AssetsMode.REPLACE},
        state(foreign(OLD, B)),
        ["delete a.whl", "upload a.whl", "publish"],
    ),
    "published and equal": ({}, state(release(A, B)), []),
    "published and equal, with other line ends": ({"notes": "A\n\nB"}, state(release(A, B, body="A\r\n\r\nB\r\n")), []),
    "published and a draft is wanted": ({"draft": True}, state(release(A, B)), []),
    "published and a draft of ours besides": (
        {},
        state(release(A, B, id=9), ours(A, id=1)),
        ["delete the draft 1, a double of our own"],
    ),
    "published with other notes": ({"notes": "Other."}, state(release(A, B)), ["change body of the release 1"]),
    "published with other notes to keep": (
        {"notes": "Other.", "notes_mode": NotesMode.KEEP},
        state(release(A, B)),
        [],
    ),
    "published without notes and they are to be kept": (
        {"notes_mode": NotesMode.KEEP},
        state(release(A, B, body="")),
        ["change body of the release 1"],
    ),
    "published with another title": ({"name": "Title"}, state(release(A, B)), ["change name of the release 1"]),
    "published with another title and none asked for": ({}, state(release(A, B, name="Title")), []),
    "published as a pre-release": ({}, state(release(A, B, prerelease=True)), []),
    "published as a pre-release, and it is none": (
        {"prerelease": False},
        state(release(A, B, prerelease=True)),
        ["change prerelease of the release 1"],
    ),
    "published and equal, with a tag that was moved since": ({}, state(release(A, B), commit="d" * 40), []),
    "published and not latest": ({"latest": True}, state(release(A, B)), ["change make_latest of the release 1"]),
    "published and latest": ({"latest": True}, state(release(A, B), latest=1), []),
    "published and latest, which is not wanted": (
        {"latest": False},
        state(release(A, B), latest=1),
        ["change make_latest of the release 1"],
    ),
    "published without a discussion": (
        {"discussion": "News"},
        state(release(A, B)),
        ["change discussion_category_name of the release 1"],
    ),
    "published with a discussion": ({"discussion": "News"}, state(release(A, B, discussed=True)), []),
    "published without a file": ({}, state(release(A)), ["upload b.gz"]),
    "published with another file to keep": ({}, state(release(OLD, B)), []),
    "published with another file to replace": (
        {"assets": AssetsMode.REPLACE},
        state(release(OLD, B)),
        [f"upload a.whl{PART}", "delete a.whl", f"rename a.whl{PART} to a.whl"],
    ),
    "published with a file whose successor waits": (
        {"assets": AssetsMode.REPLACE},
        state(release(OLD, asset("a.whl" + PART), B)),
        ["delete a.whl", f"rename a.whl{PART} to a.whl"],
    ),
    "published with a successor whose file is gone": (
        {},
        state(release(asset("a.whl" + PART), B)),
        [f"rename a.whl{PART} to a.whl"],
    ),
    "published with a successor that is no longer right": (
        {"assets": AssetsMode.REPLACE},
        state(release(OLD, asset("a.whl" + PART, "older"), B)),
        [f"delete a.whl{PART}", f"upload a.whl{PART}", "delete a.whl", f"rename a.whl{PART} to a.whl"],
    ),
    "published with a successor nobody needs": (
        {},
        state(release(A, asset("a.whl" + PART), B)),
        [f"delete a.whl{PART}"],
    ),
    "published with one file too many": ({}, state(release(A, B, asset("x"))), []),
    "published with one file too many, exactly": (
        {"assets": AssetsMode.EXACT},
        state(release(A, B, asset("x"))),
        ["delete x"],
    ),
    "published and to be skipped": ({"on_existing": OnExisting.SKIP}, state(release()), []),
    "a foreign draft to be skipped": ({"on_existing": OnExisting.SKIP}, state(foreign()), []),
    "our draft is finished even where others are skipped": (
        {"on_existing": OnExisting.SKIP},
        state(ours(A, B)),
        ["publish"],
    ),
    "published, equal, and to fail": ({"on_existing": OnExisting.FAIL}, state(release(A, B)), []),
    "immutable and equal": ({}, state(release(A, B, immutable=True)), []),
    "immutable with other notes": (
        {"notes": "Other."},
        state(release(A, B, immutable=True)),
        ["change body of the release 1"],
    ),
    "immutable with another file to keep": ({}, state(release(OLD, B, immutable=True)), []),
    "a file GitHub calls something else": (
        {"files": (file("my file (1).txt"),)},
        state(release(asset("my.file.1.txt"))),
        [],
    ),
    "a file GitHub calls something we do not expect": (
        {"files": (file("my file~1.txt"),)},
        state(release(asset("my-file-1.txt"))),
        [],
    ),
    "a file without the label asked for": (
        {"files": (file("a.whl", label="Wheel"),)},
        state(release(A)),
        ["label a.whl 'Wheel'"],
    ),
    "the tag is missing and may be made": (
        {"require_tag": False, "target": COMMIT, "files": ()},
        state(commit=None),
        ["create a draft of the release v1.2.0", "publish"],
    ),
    "the tag is missing and a draft is wanted": (
        {"require_tag": False, "draft": True, "files": ()},
        state(commit=None),
        ["create a draft of the release v1.2.0"],
    ),
}


@pytest.mark.parametrize(("asked", "there", "steps"), CASES.values(), ids=CASES.keys())
def test_a_plan_is_the_steps_between(asked: dict[str, Any], there: State, steps: list[str]) -> None:
    """From each state, these steps and no others, in this order."""
    assert shapes(plan(replace(WANTED, **asked), there)) == steps


REFUSALS = {
    "the tag is missing": ({}, state(commit=None), "no tag v1.2.0"),
    "the tag is missing and nobody said where it goes": ({"require_tag": False}, state(commit=None), "no tag v1.2.0"),
    "the tag is elsewhere than the commit built": ({}, state(commit="d" * 40), f"points at {'d' * 40}"),
    "published, with a tag that was moved since": (
        {"assets": AssetsMode.REPLACE},
        state(release(OLD, B), commit="d" * 40),
        f"points at {'d' * 40}",
    ),
    "several foreign drafts": ({}, state(foreign(id=1), foreign(id=2)), "2 drafts carry the tag v1.2.0"),
    "immutable without a file": ({}, state(release(A, immutable=True)), "is immutable"),
    "immutable with another file to replace": (
        {"assets": AssetsMode.REPLACE},
        state(release(OLD, B, immutable=True)),
        "is immutable",
    ),
    "published, different, and to fail": ({"on_existing": OnExisting.FAIL}, state(release(A)), "on-existing is fail"),
    "a pre-release to be latest": ({"latest": True, "version": parse_version("1.2.0rc1")}, state(), "pre-release"),
}


@pytest.mark.parametrize(("asked", "there", "says"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_had_is_refused(asked: dict[str, Any], there: State, says: str) -> None:
    """Each is refused with a sentence, before there is a plan."""
    with pytest.raises(Failure, match=says):
        plan(replace(WANTED, **asked), there)


def published(asked: dict[str, Any], there: State) -> dict[str, Any]:
    """What the request carries that publishes."""
    last = plan(replace(WANTED, files=(), **asked), there).steps[-1]
    assert isinstance(last, Publish)
    return dict(last.fields.sent())


V = "v1.2.0"
PUBLISHING = {
    "a final version": ({}, state(), {"prerelease": False, "make_latest": "true"}),
    "a pre-release": (
        {"version": parse_version("1.2.0rc1")},
        state(),
        {"prerelease": True, "make_latest": "false"},
    ),
    "a maintenance release": (
        {},
        state(release(id=2, tag="v2.0")),
        {"prerelease": False, "make_latest": "false"},
    ),
    "beside a higher version that is marked a pre-release": (
        {},
        state(release(id=2, tag="v2.0", prerelease=True)),
        {"prerelease": False, "make_latest": "true"},
    ),
    "beside a higher version of another package": (
        {},
        state(release(id=2, tag="other-v2.0")),
        {"prerelease": False, "make_latest": "true"},
    ),
    "beside a higher version that is a draft": (
        {},
        state(release(id=2, tag="v2.0", draft=True)),
        {"prerelease": False, "make_latest": "true"},
    ),
    "a tag that is no version": ({"version": None}, state(), {"prerelease": False, "make_latest": "legacy"}),
    "as asked for": (
        {"prerelease": False, "latest": False},
        state(),
        {"prerelease": False, "make_latest": "false"},
    ),
    "a foreign draft that is marked a pre-release": (
        {"notes": None},
        state(foreign(prerelease=True)),
        {"prerelease": True, "make_latest": "false"},
    ),
    "with a discussion": (
        {"discussion": "News"},
        state(),
        {"prerelease": False, "make_latest": "true", "discussion_category_name": "News"},
    ),
    "with a tag to make": (
        {"require_tag": False, "target": "main"},
        state(commit=None),
        {"prerelease": False, "make_latest": "true", "target_commitish": "main"},
    ),
    "with a target that is not needed": (
        {"require_tag": False, "target": "main"},
        state(),
        {"prerelease": False, "make_latest": "true"},
    ),
}


@pytest.mark.parametrize(("asked", "there", "carried"), PUBLISHING.values(), ids=PUBLISHING.keys())
def test_publishing_carries_what_publishing_decides(
    asked: dict[str, Any], there: State, carried: dict[str, Any]
) -> None:
    """Tag, prerelease and latest go in the one request that makes the release public."""
    assert published(asked, there) == {"tag_name": "v1.2.0", "draft": False, **carried}


def test_a_draft_is_created_with_its_text_and_mark() -> None:
    """The first request carries title, notes and the mark that a later run knows it by; never ``make_latest``."""
    (create, *_) = plan(WANTED, state()).steps
    assert isinstance(create, CreateDraft)
    assert create.fields.sent() == {
        "tag_name": "v1.2.0",
        "name": "v1.2.0",
        "body": BODY,
        "draft": True,
        "prerelease": False,
    }


def test_an_update_carries_nothing_else() -> None:
    """A change of the title is a request with a title."""
    (update,) = plan(replace(WANTED, name="Title", files=()), state(release())).steps
    assert isinstance(update, UpdateRelease)
    assert update.fields.sent() == {"name": "Title"}


def test_what_is_left_alone_is_remarked() -> None:
    """Kept files, spare drafts and a release that stays public are told."""
    there = state(release(OLD, B, id=3), foreign(id=4, url="https://github.com/octo/hello/releases/4"))
    made = plan(replace(WANTED, draft=True), there)
    assert [remark.partition(" ")[0] for remark in made.remarks] == ["a.whl", "The", "Another"]
    assert "https://github.com/octo/hello/releases/4" in made.remarks[-1]


@pytest.mark.parametrize("there", [state(), state(ours(A, B))])
def test_notes_that_do_not_fit_are_remarked(there: State) -> None:
    """Whoever reads the run learns that the page does not hold all of it."""
    made = plan(replace(WANTED, notes=("A line of notes. " * 60 + "\n\n") * 130), there)
    assert "the page holds 120,000" in made.remarks[0]


@pytest.mark.parametrize(
    ("there", "first"),
    [
        pytest.param(state(), ["create a draft of the release v1.2.0"], id="creating goes alone"),
        pytest.param(state(ours()), ["upload a.whl", "upload b.gz"], id="files go together, publishing does not"),
        pytest.param(state(ours(A, B)), ["publish"], id="publishing goes alone"),
        pytest.param(
            state(ours(A, B, body=mark("v1.2.0"))), ["change body of the release 1"], id="fields go before publishing"
        ),
        pytest.param(
            state(ours(A, B), ours(id=2)),
            ["delete the draft 2, a double of our own"],
            id="doubles go before publishing",
        ),
    ],
)
def test_a_plan_is_done_in_parts(there: State, first: list[str]) -> None:
    """Before creating and publishing have their effect on anything else, there is another look."""
    assert shapes(plan(WANTED, there).part) == first


def test_a_plan_prints_its_steps_in_order() -> None:
    """The plan is numbered; an empty one says so."""
    assert str(plan(WANTED, state(ours(A)))) == (
        "1. upload b.gz (3 bytes, sha256:new)\n2. publish (tag_name v1.2.0, prerelease False, make_latest true)"
    )
    assert str(plan(WANTED, state(release(A, B)))) == "nothing to do: the release is as it should be"
