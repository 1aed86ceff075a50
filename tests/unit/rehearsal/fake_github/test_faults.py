"""Selection of the requests that a fault applies to."""

from __future__ import annotations

import pytest

from support.faults import Fault, FaultOutcome, fault_outcome


def outcomes(faults: list[Fault], *requests: tuple[str, str]) -> list[FaultOutcome]:
    """Return the outcomes of requests (method, path) that arrive in this order."""
    seen: tuple[int, ...] = (0,) * len(faults)
    found = []
    for method, path in requests:
        outcome, seen = fault_outcome(faults, seen, method, path)
        found.append(outcome)
    return found


GET, POST, PATCH = ("GET", "/repos/o/r/releases"), ("POST", "/repos/o/r/releases"), ("PATCH", "/repos/o/r/releases/1")


@pytest.mark.parametrize(
    ("fault", "affected"),
    [
        pytest.param(Fault(status=500), [0, 1, 2, 3, 4], id="every request"),
        pytest.param(Fault(status=500, method="POST"), [1, 3], id="every request with a method"),
        pytest.param(Fault(status=500, path="/repos/*/releases"), [0, 1, 3, 4], id="every request with a path"),
        pytest.param(Fault(status=500, nth=(1, 4)), [0, 3], id="the first and fourth request"),
        pytest.param(Fault(status=500, nth=(2,), method="POST"), [3], id="the second request with a method"),
        pytest.param(Fault(status=500, path="/repos/*/assets"), [], id="no request"),
    ],
)
def test_method_path_and_number_select_requests(fault: Fault, affected: list[int]) -> None:
    """A fault applies to the matching requests with its numbers."""
    found = outcomes([fault], GET, POST, PATCH, POST, GET)
    assert [number for number, outcome in enumerate(found) if outcome.fault] == affected


def test_the_first_matching_fault_applies() -> None:
    """The second fault also counts a request that the first one applies to."""
    first, second = Fault(status=500, nth=(1,)), Fault(drop=True, nth=(1, 2))
    assert [outcome.fault for outcome in outcomes([first, second], GET, GET, GET)] == [first, second, None]


def test_delays_add_up_and_do_not_hide_other_faults() -> None:
    """Faults that only delay apply together with another fault."""
    faults = [Fault(delay=1), Fault(delay=2, when="after"), Fault(status=500, delay=4)]
    (found,) = outcomes(faults, GET)
    assert (found.before, found.after, found.fault) == (5, 2, faults[2])
