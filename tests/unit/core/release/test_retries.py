"""Pauses before retries; a wait that GitHub requests has priority."""

from __future__ import annotations

import pytest

from tagship.core.release.answers import Answer
from tagship.core.release.retries import Parallelism, RateLimit, RetryPolicy, requested_wait, seconds_until_free

NOW = 1_000_000.0


def limited(**headers: str) -> Answer:
    """Return a refusal by a rate limit."""
    return Answer(status=403, headers={name.replace("_", "-"): value for name, value in headers.items()})


CASES = {
    "seconds": (limited(retry_after="7"), 7.0),
    "seconds before the reset": (
        limited(retry_after="7", x_ratelimit_remaining="0", x_ratelimit_reset="1000900"),
        7.0,
    ),
    "a date": (limited(retry_after="Mon, 12 Jan 1970 13:46:50 GMT"), 10.0),
    "a date that is past": (limited(retry_after="Mon, 12 Jan 1970 13:46:30 GMT"), 0.0),
    "digits of another script": (limited(retry_after="\u0667"), None),
    "a reset half a second ago": (limited(x_ratelimit_remaining="0", x_ratelimit_reset="999999"), 1.0),
    "neither seconds nor a date": (limited(retry_after="soon"), None),
    "the reset, when nothing remains": (limited(x_ratelimit_remaining="0", x_ratelimit_reset="1000030"), 31.0),
    "a reset that is past": (limited(x_ratelimit_remaining="0", x_ratelimit_reset="999999"), 1.0),
    "a reset, but something remains": (limited(x_ratelimit_remaining="3", x_ratelimit_reset="1000030"), None),
    "no reset": (limited(x_ratelimit_remaining="0"), None),
    "nothing": (limited(), None),
}


@pytest.mark.parametrize(("answer", "seconds"), CASES.values(), ids=CASES.keys())
def test_github_requests_a_wait(answer: Answer, seconds: float | None) -> None:
    """``retry-after`` has priority over the reset of an exhausted limit."""
    assert requested_wait(answer, now=NOW) == seconds


def test_pauses_for_a_limit_without_a_wait_double() -> None:
    """The first pause is a minute, as GitHub requires, each further one twice as long."""
    waits = [RetryPolicy().after_limit(limited(), attempt, now=NOW) for attempt in (1, 2, 3)]
    assert waits == [60.0, 120.0, 240.0]


def test_a_wait_of_at_most_an_hour_is_accepted() -> None:
    """The hourly limit ends within an hour; a longer wait or the 21st refusal ends the run."""
    policy = RetryPolicy()
    assert policy.after_limit(limited(retry_after="3600"), 1, now=NOW) == 3600.0
    assert policy.after_limit(limited(retry_after="3660"), 1, now=NOW) == 3660.0
    assert policy.after_limit(limited(retry_after="3661"), 1, now=NOW) is None
    assert policy.after_limit(limited(retry_after="1"), 20, now=NOW) == 1.0
    assert policy.after_limit(limited(retry_after="1"), 21, now=NOW) is None


def test_lost_responses_are_retried_a_few_times() -> None:
    """Pauses double until the last attempt."""
    assert [RetryPolicy(attempts=4).after_loss(attempt) for attempt in (1, 2, 3, 4)] == [1.0, 2.0, 4.0, None]


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        pytest.param([], 0.0, id="no earlier request"),
        pytest.param([NOW - 1, NOW], 0.0, id="one more is allowed"),
        pytest.param([NOW - 50, NOW - 5, NOW], 10.0, id="the oldest of three is a minute old in ten seconds"),
        pytest.param([NOW - 70, NOW - 65, NOW - 61], 0.0, id="all are older than a minute"),
        pytest.param([NOW - 70, NOW - 50, NOW - 5, NOW], 10.0, id="only the last three count"),
    ],
)
def test_requests_stay_below_a_limit(sent: list[float], seconds: float) -> None:
    """With three per minute the fourth waits until the first is a minute old."""
    assert seconds_until_free(RateLimit(requests=3, seconds=60.0), sent, now=NOW) == seconds


def test_quick_answers_raise_the_number_up_to_its_maximum() -> None:
    """Each quick answer allows two more, a slow one does not."""
    parallelism = Parallelism(most=13)
    allowed = []
    for seconds in (0.1, 9.0, 0.1, 0.1):
        parallelism = parallelism.answered(seconds)
        allowed.append(parallelism.allowed)
    assert allowed == [10, 10, 12, 13]


def test_a_refusal_halves_the_number_once_for_all_requests_in_flight() -> None:
    """Requests sent before the last refusal count as the same one, and one request is always allowed."""
    parallelism = Parallelism(most=64).refused(sent=1.0, now=5.0)
    assert parallelism.allowed == 4
    assert parallelism.refused(sent=4.0, now=6.0).allowed == 4
    for sent in (7.0, 9.0, 11.0):
        parallelism = parallelism.refused(sent=sent, now=sent + 1)
    assert parallelism.allowed == 1
