"""twine and check-wheel-contents run isolated from the caller's folder and environment."""

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
    """The output has one line of each tool for each file."""
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
    """A missing README and a stray package are problems if strict, else warnings."""
    path = write_wheel(tmp_path, "hello", "1.0", {"hello/__init__.py": "x = 1\n", "tests/__init__.py": "y = 2\n"})

    checked = CHECKS.run([path], tmp_path, strict=strict)

    found, other = (checked.problems, checked.warnings) if strict else (checked.warnings, checked.problems)
    assert {problem.topic for problem in found} == {"long_description-missing", "wheel-contents"}
    assert other == ()


def test_the_same_problem_of_two_files_is_reported_once(tmp_path: Path) -> None:
    """A missing README affects both sdist and wheel."""
    files = [
        write_sdist(tmp_path, "hello", "1.0", {"hello.py": ""}),
        write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}),
    ]

    (problem,) = CHECKS.run(files, tmp_path, strict=True).problems

    assert problem.found == "hello-1.0.tar.gz has no description, so the project page on the index would be empty."


def test_errors_are_problems_even_if_not_strict(tmp_path: Path) -> None:
    """A file that an index rejects never passes."""
    path = write_wheel(
        tmp_path,
        "hello",
        "1.0",
        {"hello.py": "x = 1\n"},
        metadata="Description-Content-Type: text/x-rst\n\n.. nosuch::\n",
    )

    checked = CHECKS.run([path], tmp_path, strict=False)

    assert [problem.topic for problem in checked.problems] == ["long_description-has-syntax-errors-in-markup"]


def test_a_newer_metadata_version_has_its_own_topic(tmp_path: Path) -> None:
    """The remedy differs from that for a mistake in the project."""
    path = write_sdist(tmp_path, "hello", "1.0", {"hello.py": ""}, metadata=PKG_INFO.replace("2.1", "9.9") + GOOD)

    (problem,) = CHECKS.run([path], tmp_path, strict=True).problems

    assert problem.topic == "not-a-valid-metadata-version"


def test_the_project_configures_the_contents_check(tmp_path: Path) -> None:
    """The configuration of check-wheel-contents comes from pyproject.toml."""
    path = write_wheel(tmp_path / "dist", "hello", "1.0", {"a.py": "x = 1\n", "b.py": "y = 2\n"}, metadata=GOOD)
    (tmp_path / "pyproject.toml").write_text('[tool.check-wheel-contents]\nignore = ["W009"]\n')

    assert CHECKS.run([path], tmp_path, strict=True).problems == ()
    (tmp_path / "pyproject.toml").unlink()
    assert [problem.topic for problem in CHECKS.run([path], tmp_path, strict=True).problems] == ["wheel-contents"]


def test_a_hostile_folder_is_not_imported(tmp_path: Path) -> None:
    """Modules in the checkout or on PYTHONPATH do not replace those of the tools."""
    for name in ("twine.py", "json.py", "check_wheel_contents.py", "packaging.py"):
        (tmp_path / name).write_text("raise SystemExit('hostile')\n")
    path = write_wheel(tmp_path / "dist", "hello", "1.0", {"hello.py": "x = 1\n"}, metadata=GOOD)
    checks = Checks(processes=Processes(environ={**os.environ, "PYTHONPATH": str(tmp_path)}))

    checked = checks.run([path], tmp_path, strict=True)

    assert checked.problems == ()


def test_tools_find_the_libraries_of_this_process(tmp_path: Path) -> None:
    """The command passes on a folder that is only on ``sys.path`` of this process."""
    ended = CHECKS.processes.run(library_command("twine", "--version"), cwd=tmp_path)

    assert ended.ok, ended.output
    assert ended.output.startswith("twine version")
