"""The number of uploads at a time follows GitHub's answers."""

from __future__ import annotations

from tagship.core.release.parallelism import Parallelism


def test_quick_answers_raise_the_number_up_to_its_maximum() -> None:
    """Each quick answer allows one more, a slow one does not."""
    parallelism = Parallelism(most=10)
    allowed = []
    for seconds in (0.1, 9.0, 0.1, 0.1):
        parallelism = parallelism.answered(seconds)
        allowed.append(parallelism.allowed)
    assert allowed == [9, 9, 10, 10]


def test_a_refusal_halves_the_number_once_for_all_requests_in_flight() -> None:
    """Requests sent before the last refusal count as the same one, and one request is always allowed."""
    parallelism = Parallelism(most=64).refused(sent=1.0, now=5.0)
    assert parallelism.allowed == 4
    assert parallelism.refused(sent=4.0, now=6.0).allowed == 4
    for sent in (7.0, 9.0, 11.0):
        parallelism = parallelism.refused(sent=sent, now=sent + 1)
    assert parallelism.allowed == 1
