"""One verdict for many jobs: it passes only if every job succeeded or is excused by name."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tagship.core import summary
from tagship.core.formatting import escaped
from tagship.errors import Failure, Problem

_KNOWN = ("success", "failure", "cancelled", "skipped")
"""Results of a job: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobVerdict:
    """A job, its result from GitHub, and whether the gate allows it."""

    name: str
    result: str
    allowed: bool
    reason: str


def parse_needs(text: str) -> Mapping[str, str]:
    """Return the result of each job by its id, from ``${{ toJSON(needs) }}``.

    Raises Failure if the text is not that or has no job: a gate without jobs would always pass.
    """
    try:
        jobs = json.loads(text)
    except (ValueError, RecursionError):
        jobs = None
    if not isinstance(jobs, dict) or not all(isinstance(job, dict) and "result" in job for job in jobs.values()):
        raise Failure.of(
            found="The input needs is not the JSON of the needs context.",
            remedy="Set needs: ${{ toJSON(needs) }}",
            topic="needs-is-not-json",
        )
    if not jobs:
        raise Failure.of(
            found="The input needs contains no jobs, so the gate would always pass.",
            remedy="List every required job under needs: of this job, for example needs: [test, build]",
            topic="empty-needs",
        )
    return {name: str(job["result"]) for name, job in jobs.items()}


def judge(
    needs: Mapping[str, str], *, allowed_skips: Sequence[str], allowed_failures: Sequence[str]
) -> tuple[JobVerdict, ...]:
    """Return the verdict on every job of ``needs``, in order.

    Every job passes with ``success``, one of ``allowed_skips`` also with ``skipped``, one of ``allowed_failures`` with
    any known result. Raises Failure with a problem for every entry that is not in ``needs`` or is in both lists.
    """
    problems = [
        *_unknown(needs, "allowed-skips", allowed_skips),
        *_unknown(needs, "allowed-failures", allowed_failures),
    ]
    problems += [
        Problem(
            found=f"Job {name!r} is in both allowed-skips and allowed-failures.",
            remedy="Remove it from allowed-skips: allowed-failures includes skipped jobs.",
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
                found=f"Unknown job {name!r} in {field}.",
                remedy=f"Use one of the job ids under needs: {', '.join(needs)}",
                topic="wrong-allow-list",
            )


def _verdict(name: str, result: str, allowed_skips: Collection[str], allowed_failures: Collection[str]) -> JobVerdict:
    if result == "success":
        return JobVerdict(name=name, result=result, allowed=True, reason="")
    if result not in _KNOWN:
        return JobVerdict(name=name, result=result, allowed=False, reason="an unknown result")
    if name in allowed_failures:
        return JobVerdict(name=name, result=result, allowed=True, reason="excused by allowed-failures")
    if result == "skipped" and name in allowed_skips:
        return JobVerdict(name=name, result=result, allowed=True, reason="excused by allowed-skips")
    return JobVerdict(name=name, result=result, allowed=False, reason="")


def job_problems(jobs: Iterable[JobVerdict]) -> tuple[Problem, ...]:
    """Return a problem for each job that fails the gate."""
    return tuple(
        Problem(
            found=f"Job {job.name!r} has the result {job.result!r}{f', {job.reason}' if job.reason else ''}.",
            remedy=f"To allow the skip: allowed-skips: {job.name}"
            if job.result == "skipped"
            else f"Fix the job and re-run it. To allow any result: allowed-failures: {job.name}",
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
