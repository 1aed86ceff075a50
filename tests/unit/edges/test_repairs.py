"""A compiled wheel is repaired by the tool of the system, and every other wheel is left alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from support.wheels import write_wheel
from tagship.edges.environments import Environments
from tagship.edges.processes import Processes
from tagship.edges.repairs import repaired
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tools of the tests are shell scripts")

RENAME = """\
#!/bin/sh
MORE
cp "$4" "$3/$(basename "$4" | sed s/linux_x86_64/manylinux2014_x86_64/)"
"""
NO_LIBC = """case "$*" in *--plat*) ;; *) echo "InvalidLibcError: couldn't detect libc" >&2; exit 1;; esac"""


@pytest.fixture
def repair(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that repairs a wheel of ``tag`` with a program ``auditwheel`` that has ``more`` lines."""

    def run(tag: str, more: str = "") -> Path:
        program = tmp_path / "bin" / "auditwheel"
        program.parent.mkdir()
        program.write_text(RENAME.replace("MORE", more))
        program.chmod(0o755)
        environ = {"PATH": f"{program.parent}:/usr/bin:/bin"}
        environments = Environments(
            folder=tmp_path, processes=Processes(environ=environ), environ=environ, say=lambda _: None
        )
        wheel = write_wheel(tmp_path / "built", "hello", "1.0", tag=tag)
        return repaired(wheel, environments, tmp_path / "repaired")

    return run


@pytest.mark.parametrize(
    "more", [pytest.param("", id="at once"), pytest.param(NO_LIBC, id="a module that calls nothing of the C library")]
)
def test_the_repaired_wheel_replaces_the_built_one(repair: Callable[..., Path], more: str) -> None:
    """Only the file with the accepted tag remains."""
    made = repair("cp312-cp312-linux_x86_64", more)

    assert [path.name for path in made.parent.iterdir()] == ["hello-1.0-cp312-cp312-manylinux2014_x86_64.whl"]


@pytest.mark.parametrize("tag", ["py3-none-any", "cp312-cp312-win_amd64", "cp312-cp312-manylinux2014_x86_64"])
def test_a_wheel_that_needs_no_repair_is_left_alone(repair: Callable[..., Path], tag: str) -> None:
    """The tool is not even started."""
    assert repair(tag, "exit 1").name == f"hello-1.0-{tag}.whl"


def test_a_failed_repair_is_reported_with_its_output(repair: Callable[..., Path]) -> None:
    """The last lines of the tool name the library that is missing."""
    with pytest.raises(Failure) as caught:
        repair("cp312-cp312-linux_x86_64", "echo 'libfoo.so.1 could not be located'; exit 1")

    (problem,) = caught.value.problems
    assert problem.topic == "repair-failed"
    assert "libfoo.so.1 could not be located" in problem.found
