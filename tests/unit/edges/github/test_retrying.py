"""Waiting: for limits together, for answers that got lost alone, and never without saying so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from support.github import REPOSITORY, TOKEN, github_under_test
from tagship.core.release.desired import DesiredRelease
from tagship.core.release.retries import Pace
from tagship.edges.github.connection import Connection
from tagship.edges.github.releases import Releases
from tagship.edges.github.retrying import PACES, Clock, Requests
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

PATH = f"/repos/{REPOSITORY}/releases"


@dataclass
class Watch:
    """A clock that is only ever moved by sleeping."""

    time: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(seconds)
        self.time += seconds

    def requests(self, url: str, *paces: Pace) -> Requests:
        """Requests that wait by this clock."""
        clock = Clock(now=lambda: self.time, sleep=self.sleep)
        connection = Connection(api_url=url, token=TOKEN)
        return Requests(connection=connection, log=self.said.append, clock=clock, paces=paces or PACES)


def test_a_limit_is_waited_for_as_long_as_it_says(tmp_path: Path) -> None:
    """What a limit refused is sent again after the wait it asked for, which is told."""
    fault = {"limit": "secondary", "retry_after": 7, "nth": [1, 2]}
    with github_under_test(tmp_path, faults=[fault]) as hub:
        watch = Watch()
        answer = watch.requests(hub.server.url).write("POST", PATH, {"tag_name": "v1.2.0", "draft": True})
        assert answer.status == 201
        assert watch.slept == [7.0, 7.0]
        assert watch.said == ["GitHub's rate limit: going on in 7 s"] * 2


def test_a_limit_too_far_off_ends_the_run(tmp_path: Path) -> None:
    """Two hours are not worth a runner: the sentence says to come back."""
    with github_under_test(tmp_path, faults=[{"limit": "secondary", "retry_after": 7200}]) as hub:
        watch = Watch()
        releases = Releases(repository=REPOSITORY, requests=watch.requests(hub.server.url))
        with pytest.raises(Failure, match="too far off"):
            releases.read(DesiredRelease(tag="v1.2.0"))
        assert watch.slept == []


def test_a_read_that_got_lost_is_asked_for_again(tmp_path: Path) -> None:
    """Reading twice does no harm; the pauses grow."""
    with github_under_test(tmp_path, faults=[{"status": 502, "nth": [1, 2]}]) as hub:
        watch = Watch()
        assert watch.requests(hub.server.url).get(PATH).status == 200
        assert watch.slept == [1.0, 2.0]
        assert len(hub.requests()) == 3


def test_a_server_that_says_when_to_come_back_is_heard(tmp_path: Path) -> None:
    """Where it is down for a while it may say so; a minute at a time is waited for."""
    faults = [{"status": 503, "headers": {"Retry-After": told}, "nth": [nth]} for nth, told in ((1, "20"), (2, "900"))]
    with github_under_test(tmp_path, faults=faults) as hub:
        watch = Watch()
        assert watch.requests(hub.server.url).get(PATH).status == 200
        assert watch.slept == [20.0, 60.0]


def test_notes_that_got_lost_are_asked_for_again(tmp_path: Path) -> None:
    """GitHub writes them and keeps nothing of it, so that asking twice does no harm."""
    with github_under_test(tmp_path, faults=[{"status": 502, "path": "*/generate-notes", "nth": [1]}]) as hub:
        watch = Watch()
        releases = Releases(repository=REPOSITORY, requests=watch.requests(hub.server.url))
        assert "Full Changelog" in releases.generated_notes("v1.2.0", previous="", target=None)
        assert watch.slept == [1.0]


def test_a_write_that_got_lost_is_handed_on(tmp_path: Path) -> None:
    """Creating twice would do harm: one request, and the answer is the caller's to judge."""
    with github_under_test(tmp_path, faults=[{"status": 502, "when": "after"}]) as hub:
        watch = Watch()
        assert watch.requests(hub.server.url).write("POST", PATH, {"tag_name": "v1.2.0", "draft": True}).status == 502
        assert (len(hub.requests()), len(hub.releases), watch.slept) == (1, 1, [])


def test_a_read_that_stays_lost_ends_in_a_sentence(tmp_path: Path) -> None:
    """After a minute of pauses the failure says what to look at."""
    with github_under_test(tmp_path, faults=[{"drop": True}]) as hub:
        watch = Watch()
        releases = Releases(repository=REPOSITORY, requests=watch.requests(hub.server.url))
        with pytest.raises(Failure, match="could not be reached to read the releases"):
            releases.read(DesiredRelease(tag="v1.2.0"))
        assert watch.slept == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_writes_keep_to_the_pace_and_reads_do_not_wait(tmp_path: Path) -> None:
    """The third write of two a minute waits for the first to be a minute old."""
    with github_under_test(tmp_path) as hub:
        watch = Watch()
        requests = watch.requests(hub.server.url, Pace(most=2, seconds=60.0), Pace(most=100, seconds=3600.0))
        for number in range(3):
            watch.time += 10
            requests.write("POST", PATH, {"tag_name": f"v{number}", "draft": True})
            requests.get(PATH)
        assert watch.slept == [40.0]
        assert watch.said == ["GitHub's pace for writing: going on in 40 s"]


def test_every_page_of_releases_is_read(tmp_path: Path) -> None:
    """A draft on the third page is found."""
    many = [{"tag_name": f"v0.{number}", "name": "", "body": ""} for number in range(240)]
    tags = {release["tag_name"]: "c" * 40 for release in many}
    with github_under_test(tmp_path, repository={"releases": many, "tags": tags}) as hub:
        releases = Releases(repository=REPOSITORY, requests=Watch().requests(hub.server.url))
        state = releases.read(DesiredRelease(tag="v0.3"))
        assert len(state.releases) == 240
        assert hub.requests() == [f"GET {PATH}"] * 3
