"""Waits for rate limits and retries of lost reads, each with a line in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from support.github import REPOSITORY, TOKEN, github_under_test
from tagship.core.release.desired import DesiredRelease
from tagship.core.release.retries import RateLimit
from tagship.core.versions import parse_version
from tagship.edges.github.releases import GitHub
from tagship.edges.github.retrying import WRITE_LIMITS, Clock
from tagship.errors import Failure
from tagship.rehearsal.fake_github.http import Limits

if TYPE_CHECKING:
    from pathlib import Path

PATH = f"/repos/{REPOSITORY}/releases"


@dataclass
class Watch:
    """A clock that only sleeping moves."""

    time: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Move the clock."""
        self.slept.append(seconds)
        self.time += seconds

    def client(self, url: str, *limits: RateLimit) -> GitHub:
        """Return a client that waits by this clock."""
        clock, limits = Clock(now=lambda: self.time, sleep=self.sleep), limits or WRITE_LIMITS
        return GitHub(repository=REPOSITORY, api_url=url, token=TOKEN, log=self.said.append, clock=clock, limits=limits)


def test_a_rate_limit_is_waited_for_as_requested(tmp_path: Path) -> None:
    """A limited request is repeated after the requested wait, which is in the log."""
    fault = {"limit": "secondary", "retry_after": 7, "nth": [1, 2]}
    with github_under_test(tmp_path, faults=[fault]) as hub:
        watch = Watch()
        answer = watch.client(hub.server.url).write("POST", PATH, {"tag_name": "v1.2.0", "draft": True})
        assert answer.status == 201
        assert watch.slept == [7.0, 7.0]
        assert watch.said == ["GitHub's rate limit was reached. Continuing in 7 s."] * 2


def test_a_rate_limit_of_two_hours_ends_the_run(tmp_path: Path) -> None:
    """The run fails at once, and the message says to run it again later."""
    with github_under_test(tmp_path, faults=[{"limit": "secondary", "retry_after": 7200}]) as hub:
        watch = Watch()
        github = watch.client(hub.server.url)
        with pytest.raises(Failure, match="too late to wait for"):
            github.read(DesiredRelease(tag="v1.2.0"))
        assert watch.slept == []


def test_a_lost_read_is_repeated(tmp_path: Path) -> None:
    """Pauses between the reads double."""
    with github_under_test(tmp_path, faults=[{"status": 502, "nth": [1, 2]}]) as hub:
        watch = Watch()
        assert watch.client(hub.server.url).get(PATH).status == 200
        assert watch.slept == [1.0, 2.0]
        assert len(hub.requests()) == 3


def test_retry_after_of_a_server_error_is_obeyed(tmp_path: Path) -> None:
    """The pause is the requested one, at most a minute."""
    faults = [{"status": 503, "headers": {"Retry-After": told}, "nth": [nth]} for nth, told in ((1, "20"), (2, "900"))]
    with github_under_test(tmp_path, faults=faults) as hub:
        watch = Watch()
        assert watch.client(hub.server.url).get(PATH).status == 200
        assert watch.slept == [20.0, 60.0]


def test_a_lost_request_for_generated_notes_is_repeated(tmp_path: Path) -> None:
    """GitHub stores nothing for it, so a second POST does no harm."""
    with github_under_test(tmp_path, faults=[{"status": 502, "path": "*/generate-notes", "nth": [1]}]) as hub:
        watch = Watch()
        github = watch.client(hub.server.url)
        assert "Full Changelog" in github.generated_notes("v1.2.0", previous="", target=None)
        assert watch.slept == [1.0]


def test_a_lost_write_is_not_repeated(tmp_path: Path) -> None:
    """A second creation would do harm, so the caller gets the response to the first."""
    with github_under_test(tmp_path, faults=[{"status": 502, "when": "after"}]) as hub:
        watch = Watch()
        assert watch.client(hub.server.url).write("POST", PATH, {"tag_name": "v1.2.0", "draft": True}).status == 502
        assert (len(hub.requests()), len(hub.releases), watch.slept) == (1, 1, [])


