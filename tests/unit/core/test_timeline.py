"""The timeline of a run shows every started job under any name."""

from __future__ import annotations

import pytest

from tagship.core.summary import Job, jobs_of, mermaid_gantt

LISTED = {
    "total_count": 3,
    "jobs": [
        {
            "name": "build / Check on Python 3.12",
            "started_at": "2026-11-23T01:00:10Z",
            "completed_at": "2026-11-23T01:01:25Z",
            "conclusion": "failure",
        },
        {
            "name": "build / Preflight",
            "started_at": "2026-11-23T01:00:00Z",
            "completed_at": "2026-11-23T01:00:08Z",
            "conclusion": "success",
        },
        {
            "name": "left out",
            "started_at": "2026-11-23T01:00:00Z",
            "completed_at": "2026-11-23T01:00:00Z",
            "conclusion": "skipped",
        },
        {"name": "release", "started_at": "2026-11-23T01:02:00Z", "completed_at": None, "conclusion": None},
        {"name": "waits", "started_at": None, "completed_at": None, "conclusion": None},
    ],
}
START = 1795395600


def test_jobs_are_sorted_by_their_start() -> None:
    """Skipped and waiting jobs are left out, and the last job is still running."""
    assert jobs_of(LISTED) == (
        Job(name="build / Preflight", started=START, ended=START + 8, succeeded=True),
        Job(name="build / Check on Python 3.12", started=START + 10, ended=START + 85, succeeded=False),
        Job(name="release", started=START + 120, ended=None, succeeded=False),
    )


def test_each_job_is_a_bar_with_its_duration() -> None:
    """Finished, failed and running jobs have different states."""
    assert mermaid_gantt(jobs_of(LISTED), now=START + 125.5).splitlines() == [
        "gantt",
        "    dateFormat x",
        "    axisFormat %H:%M:%S",
        f"    8.0 s - build / Preflight :done, {START}000, {START + 8}000",
        f"    1 min 15 s - build / Check on Python 3.12 :crit, {START + 10}000, {START + 85}000",
        f"    5.5 s - release :active, {START + 120}000, {START + 125}500",
    ]


@pytest.mark.parametrize("name", ["a: crit, 0, 1\nclick b", "%%{init}%%", "x;#`'\"", "::", "", "section x"])
def test_a_name_stays_a_name(name: str) -> None:
    """No job name ends the task or begins another line."""
    shown = mermaid_gantt([Job(name=name, started=0, ended=0, succeeded=True)], now=0)
    last = shown.splitlines()[3:]
    assert (len(last), last[0].count(":"), last[0].startswith("    0.0 s - "), last[0].endswith(" :done, 0, 1000")) == (
        1,
        1,
        True,
        True,
    )


@pytest.mark.parametrize("data", [None, [], {}, {"jobs": None}, {"jobs": ["x", {}]}])
def test_a_malformed_answer_has_no_jobs(data: object) -> None:
    """A malformed answer leads to an empty timeline and never to a failure."""
    assert jobs_of(data) == ()
