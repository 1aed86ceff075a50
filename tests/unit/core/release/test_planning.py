"""Plans for every state of a release: each case has the request, the current state, and the steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tagship.core.release.assets import PART
from tagship.core.release.body import marker
from tagship.core.release.desired import DesiredRelease, File
from tagship.core.release.planning import plan
from tagship.core.release.state import Asset, CurrentReleases, Release
from tagship.core.release.steps import CreateDraft, Publish, RenameAsset, UpdateRelease
from tagship.core.versions import parse_version
from tagship.errors import Failure

COMMIT = "c" * 40
BODY = f"Notes.\n\n{marker('v1.2.0')}"
NO_FILES: tuple[File, ...] = ()


def file(name: str, content: str = "new", **fields: Any) -> File:
    """Return a file to attach; its content is used as its digest."""
    return File(path=f"dist/{name}", name=name, size=3, digest=f"sha256:{content}", **fields)


def asset(name: str, content: str = "new", **fields: Any) -> Asset:
    """Return an existing asset."""
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
    """Return a draft of an earlier tagship run."""
    return release(*assets, **{"draft": True, "body": BODY, **fields})


def foreign(*assets: Asset, **fields: Any) -> Release:
    """Return a draft that a person created."""
    return release(*assets, **{"draft": True, "body": "By hand.", **fields})


def current(*releases: Release, commit: str | None = COMMIT, latest: int | None = None) -> CurrentReleases:
    """Return the current releases; the tag exists unless ``commit`` is None."""
    return CurrentReleases(releases=releases, commit=commit, latest=latest)


DESIRED = DesiredRelease(
    tag="v1.2.0", version=parse_version("1.2.0"), notes="Notes.", files=(file("a.whl"), file("b.gz")), commit=COMMIT
)
A, B = asset("a.whl"), asset("b.gz")
OLD = asset("a.whl", "old")
STARTER = asset("a.whl", "none", uploaded=False, digest=None)


def shapes(made: object) -> list[str]:
    """Return the steps without sizes and digests."""
    return [str(step).partition(" (")[0] for step in made.steps]  # type: ignore[attr-defined]


CASES = {
    "no release": (
        {},
        current(),
        ["create a draft release v1.2.0", "upload a.whl", "upload b.gz", "publish"],
    ),
    "no release, and a draft is requested": (
        {"draft": True},
        current(),
        ["create a draft release v1.2.0", "upload a.whl", "upload b.gz"],
    ),
    "our draft is complete": ({}, current(ours(A, B)), ["publish"]),
    "our draft is complete and a draft is requested": ({"draft": True}, current(ours(A, B)), []),
    "our draft lacks a file": ({}, current(ours(A)), ["upload b.gz", "publish"]),
    "our draft has a file of an earlier build": (
        {},
        current(ours(OLD, B)),
        ["delete a.whl", "upload a.whl", "publish"],
    ),
    "our draft has an unfinished upload": (
        {},
        current(ours(STARTER, B)),
        ["delete the unfinished a.whl", "upload a.whl", "publish"],
    ),
    "our draft has lost its tag": ({}, current(ours(A, B, tag="untagged-1")), ["publish"]),
    "a draft of another tag has our notes": (
        {},
        current(ours(tag="v1.3.0")),
        ["create a draft release v1.2.0", "upload a.whl", "upload b.gz", "publish"],
    ),
    "published, and a draft of another tag has its notes": (
        {},
        current(release(A, B, id=9), ours(id=1, tag="v1.3.0")),
        [],
    ),
    "published, and a draft without a tag has its notes": (
        {},
        current(release(A, B, id=9), ours(id=1, tag="untagged-1")),
        [],
    ),
    "our draft has other notes": ({"notes": "Other."}, current(ours(A, B)), ["update body of release 1", "publish"]),
    "three drafts of ours": (
        {},
        current(ours(A, B, id=7), ours(A, id=5), ours(id=6)),
        [
            "upload b.gz",
            "publish",
            "delete the duplicate draft 6",
            "delete the duplicate draft 7",
        ],
    ),
    "our draft and a foreign draft": ({}, current(foreign(id=1), ours(A, B, id=2)), ["publish"]),
    "a second draft of ours with other assets": (
        {},
        current(ours(A, B, id=1), ours(asset("x", "own"), id=2)),
        ["publish"],
    ),
    "a foreign draft": ({"notes": None}, current(foreign()), ["upload a.whl", "upload b.gz", "publish"]),
    "a foreign draft with another file": (
        {"notes": None},
        current(foreign(OLD, B)),
        ["delete a.whl", "upload a.whl", "publish"],
    ),
    "a new release next to a foreign draft": (
        {"on_draft": "new"},
        current(foreign(OLD)),
        ["create a draft release v1.2.0", "upload a.whl", "upload b.gz", "publish"],
    ),
    "a foreign draft with another file to replace": (
        {"notes": None, "assets": "replace"},
        current(foreign(OLD, B)),
        ["delete a.whl", "upload a.whl", "publish"],
    ),
    "published and equal": ({}, current(release(A, B)), []),
    "published and equal, with other line ends": (
        {"notes": "A\n\nB"},
        current(release(A, B, body="A\r\n\r\nB\r\n")),
        [],
    ),
    "published and a draft is requested": ({"draft": True}, current(release(A, B)), []),
    "published and a duplicate draft of ours": (
        {},
        current(release(A, B, id=9), ours(A, id=1)),
        ["delete the duplicate draft 1"],
    ),
    "published with other notes": ({"notes": "Other."}, current(release(A, B)), ["update body of release 1"]),
    "published with other notes to keep": (
        {"notes": "Other.", "notes_mode": "keep"},
        current(release(A, B)),
        [],
    ),
    "published without notes and they are to be kept": (
        {"notes_mode": "keep"},
        current(release(A, B, body="")),
        ["update body of release 1"],
    ),
    "published with another title": ({"name": "Title"}, current(release(A, B)), ["update name of release 1"]),
    "published with another title, and none is requested": ({}, current(release(A, B, name="Title")), []),
    "published as a pre-release": ({}, current(release(A, B, prerelease=True)), []),
    "published as a pre-release, and prerelease is false": (
        {"prerelease": False},
        current(release(A, B, prerelease=True)),
        ["update prerelease of release 1"],
    ),
    "published and equal, with a tag that was moved since": ({}, current(release(A, B), commit="d" * 40), []),
    "published and not latest": ({"latest": True}, current(release(A, B)), ["update make_latest of release 1"]),
    "published and latest": ({"latest": True}, current(release(A, B), latest=1), []),
    "published and latest, and latest is false": (
        {"latest": False},
        current(release(A, B), latest=1),
        ["update make_latest of release 1"],
    ),
    "published without a discussion": (
        {"discussion": "News"},
        current(release(A, B)),
        ["update discussion_category_name of release 1"],
    ),
    "published with a discussion": ({"discussion": "News"}, current(release(A, B, discussed=True)), []),
    "published without a file": ({}, current(release(A)), ["upload b.gz"]),
    "published with another file to keep": ({}, current(release(OLD, B)), []),
    "published with another file to replace": (
        {"assets": "replace"},
        current(release(OLD, B)),
        [f"upload a.whl{PART}", "delete a.whl", f"rename a.whl{PART} to a.whl"],
    ),
    "published with a file whose replacement is uploaded": (
        {"assets": "replace"},
        current(release(OLD, asset("a.whl" + PART), B)),
        ["delete a.whl", f"rename a.whl{PART} to a.whl"],
    ),
    "published with a replacement whose old file is deleted": (
        {},
        current(release(asset("a.whl" + PART), B)),
        [f"rename a.whl{PART} to a.whl"],
    ),
    "published with an outdated replacement": (
        {"assets": "replace"},
        current(release(OLD, asset("a.whl" + PART, "older"), B)),
        [f"delete a.whl{PART}", f"upload a.whl{PART}", "delete a.whl", f"rename a.whl{PART} to a.whl"],
    ),
    "published with an unnecessary replacement": (
        {},
        current(release(A, asset("a.whl" + PART), B)),
        [f"delete a.whl{PART}"],
    ),
    "our draft was marked a pre-release": ({}, current(ours(A, B, prerelease=True)), ["publish"]),
    "our draft was marked a pre-release, and a draft is requested": (
        {"draft": True},
        current(ours(A, B, prerelease=True)),
        ["update prerelease of release 1"],
    ),
    "a foreign draft to mark as a pre-release": (
        {"notes": None, "draft": True, "prerelease": True},
        current(foreign(A, B)),
        ["update prerelease of release 1"],
    ),
    "published by us with another file to keep": ({}, current(release(OLD, B, body=BODY)), []),
    "our draft has a file of the same digest and another size": (
        {},
        current(ours(asset("a.whl", size=4), B)),
        ["delete a.whl", "upload a.whl", "publish"],
    ),
    "published with an unnecessary replacement, exactly": (
        {"assets": "exact"},
        current(release(A, asset("a.whl" + PART), B)),
        [f"delete a.whl{PART}"],
    ),
    "a file with the requested label": (
        {"files": (file("a.whl", label="Wheel"),)},
        current(release(asset("a.whl", label="Wheel"))),
        [],
    ),
    "two files of equal content, one of which GitHub may rename to the other": (
        {"files": (file("my file~1.txt"), file("my-file-1.txt"))},
        current(release(asset("my-file-1.txt"))),
        ["upload my.file.1.txt"],
    ),
    "a second draft of ours with a file that is replaced in the first": (
        {},
        current(ours(OLD, B, id=1), ours(OLD, id=2)),
        ["delete a.whl", "upload a.whl", "publish"],
    ),
    "a second draft of ours with a file that is unfinished in the first": (
        {"files": ()},
        current(ours(asset("x", "own", uploaded=False), id=1), ours(asset("x", "own"), id=2)),
        ["publish"],
    ),
    "a second draft of ours with an unfinished file": (
        {},
        current(ours(A, B, id=1), ours(asset("x", "own", uploaded=False), id=2)),
        ["publish", "delete the duplicate draft 2"],
    ),
    "published with one file too many": ({}, current(release(A, B, asset("x"))), []),
    "published with one file too many, exactly": (
        {"assets": "exact"},
        current(release(A, B, asset("x"))),
        ["delete x"],
    ),
    "published and to be skipped": ({"on_existing": "skip"}, current(release()), []),
    "a foreign draft to be skipped": ({"on_existing": "skip"}, current(foreign()), []),
    "our draft is finished even if releases are skipped": (
        {"on_existing": "skip"},
        current(ours(A, B)),
        ["publish"],
    ),
    "published, equal, and to fail": ({"on_existing": "fail"}, current(release(A, B)), []),
    "immutable and equal": ({}, current(release(A, B, immutable=True)), []),
    "immutable with other notes": (
        {"notes": "Other."},
        current(release(A, B, immutable=True)),
        ["update body of release 1"],
    ),
    "immutable with another file to keep": ({}, current(release(OLD, B, immutable=True)), []),
    "a file that GitHub renames": (
        {"files": (file("my file (1).txt"),)},
        current(release(asset("my.file.1.txt"))),
        [],
    ),
    "a file that GitHub renames by an unknown rule": (
        {"files": (file("my file~1.txt"),)},
        current(release(asset("my-file-1.txt"))),
        [],
    ),
    "a file without the requested label": (
        {"files": (file("a.whl", label="Wheel"),)},
        current(release(A)),
        ["label a.whl 'Wheel'"],
    ),
    "the tag is missing and may be created": (
        {"require_tag": False, "target": COMMIT, "files": ()},
        current(commit=None),
        ["create a draft release v1.2.0", "publish"],
    ),
    "the tag is missing and a draft is requested": (
        {"require_tag": False, "draft": True, "files": ()},
        current(commit=None),
        ["create a draft release v1.2.0"],
    ),
}


@pytest.mark.parametrize(("asked", "there", "steps"), CASES.values(), ids=CASES.keys())
def test_a_plan_is_the_steps_between(asked: dict[str, Any], there: CurrentReleases, steps: list[str]) -> None:
    """Each state leads to these steps and no others, in this order."""
    assert shapes(plan(replace(DESIRED, **asked), there)) == steps


REFUSALS = {
    "the tag is missing": ({}, current(commit=None), "no tag v1.2.0"),
    "the tag is missing and no target is set": ({"require_tag": False}, current(commit=None), "no tag v1.2.0"),
    "the tag points at another commit than the built one": (
        {},
        current(commit="d" * 40),
        f"points at commit {'d' * 40}",
    ),
    "published, with a tag that was moved since": (
        {"assets": "replace"},
        current(release(OLD, B), commit="d" * 40),
        f"points at commit {'d' * 40}",
    ),
    "several foreign drafts": ({}, current(foreign(id=1), foreign(id=2)), "2 drafts have the tag v1.2.0"),
    "immutable without a file": ({}, current(release(A, immutable=True)), "is immutable"),
    "immutable with another file to replace": (
        {"assets": "replace"},
        current(release(OLD, B, immutable=True)),
        "is immutable",
    ),
    "published, different, and to fail": ({"on_existing": "fail"}, current(release(A)), "on-existing is fail"),
    "a pre-release with latest": ({"latest": True, "version": parse_version("1.2.0rc1")}, current(), "pre-release"),
}


@pytest.mark.parametrize(("asked", "there", "says"), REFUSALS.values(), ids=REFUSALS.keys())
def test_an_impossible_release_is_refused(asked: dict[str, Any], there: CurrentReleases, says: str) -> None:
    """It is refused with a message before a step is planned."""
    with pytest.raises(Failure, match=says):
        plan(replace(DESIRED, **asked), there)


def published(asked: dict[str, Any], there: CurrentReleases) -> dict[str, Any]:
    """Return the fields of the publishing request."""
    last = plan(replace(DESIRED, files=(), **asked), there).steps[-1]
    assert isinstance(last, Publish)
    return dict(last.fields.sent())


V = "v1.2.0"
PUBLISHING = {
    "a final version": ({}, current(), {"prerelease": False, "make_latest": "true"}),
    "a pre-release": (
        {"version": parse_version("1.2.0rc1")},
        current(),
        {"prerelease": True, "make_latest": "false"},
    ),
    "a maintenance release": (
        {},
        current(release(id=2, tag="v2.0")),
        {"prerelease": False, "make_latest": "false"},
    ),
    "next to a higher version that is marked a pre-release": (
        {},
        current(release(id=2, tag="v2.0", prerelease=True)),
        {"prerelease": False, "make_latest": "true"},
    ),
    "next to a higher version of another package": (
        {},
        current(release(id=2, tag="other-v2.0")),
        {"prerelease": False, "make_latest": "true"},
    ),
    "next to a higher version that is a draft": (
        {},
        current(release(id=2, tag="v2.0", draft=True)),
        {"prerelease": False, "make_latest": "true"},
    ),
    "a tag that is not a version": ({"version": None}, current(), {"prerelease": False, "make_latest": "legacy"}),
    "as requested": (
        {"prerelease": False, "latest": False},
        current(),
        {"prerelease": False, "make_latest": "false"},
    ),
    "a foreign draft that is marked a pre-release": (
        {"notes": None},
        current(foreign(prerelease=True)),
        {"prerelease": True, "make_latest": "false"},
    ),
    "a pre-release in a foreign draft that is not marked": (
        {"notes": None, "version": parse_version("1.2.0rc1")},
        current(foreign()),
        {"prerelease": True, "make_latest": "false"},
    ),
    "a draft of ours that was marked a pre-release": (
        {},
        current(ours(prerelease=True)),
        {"prerelease": False, "make_latest": "true"},
    ),
    "with a discussion": (
        {"discussion": "News"},
        current(),
        {"prerelease": False, "make_latest": "true", "discussion_category_name": "News"},
    ),
    "with a tag to create": (
        {"require_tag": False, "target": "main"},
        current(commit=None),
        {"prerelease": False, "make_latest": "true", "target_commitish": "main"},
    ),
    "with an unnecessary target": (
        {"require_tag": False, "target": "main"},
        current(),
        {"prerelease": False, "make_latest": "true"},
    ),
}


@pytest.mark.parametrize(("asked", "there", "carried"), PUBLISHING.values(), ids=PUBLISHING.keys())
def test_the_publishing_request_has_all_its_fields(
    asked: dict[str, Any], there: CurrentReleases, carried: dict[str, Any]
) -> None:
    """Tag, prerelease and latest are in the one request that makes the release public."""
    assert published(asked, there) == {"tag_name": "v1.2.0", "draft": False, **carried}


def test_a_draft_is_created_with_its_text_and_marker() -> None:
    """The first request has title, notes and the marker of our drafts, but not ``make_latest``."""
    (create, *_) = plan(DESIRED, current()).steps
    assert isinstance(create, CreateDraft)
    assert create.fields.sent() == {
        "tag_name": "v1.2.0",
        "name": "v1.2.0",
        "body": BODY,
        "draft": True,
        "prerelease": False,
    }


def test_a_draft_is_created_with_the_requested_title() -> None:
    """Without a title the release has the name of the tag."""
    (create, *_) = plan(replace(DESIRED, name="Title"), current()).steps
    assert isinstance(create, CreateDraft)
    assert create.fields.name == "Title"


def test_a_draft_that_stays_a_draft_has_no_remark() -> None:
    """Only a published release is reported as not unpublished."""
    assert plan(replace(DESIRED, draft=True), current(ours(A, B))).remarks == ()


def test_an_update_has_only_the_changed_fields() -> None:
    """A change of the title is a request with the title alone."""
    (update,) = plan(replace(DESIRED, name="Title", files=()), current(release())).steps
    assert isinstance(update, UpdateRelease)
    assert update.fields.sent() == {"name": "Title"}


def test_a_remark_names_what_is_kept() -> None:
    """Remarks report kept assets, other drafts and a release that stays published."""
    there = current(release(OLD, B, id=3), foreign(id=4, url="https://github.com/octo/hello/releases/4"))
    made = plan(replace(DESIRED, draft=True), there)
    assert [remark.partition(" ")[0] for remark in made.remarks] == ["a.whl", "The", "Another"]
    assert "https://github.com/octo/hello/releases/4" in made.remarks[-1]


@pytest.mark.parametrize("there", [current(), current(ours(A, B))])
def test_a_remark_reports_notes_that_are_too_long(there: CurrentReleases) -> None:
    """The remark has GitHub's limit."""
    made = plan(replace(DESIRED, notes=("A line of notes. " * 60 + "\n\n") * 130), there)
    assert "limit of 120,000 bytes" in made.remarks[0]


