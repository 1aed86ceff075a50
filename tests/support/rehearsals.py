"""Results of rehearsals, for tests of the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tagship.rehearsal.result import File, ReleaseResult, Request, Result, StageResult, Subject

if TYPE_CHECKING:
    from tagship.rehearsal.result import Outcome

NOTES = "### Added\n\n- Greetings in *Spanish*, by @octocat (#7)\n\n<script>alert(1)</script>\n"
FILES = tuple(
    File(name=name, size=4643, digest=f"sha256:{digit * 64}")
    for name, digit in (("hello-1.2.0-py3-none-any.whl", "a"), ("hello-1.2.0.tar.gz", "b"))
)
REQUESTS = (
    Request(to="index", method="GET", path="/simple/hello/", status=404),
    Request(to="github", method="GET", path="/repos/octo/hello/releases", status=200),
    Request(to="github", method="POST", path="/repos/octo/hello/releases", status=201),
    Request(to="index", method="POST", path="/", status=200),
    Request(to="github", method="PATCH", path="/repos/octo/hello/releases/1", status=None),
)
CHECKS = (
    {"name": "make check", "command": "make check", "outcome": "passed", "exit-code": 0, "seconds": 3.2},
    {"name": "pytest", "command": "pytest -q", "outcome": "not run", "exit-code": None, "seconds": 0.0},
)


def a_stage(
    name: str, began: float = 0.0, seconds: float = 0.4, *, outcome: Outcome = "passed", **more: Any
) -> StageResult:
    """Return the result of a stage; keywords set further fields."""
    values = {"title": name.title(), "outputs": {}, "log": (f"{name} says <hello>",)} | more
    return StageResult(name=name, outcome=outcome, started=began, seconds=seconds, **values)


def a_result(**changes: Any) -> Result:
    """Return the result of a rehearsal that passed; keywords replace fields."""
    report = {"report": json.dumps(CHECKS)}
    stages = (
        a_stage("checkout"),
        a_stage("preflight", 0.4, 0.8),
        a_stage("quality-gate", 1.2, 4.2, python="3.11", outputs=report),
        a_stage("quality-gate", 1.2, 4.9, python="3.12", outputs=report),
        a_stage("build-dist", 6.1, 3.1),
        a_stage("gh-release", 9.2, 0.8),
    )
    values: dict[str, Any] = {
        "subject": Subject(
            project="hello", repository="octo/hello", tag="v1.2.0", commit="c0ffee" + "0" * 34, version="1.2.0"
        ),
        "seconds": 10.2,
        "stages": stages,
        "release": ReleaseResult(
            tag="v1.2.0", name="v1.2.0", draft=False, prerelease=False, latest=True, body=NOTES, assets=FILES
        ),
        "index": FILES,
        "requests": REQUESTS,
    }
    return Result(**values | changes)
