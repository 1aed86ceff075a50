"""Runs with every kind of fault at every request: the result is the same."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from support.github import COMMIT, REPOSITORY, TOKEN, GitHubUnderTest, github_under_test
from tagship.core.release.answers import Answer, Meaning, meaning
from tagship.core.release.desired import DesiredRelease, File
from tagship.core.release.patterns import patterns_of
from tagship.core.release.retries import RateLimit
from tagship.core.release.state import Release
from tagship.core.release.steps import DeleteAsset, DeleteRelease, Upload
from tagship.core.versions import parse_version
from tagship.edges.attachments import Folder, attachment
from tagship.edges.github import requester
from tagship.edges.github.proof import proof
from tagship.edges.github.reconcile import Outcome, reconcile
from tagship.edges.github.releases import GitHub
from tagship.edges.github.retrying import WRITE_LIMITS, Clock
from tagship.edges.github.writes import discard, remember_digest, send
from tagship.errors import Failure
from tagship.rehearsal.fake_github.permissions import Rates, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagship.core.release.state import CurrentReleases

FAULTS: dict[str, dict[str, Any]] = {
    "a 502 before the effect": {"status": 502},
    "a 502 after the effect": {"status": 502, "when": "after"},
    "a connection dropped before the effect": {"drop": True},
    "a connection dropped after the effect": {"drop": True, "when": "after"},
    "a response cut short": {"truncate": 20, "when": "after"},
    "a primary rate limit": {"limit": "primary", "retry_after": 1},
    "a secondary rate limit": {"limit": "secondary", "status": 429, "retry_after": 1},
    "a secondary rate limit without retry-after": {"limit": "secondary", "retry_after": None},
    "a failed upload that blocks its name": {"starter": True},
}
REQUESTS = 11
"""Two more than the requests of a run for three files without a fault."""
HURRY = 200.0


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[GitHubUnderTest]:
    """Yield a server, and three files to attach."""
    with github_under_test(tmp_path) as server:
        server.write(a__whl="wheel", b__gz="sdist", c__txt="text")
        yield server


def desired(hub: GitHubUnderTest) -> DesiredRelease:
    """Return the release v1.2.0 with every file in ``dist``."""
    place = Folder(path=hub.checkout, home=hub.checkout)
    files = place.attachments(patterns_of(("dist/*",)))
    return DesiredRelease(tag="v1.2.0", version=parse_version("1.2.0"), notes="Notes.", files=files)


def client(hub: GitHubUnderTest, *, hurry: float = HURRY, limits: tuple[RateLimit, ...] = WRITE_LIMITS) -> GitHub:
    """Return a client for the repository, with pauses that are ``hurry`` times as short."""
    clock = Clock(sleep=lambda seconds: time.sleep(seconds / hurry))
    if hurry != 1.0:
        start = time.time()
        clock = replace(clock, now=lambda: start + (time.time() - start) * hurry)
    return GitHub(repository=REPOSITORY, api_url=hub.server.url, token=TOKEN, log=print, clock=clock, limits=limits)


def run(hub: GitHubUnderTest, asked: DesiredRelease | None = None, **options: Any) -> Outcome:
    """Return the outcome of a whole run."""
    github, asked = client(hub, **options), asked or desired(hub)
    return reconcile(github, asked, github.read(asked))


def check_complete(hub: GitHubUnderTest, files: tuple[File, ...]) -> None:
    """Check that there is one public release with exactly these files, each complete."""
    release = hub.release
    assert release["draft"] is False
    found = {(asset["name"], asset["state"], asset["digest"]) for asset in release["assets"]}
    assert found == {(file.name, "uploaded", file.digest) for file in files}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_at_any_request_does_not_change_the_result(tmp_path: Path, fault: dict[str, Any]) -> None:
    """After a fault at any request, the same run completes the release."""
    for nth in range(1, REQUESTS):
        with github_under_test(tmp_path / str(nth), faults=[{**fault, "nth": [nth]}]) as hub:
            hub.write(a__whl="wheel", b__gz="sdist", c__txt="text")
            asked = desired(hub)
            outcome = run(hub, asked)
            check_complete(hub, asked.files)
            assert outcome.changed


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_time_out_at_any_request_ends_in_one_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """GitHub stores what a request sent after or before its time-out; after a rerun no draft is left."""
    monkeypatch.setattr(requester, "SILENCE", 0.15)
    for nth in range(1, REQUESTS):
        fault = {"delay": 0.35, "when": when, "nth": [nth]}
        with github_under_test(tmp_path / str(nth), faults=[fault]) as hub:
            hub.write(a__whl="wheel", b__gz="sdist", c__txt="text")
            asked = desired(hub)
            run(hub, asked)
            time.sleep(0.3 if when == "before" else 0.0)
            run(hub, asked)
            check_complete(hub, asked.files)


@pytest.mark.parametrize("body", ["", {"a": 1}], ids=["nothing", "an object"])
def test_a_response_of_a_proxy_confirms_nothing(tmp_path: Path, body: object) -> None:
    """If a proxy answers in place of GitHub, the next read shows the effect; an unreadable page is a failure."""
    for nth in range(1, 5):
        fault = {"status": 200, "body": body, "when": "after", "method": "P*", "nth": [nth]}
        with github_under_test(tmp_path / f"write-{nth}", faults=[fault]) as hub:
            hub.write(a__whl="wheel", b__gz="sdist")
            asked = desired(hub)
            run(hub, asked)
            check_complete(hub, asked.files)
    with github_under_test(tmp_path / "read", faults=[{"status": 200, "body": body, "path": "*/releases"}]) as hub:
        hub.write(a__whl="wheel")
        with pytest.raises(Failure, match="is not JSON"):
            run(hub)


def test_reads_may_lag_behind_writes(tmp_path: Path) -> None:
    """A list that does not show a new draft or asset yet causes no second draft or upload."""
    with github_under_test(tmp_path) as hub:
        hub.write(a__whl="wheel", b__gz="sdist")
        asked = desired(hub)
        time.sleep(0.5)
        hub.configure(lag=0.4)
        run(hub, asked, hurry=10.0)
        time.sleep(0.5)
        check_complete(hub, asked.files)
        created = [request for request in hub.requests() if request == f"POST /repos/{REPOSITORY}/releases"]
        uploads = [request for request in hub.requests() if "/uploads/" in request]
        assert (len(created), len(uploads)) == (1, 2)


def test_a_persistent_server_error_fails_the_run(hub: GitHubUnderTest) -> None:
    """If every upload fails, the run reports it and publishes nothing."""
    hub.configure(faults=[{"path": "/uploads/*", "status": 502}])
    with pytest.raises(Failure, match="githubstatus"):
        run(hub)
    assert hub.release["draft"] is True


def test_a_refused_upload_ends_the_run(tmp_path: Path) -> None:
    """After a refusal no further upload starts, and the run reports the refusal without waiting."""
    refusal = {"path": "/uploads/*", "status": 403, "body": {"message": "Resource not accessible by integration"}}
    with github_under_test(tmp_path, faults=[refusal]) as hub:
        hub.write(**{f"file-{number:02}__txt": f"{number}\n" for number in range(40)})
        with pytest.raises(Failure, match="contents: write"):
            run(hub)
        assert len([request for request in hub.requests() if "/uploads/" in request]) < 40


def test_a_cancelled_run_starts_no_further_upload(hub: GitHubUnderTest) -> None:
    """Waiting files are not sent after a cancellation; the draft is kept for the next run."""
    hub.write(**{f"file-{number:02}__txt": f"{number}\n" for number in range(40)})
    asked, github = desired(hub), client(hub)

    def log(line: str) -> None:
        if "file-09" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reconcile(replace(github, log=log), asked, github.read(asked))
    assert (hub.release["draft"], len(hub.release["assets"]) < 30) == (True, True)


def test_duplicate_drafts_are_deleted(tmp_path: Path) -> None:
    """Of several drafts of tagship runs the oldest is published, and the others are deleted."""
    body = "Notes.\n\n<!-- tagship: release v1.2.0 -->"
    drafts = [{"tag_name": "v1.2.0", "draft": True, "body": body} for _ in range(3)]
    with github_under_test(tmp_path, repository={"releases": drafts}) as hub:
        hub.write(a__whl="wheel")
        assert len(hub.releases) == 3
        oldest, asked = hub.releases[0], desired(hub)
        run(hub, asked)
        check_complete(hub, asked.files)
        assert hub.release["id"] == oldest["id"]


@pytest.mark.parametrize("immutable", [False, True])
def test_a_file_replaced_by_another_run_just_before_the_publication_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, immutable: bool
) -> None:
    """The release has the files of the run that published it; if it is immutable, the run fails."""
    read = GitHub.refresh
    (tmp_path / "a.whl").write_text("another build")

    def disturbed(github: GitHub, wanted: DesiredRelease, current: CurrentReleases) -> CurrentReleases:
        state = read(github, wanted, current)
        (release,) = state.releases
        if release.draft:
            send(github, DeleteAsset(asset=release.assets[0].id, name="a.whl"))
            send(github, Upload(release=release.id, file=attachment(tmp_path / "a.whl"), name="a.whl"), release)
        return state

    monkeypatch.setattr(GitHub, "refresh", disturbed)
    with github_under_test(tmp_path / "hub", repository={"immutable_releases": immutable}) as hub:
        hub.write(a__whl="wheel", b__gz="sdist")
        asked = desired(hub)
        if immutable:
            with pytest.raises(Failure, match="immutable"):
                run(hub, asked)
        else:
            run(hub, asked)
            check_complete(hub, asked.files)


def test_an_unfinished_upload_is_replaced(hub: GitHubUnderTest) -> None:
    """An asset in the state ``starter`` blocks a name; it is deleted and the file uploaded."""
    hub.configure(faults=[{"path": "/uploads/*", "nth": [1, 2, 3], "starter": True}])
    asked = desired(hub)
    run(hub, asked)
    check_complete(hub, asked.files)


def test_a_published_asset_is_replaced_without_a_gap(tmp_path: Path) -> None:
    """The old asset is deleted only after the new one is uploaded under a temporary name."""
    release = {"tag_name": "v1.2.0", "assets": [{"name": "a.whl", "content": "old"}]}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        hub.write(a__whl="new")
        asked = replace(desired(hub), assets="replace")
        run(hub, asked)
        check_complete(hub, asked.files)
        writes = [request.split(" ")[0] for request in hub.requests() if not request.startswith("GET")]
        assert writes == ["PATCH", "POST", "DELETE", "PATCH"]


def test_many_files_are_uploaded_under_secondary_rate_limits(tmp_path: Path) -> None:
    """A hundred uploads reach the limits; the run throttles itself and waits after a refusal."""
    rates = Rates(content=(Window(requests=40, seconds=1),))
    with github_under_test(tmp_path, rates=rates) as hub:
        hub.write(**{f"file-{number:03}__txt": f"{number}\n" for number in range(100)})
        asked = desired(hub)
        run(hub, asked, hurry=1.0, limits=(RateLimit(requests=38, seconds=1.0),))
        check_complete(hub, asked.files)


def test_a_file_that_changes_during_the_upload_is_not_published(hub: GitHubUnderTest) -> None:
    """GitHub's checksum differs from the one computed before, so the draft is not published."""
    asked = desired(hub)
    hub.write(a__whl="other")
    with pytest.raises(Failure, match=r"Checksum mismatch after the upload of a\.whl"):
        run(hub, asked)
    assert hub.release["draft"] is True


