"""Rate limits: the number of permitted requests, and the refusal of the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.fake_github import READER, REPOSITORY
from tagship.rehearsal.fake_github.permissions import Rates, Window, check_rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client
    from tagship.rehearsal.fake_github.http import Answer
    from tagship.rehearsal.fake_github.permissions import Counts

    Decision = tuple[dict[str, str], Answer | None]


def run(rates: Rates, *requests: tuple[str, float]) -> list[Decision]:
    """Return the headers and refusals of requests (method, second) of one caller."""
    counts: Counts = {}
    return [check_rates(rates, counts, method=method, caller="one", now=now) for method, now in requests]


def statuses(decisions: list[Decision]) -> list[int]:
    """Return the statuses of refusals, and 0 for permitted requests."""
    return [refusal.status if refusal else 0 for _, refusal in decisions]


def test_the_primary_limit_counts_every_request_until_its_window_ends() -> None:
    """The third of two permitted requests is refused until the window ends, and headers report the limit."""
    rates = Rates(primary=Window(requests=2, seconds=10), primary_status=429)
    decisions = run(rates, ("GET", 100), ("POST", 101), ("GET", 105), ("GET", 110))
    assert statuses(decisions) == [0, 0, 429, 0]
    headers = decisions[2][0]
    assert (headers["x-ratelimit-remaining"], headers["x-ratelimit-reset"], headers["x-ratelimit-used"]) == (
        "0",
        "110",
        "2",
    )
    assert decisions[3][0]["x-ratelimit-remaining"] == "1"


@pytest.mark.parametrize(
    ("reported", "expected"), [pytest.param(True, "7", id="with retry-after"), pytest.param(False, None, id="without")]
)
def test_the_secondary_limit_counts_requests_that_create_content(reported: bool, expected: str | None) -> None:
    """GET and DELETE do not count, and the refusal has ``retry-after`` if the limit reports it."""
    rates = Rates(content=(Window(requests=2, seconds=10),), retry_after=reported)
    decisions = run(rates, ("POST", 0), ("GET", 1), ("DELETE", 1), ("PATCH", 2), ("POST", 3.5), ("POST", 10))
    assert statuses(decisions) == [0, 0, 0, 0, 403, 0]
    refusal = decisions[4][1]
    assert refusal is not None
    assert refusal.headers.get("retry-after") == expected
    assert "secondary rate limit" in str(refusal.content)
    assert decisions[4][0]["x-ratelimit-remaining"] != "0"


def test_retry_after_is_that_of_the_longer_window() -> None:
    """Limits a minute and an hour apply at the same time."""
    rates = Rates(content=(Window(requests=1, seconds=10), Window(requests=2, seconds=100)))
    decisions = run(rates, ("POST", 0), ("POST", 20), ("POST", 40))
    assert statuses(decisions) == [0, 0, 403]
    assert decisions[2][1] is not None
    assert decisions[2][1].headers["retry-after"] == "60"


def test_each_caller_has_its_own_limit() -> None:
    """Requests of one token do not count for another."""
    rates = Rates(primary=Window(requests=1, seconds=10))
    counts: Counts = {}
    asked = [check_rates(rates, counts, method="GET", caller=caller, now=0) for caller in ("one", "other", "one")]
    assert statuses(asked) == [0, 0, 403]


def test_the_rate_limit_endpoint_reports_the_remaining_requests(connect: Callable[..., Client]) -> None:
    """Requests to ``/rate_limit`` do not count."""
    client = connect(rates=Rates(primary=Window(requests=3, seconds=60), primary_status=429))
    assert [client.ask("GET", REPOSITORY).status for _ in range(2)] == [200, 200]
    for _ in range(2):
        assert client.content("GET", "/rate_limit")["rate"]["remaining"] == 1
    assert [client.ask("GET", REPOSITORY).status for _ in range(2)] == [200, 429]
    assert client.ask("GET", REPOSITORY, token=READER).status == 200


def test_a_refused_request_has_no_effect(connect: Callable[..., Client]) -> None:
    """The secondary limit refuses a request before its effect."""
    client = connect(rates=Rates(content=(Window(requests=1, seconds=60),)))
    client.create("v1.0.0")
    assert client.ask("POST", f"{REPOSITORY}/releases", {"tag_name": "v2.0.0"}).status == 403
    assert len(client.content("GET", f"{REPOSITORY}/releases")) == 1


def test_the_secondary_limit_can_be_disabled(connect: Callable[..., Client]) -> None:
    """Without windows, every request is permitted."""
    client = connect(rates=Rates(content=()))
    for number in range(90):
        assert client.create(f"v1.0.{number}", target_commitish="main")["draft"]
