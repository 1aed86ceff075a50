"""twine and check-wheel-contents run isolated from the caller's folder and environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from support.wheels import METADATA, write_sdist, write_wheel
from tagship.core.distributions.distribution import read_distribution
from tagship.edges.archives import read_archive
from tagship.edges.checks import Checks, library_command
from tagship.edges.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from tagship.edges.checks import Checked

PROCESSES = Processes(environ=dict(os.environ))
GOOD = "Description-Content-Type: text/markdown\n\n# Hello\n"
PKG_INFO = METADATA.format(name="hello", version="1.0")


def checked(*paths: Path, project: Path, refused: Collection[str] = (), configured: bool = False) -> Checked:
    """Check the files at ``paths``, with the configuration in the folder ``project``."""
    files = [(path, read_distribution(read_archive(path))) for path in paths]
    return Checks(processes=PROCESSES, project=project, is_configured=configured).run(files, refused)


def test_good_files_pass(tmp_path: Path) -> None:
    """The output has one line of each tool for each file."""
    files = [
        write_sdist(tmp_path, "hello", "1.0", {"hello.py": ""}, metadata=PKG_INFO + GOOD),
        write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}, metadata=GOOD),
    ]

    done = checked(*files, project=tmp_path)

    assert done.findings == ()
    assert done.output.splitlines() == [
        "Checking hello-1.0-py3-none-any.whl: PASSED",
        "Checking hello-1.0.tar.gz: PASSED",
        "hello-1.0-py3-none-any.whl: OK",
    ]


def test_a_stray_package_is_a_warning(tmp_path: Path) -> None:
    """Findings of check-wheel-contents do not stop a release that would work."""
    path = write_wheel(tmp_path, "hello", "1.0", {"hello/__init__.py": "x = 1\n", "tests/__init__.py": "y = 2\n"})

    findings = checked(path, project=tmp_path).findings

    assert [(level, problem.topic) for level, problem in findings] == [
        ("warning", "wheel-contents"),
        ("note", "wheel-contents"),
    ]


def test_many_wheels_are_checked_together(tmp_path: Path) -> None:
    """Each finding names its own wheel, and the metadata that all of them have is checked once."""
    stray = {"hello/__init__.py": "x = 1\n", "tests/__init__.py": "y = 2\n"}
    files = [
        write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}, tag="cp311-none-any", metadata=GOOD),
        write_wheel(tmp_path, "hello", "1.0", stray, tag="cp312-none-any", metadata=GOOD),
        write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}, tag="cp313-none-any", metadata=GOOD),
    ]

    done = checked(*files, project=tmp_path)

    assert {problem.found.partition(":")[0] for _, problem in done.findings} == {files[1].name}
    assert done.output.count("PASSED") == 1
    assert [line for line in done.output.splitlines() if line.endswith(": OK")] == [
        f"{files[0].name}: OK",
        f"{files[2].name}: OK",
    ]


README = "Description-Content-Type: text/x-rst\n\n.. nosuch::\n"


@pytest.mark.parametrize("refused", [(), ("hello-1.0.tar.gz",)], ids=["by no rule", "by a rule as well"])
def test_a_readme_that_cannot_be_rendered_is_one_error(tmp_path: Path, refused: Collection[str]) -> None:
    """PyPI refuses it; both files have the same README, and no rule checks it."""
    files = [
        write_sdist(tmp_path, "hello", "1.0", {"hello.py": ""}, metadata=PKG_INFO + README),
        write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}, metadata=README),
    ]

    findings = checked(*files, project=tmp_path, refused=refused).findings

    assert [(level, problem.topic) for level, problem in findings] == [
        ("error", "long_description-has-syntax-errors-in-markup")
    ]


def test_an_error_that_a_rule_reports_is_not_repeated(tmp_path: Path) -> None:
    """Twine and the rules of the index both refuse an unknown metadata version."""
    path = write_sdist(tmp_path, "hello", "1.0", {"hello.py": ""}, metadata=PKG_INFO.replace("2.1", "9.9") + GOOD)

    ((level, problem),) = checked(path, project=tmp_path).findings

    assert (level, problem.topic) == ("error", "twine-check")
    assert checked(path, project=tmp_path, refused=[path.name]).findings == ()


def test_the_project_configures_the_contents_check(tmp_path: Path) -> None:
    """The configuration of check-wheel-contents decides: what it does not ignore is an error."""
    path = write_wheel(tmp_path / "dist", "hello", "1.0", {"a.py": "x = 1\n", "b.py": "y = 2\n"}, metadata=GOOD)
    (tmp_path / "pyproject.toml").write_text('[tool.check-wheel-contents]\nignore = ["W009"]\n')

    assert checked(path, project=tmp_path, configured=True).findings == ()
    (tmp_path / "pyproject.toml").write_text('[tool.check-wheel-contents]\nignore = ["W002"]\n')
    ((level, problem),) = checked(path, project=tmp_path, configured=True).findings
    assert (level, problem.topic) == ("error", "wheel-contents")


def test_a_hostile_folder_is_not_imported(tmp_path: Path) -> None:
    """Modules in the checkout or on PYTHONPATH do not replace those of the tools."""
    for name in ("twine.py", "json.py", "check_wheel_contents.py", "packaging.py"):
        (tmp_path / name).write_text("raise SystemExit('hostile')\n")
    path = write_wheel(tmp_path / "dist", "hello", "1.0", {"hello.py": "x = 1\n"}, metadata=GOOD)
    processes = Processes(environ={**os.environ, "PYTHONPATH": str(tmp_path)})
    files = [(path, read_distribution(read_archive(path)))]

    assert Checks(processes=processes, project=tmp_path).run(files).findings == ()


def test_tools_find_the_libraries_of_this_process(tmp_path: Path) -> None:
    """The command passes on a folder that is only on ``sys.path`` of this process."""
    ended = PROCESSES.run(library_command("twine", "--version"), cwd=tmp_path)

    assert ended.ok, ended.output
    assert ended.output.startswith("twine version")


def test_a_damaged_wheel_that_a_rule_reports_is_not_repeated(tmp_path: Path) -> None:
    """check-wheel-contents cannot read it either, which no setting of it would change."""
    path = write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}, metadata=GOOD)
    with ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/WHEEL")}
    with ZipFile(path, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)

    assert [problem.topic for _, problem in checked(path, project=tmp_path).findings] == ["wheel-contents"]
    assert checked(path, project=tmp_path, refused=[path.name]).findings == ()
