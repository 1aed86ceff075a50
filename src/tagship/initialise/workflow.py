"""The text of the caller's workflow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagship.core.workflows.pins import DOWNLOAD_ARTIFACT, PYPI_PUBLISH
from tagship.core.workflows.publishers import Publisher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.initialise.settings import WorkflowSettings

_HEAD = """\
# Push a tag like <example> to release <package>. A manual run on a branch only builds and verifies.
name: <title>

on:
  push:
    tags: [<pattern>]
  workflow_dispatch:

permissions: {}
concurrency: { group: "<group>-${{ github.ref }}", queue: max }

jobs:
"""

_BUILD = """\
  build:
    permissions: { contents: read } # to read the repository, its tags and its releases
    uses: <source>/.github/workflows/python-build.yml@<called>
"""

_ATTEST = """\
  attest:
    needs: build
    if: needs.build.outputs.release == 'true'
    permissions:
      id-token: write # to get the signing certificate
      attestations: write # to store the attestation
      artifact-metadata: write # to store the record of the attested files
    uses: <source>/.github/workflows/python-attest.yml@<called>
    with: { sha256sums: "${{ needs.build.outputs.sha256sums }}" }
"""

_CHECK = (
    "find . ! -type d -exec sha256sum {} + | sed 's|  ./|  |' | sort | diff <(sort <<< \"$SHA256SUMS\") - "
    "| sed 's/^[<>] [^ ]*  /::error title=Files differ from the build::/'"
)
"""The step before publishing, which annotates each file that was changed, removed or added since the build."""

_PUBLISH = """\
  <job>:
    name: Publish to <index>
    needs: <needs>
    if: needs.build.outputs.release == 'true'
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions: <permissions>
    environment: <environment>
    steps:
      - uses: <download>
        with: { name: "${{ needs.build.outputs.artifact }}", path: dist }
      - run: <check>
        working-directory: dist
        shell: bash
        env: { SHA256SUMS: "${{ needs.build.outputs.sha256sums }}" } # the files must be those of the build
      - uses: <publish>
"""

_RELEASE = """\
  release:
    needs: <needs>
    <condition>permissions: { contents: write } # to create the release and attach the files
    uses: <source>/.github/workflows/github-release.yml@<called>
"""


def caller_workflow(settings: WorkflowSettings) -> str:
    """Return the YAML text of the workflow that releases the project.

    The publish jobs are in the caller's file, because PyPI does not accept reusable workflows of another repository and
    GitHub does not pass them the secrets of an environment.
    """
    monorepo = settings.folder != "."
    return _filled(
        _HEAD + "\n".join(_jobs(settings)),
        package=settings.package,
        title=f"Release {settings.package}" if monorepo else "Release",
        group=f"release-{settings.project}" if monorepo else "release",
        example=f"{settings.tag_prefix}1.2.0",
        pattern=json.dumps(settings.tag_pattern),
        source=settings.source,
        called=settings.called,
        download=DOWNLOAD_ARTIFACT,
        check=_CHECK,
        publish=PYPI_PUBLISH,
    )


def _jobs(settings: WorkflowSettings) -> list[str]:
    jobs, done = [_BUILD + _with(_inputs(settings))], ["build"]
    if settings.attestations:
        jobs.append(_ATTEST)
        done.append("attest")
    for row in _publish_jobs(settings):
        jobs.append(_publish(settings, done, row))
        done.append(row[0])
    values = {"plan": "${{ needs.build.outputs.plan }}"}
    if settings.index != "pypi":
        values["published"] = "false"
    condition = "if: needs.build.outputs.release == 'true'\n    " if settings.index == "none" else ""
    return [*jobs, _filled(_RELEASE, needs=_list(done), condition=condition) + _with(values)]


def _publish_jobs(settings: WorkflowSettings) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield job, index, environment and inputs of each publish job; other indexes than PyPI's require a token."""
    if settings.testpypi:
        yield "publish-testpypi", "TestPyPI", "testpypi", {"repository-url": "https://test.pypi.org/legacy/"}
    if settings.index == "pypi":
        yield "publish", "PyPI", settings.environment, {}
    elif settings.index == "other":
        inputs = {"repository-url": json.dumps(settings.index_url), "password": "${{ secrets.INDEX_TOKEN }}"}
        yield "publish", "the index", settings.environment, {**inputs, "attestations": "false"}


def _publish(settings: WorkflowSettings, needs: list[str], row: tuple[str, str, str, dict[str, str]]) -> str:
    job, index, environment, inputs = row
    publisher = Publisher(workflow=settings.file, environment=environment)
    trusted = "password" not in inputs
    address = f"https://{'test.' if index == 'TestPyPI' else ''}pypi.org/project/{settings.project}/"
    text = _filled(
        _PUBLISH,
        job=job,
        index=index,
        needs=_list(needs),
        permissions="{ id-token: write } # to authenticate by trusted publishing" if trusted else "{}",
        environment=f"{{ name: {environment}, url: {address} }} {publisher.comment}" if trusted else environment,
    )
    return text + _with({**inputs, "skip-existing": "true"}, indent=8)


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


def _with(values: dict[str, str], *, indent: int = 4) -> str:
    """Return the inputs of a call or a step; a single value on one line is in flow style."""
    start = " " * indent + "with:"
    if len(values) == 1 and "\n" not in (row := "".join(values.values())):
        quoted = json.dumps(row) if row.startswith("$") else row
        return f"{start} {{ {next(iter(values))}: {quoted} }}\n"
    rows = "".join(f"{' ' * indent}  {name}: {value}\n" for name, value in values.items())
    return f"{start}\n{rows}" if values else ""


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _filled(template: str, **values: str) -> str:
    for name, value in values.items():
        template = template.replace(f"<{name}>", value)
    return template
