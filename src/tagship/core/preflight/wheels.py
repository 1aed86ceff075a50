"""The kind of wheels of a release, and the runners that build them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Literal

from tagship.core.formatting import did_you_mean
from tagship.core.preflight.check import Check, fine, stopped, warned
from tagship.errors import Problem

Wheels = Literal["auto", "pure", "cibuildwheel", "none"]
RUNNERS = "ubuntu-latest ubuntu-24.04-arm macos-latest macos-15-intel windows-latest windows-11-arm"
"""The labels that build the wheels of each platform by default."""
_HOSTED = frozenset(
    {
        *RUNNERS.split(),
        *(f"ubuntu-{version}{arch}" for version in ("22.04", "24.04", "26.04") for arch in ("", "-arm")),
        *(f"macos-{version}" for version in ("14", "15", "26", "26-intel", "14-large", "15-large", "15-xlarge")),
        *("ubuntu-slim", "windows-2022", "windows-2025", "windows-2025-vs2026", "self-hosted"),
    }
)
"""Labels of GitHub's runners: https://docs.github.com/en/actions/reference/runners/github-hosted-runners"""


def wheels_of(wheels: Wheels, *, is_compiled: bool) -> Wheels:
    """Return the kind of wheels; ``auto`` depends on compiled code."""
    return ("cibuildwheel" if is_compiled else "pure") if wheels == "auto" else wheels


def runner_labels(text: str) -> tuple[str, ...]:
    """Return the labels in ``text``, each once; a JSON list of labels without spaces is one, and an empty list none."""
    return tuple(dict.fromkeys(label for label in text.split() if label != "[]"))


def wheels_findings(wheels: Wheels, runners: Sequence[str], *, is_compiled: bool) -> Iterator[Check]:
    """Yield the checks of the kind of wheels and of the runners."""
    kind, reason = wheels_of(wheels, is_compiled=is_compiled), "set by wheels."
    if wheels == "auto":
        reason = f"the project contains {'' if is_compiled else 'no '}compiled code."
    if kind != "cibuildwheel":
        yield fine("Wheels", f"{kind}: {reason}")
        return
    if not runners:
        yield stopped(
            "Wheels",
            Problem(
                found="wheel-runners contains no label, so no wheel would be built.",
                remedy="Set the runners: `wheel-runners: ubuntu-latest`, or publish the sdist only: `wheels: none`",
                topic="wrong-inputs",
            ),
        )
    yield fine("Wheels", f"cibuildwheel on {', '.join(runners)}: {reason}")
    for label in runners:
        if label not in _HOSTED and not _is_list(label):
            near = did_you_mean(label, _HOSTED)
            yield warned(
                "Wheels",
                Problem(
                    found=f"GitHub has no hosted runner {label!r}. {near}".rstrip(),
                    remedy="Correct it in wheel-runners. If it is a runner of your own, ignore this. Without a runner "
                    "of that label the job waits for 24 hours and fails.",
                    topic="unknown-runner",
                ),
            )


def _is_list(label: str) -> bool:
    try:
        return isinstance(json.loads(label), list)
    except ValueError:
        return False
