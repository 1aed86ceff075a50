"""The checks that a wheel went through, and their page for the step's summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagship.core.escaping import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.core.distributions import Distribution

Result = Literal["passed", "failed", "warned", "skipped"]
_MARKS: dict[Result, str] = {"passed": "✅", "failed": "❌", "warned": "⚠️", "skipped": "⏭️"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: what was checked, how it came out, and what there is to say about it."""

    name: str
    result: Result
    detail: str = ""


def verification_summary(wheel: Distribution, python: str, checks: Sequence[Check]) -> str:
    """Markdown: what was installed where, and a row a check."""
    failed = any(check.result == "failed" for check in checks)
    head = "❌ Did not verify" if failed else "✅ Verified"
    rows = [f"| {_MARKS[check.result]} | {escaped(check.name)} | {escaped(check.detail)} |" for check in checks]
    return "\n".join(
        [
            f"### {head} {escaped(wheel.name)} {escaped(str(wheel.version))}",
            "",
            f"`{wheel.filename}` in a fresh environment of Python {escaped(python)}, away from the checkout.",
            "",
            "| | Check | |",
            "| --- | --- | --- |",
            *rows,
        ]
    )
