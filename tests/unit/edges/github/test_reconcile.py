"""One run through every kind of fault at every request: the end is the same."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from support.github import REPOSITORY, TOKEN, GitHubUnderTest, github_under_test
from tagship.core.release.answers import Answer, Meaning, meaning
from tagship.core.release.desired import AssetsMode, DesiredRelease, File
from tagship.core.release.patterns import patterns_of
from tagship.core.release.retries import Pace, Patience
from tagship.core.release.steps import DeleteAsset, DeleteDraft, Upload
from tagship.core.versions import parse_version
from tagship.edges.attachments import Folder
from tagship.edges.github.connection import Connection
from tagship.edges.github.reconcile import GitHub
from tagship.edges.github.releases import Releases
from tagship.edges.github.retrying import PACES, Clock, Requests
from tagship.errors import Failure
from tagship.rehearsal.fake_github.rate_limits import Rates, Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagship.edges.github.reconcile import Outcome

FAULTS: dict[str, dict[str, Any]] = {
    "a 502 before the effect": {"status": 502},
    "a 502 after the effect": {"status": 502, "when": "after"},
    "a connection dropped before the effect": {"drop": True},
    "a connection dropped after the effect": {"drop": True, "when": "after"},
    "an answer cut short": {"truncate": 20, "when": "after"},
    "a primary limit": {"limit": "primary", "retry_after": 1},
    "a secondary limit": {"limit": "secondary", "status": 429, "retry_after": 1},
    "a secondary limit that does not say how long": {"limit": "secondary", "retry_after": None},
    "a failed upload that keeps its name": {"starter": True},
}
REQUESTS = 11
"""Two more than the requests that a run for three files makes by itself."""
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


def service(hub: GitHubUnderTest, *, hurry: float = HURRY, paces: tuple[Pace, ...] = PACES) -> GitHub:
    """Return the releases of the repository, with waits that are ``hurry`` times as short."""
    clock = Clock(sleep=lambda seconds: time.sleep(seconds / hurry))
    if hurry != 1.0:
        start = time.time()
        clock = replace(clock, now=lambda: start + (time.time() - start) * hurry)
    connection = Connection(api_url=hub.server.url, token=TOKEN)
    requests = Requests(connection=connection, log=print, clock=clock, patience=Patience(), paces=paces)
    return GitHub(releases=Releases(repository=REPOSITORY, requests=requests), log=print)


def converge(hub: GitHubUnderTest, asked: DesiredRelease | None = None, **options: Any) -> Outcome:
    """What a whole run ends with."""
    github, asked = service(hub, **options), asked or desired(hub)
    return github.converge(asked, github.read(asked), parallel=4)


def check_complete(hub: GitHubUnderTest, files: tuple[File, ...]) -> None:
    """There is one release, public, with exactly these files, each whole."""
    release = hub.release
    assert release["draft"] is False
    found = {(asset["name"], asset["state"], asset["digest"]) for asset in release["assets"]}
    assert found == {(file.name, "uploaded", file.digest) for file in files}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_at_any_request_changes_nothing_about_the_end(tmp_path: Path, fault: dict[str, Any]) -> None:
    """Whichever request a fault meets, the run goes on by itself to one whole release."""
    for nth in range(1, REQUESTS):
        with github_under_test(tmp_path / str(nth), faults=[{**fault, "nth": [nth]}]) as hub:
            hub.write(a__whl="wheel", b__gz="sdist", c__txt="text")
            asked = desired(hub)
            outcome = converge(hub, asked)
            check_complete(hub, asked.files)
            assert outcome.changed


@pytest.mark.parametrize("body", ["", {"a": 1}], ids=["nothing", "an object"])
def test_an_answer_that_is_not_github_s_confirms_nothing(tmp_path: Path, body: object) -> None:
    """Where a proxy answers in GitHub's place, a look shows what has happened; what cannot be read is told."""
    for nth in range(1, 5):
        fault = {"status": 200, "body": body, "when": "after", "method": "P*", "nth": [nth]}
        with github_under_test(tmp_path / f"write-{nth}", faults=[fault]) as hub:
            hub.write(a__whl="wheel", b__gz="sdist")
            asked = desired(hub)
            converge(hub, asked)
            check_complete(hub, asked.files)
    with github_under_test(tmp_path / "read", faults=[{"status": 200, "body": body, "path": "*/releases"}]) as hub:
        hub.write(a__whl="wheel")
        with pytest.raises(Failure, match="is not JSON"):
            converge(hub)


def test_what_is_read_may_lag_behind_what_was_written(tmp_path: Path) -> None:
    """A list that does not show yet what was just created or uploaded leads to no second draft or upload."""
    with github_under_test(tmp_path) as hub:
        hub.write(a__whl="wheel", b__gz="sdist")
        asked = desired(hub)
        time.sleep(0.5)
        hub.configure(lag=0.4)
        converge(hub, asked, hurry=10.0)
        time.sleep(0.5)
        check_complete(hub, asked.files)
        created = [request for request in hub.requests() if request == f"POST /repos/{REPOSITORY}/releases"]
        uploads = [request for request in hub.requests() if "/uploads/" in request]
        assert (len(created), len(uploads)) == (1, 2)


