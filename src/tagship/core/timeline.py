"""The timeline of a run's jobs as a Mermaid diagram for a step summary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tagship.core.formatting import duration
from tagship.core.release.state import seconds

_UNSAFE = re.compile(r"[^\w .,()+/-]+")
"""Characters with a meaning in Mermaid, such as colons, hashes, quotes and percent signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A started job: ``started`` and ``ended`` in seconds since the epoch, ``ended`` None while it runs."""

    name: str
    started: float
    ended: float | None
    succeeded: bool


def jobs_of(data: object) -> tuple[Job, ...]:
    """Return the started jobs in GitHub's list of a run's jobs, sorted by their start.

    Source: https://docs.github.com/en/rest/actions/workflow-jobs
    """
    listed = data.get("jobs") if isinstance(data, dict) else None
    jobs = (_job(item) for item in (listed if isinstance(listed, list) else ()) if isinstance(item, dict))
    return tuple(sorted((job for job in jobs if job), key=lambda job: job.started))


def _job(item: dict[str, object]) -> Job | None:
    started, ended = seconds(item.get("started_at")), seconds(item.get("completed_at")) or None
    if not started or item.get("conclusion") == "skipped":
        return None
    return Job(
        name=str(item.get("name", "")), started=started, ended=ended, succeeded=item.get("conclusion") == "success"
    )


def mermaid_gantt(jobs: Iterable[Job], *, now: float) -> str:
    """Return one bar per job, labelled with its duration and name; a running job ends at ``now`` (seconds, as in Job).

    Each label begins with a number, so a job named ``click`` or ``section`` is not read as a keyword. Times are in
    milliseconds, because in ``dateFormat X`` Mermaid reads only the end as seconds.
    """
    lines = ["gantt", "    dateFormat x", "    axisFormat %H:%M:%S"]
    for job in jobs:
        ended = now if job.ended is None else job.ended
        state = "active" if job.ended is None else "done" if job.succeeded else "crit"
        # Mermaid does not draw a bar of length zero.
        first, last = int(job.started * 1000), int(max(ended, job.started + 1) * 1000)
        name = _UNSAFE.sub(" ", job.name).strip() or "job"
        lines.append(f"    {duration(max(0.0, ended - job.started))} - {name} :{state}, {first}, {last}")
    return "\n".join(lines)