@pytest.mark.parametrize(
    ("age", "waits"),
    [(0.0, True), (600.0, False), (-86400.0, True)],
    ids=["a new upload", "an old upload", "a server clock that is ahead"],
)
def test_an_upload_of_another_run_gets_two_minutes(tmp_path: Path, age: float, *, waits: bool) -> None:
    """An unfinished upload of another run is replaced only two minutes after its start."""
    created = time.time() - age
    starter = {"name": "a.whl", "state": "starter"}
    body = "Notes.\n\n<!-- tagship: release v1.2.0 -->"
    draft = {"tag_name": "v1.2.0", "draft": True, "body": body, "created_at": created, "assets": [starter]}
    with github_under_test(tmp_path, repository={"releases": [draft]}) as hub:
        hub.write(a__whl="wheel")
        asked, said = desired(hub), list[str]()
        github = replace(client(hub), log=said.append)
        reconcile(github, asked, github.read(asked))
        check_complete(hub, asked.files)
        assert any("Another run is uploading a.whl" in line for line in said) is waits


def test_a_completed_upload_or_draft_is_not_deleted(tmp_path: Path) -> None:
    """If an upload completes or a draft is published after the plan was made, it is kept."""
    release = {"tag_name": "v1.2.0", "assets": [{"name": "a.whl", "content": "whole"}]}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        github = client(hub)
        (found,) = github.read(DesiredRelease(tag="v1.2.0")).releases
        (asset,) = found.assets
        draft = DeleteRelease(release=found.id, state="draft", tag="v1.2.0")
        for step in (DeleteAsset(asset=asset.id, name="a.whl", unfinished=True), draft):
            assert meaning(send(github, step), writes=True) is Meaning.STALE
        assert [kept["name"] for kept in hub.release["assets"]] == ["a.whl"]


