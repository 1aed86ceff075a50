"""A compiled package through the workflows, by act, with a substitute for cibuildwheel that builds and repairs."""

from __future__ import annotations

import platform
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.lab import Lab

pytestmark = [
    pytest.mark.act,
    pytest.mark.skipif(
        sys.platform != "linux" or platform.machine() != "x86_64" or shutil.which("gcc") is None,
        reason="the substitute for cibuildwheel compiles for Linux on x86-64",
    ),
]

EXAMPLE = Path(__file__).parents[2] / "examples/hello-compiled"
RUNNERS = "ubuntu-latest ubuntu-24.04-arm"
PLATFORM = ("--platform", "ubuntu-24.04-arm=-self-hosted")
FILES = [
    "SHA256SUMS",
    "hello-0.2.0-cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    "hello-0.2.0-cp311-abi3-musllinux_1_2_x86_64.whl",
    "hello-0.2.0.tar.gz",
]


@pytest.fixture
def compiled(opened: Callable[..., Lab]) -> Lab:
    """Return a lab with the compiled example under the name ``hello``, and the workflow of init for two runners."""
    lab = opened(
        files={
            path.relative_to(EXAMPLE).as_posix().replace("hello_compiled", "hello"): path.read_text("utf-8")
            .replace("hello-compiled", "hello")
            .replace("hello_compiled", "hello")
            for path in EXAMPLE.rglob("*")
            if path.suffix in (".toml", ".py", ".c", ".md") or path.name in ("LICENSE", ".gitignore")
        }
    )
    lab.init()
    caller = lab.project.path / ".github/workflows/release.yml"
    row = "      wheels: cibuildwheel\n"
    text = caller.read_text("utf-8")
    assert row in text
    more = f"{row}      wheel-runners: {RUNNERS}\n      check: python --version\n      install: none\n"
    lab.project.commit({".github/workflows/release.yml": text.replace(row, more)}, "Release from two runners")
    return lab


def test_the_wheels_of_all_runners_are_released_together(compiled: Lab) -> None:
    """The sdist is built once, the wheels from it; index, release and checksums have the same files."""
    run = compiled.release("v0.2.0", options=PLATFORM)

    assert run.status == 0, str(run)
    jobs = {"wheels ubuntu-latest", "wheels ubuntu-24.04-arm", "collect", "publish", "verify-index", "release"}
    assert jobs <= {job for job, result in run.jobs.items() if result == "success"}, str(run)
    assert compiled.published == FILES[1:]
    (release,) = compiled.releases
    assert sorted(asset["name"] for asset in release["assets"]) == FILES
    digests = {asset["name"]: asset["digest"] for asset in release["assets"]}
    assert {file.name: file.digest for file in compiled.files}.items() <= digests.items()
    assert "No wheel is for this platform, so nothing was verified." in str(run)


def test_one_failing_runner_stops_the_release_of_all(compiled: Lab) -> None:
    """A release without the wheels of one platform is incomplete, so nothing is published."""
    (compiled.folder / "broken-runner").write_text("1")

    run = compiled.release("v0.2.0", options=PLATFORM)

    assert run.status == 1
    assert sorted(run.jobs[f"wheels {runner}"] for runner in RUNNERS.split()) == ["failure", "success"], str(run)
    assert "collect" not in run.jobs
    assert (compiled.published, compiled.releases) == ([], [])
