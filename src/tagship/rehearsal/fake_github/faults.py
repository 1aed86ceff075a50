"""The fault plan: which request goes wrong, how, and whether before or after its effect."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

When = Literal["before", "after"]
LimitKind = Literal["primary", "secondary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A rule of the plan; what each of its parts means stands in the package's docstring."""

    method: str = "*"
    path: str = "*"
    nth: tuple[int, ...] = ()
    when: When = "before"
    status: int | None = None
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    truncate: int | None = None
    limit: LimitKind | None = None
    retry_after: float | None = None
    starter: bool = False

    def matches(self, method: str, path: str) -> bool:
        """Return True if the rule is about this request at all."""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    @property
    def only_delays(self) -> bool:
        """Whether the request is otherwise left in peace."""
        return self.status is None and not (self.drop or self.starter or self.limit) and self.truncate is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """What befalls one request: waiting before and after its effect, and at most one fault."""

    before: float = 0.0
    after: float = 0.0
    fault: Fault | None = None


def mishap(plan: Sequence[Fault], seen: Sequence[int], method: str, path: str) -> tuple[Mishap, tuple[int, ...]]:
    """What befalls the request, and how often each rule has now been matched (``seen``: how often before)."""
    counts = tuple(count + fault.matches(method, path) for fault, count in zip(plan, seen, strict=True))
    due = [
        fault
        for fault, before, count in zip(plan, seen, counts, strict=True)
        if count > before and (not fault.nth or count in fault.nth)
    ]
    decisive = next((fault for fault in due if not fault.only_delays), None)
    acting = [fault for fault in due if fault.only_delays or fault is decisive]
    return (
        Mishap(
            before=sum(fault.delay for fault in acting if fault.when == "before"),
            after=sum(fault.delay for fault in acting if fault.when == "after"),
            fault=decisive,
        ),
        counts,
    )
