"""The texts that ``tagship init`` writes: the caller's workflow, and the remaining manual steps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from tagship.core.gate.detection import no_checks
from tagship.core.workflows.pins import DOWNLOAD_ARTIFACT, PYPI_PUBLISH
from tagship.core.workflows.publishers import Publisher

if TYPE_CHECKING:
    from tagship.initialise.settings import WorkflowSettings


def filled(name: str, filters: Mapping[str, Callable[..., str]], **values: object) -> str:
    """Return the text of the template ``name``. Expressions of GitHub have the usual delimiters of Jinja."""
    environment = Environment(  # noqa: S701 - no HTML
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= filters
    template = (files("tagship.initialise") / name).read_text("utf-8")
    return environment.from_string(template).render(**values)


_CHECK = (
    "find . ! -type d -exec sha256sum {} + | sed 's|  ./|  |' | sort | diff <(sort <<< \"$SHA256SUMS\") - "
    "| sed 's/^[<>] [^ ]*  /::error title=Files differ from the build::/'"
)
"""The step before publishing, which annotates each file that was changed, removed or added since the build."""


def caller_workflow(settings: WorkflowSettings) -> str:
    """Return the YAML text of the workflow that releases the project.

    The publish jobs are in the caller's file, because PyPI does not accept reusable workflows of another repository and
    GitHub does not pass them the secrets of an environment.
    """
    return filled(
        "release.yml.jinja",
        {
            "json": json.dumps,
            "flow": _flow,
            "with": _with,
            "publisher": lambda name: Publisher(workflow=settings.file, environment=name).comment,
        },
        settings=settings,
        is_monorepo=settings.folder != ".",
        before=["build", "attest"] if settings.attestations else ["build"],
        jobs=list(_publish_jobs(settings)),
        build_inputs=_inputs(settings),
        release_inputs={
            "plan": "${{ needs.build.outputs.plan }}",
            **({} if settings.index == "pypi" else {"published": "false"}),
        },
        download=DOWNLOAD_ARTIFACT,
        check=_CHECK,
        publish=PYPI_PUBLISH,
    )


def _publish_jobs(settings: WorkflowSettings) -> Iterator[dict[str, Any]]:
    """Yield name, index, environment and inputs of each publish job; other indexes than PyPI's require a token."""
    inputs = {"skip-existing": "true"}
    if settings.testpypi:
        to_test = {"repository-url": "https://test.pypi.org/legacy/", **inputs}
        yield {"name": "publish-testpypi", "index": "TestPyPI", "environment": "testpypi", "inputs": to_test}
    if settings.index == "pypi":
        yield {"name": "publish", "index": "PyPI", "environment": settings.environment, "inputs": inputs}
    elif settings.index == "other":
        token = {"repository-url": json.dumps(settings.index_url), "password": "${{ secrets.INDEX_TOKEN }}"}
        inputs = {**token, "attestations": "false", **inputs}
        yield {"name": "publish", "index": "the index", "environment": settings.environment, "inputs": inputs}


def _inputs(settings: WorkflowSettings) -> dict[str, str]:
    values = {}
    if settings.tag_prefix != "v":
        values["tag-prefix"] = json.dumps(settings.tag_prefix or "none")
    if settings.folder != ".":
        values["working-directory"] = json.dumps(settings.folder)
    values |= {name: _yaml(value) for name, value in settings.inputs.items() if name not in values}
    if settings.index != "pypi":
        # The name of a package that is not on PyPI is not sent to it.
        values |= {"index-url": "none", "index-rules": "none"}
    return values


def _yaml(value: str) -> str:
    """Return an input as YAML: a block for several lines, quoted unless it is one of our keywords."""
    if "\n" in value:
        return "|\n" + "\n".join(f"        {line}" for line in value.splitlines())
    return value if value in ("auto", "true", "false", "cibuildwheel") else json.dumps(value)


def _with(values: dict[str, str], indent: int) -> str:
    """Return the inputs of a call or a step; a single value on one line is in flow style."""
    start = " " * indent + "with:"
    if len(values) == 1 and "\n" not in (row := "".join(values.values())):
        quoted = json.dumps(row) if row.startswith("$") else row
        return f"{start} {{ {next(iter(values))}: {quoted} }}\n"
    rows = "".join(f"{' ' * indent}  {name}: {value}\n" for name, value in values.items())
    return f"{start}\n{rows}" if values else ""


def _flow(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def advice(settings: WorkflowSettings) -> str:
    """Describe the settings on the index and on GitHub, and the next steps."""
    publishers = [("TestPyPI", "https://test.pypi.org", "testpypi")] if settings.testpypi else []
    if settings.index == "pypi":
        publishers.append(("PyPI", "https://pypi.org", settings.environment))
    environments = ["testpypi"] if settings.testpypi and settings.index == "pypi" else []
    environments += [settings.environment] if settings.index != "none" else []
    return filled(
        "advice.txt.jinja",
        {},
        settings=settings,
        publishers=publishers,
        environments=environments,
        no_checks=no_checks().found,
    )
