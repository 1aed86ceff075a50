"""gh-release against the embedded GitHub: the releases afterwards, and the requests on the way."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from support.github import COMMIT, GitHubUnderTest, github_under_test
from tagship.errors import Failure
from tagship.rehearsal.fake_github.models import Put

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "d" * 40


def names(release: dict[str, Any]) -> list[str]:
    """Return the sorted names of a release's assets."""
    return sorted(asset["name"] for asset in release["assets"])


def published(tag: str = "v1.2.0", **fields: object) -> dict[str, Any]:
    """Return repository settings with one existing release."""
    return {"releases": [{"tag_name": tag, "name": tag, "body": "", **fields}], "tags": {"v1.2.0": COMMIT, tag: COMMIT}}


def refusal(hub: GitHubUnderTest, **given: str) -> str:
    """Return the message of a failing run."""
    with pytest.raises(Failure) as failure:
        hub.run(**given)
    return str(failure.value)


def test_a_release_is_published_with_its_files(tmp_path: Path) -> None:
    """Without a release, the run publishes one with every file, and it is Latest."""
    with github_under_test(tmp_path) as hub:
        hub.write(a__whl="wheel", b__gz="sdist")
        outputs, runner = hub.run(notes="Some *notes*.", checksums="true")
        release = hub.release
        assert (release["draft"], release["prerelease"], hub.latest) == (False, False, release["id"])
        assert names(release) == ["SHA256SUMS", "a.whl", "b.gz"]
        assert release["body"].startswith("Some *notes*.\n")
        assert (outputs.created, outputs.changed, outputs.id) == (True, True, str(release["id"]))
        assert [asset["name"] for asset in outputs.assets] == ["SHA256SUMS", "a.whl", "b.gz"]
        assert outputs.url in runner.summary


def test_a_rerun_changes_nothing_with_few_requests(tmp_path: Path) -> None:
    """A run that finds everything up to date only reads."""
    with github_under_test(tmp_path) as hub:
        hub.write(**{f"file{number}__txt": str(number) for number in range(7)})
        hub.run(notes="n", latest="true")
        before, asked = hub.releases, len(hub.requests())
        outputs, _ = hub.run(notes="n", latest="true")
        assert hub.releases == before
        assert (outputs.created, outputs.changed) == (False, False)
        again = hub.requests()[asked:]
        assert len(again) <= 3
        assert all(request.startswith("GET ") for request in again)


def test_publishing_is_the_last_request(tmp_path: Path) -> None:
    """No file changes after the only request that publishes the release."""
    with github_under_test(tmp_path, repository={"immutable_releases": True}) as hub:
        hub.write(a__whl="wheel")
        hub.run()
        writes = [request for request in hub.requests() if not request.startswith("GET ")]
        assert [request.partition(" ")[0] for request in writes] == ["POST", "POST", "PATCH"]
        assert hub.release["immutable"] is True


def test_a_dry_run_prints_the_plan_and_changes_nothing(tmp_path: Path) -> None:
    """A dry run shows every step and applies none."""
    with github_under_test(tmp_path) as hub:
        hub.write(a__whl="wheel")
        outputs, runner = hub.run(dry_run="true")
        assert "upload a.whl" in runner.text
        assert "publish (tag_name v1.2.0" in runner.text
        assert hub.releases == []
        assert (outputs.id, outputs.created, outputs.changed) == ("", False, False)


@pytest.mark.parametrize(
    ("tag", "others", "prerelease", "latest"),
    [
        pytest.param("v1.2.0", [], False, True, id="the only release is latest"),
        pytest.param("v1.2.0", ["v1.10.0"], False, False, id="a maintenance release is not latest"),
        pytest.param("v1.2.0", ["v1.1.9", "v2.0.0rc1"], False, True, id="a higher pre-release does not count"),
        pytest.param("v1.2.0-rc.1", [], True, False, id="a release candidate is a pre-release"),
    ],
)
def test_prerelease_and_latest_follow_from_the_version(
    tmp_path: Path, tag: str, others: list[str], *, prerelease: bool, latest: bool
) -> None:
    """``auto`` decides by PEP 440 and by the published releases."""
    there = [{"tag_name": other, "name": other, "body": ""} for other in others]
    tags = dict.fromkeys([tag, *others], COMMIT)
    with github_under_test(tmp_path, repository={"releases": there, "tags": tags}) as hub:
        hub.run(tag=tag, files="\n!none", notes="n")
        made = hub.releases[-1]
        assert (made["tag_name"], made["prerelease"]) == (tag, prerelease)
        assert (hub.latest == made["id"]) is latest