@pytest.mark.parametrize(
    ("there", "first"),
    [
        pytest.param(current(), ["create a draft release v1.2.0"], id="creation is alone"),
        pytest.param(current(ours()), ["upload a.whl", "upload b.gz"], id="files are together, without publishing"),
        pytest.param(current(ours(A, B)), ["publish"], id="publishing is alone"),
        pytest.param(
            current(ours(A, B, body=marker("v1.2.0"))), ["update body of release 1"], id="fields before publishing"
        ),
        pytest.param(
            current(ours(A, B), ours(id=2)),
            ["publish"],
            id="publishing before duplicates",
        ),
    ],
)
def test_a_plan_is_sent_in_parts(there: CurrentReleases, first: list[str]) -> None:
    """After creation and before publishing the releases are read again."""
    assert shapes(plan(DESIRED, there).part) == first


def test_a_plan_prints_its_steps_in_order() -> None:
    """The plan is numbered; an empty one says so."""
    assert str(plan(DESIRED, current(ours(A)))) == (
        "1. upload b.gz (3 bytes, sha256:new)\n2. publish (tag_name v1.2.0, prerelease False, make_latest true)"
    )
    assert str(plan(DESIRED, current(release(A, B)))) == "nothing to do: the release is up to date"


@pytest.mark.parametrize(
    ("part", "known"),
    [pytest.param("new", True, id="already uploaded"), pytest.param("older", False, id="of an earlier build")],
)
def test_the_replacement_is_renamed_by_its_id_if_it_is_known(part: str, *, known: bool) -> None:
    """A replacement that is uploaded in this run has no id yet; one that is deleted first is not renamed."""
    waiting = asset("a.whl" + PART, part)
    there = current(release(OLD, waiting, B))
    rename = plan(replace(DESIRED, assets="replace"), there).steps[-1]
    assert isinstance(rename, RenameAsset)
    assert rename.asset == (waiting.id if known else None)


@pytest.mark.parametrize(("created", "deleted"), [((), []), ((2,), ["delete the duplicate draft 2"])])
def test_a_run_that_publishes_nothing_deletes_only_its_own_drafts(created: tuple[int, ...], deleted: list[str]) -> None:
    """Another run may publish its draft at this moment."""
    there = replace(current(ours(A, B), ours(id=2)), created=frozenset(created))
    assert shapes(plan(replace(DESIRED, draft=True), there)) == deleted
