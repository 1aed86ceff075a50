"""Faults that the server injects, and the requests that they apply to."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault, and a filter for requests.

    ``method`` and ``path`` are patterns of ``fnmatch``; the path has neither the prefix ``/api/v3`` nor a query, and
    uploads begin with ``/uploads``. ``nth`` are the numbers of the matching requests, counted from 1; empty means all.
    ``when`` is before or after the effect of the request.

    The fault is one of: ``status`` answers with ``body`` and ``headers``; ``delay`` waits for that many seconds;
    ``drop`` closes the connection without an answer; ``truncate`` sends that many bytes of the body; ``limit`` answers
    as a rate limit does, with ``status`` and ``retry_after``; ``starter`` answers an upload with 502 and leaves an
    unfinished asset. If several faults match, the first one applies, and the delays of all add up.
    """

    method: str = "*"
    path: str = "*"
    nth: tuple[int, ...] = ()
    when: Literal["before", "after"] = "before"
    status: int | None = None
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    truncate: int | None = None
    limit: Literal["primary", "secondary"] | None = None
    retry_after: float | None = None
    starter: bool = False

    def matches(self, method: str, path: str) -> bool:
        """Return True if the filter matches the request, regardless of its number."""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    @property
    def only_delays(self) -> bool:
        return self.status is None and not (self.drop or self.starter or self.limit) and self.truncate is None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultOutcome:
    """Faults of one request: the delays before and after its effect, and at most one other fault."""

    before: float = 0.0
    after: float = 0.0
    fault: Fault | None = None


def fault_outcome(
    faults: Sequence[Fault], seen: Sequence[int], method: str, path: str
) -> tuple[FaultOutcome, tuple[int, ...]]:
    """Return the faults of the request, and the new number of requests that each fault has matched (``seen``)."""
    counts = tuple(count + fault.matches(method, path) for fault, count in zip(faults, seen, strict=True))
    due = [
        fault
        for fault, before, count in zip(faults, seen, counts, strict=True)
        if count > before and (not fault.nth or count in fault.nth)
    ]
    decisive = next((fault for fault in due if not fault.only_delays), None)
    acting = [fault for fault in due if fault.only_delays or fault is decisive]
    return (
        FaultOutcome(
            before=sum(fault.delay for fault in acting if fault.when == "before"),
            after=sum(fault.delay for fault in acting if fault.when == "after"),
            fault=decisive,
        ),
        counts,
    )