def test_an_update_changes_only_the_given_inputs(tmp_path: Path) -> None:
    """A pre-release with a custom title keeps both, and its other files, if only notes are set."""
    assets = [{"name": "other.txt", "content": "other"}]
    there = published(name="A title", prerelease=True, assets=assets)
    with github_under_test(tmp_path, repository=there) as hub:
        outputs, _ = hub.run(notes="New notes", files="!none")
        assert (hub.release["name"], hub.release["prerelease"], hub.release["draft"]) == ("A title", True, False)
        assert hub.release["body"] == "New notes"
        assert names(hub.release) == ["other.txt"]
        assert (outputs.created, outputs.changed) == (False, True)


def test_a_published_file_is_kept_with_a_warning(tmp_path: Path) -> None:
    """By default an asset of a published release stays, with a warning."""
    there = published(assets=[{"name": "a.whl", "content": "old"}])
    with github_under_test(tmp_path, repository=there) as hub:
        hub.write(a__whl="new")
        outputs, runner = hub.run()
        assert outputs.changed is False
        (warning,) = runner.annotations
        assert warning[0] == "warning"
        assert "a.whl on the release has other content" in warning[2]


@pytest.mark.parametrize(("mode", "left"), [("replace", ["a.whl", "old.txt"]), ("exact", ["a.whl"])])
def test_published_files_can_be_replaced(tmp_path: Path, mode: str, left: list[str]) -> None:
    """``replace`` replaces different files, ``exact`` also removes the others, and a rerun changes nothing."""
    assets = [{"name": "a.whl", "content": "old"}, {"name": "old.txt", "content": "old"}]
    with github_under_test(tmp_path, repository=published(assets=assets)) as hub:
        hub.write(a__whl="brand new")
        hub.run(assets=mode)
        assert names(hub.release) == left
        assert hub.release["assets"][-1]["size"] == len("brand new")
        assert hub.run(assets=mode)[0].changed is False


def test_the_remedy_for_an_immutable_release_changes_its_notes(tmp_path: Path) -> None:
    """The line in the remedy attaches nothing and keeps the existing files."""
    there = published(immutable=True, assets=[{"name": "a.whl", "content": "old"}])
    with github_under_test(tmp_path, repository=there) as hub:
        hub.write(a__whl="new", b__gz="more")
        assert "set files: none" in refusal(hub, notes="Better notes")
        hub.run(notes="Better notes", files="none")
        assert (hub.release["body"], names(hub.release)) == ("Better notes", ["a.whl"])


def test_files_of_another_commit_do_not_reach_a_published_release(tmp_path: Path) -> None:
    """A rerun after the tag has moved has files that no longer match the tag."""
    there = published(assets=[{"name": "a.whl", "content": "of the tag as it is"}])
    with github_under_test(tmp_path, repository=there) as hub:
        hub.write(a__whl="of the tag as it was")
        assert "the files were built from" in refusal(hub, sha="d" * 40, assets="replace")
        assert not [request for request in hub.requests() if not request.startswith("GET ")]


def test_an_unfinished_draft_is_completed(tmp_path: Path) -> None:
    """The draft of an interrupted run keeps its files and is published."""
    with github_under_test(tmp_path) as hub:
        hub.write(a__whl="wheel")
        hub.run(draft="true")
        draft = hub.release["id"]
        hub.write(b__gz="sdist")
        hub.run()
        assert (hub.release["id"], hub.release["draft"], names(hub.release)) == (draft, False, ["a.whl", "b.gz"])