@pytest.mark.parametrize(("content", "uploads"), [("wheel", 0), ("WHEEL", 1)])
def test_assets_without_a_digest_are_compared_by_their_bytes(tmp_path: Path, content: str, uploads: int) -> None:
    """An asset from before GitHub computed digests is downloaded, and replaced only if it differs."""
    old = {"name": "a.whl", "content": content, "digest": False}
    other = {"name": "b.whl", "content": "of another size", "digest": False}
    release = {"tag_name": "v1.2.0", "assets": [old, other]}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        hub.write(a__whl="wheel")
        asked = replace(desired(hub), notes=None, assets="replace")
        assert run(hub, asked).changed is bool(uploads)
        assert len([request for request in hub.requests() if "/uploads/" in request]) == uploads
        assert len([request for request in hub.requests() if "/assets/" in request and request.startswith("GET")]) == 1


def test_assets_without_a_digest_are_kept_when_their_draft_is_published(tmp_path: Path) -> None:
    """A server without digests returns none after publishing; no file is uploaded again for that."""
    old = [{"name": name, "content": content, "digest": False} for name, content in (("a.whl", "wheel"), ("b.gz", "s"))]
    draft = {"tag_name": "v1.2.0", "draft": True, "body": "Notes.\n\n<!-- tagship: release v1.2.0 -->", "assets": old}
    with github_under_test(tmp_path, repository={"releases": [draft]}) as hub:
        hub.write(a__whl="wheel", b__gz="s")
        outcome = run(hub, replace(desired(hub), assets="replace"))
        assert [request.split(" ")[0] for request in hub.requests() if not request.startswith("GET")] == ["PATCH"]
        assert outcome.remarks == ()
        assert None not in {asset.digest for asset in outcome.release.assets}


