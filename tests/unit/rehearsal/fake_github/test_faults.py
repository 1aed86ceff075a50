"""The fault plan: which request it strikes."""

from __future__ import annotations

import pytest

from tagship.rehearsal.fake_github.faults import Fault, Mishap, mishap


def strikes(plan: list[Fault], *requests: tuple[str, str]) -> list[Mishap]:
    """What befalls the requests (method, path), one after the other."""
    seen: tuple[int, ...] = (0,) * len(plan)
    found = []
    for method, path in requests:
        one, seen = mishap(plan, seen, method, path)
        found.append(one)
    return found


GET, POST, PATCH = ("GET", "/repos/o/r/releases"), ("POST", "/repos/o/r/releases"), ("PATCH", "/repos/o/r/releases/1")


@pytest.mark.parametrize(
    ("fault", "struck"),
    [
        pytest.param(Fault(status=500), [0, 1, 2, 3, 4], id="every request"),
        pytest.param(Fault(status=500, method="POST"), [1, 3], id="every one of a method"),
        pytest.param(Fault(status=500, path="/repos/*/releases"), [0, 1, 3, 4], id="every one of a path"),
        pytest.param(Fault(status=500, nth=(1, 4)), [0, 3], id="the first and fourth of all"),
        pytest.param(Fault(status=500, nth=(2,), method="POST"), [3], id="the second of a method"),
        pytest.param(Fault(status=500, path="/repos/*/assets"), [], id="none that matches"),
    ],
)
def test_a_rule_strikes_the_requests_it_names(fault: Fault, struck: list[int]) -> None:
    """Method, path and count choose the requests."""
    found = strikes([fault], GET, POST, PATCH, POST, GET)
    assert [number for number, one in enumerate(found) if one.fault] == struck


def test_the_first_rule_whose_turn_it_is_decides() -> None:
    """Of two rules for one request the first acts; the second has counted the request all the same."""
    first, second = Fault(status=500, nth=(1,)), Fault(drop=True, nth=(1, 2))
    assert [one.fault for one in strikes([first, second], GET, GET, GET)] == [first, second, None]


def test_delays_add_up_and_leave_the_rest_to_others() -> None:
    """A rule that only delays does not stop another from acting."""
    plan = [Fault(delay=1), Fault(delay=2, when="after"), Fault(status=500, delay=4)]
    (found,) = strikes(plan, GET)
    assert (found.before, found.after, found.fault) == (5, 2, plan[2])