def test_a_draft_of_a_user_is_published(tmp_path: Path) -> None:
    """An existing draft for the tag is published with its title and text."""
    with github_under_test(tmp_path, repository=published(draft=True, body="By hand", name="Title")) as hub:
        hub.write(a__whl="wheel")
        hub.run()
        assert (hub.release["draft"], hub.release["body"], hub.release["name"]) == (False, "By hand", "Title")


def test_notes_are_appended_once(tmp_path: Path) -> None:
    """Running ``append`` twice leaves one copy, and new text replaces the appended text."""
    with github_under_test(tmp_path, repository=published(body="First.")) as hub:
        for notes in ("Second.", "Second.", "Third."):
            hub.run(notes=notes, notes_mode="append", files="!none")
        assert hub.release["body"].startswith("First.")
        assert hub.release["body"].count("Second.") == 0
        assert hub.release["body"].count("Third.") == 1


def test_notes_from_a_file_and_from_github(tmp_path: Path) -> None:
    """Generated notes are below the given notes."""
    with github_under_test(tmp_path) as hub:
        (hub.checkout / "notes.md").write_text("Our notes.\n", "utf-8")
        hub.run(notes_file="notes.md", generate_notes="true", files="!none")
        assert hub.release["body"].startswith("Our notes.\n\n")
        assert "Full Changelog" in hub.release["body"]


def test_files_are_renamed_and_labelled(tmp_path: Path) -> None:
    """A line can set another name and a label, and a rerun looks for the name that GitHub assigned."""
    with github_under_test(tmp_path) as hub:
        hub.write(app="binary", **{"my file (1)": "text"})
        given = "dist/app => app-linux # For Linux\n'dist/my file (1)'"
        hub.run(files=given)
        assert names(hub.release) == ["app-linux", "my.file.1"]
        assert [asset["label"] for asset in hub.release["assets"] if asset["name"] == "app-linux"] == ["For Linux"]
        assert hub.run(files=given)[0].changed is False


def test_a_discussion_is_opened(tmp_path: Path) -> None:
    """A discussion category opens a discussion at the time of publishing."""
    with github_under_test(tmp_path, repository={"discussion_categories": ["Announcements"]}) as hub:
        hub.run(discussion_category="Announcements", files="!none")
        assert hub.release["discussion"]


def test_a_missing_tag_is_created_only_on_request(tmp_path: Path) -> None:
    """With require-tag false, GitHub creates the tag at the target."""
    with github_under_test(tmp_path) as hub:
        hub.run(tag="v2.0.0", require_tag="false", target=COMMIT, files="!none")
        assert hub.repository.tags["v2.0.0"] == COMMIT


