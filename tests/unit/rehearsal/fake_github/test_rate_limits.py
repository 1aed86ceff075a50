"""Rate limits: how many requests go through, and what the next one is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.hub import READER, REPOSITORY, configuration
from tagship.rehearsal.fake_github.rate_limits import Rates, Window, judged

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk
    from tagship.rehearsal.fake_github.rate_limits import Counts, Verdict


def run(rates: Rates, *requests: tuple[str, float]) -> list[Verdict]:
    """Return the verdicts on requests (method, second) of one caller."""
    counts: Counts = {}
    verdicts = []
    for method, now in requests:
        verdict = judged(rates, counts, method=method, who="one", now=now)
        counts = verdict.counts
        verdicts.append(verdict)
    return verdicts


def statuses(verdicts: list[Verdict]) -> list[int]:
    """Return the statuses of refusals; 0 for those let through."""
    return [verdict.refusal.status if verdict.refusal else 0 for verdict in verdicts]


def test_the_primary_limit_counts_every_request_until_its_window_ends() -> None:
    """The third of two is refused with what is left and when it starts anew; afterwards all goes on."""
    rates = Rates(primary=Window(requests=2, seconds=10), primary_status=429)
    verdicts = run(rates, ("GET", 100), ("POST", 101), ("GET", 105), ("GET", 110))
    assert statuses(verdicts) == [0, 0, 429, 0]
    headers = verdicts[2].headers
    assert (headers["x-ratelimit-remaining"], headers["x-ratelimit-reset"], headers["x-ratelimit-used"]) == (
        "0",
        "110",
        "2",
    )
    assert verdicts[3].headers["x-ratelimit-remaining"] == "1"


@pytest.mark.parametrize(
    ("told", "expected"), [pytest.param(True, "7", id="with retry-after"), pytest.param(False, None, id="without")]
)
def test_the_secondary_limit_counts_what_makes_content(told: bool, expected: str | None) -> None:
    """Reading and deleting are free; too much writing is refused, with or without the seconds to wait."""
    rates = Rates(content=(Window(requests=2, seconds=10),), retry_after=told)
    verdicts = run(rates, ("POST", 0), ("GET", 1), ("DELETE", 1), ("PATCH", 2), ("POST", 3.5), ("POST", 10))
    assert statuses(verdicts) == [0, 0, 0, 0, 403, 0]
    refusal = verdicts[4].refusal
    assert refusal is not None
    assert refusal.headers.get("retry-after") == expected
    assert "secondary rate limit" in str(refusal.content)
    assert verdicts[4].headers["x-ratelimit-remaining"] != "0"


def test_the_longer_of_two_windows_says_how_long_to_wait() -> None:
    """80 a minute and 500 an hour hold side by side."""
    rates = Rates(content=(Window(requests=1, seconds=10), Window(requests=2, seconds=100)))
    verdicts = run(rates, ("POST", 0), ("POST", 20), ("POST", 40))
    assert statuses(verdicts) == [0, 0, 403]
    assert verdicts[2].refusal is not None
    assert verdicts[2].refusal.headers["retry-after"] == "60"


def test_callers_have_limits_of_their_own() -> None:
    """One token's requests do not use up another's."""
    rates = Rates(primary=Window(requests=1, seconds=10))
    first = judged(rates, {}, method="GET", who="one", now=0)
    assert judged(rates, first.counts, method="GET", who="other", now=0).refusal is None
    assert judged(rates, first.counts, method="GET", who="one", now=0).refusal is not None


def test_limits_are_configured_and_asked_for(open_desk: Callable[..., Desk]) -> None:
    """The limits in force are the configured ones; asking what is left costs nothing."""
    desk = open_desk(configuration(limits={"primary": {"requests": 3, "seconds": 60, "status": 429}}))
    assert [desk.ask("GET", REPOSITORY).status for _ in range(2)] == [200, 200]
    for _ in range(2):
        assert desk.content("GET", "/rate_limit")["rate"]["remaining"] == 1
    assert [desk.ask("GET", REPOSITORY).status for _ in range(2)] == [200, 429]
    assert desk.ask("GET", REPOSITORY, token=READER).status == 200


def test_a_refused_request_has_no_effect(open_desk: Callable[..., Desk]) -> None:
    """What the secondary limit refuses is not done."""
    desk = open_desk(configuration(limits={"content": [{"requests": 1, "seconds": 60}]}))
    desk.create("v1.0.0")
    assert desk.ask("POST", f"{REPOSITORY}/releases", {"tag_name": "v2.0.0"}).status == 403
    assert len(desk.content("GET", f"{REPOSITORY}/releases")) == 1


def test_no_secondary_limit_can_be_configured(open_desk: Callable[..., Desk]) -> None:
    """An empty list of windows lets everything through."""
    desk = open_desk(configuration(limits={"content": []}))
    for number in range(90):
        assert desk.create(f"v1.0.{number}", target_commitish="main")["draft"]
