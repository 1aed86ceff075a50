"""The findings on the checks, the Python versions and the wheel of a release."""

from __future__ import annotations

from typing import Any

import pytest

from support.workflow_files import PATH, told
from tagship.core.gate.detection import Detected
from tagship.core.project.content import Content
from tagship.core.project.declaration import Declaration
from tagship.core.project.development import Development
from tagship.core.project.facts import ProjectFacts
from tagship.doctor.gate import on_gate
from tagship.errors import Problem

CHECKED = Detected(commands=("pytest",), reason="pytest configured", tools={})
COMPILED = {"setup.py": "setup(ext_modules=[])"}
NOT_CHECKED = ("no-checks", "error", None)


def call(given: str = "", path: str = ".github/workflows/python-build.yml") -> str:
    """Return a workflow whose only job calls ``path`` of tagship with ``given``, at line 3."""
    return f"jobs:\n  a:\n    uses: octo/tagship/{path}@v1\n    with: {{{given}}}\n"


def facts(text: str = "", *, requires: str | None = ">=3.11", **more: Any) -> ProjectFacts:
    """Return the facts of a checked project with the workflow ``text``."""
    return ProjectFacts(
        **{
            "files": {"pyproject.toml": ""},
            "declaration": Declaration(file="pyproject.toml", requires_python=requires),
            "workflows": {PATH: text} if text else {},
            "checks": CHECKED,
            **more,
        }
    )


def locked(requirement: str) -> dict[str, Any]:
    """Return the facts of a project with a ``requirement``, and a lock of iniconfig 2.1.0."""
    text = '[[package]]\nname = "iniconfig"\nversion = "2.1.0"\nsource = { registry = "https://pypi.org/simple" }\n'
    development = Development(groups={"test": (requirement,)})
    return {"lock": "uv.lock", "lock_text": text, "development": development}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(facts(), [], id="a checked project"),
        pytest.param(facts(call()), [], id="a call with the defaults"),
        pytest.param(facts(checks=None), [NOT_CHECKED], id="without checks and without a call"),
        pytest.param(facts(call(), checks=None), [NOT_CHECKED], id="without checks"),
        pytest.param(facts(call("check: make test"), checks=None), [], id="with checks in the workflow"),
        pytest.param(facts(call("check: ' '"), checks=None), [NOT_CHECKED], id="with empty checks in the workflow"),
        pytest.param(
            facts(call(path=".github/workflows/github-release.yml"), checks=None), [], id="a call that runs no checks"
        ),
        pytest.param(
            facts(checks=None, problems=(Problem(found="x", remedy="x", topic="x"),)), [], id="an unreadable project"
        ),
        pytest.param(facts(call("python-versions: auto")), [], id="the declared Pythons"),
        pytest.param(facts(call("python-versions: '${{ vars.A }}'")), [], id="Pythons from an expression"),
        pytest.param(
            facts(call("python-versions: 3.1")), [("wrong-python-version", "error", 3)], id="an unquoted 3.10"
        ),
        pytest.param(
            facts(call("python-versions: '3.9 3.12'")),
            [("wrong-requires-python", "error", 3)],
            id="an excluded Python",
        ),
        pytest.param(facts(call(), requires=">=3.13"), [], id="the default Pythons, which are those of the package"),
        pytest.param(
            facts(call("python-versions: auto, build-python: '3.10'")),
            [("requires-python", "error", 3)],
            id="a Python for the build that is excluded",
        ),
        pytest.param(
            facts(call("wheels: pure"), files=COMPILED), [("compiled-wheel", "warning", 3)], id="one wheel of C code"
        ),
        pytest.param(facts(call(), files=COMPILED), [], id="wheels for each platform"),
        pytest.param(facts(call("wheels: none"), files=COMPILED), [], id="an sdist of compiled code"),
        pytest.param(
            facts(call(), content=Content(submodules=("src/a",))),
            [("submodule-or-git-lfs-file-not-fetched", "error", 3)],
            id="a submodule that is not fetched",
        ),
        pytest.param(
            facts(call("submodules: true"), content=Content(submodules=("src/a",))), [], id="a fetched submodule"
        ),
        pytest.param(facts(**locked("attrs==1")), [("stale-lock", "warning", None)], id="a lock without a requirement"),
        pytest.param(
            facts(**locked("iniconfig<2")), [("stale-lock", "warning", None)], id="a locked version that does not fit"
        ),
        pytest.param(facts(**locked("iniconfig>=2")), [], id="a current lock"),
    ],
)
def test_the_inputs_of_the_workflow_decide(given: ProjectFacts, expected: list[tuple[str, str, int | None]]) -> None:
    """The gate, the build and the verification fail for the same reasons, at the line of the call."""
    assert told(on_gate(given)) == expected
