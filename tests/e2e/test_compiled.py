"""A compiled package through the workflows, by act, with a substitute for cibuildwheel that builds and repairs."""

from __future__ import annotations

import platform
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.wheels import write_wheel

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


def test_one_failing_runner_stops_the_release_of_all(compiled: Lab) -> None:
    """A release without the wheels of one platform is incomplete, so nothing is published."""
    (compiled.folder / "broken-runner").write_text("1")

    run = compiled.release("v0.2.0", options=PLATFORM)

    assert run.status == 1
    assert sorted(run.jobs[f"wheels {runner}"] for runner in RUNNERS.split()) == ["failure", "success"], str(run)
    assert "collect" not in run.jobs
    assert (compiled.published, compiled.releases) == ([], [])


def test_a_publish_that_stopped_half_way_is_finished_by_a_rerun(compiled: Lab) -> None:
    """The sdist is built once, the wheels of all runners from it; index and release have the same files in the end.

    The file that the index has is skipped, and the others are uploaded.
    """
    compiled.index.limit = 1
    run = compiled.release("v0.2.0", options=PLATFORM)
    assert (run.status, run.jobs["publish"]) == (1, "failure"), str(run)
    built = {"wheels ubuntu-latest", "wheels ubuntu-24.04-arm", "collect"}
    assert built <= {job for job, result in run.jobs.items() if result == "success"}, str(run)
    assert "No wheel is for this platform, so nothing was verified." in str(run)
    assert "503 Service Unavailable" in run.errors
    assert (compiled.published, compiled.releases) == (FILES[1:2], [])
    (before,) = compiled.files

    compiled.index.limit = None
    (compiled.folder / "cibuildwheel").unlink()
    again = compiled.run("refs/tags/v0.2.0", event="workflow_dispatch", options=PLATFORM)

    assert again.status == 0, str(again)
    assert compiled.published == FILES[1:]
    assert before in compiled.files
    (release,) = compiled.releases
    assert sorted(asset["name"] for asset in release["assets"]) == FILES
    digests = {asset["name"]: asset["digest"] for asset in release["assets"]}
    assert {file.name: file.digest for file in compiled.files}.items() <= digests.items()


def test_an_empty_matrix_stops_the_release_before_anything_is_built(compiled: Lab) -> None:
    """Without a runner no wheel would be built, and the sdist alone would be published."""
    caller = compiled.project.path / ".github/workflows/release.yml"
    text = caller.read_text("utf-8").replace(f"wheel-runners: {RUNNERS}", 'wheel-runners: "[]"')
    compiled.project.commit({".github/workflows/release.yml": text}, "Release from nowhere")

    run = compiled.release("v0.2.0")

    assert (run.status, run.jobs) == (1, {"preflight": "failure"}), str(run)
    assert "wheel-runners contains no label, so no wheel would be built." in run.errors


EXTRA = """\
  extra:
    runs-on: ubuntu-latest
    permissions:
      contents: read # to check out the project
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1
        with:
          name: wheels-extra
          path: wheels/*.whl
  build:
    needs: extra
"""
PAGE = "Requires-Python: >=3.11\nDescription-Content-Type: text/markdown\n\n# hello\n"
CODE = {"hello/__init__.py": 'def greet() -> str:\n    return "Hello"\n'}


def test_the_wheels_of_other_jobs_are_checked_verified_and_released(opened: Callable[..., Lab]) -> None:
    """The wheel for this platform is installed and used, and the log names the one for macOS."""
    lab = opened()
    lab.init()
    caller = lab.project.path / ".github/workflows/release.yml"
    text = caller.read_text("utf-8").replace("  build:\n", EXTRA)
    row = "{ python-versions: auto }"
    assert row in text
    text = text.replace(row, "{ python-versions: '3.11', wheels: none, extra-artifacts: 'wheels-*' }")
    for tag in ("py3-none-manylinux2014_x86_64", "py3-none-macosx_11_0_arm64"):
        write_wheel(lab.project.path / "wheels", "hello", "0.2.0", CODE, tag=tag, metadata=PAGE)
    lab.project.commit({".github/workflows/release.yml": text}, "Release the wheels of another job")

    run = lab.release("v0.2.0")

    assert run.status == 0, str(run)
    wheels = ["hello-0.2.0-py3-none-macosx_11_0_arm64.whl", "hello-0.2.0-py3-none-manylinux2014_x86_64.whl"]
    assert lab.published == [*wheels, "hello-0.2.0.tar.gz"]
    assert f"Not verified, because they are for other platforms: {wheels[0]}." in run.log("collect")
    assert "passed: import hello (from the wheel)" in run.log("collect")
