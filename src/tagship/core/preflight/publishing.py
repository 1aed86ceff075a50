"""Whether the workflows that publish by trusted publishing would be let in by PyPI.

Source of the rules: https://docs.pypi.org/trusted-publishers/using-a-publisher/ and, on reusable workflows,
https://docs.pypi.org/trusted-publishers/troubleshooting/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tagship.core.preflight.finding import Finding, fine, stopped, warned
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ACTION = "pypa/gh-action-pypi-publish@"
_OWN = frozenset({"password", "user"})
"""Inputs of that action with which it publishes by a token."""


def publishing_findings(workflows: Mapping[str, str], *, running: str) -> Iterator[Finding]:
    """A finding for each workflow that publishes by trusted publishing, and none where no one does.

    ``workflows`` is the text of the files in ``.github/workflows`` by path; ``running`` the path of the one that runs,
    or empty where none does. What would stop another workflow than the running one is a warning.
    """
    for path, text in sorted(workflows.items()):
        workflow = _read(text) if _ACTION in text else {}
        for name, job in _publishers(workflow).items():
            if _is_only_called(workflow):
                yield warned("Publishing", _reusable(path, name))
            elif _grants(job.get("permissions", workflow.get("permissions"))):
                yield fine(
                    "Publishing", f"The job {name} of {path} may ask for its identity, as trusted publishing does."
                )
            elif running in ("", path):
                yield stopped("Publishing", _not_granted(path, name))
            else:
                yield warned("Publishing", _not_granted(path, name))


def _reusable(path: str, job: str) -> Problem:
    return Problem(
        found=f"{path} is a reusable workflow, and its job {job} publishes by trusted publishing.",
        remedy="Move that job into the workflow that calls it: PyPI does not support a reusable workflow as publisher.",
        topic="reusable-publisher",
        file=path,
    )


def _not_granted(path: str, job: str) -> Problem:
    return Problem(
        found=f"The job {job} of {path} publishes by trusted publishing without the permission for it.",
        remedy="Give that job: permissions: {id-token: write}",
        topic="no-id-token",
        file=path,
    )


def _publishers(workflow: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The jobs with a step that publishes without a token of its own, by name."""
    jobs = workflow.get("jobs")
    return {
        str(name): job
        for name, job in (jobs.items() if isinstance(jobs, dict) else ())
        if isinstance(job, dict) and any(map(_is_trusted, _steps(job)))
    }


def _steps(job: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    steps = job.get("steps")
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


def _is_trusted(step: Mapping[str, Any]) -> bool:
    given = step.get("with")
    return str(step.get("uses", "")).startswith(_ACTION) and not (_OWN & set(given if isinstance(given, dict) else ()))


def _is_only_called(workflow: Mapping[str, Any]) -> bool:
    # YAML 1.1 readers take the key `on` for true.
    triggers = workflow.get("on", workflow.get(True))  # type: ignore[call-overload]
    names = [triggers] if isinstance(triggers, str) else list(triggers) if triggers else []
    return names == ["workflow_call"]


def _grants(permissions: object) -> bool:
    if isinstance(permissions, dict):
        return permissions.get("id-token") == "write"
    return permissions == "write-all"


def _read(text: str) -> Mapping[str, Any]:
    """The workflow, or an empty one where the text is none: GitHub itself refuses those."""
    try:
        value = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