@pytest.mark.parametrize(
    ("given", "there", "says"),
    [
        pytest.param({"tag": "v9.9.9"}, {}, "no tag v9.9.9", id="the tag is missing"),
        pytest.param({"sha": "1" * 40}, {}, f"points at commit {COMMIT}", id="the tag is at another commit"),
        pytest.param({"files": "dist/*.zip"}, {}, "'dist/*.zip' in files", id="a glob matches nothing"),
        pytest.param({"files": "dist"}, {}, "matches the folder", id="a glob matches a folder"),
        pytest.param({"files": "'dist/a"}, {}, "is not a glob", id="an open quote"),
        pytest.param({"notes": "n", "notes_file": "f"}, {}, "Both notes and notes-file", id="both kinds of notes"),
        pytest.param({"notes_file": "none.md"}, {}, "none.md cannot be read", id="the notes are missing"),
        pytest.param({"files": "dist/a.whl\ndist/sub/a.whl"}, {}, "have the same asset name a.whl", id="same names"),
        pytest.param({"files": "dist/empty"}, {}, "is empty", id="a file is empty"),
        pytest.param({"latest": "true", "prerelease": "true"}, {}, "pre-release", id="latest and pre-release"),
        pytest.param({"target": "main"}, {}, "target is 'main'", id="an unused target"),
        pytest.param(
            {"repository": "hello"}, {}, "repository: 'hello' is not OWNER/NAME", id="a repository without an owner"
        ),
        pytest.param({"parallel": "0"}, {}, "parallel: 0 is not a whole number from 1 to 64", id="no parallel upload"),
        pytest.param({"on_existing": "fail"}, published(), "on-existing is fail", id="an unwanted release exists"),
        pytest.param({"assets": "replace"}, published(immutable=True), "is immutable", id="an immutable release"),
        pytest.param(
            {},
            {"releases": [{"tag_name": "v1.2.0", "draft": True}] * 2},
            "2 drafts have the tag",
            id="several drafts of users",
        ),
    ],
)
def test_an_impossible_request_is_reported_before_any_change(
    tmp_path: Path, given: dict[str, str], there: dict[str, Any], says: str
) -> None:
    """Each problem has a message, and the releases on GitHub are unchanged."""
    with github_under_test(tmp_path, repository=there) as hub:
        hub.write(a__whl="wheel", empty="")
        (hub.checkout / "dist" / "sub").mkdir()
        (hub.checkout / "dist" / "sub" / "a.whl").write_text("other", "utf-8")
        before = hub.releases
        assert says in refusal(hub, **{"files": "dist/a.whl", **given})
        assert hub.releases == before
        assert all(request.startswith("GET ") for request in hub.requests())


@pytest.mark.parametrize(
    ("permissions", "says"),
    [
        pytest.param({"octo/hello": {"contents": "read"}}, "contents: write", id="a token with read permission"),
        pytest.param({}, "repository, api-url and token", id="a token without permissions"),
    ],
)
def test_a_missing_permission_is_named(tmp_path: Path, permissions: dict[str, Any], says: str) -> None:
    """The message has the permission to grant."""
    with github_under_test(tmp_path, permissions=permissions, repository={"private": True}) as hub:
        assert says in refusal(hub, files="!none")


def test_a_missing_token_is_reported_first(tmp_path: Path) -> None:
    """Without a token no request is sent."""
    with github_under_test(tmp_path) as hub:
        assert "No token is set" in refusal(hub, token="", files="!none")
        assert hub.requests() == []


def test_the_token_is_in_no_message(tmp_path: Path) -> None:
    """No failure contains the token."""
    with github_under_test(tmp_path, faults=[{"method": "POST", "status": 403}]) as hub:
        assert "ghs_release" not in refusal(hub, files="!none")


def test_the_summary_shows_the_jobs_of_the_run(tmp_path: Path) -> None:
    """The jobs that GitHub lists are on a timeline."""
    job = {"name": "Build", "started_at": "2026-11-23T01:00:00Z", "completed_at": "2026-11-23T01:00:08Z"}
    listed = {"path": "*/actions/runs/1/jobs", "status": 200, "body": {"jobs": [{**job, "conclusion": "success"}]}}
    with github_under_test(tmp_path, faults=[listed]) as hub:
        hub.write(a__whl="wheel")
        _, runner = hub.run(notes="n")
        assert "```mermaid\ngantt\n" in runner.summary
        assert "8.0 s - Build :done" in runner.summary


@pytest.mark.parametrize(
    "config",
    [{"repository": {"private": True}}, {"faults": [{"path": "*/jobs", "drop": True}]}],
    ids=["a token without permission", "no answer"],
)
def test_a_release_needs_no_timeline(tmp_path: Path, config: dict[str, Any]) -> None:
    """If GitHub does not list the jobs of the run, the log says so and the release is published."""
    with github_under_test(tmp_path, **config) as hub:
        hub.write(a__whl="wheel")
        _, runner = hub.run(notes="n")
        assert (hub.release["draft"], "mermaid" in runner.summary) == (False, False)
        assert runner.text.count("Grant actions: read.") == 1