def test_the_only_release_stays_latest(tmp_path: Path) -> None:
    """GitHub accepts make_latest false and ignores it; the run sends it once and succeeds."""
    release = {"tag_name": "v1.2.0", "body": "Notes.", "assets": []}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        assert run(hub, DesiredRelease(tag="v1.2.0", latest=False)).changed
        assert [request.split(" ")[0] for request in hub.requests()] == ["GET", "GET", "PATCH", "GET"]


def test_the_digest_of_an_upload_is_remembered(tmp_path: Path) -> None:
    """From a server without digests no file is downloaded that was just uploaded."""
    release = {"tag_name": "v1.2.0", "assets": [{"name": "a.whl", "content": "wheel", "digest": False}]}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        hub.write(a__whl="wheel")
        (file,) = desired(hub).files
        sent = Upload(release=1, file=file, name="a.whl")
        github = client(hub)
        remember_digest(github, sent, Answer(status=201, text=json.dumps({"id": hub.release["assets"][0]["id"]})))
        (found,) = github.read(desired(hub)).releases
        assert [asset.digest for asset in found.assets] == [file.digest]
        assert len(hub.requests()) == 1


def test_duplicate_drafts_are_kept_until_their_assets_are_uploaded(tmp_path: Path) -> None:
    """A duplicate draft is deleted only after all its assets are in the draft that is kept."""
    body = "Notes.\n\n<!-- tagship: release v1.2.0 -->"
    first = {"tag_name": "v1.2.0", "draft": True, "body": body}
    second = {**first, "assets": [{"name": "a.whl", "content": "wheel"}]}
    faults = [{"path": "/uploads/*", "status": 502}]
    with github_under_test(tmp_path, repository={"releases": [first, second]}, faults=faults) as hub:
        hub.write(a__whl="wheel")
        with pytest.raises(Failure):
            run(hub)
        assert [len(release["assets"]) for release in hub.releases] == [0, 1]
        hub.configure()
        run(hub)
        check_complete(hub, desired(hub).files)


