"""The text of the caller's workflow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagship.core.workflows.pins import DOWNLOAD_ARTIFACT, PYPI_PUBLISH
from tagship.core.workflows.publishers import Publisher

if TYPE_CHECKING:
    from tagship.initialise.settings import WorkflowSettings

_HEAD = """\
# Push a tag like <example> to release <package>. A manual run on a branch only builds and verifies.
# Created by `tagship init`; edit as needed.
name: <title>

on:
  push:
    tags: [<pattern>]
  workflow_dispatch:

permissions: {}

concurrency:
  group: <group>-${{ github.ref }}
  cancel-in-progress: false

jobs:
"""

_BUILD = """\
  build:
    name: Build
    permissions:
      contents: read # to read the repository, its tags and its releases
    uses: <source>/.github/workflows/python-build.yml@<called>
"""

_ATTEST = """\
  attest:
    name: Attest
    needs: <built>
    if: <condition>
    permissions:
      id-token: write # to get the signing certificate
      attestations: write # to store the attestation
      artifact-metadata: write # to store the record of the attested files
    uses: <source>/.github/workflows/python-attest.yml@<called>
    with:
      sha256sums: ${{ needs.<built>.outputs.sha256sums }}
"""

_PUBLISH = """\
  <job>:
    name: Publish to <index>
    needs: <needs>
    if: needs.build.outputs.release == 'true'
    runs-on: ubuntu-latest
    permissions:
      id-token: write # to authenticate to <index> by trusted publishing
    <publisher>
    environment:
      name: <environment>
      url: <address>/project/<project>/${{ needs.build.outputs.version }}/
    steps:
      - name: Download the distributions
        uses: <download>
        with:
          name: ${{ needs.build.outputs.artifact }}
          path: dist
      - name: Check the checksums of the build
        working-directory: dist
        shell: bash
        run: diff <(sort <<< "$SHA256SUMS") <(sha256sum -- * | sort)
        env:
          SHA256SUMS: ${{ needs.build.outputs.sha256sums }}
      - name: Publish the distributions
        uses: <publish>
        with:
"""

_RELEASE = """\
  release:
    name: Release
    needs: <needs>
    permissions:
      contents: write # to create the release and attach the files
    uses: <source>/.github/workflows/github-release.yml@<called>
    with:
      tag: ${{ needs.build.outputs.tag }}
      artifact: ${{ needs.build.outputs.artifact }}
      sha256sums: ${{ needs.build.outputs.sha256sums }}
      commit: ${{ needs.build.outputs.commit }}
      notes-artifact: ${{ needs.build.outputs.notes-artifact }}
      notes-sha256sums: ${{ needs.build.outputs.notes-sha256sums }}
      package: ${{ needs.build.outputs.name }}
      version: ${{ needs.build.outputs.version }}
"""

_WHOLE = """\
  release:
    name: Release
    permissions:
      contents: write # to create the release and attach the files
    uses: <source>/.github/workflows/python-release.yml@<called>
"""

# The called workflow always skips some of its jobs. GitHub then skips dependent jobs without a status function.
_AFTER_ALL = (
    "${{ needs.release.outputs.release == 'true' && !failure() && !cancelled() && "
    "!contains(needs.*.result, 'cancelled') }}"
)


def caller_workflow(settings: WorkflowSettings) -> str:
    """Return the YAML text of the workflow that releases the project.

    A project on PyPI gets its own publish job, because PyPI does not accept reusable workflows of another repository.
    """
    jobs = _own_jobs(settings) if settings.index == "pypi" else _one_job(settings)
    monorepo = settings.folder != "."
    return _filled(
        _HEAD + "\n".join(jobs),
        package=settings.package,
        title=f"Release {settings.package}" if monorepo else "Release",
        group=f"release-{settings.project}" if monorepo else "release",
        example=f"{settings.tag_prefix}1.2.0",
        pattern=json.dumps(settings.tag_pattern),
        source=settings.source,
        called=settings.called,
        download=DOWNLOAD_ARTIFACT,
        publish=PYPI_PUBLISH,
        project=settings.project,
    )


def _own_jobs(settings: WorkflowSettings) -> list[str]:
    jobs = [_BUILD + _given(_inputs(settings))]
    done = ["build"]
    if settings.attestations:
        jobs.append(_filled(_ATTEST, built="build", condition="needs.build.outputs.release == 'true'"))
        done.append("attest")
    if settings.testpypi:
        testpypi = Publisher(workflow=settings.file, environment="testpypi")
        jobs.append(_publish(done, job="publish-testpypi", index="TestPyPI", publisher=testpypi))
        done.append("publish-testpypi")
    pypi = Publisher(workflow=settings.file, environment=settings.environment)
    jobs.append(_publish(done, job="publish", index="PyPI", publisher=pypi))
    prefix = {} if settings.tag_prefix == "v" else {"tag-prefix": json.dumps(settings.tag_prefix or "none")}
    return [*jobs, _filled(_RELEASE, needs=_list([*done, "publish"])) + _rows(prefix)]


def _publish(needs: list[str], *, job: str, index: str, publisher: Publisher) -> str:
    testing = index == "TestPyPI"
    values = {"repository-url": '"https://test.pypi.org/legacy/"'} if testing else {}
    text = _filled(
        _PUBLISH,
        job=job,
        index=index,
        needs=_list(needs),
        publisher=publisher.comment,
        environment=publisher.environment,
        address="https://test.pypi.org" if testing else "https://pypi.org",
    )
    rows = (f"          {name}: {value}\n" for name, value in {**values, "skip-existing": "true"}.items())
    return text + "".join(rows)


def _one_job(settings: WorkflowSettings) -> list[str]:
    values = _inputs(settings)
    secrets = ""
    if settings.testpypi:
        values["testpypi"] = "true"
        secrets += "      TESTPYPI_TOKEN: ${{ secrets.TESTPYPI_TOKEN }}\n"
    if settings.index == "other":
        values |= {"repository-url": json.dumps(settings.index_url), "environment": json.dumps(settings.environment)}
        secrets += "      INDEX_TOKEN: ${{ secrets.INDEX_TOKEN }}\n"
    jobs = [_WHOLE + _given(values) + ("    secrets:\n" + secrets if secrets else "")]
    return [*jobs, _filled(_ATTEST, built="release", condition=_AFTER_ALL)] if settings.attestations else jobs


def _inputs(settings: WorkflowSettings) -> dict[str, str]:
    values = {}
    if settings.tag_prefix != "v":
        values["tag-prefix"] = json.dumps(settings.tag_prefix or "none")
    if settings.folder != ".":
        values["working-directory"] = json.dumps(settings.folder)
    if settings.other_branches:
        names = "".join(f"        {name}\n" for name in (settings.branch, *settings.other_branches))
        values["branch"] = f"|\n{names}".rstrip()
    if settings.pythons:
        values["python-versions"] = settings.pythons if settings.pythons == "auto" else json.dumps(settings.pythons)
    if settings.build_python:
        values["build-python"] = json.dumps(settings.build_python)
    if settings.compiled:
        values["wheel"] = "false"
    return values


def _given(values: dict[str, str]) -> str:
    return f"    with:\n{_rows(values)}" if values else ""


def _rows(values: dict[str, str]) -> str:
    return "".join(f"      {name}: {value}\n" for name, value in values.items())


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _filled(template: str, **values: str) -> str:
    for name, value in values.items():
        template = template.replace(f"<{name}>", value)
    return template