@pytest.mark.parametrize("immutable", [False, True])
def test_a_stale_file_in_a_draft_of_another_tool_is_replaced(tmp_path: Path, *, immutable: bool) -> None:
    """Nothing is published while a wanted file differs, and SHA256SUMS agrees with the release."""
    there = published(draft=True, assets=[{"name": "a.bin", "content": "old build"}])
    with github_under_test(tmp_path, repository={**there, "immutable_releases": immutable}) as hub:
        hub.write(a__bin="new build", b__bin="b")
        hub.run(checksums="true")
        assert (hub.release["draft"], hub.release["immutable"]) == (False, immutable)
        assert listed_checksums(hub) == held_checksums(hub, "a.bin", "b.bin")
        assert held_checksums(hub, "a.bin")["a.bin"] == hashlib.sha256(b"new build").hexdigest()


def test_checksums_list_a_published_file_that_is_kept(tmp_path: Path) -> None:
    """SHA256SUMS has the digest of the asset that stays, not of the file that is not attached."""
    there = published(assets=[{"name": "a.bin", "content": "old build"}])
    with github_under_test(tmp_path, repository=there) as hub:
        hub.write(a__bin="new build", b__bin="b")
        hub.run(checksums="true")
        assert listed_checksums(hub) == held_checksums(hub, "a.bin", "b.bin")
        assert hub.run(checksums="true")[0].changed is False


@pytest.mark.parametrize("mode", ["keep", "replace"])
def test_a_rerun_keeps_checksums_that_the_server_does_not_compute(tmp_path: Path, mode: str) -> None:
    """An older GitHub Enterprise Server has no digest of SHA256SUMS, so the file is read."""
    with github_under_test(tmp_path) as hub:
        hub.write(a__bin="a")
        hub.run(checksums="true")
        app = hub.server.app
        app.apply([Put(record=replace(asset, digest=None)) for asset in app.state.assets.values()])
        outputs, runner = hub.run(checksums="true", assets=mode)
        assert (outputs.changed, runner.annotations) == (False, [])


def test_checksums_list_the_files_of_other_jobs(tmp_path: Path) -> None:
    """The job that publishes attaches no file; it lists those in the draft, and a rerun changes nothing."""
    with github_under_test(tmp_path) as hub:
        hub.write(a__bin="a")
        hub.run(draft="true", keep_draft="true")
        (hub.checkout / "dist" / "a.bin").unlink()
        hub.write(b__bin="b")
        hub.run(draft="true", keep_draft="true")
        hub.run(files="none", checksums="true")
        assert listed_checksums(hub) == held_checksums(hub, "a.bin", "b.bin")
        assert hub.run(files="none", checksums="true")[0].changed is False


def test_checksums_leave_out_the_file_that_exact_deletes(tmp_path: Path) -> None:
    """A draft of a person has another file and a signature of an older SHA256SUMS."""
    assets = [{"name": "old.bin", "content": "old"}, {"name": "SHA256SUMS.asc", "content": "signature"}]
    with github_under_test(tmp_path, repository=published(draft=True, assets=assets)) as hub:
        hub.write(a__bin="a")
        hub.run(assets="exact", checksums="true")
        assert listed_checksums(hub) == held_checksums(hub, "a.bin")


def held_checksums(hub: GitHubUnderTest, *wanted: str) -> dict[str, str]:
    """Return the digests of the assets with these names."""
    return {asset["name"]: asset["digest"][7:] for asset in hub.release["assets"] if asset["name"] in wanted}


def listed_checksums(hub: GitHubUnderTest) -> dict[str, str]:
    """Return the content of the asset SHA256SUMS."""
    (sums,) = (asset for asset in hub.release["assets"] if asset["name"] == "SHA256SUMS")
    lines = hub.server.app.file(sums["content"]).read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


