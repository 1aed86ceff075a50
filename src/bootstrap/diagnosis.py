"""Why an installation failed, told from what pip and uv printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.installers import NO_PIP
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.installers import Outcome

_HASH = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch", re.IGNORECASE)
_NETWORK = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|Retrying \(Retry"
    r"|error sending request|Failed to fetch|dns error|timed out|HTTP error \d|\b(4\d\d|5\d\d) (Client|Server) Error",
    re.IGNORECASE,
)
_NO_WHEEL = re.compile(
    r"No matching distribution found for (?P<pip>[\w.=-]+)|Because (there is no version of )?(?P<uv>[\w.=-]+)"
    r"|is not a supported wheel",
    re.IGNORECASE,
)
_REQUIREMENT = re.compile(r"^\s*(?P<pip>[\w.-]+==[\w.]+)[^\n]* from |mismatch for `(?P<uv>[\w.=-]+)`", re.MULTILINE)


def diagnosis(failed: Sequence[Outcome], tier: str) -> Problem:
    """The one cause that the outputs of all ``failed`` ways point to."""
    output = "\n".join(outcome.output for outcome in failed)
    if _HASH.search(output):
        return Problem(
            found=f"{_named(_REQUIREMENT, output, 'A file')} on the index is not the file that tagship has locked.",
            remedy="Do not go on: find out what the index, mirror or proxy in between hands out for it.",
            topic="dependency-hash-mismatch",
        )
    if _NETWORK.search(output):
        return Problem(
            found=f"The package index could not be reached for the {tier} dependencies.",
            remedy="Run the job again; behind a mirror or proxy set PIP_INDEX_URL, PIP_PROXY or PIP_CERT for the step.",
            topic="dependency-network",
        )
    if _NO_WHEEL.search(output):
        return Problem(
            found=f"No wheel of {_named(_NO_WHEEL, output, 'a dependency')} fits this Python and platform.",
            remedy='Use a CPython that has one: "uses: actions/setup-python" with "python-version: 3.12".',
            topic="dependency-without-wheel",
        )
    if NO_PIP in output and failed[-1].installer == "venv":
        return Problem(
            found="There is neither uv nor pip to install the dependencies with, and the venv module makes no pip.",
            remedy='Add a step before this one: "uses: actions/setup-python" with "python-version: 3.12".',
            topic="no-installer",
        )
    return Problem(
        found=f"The {tier} dependencies could not be installed: {failed[-1].installer} ended with {failed[-1].code}.",
        remedy="What it printed stands in the log above.",
        topic="dependency-installation",
    )


def _named(pattern: re.Pattern[str], output: str, otherwise: str) -> str:
    match = pattern.search(output)
    return (match["pip"] or match["uv"] or otherwise) if match else otherwise