def test_an_upload_without_an_answer_is_watched_before_it_is_replaced(tmp_path: Path) -> None:
    """GitHub may still be storing the file: the unfinished asset gets two minutes, then the upload is repeated."""
    fault = {"path": "/uploads/*", "nth": [1], "starter": True, "drop": True, "when": "after"}
    with github_under_test(tmp_path, faults=[fault]) as hub:
        hub.write(a__whl="wheel")
        asked, said = desired(hub), list[str]()
        github = replace(client(hub), log=said.append)
        reconcile(github, asked, github.read(asked))
        check_complete(hub, asked.files)
        assert any("GitHub has not finished the upload of a.whl" in line for line in said)


def test_the_name_in_the_answer_of_an_upload_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If GitHub changes a name by an unknown rule, the file is uploaded once and labelled with its own name."""
    monkeypatch.setattr("tagship.rehearsal.fake_github.assets.asset_name", lambda name: name.replace("@", "."))
    with github_under_test(tmp_path) as hub:
        hub.write(**{"a@b__txt": "x"})
        for _ in range(2):
            outcome = run(hub)
            assert [(asset.name, asset.label) for asset in outcome.release.assets] == [("a.b.txt", "a@b.txt")]
        assert len([request for request in hub.requests() if "/uploads/" in request]) == 1


@pytest.mark.parametrize(("keep", "left"), [(False, 0), (True, 1)], ids=["deleted", "kept on request"])
def test_a_failed_run_leaves_no_new_draft(tmp_path: Path, left: int, *, keep: bool) -> None:
    """The draft that the run created is deleted after a refusal."""
    fault = {"path": "/uploads/*", "nth": [2], "status": 403, "body": {"message": "Resource not accessible"}}
    with github_under_test(tmp_path, faults=[fault]) as hub:
        hub.write(a__whl="wheel", b__gz="sdist")
        github, asked = client(hub), desired(hub)
        with pytest.raises(Failure):
            reconcile(github, asked, github.read(asked), keep_draft=keep)
        assert len(hub.releases) == left


@pytest.mark.parametrize("fault", [{"status": 502}, {"drop": True}], ids=["502", "connection dropped"])
def test_a_failed_run_leaves_no_draft_whose_creation_was_not_confirmed(tmp_path: Path, fault: dict[str, Any]) -> None:
    """The run reads that its request to create the draft had its effect, and deletes the draft after a refusal."""
    lost = {"method": "POST", "path": "*/releases", "when": "after", "nth": [1], **fault}
    with github_under_test(tmp_path, repository={"burnt_tags": ("v1.2.0",)}, faults=[lost]) as hub:
        hub.write(a__whl="wheel")
        github, asked = client(hub), desired(hub)
        with pytest.raises(Failure, match="used this tag"):
            reconcile(github, asked, github.read(asked), keep_draft=False)
        assert hub.releases == []


WRONG = {"id": "x", "object": 5, "private": 7, "body": [1], "check_runs": 5, "statuses": {}, "message": ["x"]}


@pytest.mark.parametrize("status", [200, 404, 451])
@pytest.mark.parametrize("body", [[1], "x", WRONG, {"object": {"sha": 5}}], ids=["a list", "a text", "types", "sha"])
def test_answers_of_the_wrong_type_are_failures(tmp_path: Path, status: int, body: object) -> None:
    """Every request ends with a Failure, or with the value for a file or release that does not exist."""
    with github_under_test(tmp_path, faults=[{"status": status, "body": body}]) as hub:
        hub.write(a__whl="wheel")
        github, release = client(hub), Release(id=1, tag="v1", name="", body="", draft=False, prerelease=False)
        upload = Upload(release=1, file=desired(hub).files[0], name="a.whl")
        calls: list[Callable[[], object]] = [
            lambda: github.read(desired(hub)),
            lambda: github.tag_message("v1"),
            lambda: github.generated_notes("v1", previous="", target=None),
            lambda: github.checks(COMMIT),
            lambda: proof(github, replace(release, immutable=True)),
            lambda: discard(github, 1, set()),
            lambda: send(github, DeleteRelease(release=1, state="draft", tag="v1")),
            lambda: send(github, upload, replace(release, upload_url=f"{hub.server.url}/uploads/1")).message,
            lambda: github.published("v1"),
        ]
        for call in calls:
            with suppress(Failure):
                call()


def test_the_draft_of_an_earlier_run_survives_a_failed_one(tmp_path: Path) -> None:
    """Only the run that created a draft deletes it."""
    body = "Notes.\n\n<!-- tagship: release v1.2.0 -->"
    draft = {"tag_name": "v1.2.0", "draft": True, "body": body}
    fault = {"path": "/uploads/*", "status": 403, "body": {"message": "Resource not accessible"}}
    with github_under_test(tmp_path, repository={"releases": [draft]}, faults=[fault]) as hub:
        hub.write(a__whl="wheel")
        github, asked = client(hub), desired(hub)
        with pytest.raises(Failure):
            reconcile(github, asked, github.read(asked), keep_draft=False)
        assert len(hub.releases) == 1


def test_a_draft_with_files_of_another_run_is_not_discarded(tmp_path: Path) -> None:
    """Another job may have attached its files to the draft."""
    draft = {"tag_name": "v1.2.0", "draft": True, "assets": [{"name": "other.whl", "content": "x"}]}
    with github_under_test(tmp_path, repository={"releases": [draft]}) as hub:
        number = hub.release["id"]
        assert discard(client(hub), number, {"a.whl"}) is False
        assert discard(client(hub), number, {"other.whl"}) is True


def test_a_draft_that_another_run_has_published_is_not_deleted(tmp_path: Path) -> None:
    """A read that lags behind still shows a draft, but the answer to a write does not."""
    draft = {"tag_name": "v1.2.0", "draft": True, "body": "n"}
    with github_under_test(tmp_path, repository={"releases": [draft], "immutable_releases": True}, lag=60.0) as hub:
        github, path = client(hub), f"/repos/{REPOSITORY}/releases/{hub.release['id']}"
        assert client(hub).write("PATCH", path, {"draft": False}).data["draft"] is False
        assert github.get(path).data["draft"] is True
        assert send(github, DeleteRelease(release=hub.release["id"], state="draft", tag="v1.2.0")).status == 409
        assert discard(github, hub.release["id"], set()) is False
        assert hub.release["immutable"] is True