def test_a_read_that_is_lost_six_times_fails(tmp_path: Path) -> None:
    """After pauses of half a minute in all, the message has the cause."""
    with github_under_test(tmp_path, faults=[{"drop": True}]) as hub:
        watch = Watch()
        github = watch.client(hub.server.url)
        with pytest.raises(Failure, match="No response from GitHub to the request to read the releases"):
            github.read(DesiredRelease(tag="v1.2.0"))
        assert watch.slept == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_writes_are_throttled_only_after_a_refusal_and_reads_are_not(tmp_path: Path) -> None:
    """With two writes per minute the third waits until the first is a minute old, if GitHub refused one before."""
    fault = {"method": "POST", "limit": "secondary", "retry_after": 1, "nth": [4]}
    with github_under_test(tmp_path, faults=[fault]) as hub:
        watch = Watch()
        limits = RateLimit(requests=2, seconds=60.0), RateLimit(requests=100, seconds=3600.0)
        github = watch.client(hub.server.url, *limits)
        for number in range(3):
            github.write("POST", PATH, {"tag_name": f"v{number}", "draft": True})
        assert watch.slept == []
        for number in range(3, 6):
            watch.time += 100
            github.write("POST", PATH, {"tag_name": f"v{number}", "draft": True})
            github.get(PATH)
        watch.slept.clear()
        for number in range(6, 8):
            github.write("POST", PATH, {"tag_name": f"v{number}", "draft": True})
            github.get(PATH)
        assert watch.slept == [60.0]
        assert watch.said[-1] == "Throttled to stay below GitHub's write limit. Continuing in 60 s."


def many_releases(number: int) -> dict[str, Any]:
    """Return a repository with so many releases, their tags, and the tag v1.2.0."""
    many = [{"tag_name": f"v0.{minor}.0", "name": "", "body": ""} for minor in range(number)]
    return {"releases": many, "tags": dict.fromkeys([*(str(one["tag_name"]) for one in many), "v1.2.0"], "c" * 40)}


@pytest.mark.parametrize(
    ("tag", "requests"),
    [
        ("v1.2.0", [PATH, f"{PATH}/tags/v1.2.0", f"/repos/{REPOSITORY}/commits/tags/v1.2.0"]),
        ("v0.3.0", [PATH, f"{PATH}/tags/v0.3.0"]),
        ("v0.239.0", [PATH]),
    ],
    ids=["a new release", "an old release", "the newest release"],
)
def test_a_long_list_of_releases_is_not_read_to_its_end(tmp_path: Path, tag: str, requests: list[str]) -> None:
    """After the first page the release of the tag is read by its own address."""
    with github_under_test(tmp_path, repository=many_releases(240)) as hub:
        found = Watch().client(hub.server.url).read(DesiredRelease(tag=tag, version=parse_version(tag[1:])))
        assert any(release.tag == tag for release in found.releases) is (tag != "v1.2.0")
        assert hub.requests() == [f"GET {request}" for request in requests]


@pytest.mark.parametrize("page", [30, 10, 1])
def test_pages_shrink_until_github_lists_them_in_time(tmp_path: Path, page: int) -> None:
    """Each size is tried twice; a later read starts with the size that worked."""
    with github_under_test(tmp_path, repository=many_releases(40), limits=Limits(page=page)) as hub:
        watch = Watch()
        github, asked = watch.client(hub.server.url), DesiredRelease(tag="v0.39.0")
        assert github.read(asked).releases[0].tag == "v0.39.0"
        assert f"Requesting {page}." in watch.said[-1]
        before = len(hub.requests())
        github.read(asked)
        assert len(hub.requests()) - before == (10 if page == 1 else 1)


@pytest.mark.parametrize(
    ("newest", "page"),
    [
        pytest.param([f"nightly-{day}" for day in range(120)], 100, id="a hundred nightly releases"),
        pytest.param([f"v1.1.{patch}" for patch in range(20)], 10, id="small pages of maintenance releases"),
    ],
)
def test_the_latest_release_is_read_if_the_newest_do_not_decide(tmp_path: Path, newest: list[str], page: int) -> None:
    """The highest version is older than the releases that were listed."""
    many = [{"tag_name": tag, "prerelease": tag[0] == "n", "created_at": 2e9 + at} for at, tag in enumerate(newest)]
    releases = [{"tag_name": "v2.0.0", "created_at": 1.0, "latest": True}, *many]
    with github_under_test(tmp_path, repository={"releases": releases}, limits=Limits(page=page)) as hub:
        asked = DesiredRelease(tag="v1.2.0", version=parse_version("1.2.0"))
        found = Watch().client(hub.server.url).read(asked)
        assert "v2.0.0" in {release.tag for release in found.releases}


def test_no_page_after_the_last_that_github_lists_is_requested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub refuses pages after the first 10,000 releases."""
    monkeypatch.setattr("tagship.edges.github.releases._MOST_RESULTS", 200)
    with github_under_test(tmp_path, repository=many_releases(240)) as hub:
        found = Watch().client(hub.server.url).read(DesiredRelease(tag="v0.239.0", keep_last=3))
        assert len(found.releases) == 200
