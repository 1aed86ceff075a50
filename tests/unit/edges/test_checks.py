"""twine and check-wheel-contents look at the files, isolated from the caller's folder and environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from support.wheels import METADATA, write_sdist, write_wheel
from tagship.edges.checks import Checks, library_command
from tagship.edges.processes import Processes

if TYPE_CHECKING:
    from pathlib import Path

CHECKS = Checks(processes=Processes(environ=dict(os.environ)))
GOOD = "Description-Content-Type: text/markdown\n\n# Hello\n"
PKG_INFO = METADATA.format(name="hello", version="1.0")


def test_good_files_pass(tmp_path: Path) -> None:
    """With a word of each tool on each file."""
    files = [
        write_sdist(tmp_path, "hello", "1.0", {"hello.py": ""}, metadata=PKG_INFO + GOOD),
        write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}, metadata=GOOD),
    ]

    checked = CHECKS.run(files, tmp_path, strict=True)

    assert (checked.problems, checked.warnings) == ((), ())
    assert checked.output.splitlines() == [
        "Checking hello-1.0.tar.gz: PASSED",
        "Checking hello-1.0-py3-none-any.whl: PASSED",
        "hello-1.0-py3-none-any.whl: OK",
    ]


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "lenient"])
def test_findings_are_problems_or_warnings(tmp_path: Path, strict: bool) -> None:
    """A missing README and a stray package stop a strict run and are told in a lenient one."""
    path = write_wheel(tmp_path, "hello", "1.0", {"hello/__init__.py": "x = 1\n", "tests/__init__.py": "y = 2\n"})

    checked = CHECKS.run([path], tmp_path, strict=strict)

    found, other = (checked.problems, checked.warnings) if strict else (checked.warnings, checked.problems)
    assert {problem.topic for problem in found} == {"missing-readme", "wheel-contents"}
    assert other == ()


def test_both_files_are_told_of_once(tmp_path: Path) -> None:
    """A README that is missing is missing from sdist and wheel alike."""
    files = [
        write_sdist(tmp_path, "hello", "1.0", {"hello.py": ""}),
        write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}),
    ]

    (problem,) = CHECKS.run(files, tmp_path, strict=True).problems

    assert problem.found == "hello-1.0.tar.gz has no description, so its page on the index would be empty."


def test_errors_are_problems_in_any_case(tmp_path: Path) -> None:
    """A file that an index refuses is no matter of taste."""
    path = write_wheel(
        tmp_path,
        "hello",
        "1.0",
        {"hello.py": "x = 1\n"},
        metadata="Description-Content-Type: text/x-rst\n\n.. nosuch::\n",
    )

    checked = CHECKS.run([path], tmp_path, strict=False)

    assert [problem.topic for problem in checked.problems] == ["readme-markup"]


def test_metadata_from_the_future_is_named(tmp_path: Path) -> None:
    """The remedy is another than for a mistake of the project's."""
    path = write_sdist(tmp_path, "hello", "1.0", {"hello.py": ""}, metadata=PKG_INFO.replace("2.1", "9.9") + GOOD)

    (problem,) = CHECKS.run([path], tmp_path, strict=True).problems

    assert problem.topic == "metadata-version"


def test_the_project_configures_the_contents_check(tmp_path: Path) -> None:
    """In its pyproject.toml."""
    path = write_wheel(tmp_path / "dist", "hello", "1.0", {"a.py": "x = 1\n", "b.py": "y = 2\n"}, metadata=GOOD)
    (tmp_path / "pyproject.toml").write_text('[tool.check-wheel-contents]\nignore = ["W009"]\n')

    assert CHECKS.run([path], tmp_path, strict=True).problems == ()
    (tmp_path / "pyproject.toml").unlink()
    assert [problem.topic for problem in CHECKS.run([path], tmp_path, strict=True).problems] == ["wheel-contents"]


def test_a_hostile_folder_is_not_imported(tmp_path: Path) -> None:
    """A twine.py or json.py in the checkout is nothing that our tools load, and PYTHONPATH leads nowhere."""
    for name in ("twine.py", "json.py", "check_wheel_contents.py", "packaging.py"):
        (tmp_path / name).write_text("raise SystemExit('hostile')\n")
    path = write_wheel(tmp_path / "dist", "hello", "1.0", {"hello.py": "x = 1\n"}, metadata=GOOD)
    checks = Checks(processes=Processes(environ={**os.environ, "PYTHONPATH": str(tmp_path)}))

    checked = checks.run([path], tmp_path, strict=True)

    assert checked.problems == ()


def test_libraries_are_found_where_this_process_has_them(tmp_path: Path) -> None:
    """A folder that only ``sys.path`` of this process knows is told to the child."""
    ended = CHECKS.processes.run(library_command("twine", "--version"), cwd=tmp_path)

    assert ended.ok, ended.output
    assert ended.output.startswith("twine version")
