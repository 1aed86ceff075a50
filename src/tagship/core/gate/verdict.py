"""One verdict over the jobs a job needs: green only where each of them is, or is excused by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core import summary
from tagship.core.escaping import escaped
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_KNOWN = ("success", "failure", "cancelled", "skipped")
"""The results a job can have (https://docs.github.com/actions, "needs context")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobVerdict:
    """A job, its result as GitHub gives it, and whether that will do."""

    name: str
    result: str
    allowed: bool
    reason: str


def parse_needs(text: str) -> Mapping[str, str]:
    """Return the result of each job by its id, from ``${{ toJSON(needs) }}``.

    Raises Failure where the text is something else or names no job: a gate over nothing would be green for ever.
    """
    try:
        jobs = json.loads(text)
    except (ValueError, RecursionError):
        jobs = None
    if not isinstance(jobs, dict) or not all(isinstance(job, dict) and "result" in job for job in jobs.values()):
        raise Failure(
            Problem(
                found="The input needs is not the JSON of the context of that name.",
                remedy="Write needs: ${{ toJSON(needs) }}",
                topic="needs-is-no-json",
            )
        )
    if not jobs:
        raise Failure(
            Problem(
                found="The input needs holds no job, so this gate would let everything pass.",
                remedy="List under needs: of this job every job that must succeed.",
                topic="empty-needs",
            )
        )
    return {name: str(job["result"]) for name, job in jobs.items()}


def judge(
    needs: Mapping[str, str], *, allowed_skips: Sequence[str], allowed_failures: Sequence[str]
) -> tuple[JobVerdict, ...]:
    """Return the verdict on every job of ``needs``, in order.

    A job passes with ``success``; one of ``allowed_skips`` with ``skipped`` too; one of ``allowed_failures`` whatever
    its result. Raises Failure naming every entry of the two lists that is no job or stands in both.
    """
    problems = [
        *_unknown(needs, "allowed-skips", allowed_skips),
        *_unknown(needs, "allowed-failures", allowed_failures),
    ]
    problems += [
        Problem(
            found=f"The job {name!r} stands in allowed-skips and in allowed-failures.",
            remedy="Keep it in one: allowed-failures lets a job be skipped as well.",
            topic="wrong-allow-list",
        )
        for name in dict.fromkeys(allowed_skips)
        if name in allowed_failures
    ]
    if problems:
        raise Failure(*problems)
    return tuple(_verdict(name, result, allowed_skips, allowed_failures) for name, result in needs.items())


def _unknown(needs: Collection[str], field: str, names: Sequence[str]) -> Iterable[Problem]:
    for name in dict.fromkeys(names):
        if name not in needs:
            yield Problem(
                found=f"{field} names {name!r}, which is no job this one needs.",
                remedy=f"Write one of the ids under needs: {', '.join(needs)}.",
                topic="wrong-allow-list",
            )


def _verdict(name: str, result: str, allowed_skips: Collection[str], allowed_failures: Collection[str]) -> JobVerdict:
    if result == "success":
        return JobVerdict(name=name, result=result, allowed=True, reason="")
    if result not in _KNOWN:
        return JobVerdict(name=name, result=result, allowed=False, reason="no result that is known")
    if name in allowed_failures:
        return JobVerdict(name=name, result=result, allowed=True, reason="excused by allowed-failures")
    if result == "skipped" and name in allowed_skips:
        return JobVerdict(name=name, result=result, allowed=True, reason="excused by allowed-skips")
    return JobVerdict(name=name, result=result, allowed=False, reason="")


def job_problems(jobs: Iterable[JobVerdict]) -> tuple[Problem, ...]:
    """Return a problem for each job that shuts the gate."""
    return tuple(
        Problem(
            found=f"The job {job.name!r} ended with {job.result!r}{f', {job.reason}' if job.reason else ''}.",
            remedy=f"If that is meant to happen: allowed-skips: {job.name}"
            if job.result == "skipped"
            else f"Mend the job and run it again; if it need not succeed: allowed-failures: {job.name}",
            topic="job-not-successful",
        )
        for job in jobs
        if not job.allowed
    )


def verdict_table(jobs: Iterable[JobVerdict]) -> str:
    """Return the verdicts as a Markdown table."""
    rows = (
        (
            summary.marked("passed" if job.allowed else "failed", job.name),
            escaped(f"{job.result}, {job.reason}" if job.reason else job.result),
        )
        for job in jobs
    )
    return summary.table(("Job", "Result"), rows)