@pytest.mark.parametrize(
    ("given", "releases"),
    [
        pytest.param("fail", None, id="the run fails"),
        pytest.param("new", [("v1.2.0", True), ("v1.2.0", False)], id="a new release"),
        pytest.param("adopt", [("v1.2.0", False)], id="the draft is published"),
    ],
)
def test_on_draft_decides_about_drafts_of_others(
    tmp_path: Path, given: str, releases: list[tuple[str, bool]] | None
) -> None:
    """The draft is published, left alone, or the reason to fail."""
    with github_under_test(tmp_path, repository=published(draft=True)) as hub:
        hub.write(a__whl="wheel")
        if releases is None:
            assert "A draft has the tag v1.2.0" in refusal(hub, on_draft=given)
            assert hub.release["draft"] is True
        else:
            hub.run(on_draft=given)
            assert [(one["tag_name"], one["draft"]) for one in hub.releases] == releases


@pytest.mark.parametrize("files", ["none", "", "?dist/*.sig"])
def test_a_release_may_have_no_files(tmp_path: Path, files: str) -> None:
    """``none``, an empty value and an optional glob without a match attach nothing."""
    with github_under_test(tmp_path) as hub:
        hub.run(notes="n", files=files)
        assert (hub.release["draft"], hub.release["assets"]) == (False, [])


def test_notes_have_a_header_and_a_footer(tmp_path: Path) -> None:
    """Both are set off by a blank line, also around generated notes."""
    with github_under_test(tmp_path) as hub:
        hub.run(notes="Notes.", notes_header="Hello.", notes_footer="Bye.", files="none")
        assert hub.release["body"].startswith("Hello.\n\nNotes.\n\nBye.\n")


@pytest.mark.parametrize(("prerelease", "changed"), [(True, True), (False, False)])
def test_only_an_unreleased_release_is_updated_on_request(tmp_path: Path, *, prerelease: bool, changed: bool) -> None:
    """``unreleased`` fails for a published stable release."""
    with github_under_test(tmp_path, repository=published(prerelease=prerelease)) as hub:
        given = {"notes": "New", "files": "none", "on_existing": "unreleased"}
        if changed:
            assert hub.run(**given)[0].changed is True
        else:
            assert "on-existing is unreleased" in refusal(hub, **given)


def test_a_new_release_among_many_needs_six_requests(tmp_path: Path) -> None:
    """Of a long list one page is read, and a rerun needs two requests."""
    many = [{"tag_name": f"v0.{minor}.0", "created_at": 1e9 + minor} for minor in range(300)]
    with github_under_test(tmp_path, repository={"releases": many}) as hub:
        hub.write(a__whl="wheel")
        hub.run(sha=COMMIT)
        beside = [request for request in hub.requests() if "/uploads/" not in request and "/actions/" not in request]
        assert len(beside) == 6
        before = len(hub.requests())
        assert hub.run(sha=COMMIT)[0].changed is False
        assert len(hub.requests()) - before == 2


def test_a_target_that_changes_workflows_needs_another_token(tmp_path: Path) -> None:
    """The message names the permission that GITHUB_TOKEN can never have, and no draft is left."""
    with github_under_test(tmp_path, repository={"tags": {}, "workflow_commits": (COMMIT,)}) as hub:
        text = refusal(hub, require_tag="false", target=COMMIT, files="none")
        assert "GITHUB_TOKEN can never have workflows: write" in text
        assert hub.releases == []


def test_a_burnt_tag_leaves_no_draft(tmp_path: Path) -> None:
    """GitHub refuses only the publication, so the draft is deleted again."""
    with github_under_test(tmp_path, repository={"burnt_tags": ("v1.2.0",)}) as hub:
        assert "never allows the tag again" in refusal(hub, files="none")
        assert hub.releases == []


def test_the_summary_has_the_proof_on_request(tmp_path: Path) -> None:
    """An immutable release is downloaded without a token, and its attestation is read."""
    with github_under_test(tmp_path, repository={"immutable_releases": True}) as hub:
        hub.write(a__whl="wheel")
        summary = hub.run(verify_downloads="true")[1].summary
    assert "1 of 1 files answer an anonymous request" in summary
    assert "gh release verify v1.2.0" in summary


NIGHTLY = {"tag": "nightly", "prerelease": "true", "assets": "exact", "notes": "Tonight."}


