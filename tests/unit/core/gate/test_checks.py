"""What one check is, among the lines of a command."""

from __future__ import annotations

import pytest

from tagship.core.gate.checks import split_checks


def is_open(script: str) -> bool:
    """Return a stand-in for bash: a loop without ``done``, an odd quote or a here-document without its end wants
    more.
    """
    return (script.startswith("for ") and "done" not in script) or script.count('"') % 2 == 1


def scripts(command: str) -> list[str]:
    """Return the scripts of the checks in ``command``."""
    return [check.script for check in split_checks(command, is_open)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("pytest", ["pytest"], id="one line"),
        pytest.param("ruff check .\nmypy\n", ["ruff check .", "mypy"], id="a check a line"),
        pytest.param("\n  # lint\n  ruff check .\n\n", ["ruff check ."], id="blank lines and comments"),
        pytest.param("pytest \\\n  --quiet\nmypy", ["pytest \\\n  --quiet", "mypy"], id="a line that goes on"),
        pytest.param(
            "for a in 1 2; do\n\n  echo $a\n# all of them\ndone\nmypy",
            ["for a in 1 2; do\n\n  echo $a\n# all of them\ndone", "mypy"],
            id="a loop stays whole, comments and all",
        ),
        pytest.param('echo "a\nb"\nmypy', ['echo "a\nb"', "mypy"], id="an open quote stays whole"),
        pytest.param('echo "a\nb', ['echo "a\nb'], id="what never closes is kept for bash to refuse"),
        pytest.param("cd docs\nmake html\nmake linkcheck", ["cd docs\nmake html", "cd docs\nmake linkcheck"], id="cd"),
        pytest.param("export A=1\npytest", ["export A=1\npytest"], id="export"),
        pytest.param("A=1 B=2\npytest", ["A=1 B=2\npytest"], id="assignments alone"),
        pytest.param(
            "export A=$(git log | head -1)\npytest", ["export A=$(git log | head -1)\npytest"], id="export of an output"
        ),
        pytest.param("A=1 pytest\nmypy", ["A=1 pytest", "mypy"], id="an assignment before a command is a check"),
        pytest.param("cd docs && make\nmypy", ["cd docs && make", "mypy"], id="cd with a command is a check"),
        pytest.param("cd docs; make\nmypy", ["cd docs; make", "mypy"], id="cd and a command is a check"),
        pytest.param("mypy\ncd docs\nmake", ["mypy", "cd docs\nmake"], id="cd counts from where it stands"),
        pytest.param("cd docs", ["cd docs"], id="nothing but cd still runs"),
        pytest.param("mypy\n. ./lint.sh", ["mypy", ". ./lint.sh"], id="a file that is sourced last is a check"),
        pytest.param("cd a\nmypy\nx=$(lint)", ["cd a\nmypy", "cd a\nx=$(lint)"], id="so is an output taken last"),
        pytest.param("mypy\ncd ..", ["mypy"], id="cd after the last check is left out"),
        pytest.param("cd 'docs", ["cd 'docs"], id="a quote that bash would refuse"),
        pytest.param("", [], id="nothing"),
        pytest.param("# nothing\n", [], id="comments only"),
    ],
)
def test_each_line_is_a_check(command: str, expected: list[str]) -> None:
    """Lines are checks of their own, except where bash or a backslash says that they belong together."""
    assert scripts(command) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("pytest", "pytest", id="short"),
        pytest.param("for a in 1; do\n  x\ndone", "for a in 1; do…", id="several lines"),
        pytest.param("x" * 80, "x" * 71 + "…", id="long"),
        pytest.param("cd docs\nmake", "make", id="what sets up is left out"),
    ],
)
def test_a_check_is_called_by_its_first_line(command: str, expected: str) -> None:
    """The name fits a table and a heading."""
    assert [check.name for check in split_checks(command, is_open)] == [expected]
