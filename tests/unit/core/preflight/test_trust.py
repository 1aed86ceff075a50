"""Trusted checks replace the quality gate only if all have passed."""

from __future__ import annotations

import pytest

from tagship.core.preflight.published import results_of, trust_finding

RUN = "https://github.com/octo/hello/actions/runs/7"


def test_the_jobs_of_the_own_run_do_not_count() -> None:
    """The running release is a check of the commit too, and cannot vouch for itself."""
    runs: list[dict[str, str | None]] = [
        {"name": "test", "status": "completed", "conclusion": "success", "details_url": f"{RUN}0/job/1"},
        {"name": "lint", "status": "in_progress", "conclusion": None, "details_url": f"{RUN}1/job/1"},
        {"name": "Preflight", "status": "in_progress", "conclusion": None, "details_url": f"{RUN}/job/2"},
    ]
    statuses = [{"context": "ci/other", "state": "success"}]
    assert results_of(runs, statuses, own_run=RUN) == {
        "test": "success",
        "lint": "in_progress",
        "ci/other": "success",
    }


@pytest.mark.parametrize(
    ("wanted", "results", "outcome", "says"),
    [
        pytest.param(["test"], {"test": "success", "docs": "failure"}, "passed", "test.", id="the named check passed"),
        pytest.param(["all"], {"test": "success", "old": "skipped"}, "passed", "old, test.", id="every check passed"),
        pytest.param(["all"], {"test": "failure"}, "skipped", "test (failure).", id="a check failed"),
        pytest.param(["test"], {}, "skipped", "test (not found).", id="the named check does not exist"),
        pytest.param(["test"], {"test": "queued"}, "skipped", "test (queued).", id="the named check is not complete"),
        pytest.param(["all"], {}, "skipped", "the commit has no checks.", id="no check at all"),
    ],
)
def test_the_gate_is_replaced_by_passed_checks_only(
    wanted: list[str], results: dict[str, str], outcome: str, says: str
) -> None:
    """Everything else runs the quality gate, and the summary gives the reason."""
    check = trust_finding(wanted, results)
    assert (check.outcome, check.says.endswith(says)) == (outcome, True), check.says