def test_a_failure_that_lasts_is_told(hub: GitHubUnderTest) -> None:
    """A server that fails every upload ends in a sentence, and nothing is published."""
    hub.configure(faults=[{"path": "/uploads/*", "status": 502}])
    with pytest.raises(Failure, match="githubstatus"):
        converge(hub)
    assert hub.release["draft"] is True


def test_a_refused_upload_ends_the_run_however_many_files_wait(tmp_path: Path) -> None:
    """After a refusal no further file is begun, and the refusal is told: nothing waits for what was called off."""
    refusal = {"path": "/uploads/*", "status": 403, "body": {"message": "Resource not accessible by integration"}}
    with github_under_test(tmp_path, faults=[refusal]) as hub:
        hub.write(**{f"file-{number:02}__txt": f"{number}\n" for number in range(40)})
        with pytest.raises(Failure, match="contents: write"):
            converge(hub)
        assert len([request for request in hub.requests() if "/uploads/" in request]) < 40


def test_a_cancelled_run_begins_no_further_file(hub: GitHubUnderTest) -> None:
    """Files that wait for their turn are not sent on behind the back of who cancelled; the draft stays for the next."""
    hub.write(**{f"file-{number:02}__txt": f"{number}\n" for number in range(40)})
    asked, github = desired(hub), service(hub)

    def log(line: str) -> None:
        if "file-09" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace(github, log=log).converge(asked, github.read(asked), parallel=4)
    assert (hub.release["draft"], len(hub.release["assets"]) < 30) == (True, True)


def test_drafts_of_ours_that_double_are_removed(tmp_path: Path) -> None:
    """Of several drafts of ours the oldest is published; the others go, since their files are in it."""
    body = "Notes.\n\n<!-- tagship: release v1.2.0 -->"
    drafts = [{"tag_name": "v1.2.0", "draft": True, "body": body} for _ in range(3)]
    with github_under_test(tmp_path, repository={"releases": drafts}) as hub:
        hub.write(a__whl="wheel")
        assert len(hub.releases) == 3
        oldest, asked = hub.releases[0], desired(hub)
        converge(hub, asked)
        check_complete(hub, asked.files)
        assert hub.release["id"] == oldest["id"]


def test_a_remnant_of_an_upload_is_replaced(hub: GitHubUnderTest) -> None:
    """An asset in the state ``starter`` holds the name of a file; it is removed and the file uploaded."""
    hub.configure(faults=[{"path": "/uploads/*", "nth": [1, 2, 3], "starter": True}])
    asked = desired(hub)
    converge(hub, asked)
    check_complete(hub, asked.files)


def test_a_published_file_is_there_while_it_is_replaced(tmp_path: Path) -> None:
    """The new file is uploaded beside the old one, which goes only then."""
    release = {"tag_name": "v1.2.0", "assets": [{"name": "a.whl", "content": "old"}]}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        hub.write(a__whl="new")
        asked = replace(desired(hub), assets=AssetsMode.REPLACE)
        converge(hub, asked)
        check_complete(hub, asked.files)
        writes = [request.split(" ")[0] for request in hub.requests() if not request.startswith("GET")]
        assert writes == ["PATCH", "POST", "DELETE", "PATCH"]


def test_many_files_get_through_secondary_limits(tmp_path: Path) -> None:
    """A hundred files go up under limits that are reached on the way, kept by pace and obeyed when met."""
    rates = Rates(content=(Window(requests=40, seconds=1),))
    with github_under_test(tmp_path, rates=rates) as hub:
        hub.write(**{f"file-{number:03}__txt": f"{number}\n" for number in range(100)})
        asked = desired(hub)
        converge(hub, asked, hurry=1.0, paces=(Pace(most=38, seconds=1.0),))
        check_complete(hub, asked.files)


def test_a_file_that_changes_while_it_is_sent_is_never_published(hub: GitHubUnderTest) -> None:
    """What GitHub confirms is held against the digest taken before; the draft stays a draft."""
    asked = desired(hub)
    hub.write(a__whl="other")
    with pytest.raises(Failure, match=r"other bytes under a\.whl"):
        converge(hub, asked)
    assert hub.release["draft"] is True


@pytest.mark.parametrize(
    ("age", "waits"), [(0.0, True), (600.0, False), (-86400.0, True)], ids=["new", "old", "by a clock that is ahead"]
)
def test_an_upload_of_another_run_gets_time_to_end(tmp_path: Path, age: float, *, waits: bool) -> None:
    """An unfinished upload that is not ours is left alone for two minutes from its beginning, then replaced."""
    created = time.time() - age
    starter = {"name": "a.whl", "state": "starter"}
    body = "Notes.\n\n<!-- tagship: release v1.2.0 -->"
    draft = {"tag_name": "v1.2.0", "draft": True, "body": body, "created_at": created, "assets": [starter]}
    with github_under_test(tmp_path, repository={"releases": [draft]}) as hub:
        hub.write(a__whl="wheel")
        asked, said = desired(hub), list[str]()
        github = service(hub)
        github.releases.requests.log = said.append
        github.converge(asked, github.read(asked), parallel=4)
        check_complete(hub, asked.files)
        assert any("Another run is uploading a.whl" in line for line in said) is waits


