"""How long to wait: what GitHub says goes first."""

from __future__ import annotations

import pytest

from tagship.core.release.answers import Answer
from tagship.core.release.retries import Pace, Patience, room, seconds_told

NOW = 1_000_000.0


def limited(**headers: str) -> Answer:
    """Return a refusal by a limit."""
    return Answer(status=403, headers={name.replace("_", "-"): value for name, value in headers.items()})


CASES = {
    "seconds": (limited(retry_after="7"), 7.0),
    "seconds before the reset": (
        limited(retry_after="7", x_ratelimit_remaining="0", x_ratelimit_reset="1000900"),
        7.0,
    ),
    "a date": (limited(retry_after="Mon, 12 Jan 1970 13:46:50 GMT"), 10.0),
    "a date that is past": (limited(retry_after="Mon, 12 Jan 1970 13:46:30 GMT"), 0.0),
    "nothing readable": (limited(retry_after="soon"), None),
    "the reset, when nothing remains": (limited(x_ratelimit_remaining="0", x_ratelimit_reset="1000030"), 31.0),
    "a reset that is past": (limited(x_ratelimit_remaining="0", x_ratelimit_reset="999999"), 1.0),
    "a reset, but something remains": (limited(x_ratelimit_remaining="3", x_ratelimit_reset="1000030"), None),
    "no reset": (limited(x_ratelimit_remaining="0"), None),
    "nothing": (limited(), None),
}


@pytest.mark.parametrize(("answer", "seconds"), CASES.values(), ids=CASES.keys())
def test_github_says_how_long_to_wait(answer: Answer, seconds: float | None) -> None:
    """``retry-after`` first, then the reset of a limit that is used up."""
    assert seconds_told(answer, now=NOW) == seconds


def test_a_limit_that_says_nothing_is_waited_for_longer_each_time() -> None:
    """A minute first, as GitHub asks, then twice as long."""
    waits = [Patience().after_limit(limited(), attempt, now=NOW) for attempt in (1, 2, 3)]
    assert waits == [60.0, 120.0, 240.0]


def test_a_limit_that_ends_within_the_hour_is_waited_for() -> None:
    """The hourly limit ends within an hour; what ends later is not worth a runner."""
    patience = Patience()
    assert patience.after_limit(limited(retry_after="3600"), 1, now=NOW) == 3600.0
    assert patience.after_limit(limited(retry_after="4000"), 1, now=NOW) is None
    assert patience.after_limit(limited(retry_after="1"), 21, now=NOW) is None


def test_lost_answers_are_asked_for_a_few_times() -> None:
    """Pauses double, and end."""
    assert [Patience(attempts=4).after_loss(attempt) for attempt in (1, 2, 3, 4)] == [1.0, 2.0, 4.0, None]


@pytest.mark.parametrize(
    ("writes", "seconds"),
    [
        pytest.param([], 0.0, id="nothing was written"),
        pytest.param([NOW - 1, NOW], 0.0, id="there is room for one more"),
        pytest.param([NOW - 50, NOW - 5, NOW], 10.0, id="the oldest of three is leaving in ten seconds"),
        pytest.param([NOW - 70, NOW - 65, NOW - 61], 0.0, id="all have left"),
        pytest.param([NOW - 70, NOW - 50, NOW - 5, NOW], 10.0, id="only the last three count"),
    ],
)
def test_writes_keep_to_a_pace(writes: list[float], seconds: float) -> None:
    """Three a minute means that the fourth waits until the first of them is a minute old."""
    assert room(Pace(most=3, seconds=60.0), writes, now=NOW) == seconds