def test_a_moving_tag_gets_the_commit_and_the_files_of_the_run(tmp_path: Path) -> None:
    """The first run creates the tag, the next one moves it and replaces the files of the same release."""
    with github_under_test(tmp_path, repository={"branches": {"main": COMMIT, "old": OTHER}}) as hub:
        for commit, content in ((OTHER, "old"), (COMMIT, "new")):
            hub.write(a__whl=content)
            hub.run(**NIGHTLY, move_tag="true", commit=commit)
            assert hub.repository.tags["nightly"] == commit
            assert [asset["size"] for asset in hub.release["assets"]] == [len(content)]
        before = hub.requests()
        assert hub.run(**NIGHTLY, move_tag="true", commit=COMMIT)[0].changed is False
        assert not [request for request in hub.requests()[len(before) :] if not request.startswith("GET")]


@pytest.mark.parametrize("policy", ["skip", "fail"])
def test_a_tag_is_not_moved_if_its_release_must_not_change(tmp_path: Path, policy: str) -> None:
    """``on-existing`` decides about the tag as well."""
    there = {"tag_name": "nightly", "published_at": 1.0, "prerelease": True}
    with github_under_test(tmp_path, repository={"tags": {"nightly": OTHER}, "releases": [there]}) as hub:
        given = {"tag": "nightly", "files": "none", "move_tag": "true", "commit": COMMIT, "on_existing": policy}
        if policy == "fail":
            assert "on-existing is fail" in refusal(hub, **given)
        else:
            hub.run(**given)
        assert hub.repository.tags == {"nightly": OTHER}


def test_old_prereleases_of_tagship_are_deleted(tmp_path: Path) -> None:
    """Final releases, those of other tools and packages and the newest pre-releases stay, and so do all tags."""
    tags = ["pkg-v0.1rc1", *(f"n{number}" for number in range(5))]
    many = [
        {"tag_name": tag, "published_at": 1.0, "prerelease": True, "body": f"<!-- tagship: release {tag} -->"}
        for tag in tags
    ]
    others = [{"tag_name": "v1.0.0", "published_at": 1.0}, {"tag_name": "rc", "published_at": 1.0, "prerelease": True}]
    known = {"releases": [*others, *many], "tags": dict.fromkeys([*tags, "v1.0.0", "rc", "n5"], COMMIT)}
    with github_under_test(tmp_path, repository=known) as hub:
        given = {"tag": "n5", "prerelease": "true", "files": "none", "keep_last": "3"}
        hub.run(**given)
        assert [one["tag_name"] for one in hub.releases] == ["v1.0.0", "rc", "pkg-v0.1rc1", "n3", "n4", "n5"]
        assert len(hub.repository.tags) == 9
        assert hub.run(**given)[0].changed is False


def test_jobs_of_a_matrix_attach_to_one_draft_and_another_publishes_it(tmp_path: Path) -> None:
    """Jobs that start together agree on one draft, and the last job publishes it with every file."""
    with github_under_test(tmp_path) as hub:
        hub.write(**{f"a{number}__whl": str(number) for number in range(4)})

        def attach(number: int) -> None:
            hub.run(files=f"dist/a{number}.whl", draft="true", keep_draft="true", notes="N")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(attach, range(4)))
        assert (hub.release["draft"], len(hub.release["assets"])) == (True, 4)
        hub.run(files="none", notes="N")
        assert (hub.release["draft"], len(hub.release["assets"])) == (False, 4)


@pytest.mark.parametrize("assets", ["keep", "exact"])
def test_a_file_under_the_name_that_github_gave_it_is_found(tmp_path: Path, assets: str) -> None:
    """Another tool uploaded it, and its label is the original name."""
    there = published(assets=[{"name": "Strasse.pdf", "label": "Straße.pdf", "content": "x"}])
    with github_under_test(tmp_path, repository=there) as hub:
        hub.write(Straße__pdf="x")
        assert hub.run(assets=assets)[0].changed is False
        assert names(hub.release) == ["Strasse.pdf"]