def test_what_was_completed_meanwhile_is_not_removed(tmp_path: Path) -> None:
    """Between the plan and the removal an upload may end, and a draft be published: both stay."""
    release = {"tag_name": "v1.2.0", "assets": [{"name": "a.whl", "content": "whole"}]}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        releases = service(hub).releases
        (found,) = releases.read(DesiredRelease(tag="v1.2.0")).releases
        (asset,) = found.assets
        for step in (DeleteAsset(asset=asset.id, name="a.whl", unfinished=True), DeleteDraft(release=found.id)):
            assert meaning(releases.apply(step), writes=True) is Meaning.STALE
        assert [kept["name"] for kept in hub.release["assets"]] == ["a.whl"]


@pytest.mark.parametrize(("content", "uploads"), [("wheel", 0), ("WHEEL", 1)])
def test_assets_without_a_digest_are_compared_by_their_bytes(tmp_path: Path, content: str, uploads: int) -> None:
    """A file from before GitHub computed digests is downloaded, and replaced only where it differs."""
    old = {"name": "a.whl", "content": content, "digest": False}
    other = {"name": "b.whl", "content": "of another size", "digest": False}
    release = {"tag_name": "v1.2.0", "assets": [old, other]}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        hub.write(a__whl="wheel")
        asked = replace(desired(hub), notes=None, assets=AssetsMode.REPLACE)
        assert converge(hub, asked).changed is bool(uploads)
        assert len([request for request in hub.requests() if "/uploads/" in request]) == uploads
        assert len([request for request in hub.requests() if "/assets/" in request and request.startswith("GET")]) == 1


def test_files_without_a_digest_stay_when_their_draft_is_published(tmp_path: Path) -> None:
    """A server that computes no digests gives none with its answer to publishing: nothing is sent anew for that."""
    old = [{"name": name, "content": content, "digest": False} for name, content in (("a.whl", "wheel"), ("b.gz", "s"))]
    draft = {"tag_name": "v1.2.0", "draft": True, "body": "Notes.\n\n<!-- tagship: release v1.2.0 -->", "assets": old}
    with github_under_test(tmp_path, repository={"releases": [draft]}) as hub:
        hub.write(a__whl="wheel", b__gz="s")
        outcome = converge(hub, replace(desired(hub), assets=AssetsMode.REPLACE))
        assert [request.split(" ")[0] for request in hub.requests() if not request.startswith("GET")] == ["PATCH"]
        assert outcome.remarks == ()
        assert None not in {asset.digest for asset in outcome.release.assets}


def test_the_only_release_stays_latest_whatever_is_asked_for(tmp_path: Path) -> None:
    """GitHub takes the wish and shows the release as Latest all the same; that is asked for once and is no failure."""
    release = {"tag_name": "v1.2.0", "body": "Notes.", "assets": []}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        assert converge(hub, DesiredRelease(tag="v1.2.0", latest=False)).changed
        assert [request.split(" ")[0] for request in hub.requests()] == ["GET", "GET", "PATCH", "GET"]


def test_a_digest_that_github_does_not_keep_is_remembered(tmp_path: Path) -> None:
    """A server without digests is not asked for the bytes that were just sent to it."""
    release = {"tag_name": "v1.2.0", "assets": [{"name": "a.whl", "content": "wheel", "digest": False}]}
    with github_under_test(tmp_path, repository={"releases": [release]}) as hub:
        hub.write(a__whl="wheel")
        (file,) = desired(hub).files
        sent = Upload(release=1, file=file, name="a.whl")
        releases = service(hub).releases
        releases.note(sent, Answer(status=201, text=json.dumps({"id": hub.release["assets"][0]["id"]})))
        (found,) = releases.read(desired(hub)).releases
        assert [asset.digest for asset in found.assets] == [file.digest]
        assert len(hub.requests()) == 1


def test_doubles_stay_until_their_files_are_elsewhere(tmp_path: Path) -> None:
    """A draft is removed only when everything in it has arrived in the one that is kept."""
    body = "Notes.\n\n<!-- tagship: release v1.2.0 -->"
    first = {"tag_name": "v1.2.0", "draft": True, "body": body}
    second = {**first, "assets": [{"name": "a.whl", "content": "wheel"}]}
    faults = [{"path": "/uploads/*", "status": 502}]
    with github_under_test(tmp_path, repository={"releases": [first, second]}, faults=faults) as hub:
        hub.write(a__whl="wheel")
        with pytest.raises(Failure):
            converge(hub)
        assert [len(release["assets"]) for release in hub.releases] == [0, 1]
        hub.configure()
        converge(hub)
        check_complete(hub, desired(hub).files)
