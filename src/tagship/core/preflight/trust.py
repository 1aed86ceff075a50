"""Results of the CI of a commit, which can replace the quality gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tagship.core.preflight.check import Check, fine, skipped

_PASSED = frozenset({"success", "neutral", "skipped"})
_SUBJECT = "Trusted checks"
_SHOWN = 5


def results_of(
    runs: Iterable[Mapping[str, Any]], statuses: Iterable[Mapping[str, Any]], *, own_run: str
) -> dict[str, str]:
    """Return the result of every check by name, without the jobs of the workflow run at the URL ``own_run``.

    ``runs`` and ``statuses`` are as the REST API lists them:
    https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
    """
    found = {str(status.get("context")): str(status.get("state")) for status in statuses}
    for run in runs:
        if not (own_run and str(run.get("details_url", "")).startswith(f"{own_run}/")):
            found[str(run.get("name"))] = str(run.get("conclusion") or run.get("status"))
    return found


def trust_finding(wanted: Sequence[str], results: Mapping[str, str]) -> Check:
    """Check that the wanted checks have passed; ``all`` is every check. Only passed checks replace the gate."""
    names = sorted(results) if tuple(wanted) == ("all",) else wanted
    failed = [f"{name} ({results.get(name, 'not found')})" for name in names if results.get(name) not in _PASSED]
    if failed or not names:
        reason = ", ".join(failed[:_SHOWN]) if failed else "the commit has no checks"
        return skipped(_SUBJECT, f"The quality gate runs, because not all trusted checks have passed: {reason}.")
    return fine(_SUBJECT, f"The quality gate does not run again. Passed for this commit: {', '.join(names)}.")
