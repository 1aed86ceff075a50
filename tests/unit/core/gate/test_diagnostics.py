"""Diagnostics, parsed from the output of tools."""

from __future__ import annotations

import pytest

from tagship.core.gate.diagnostics import Diagnostic, diagnostics, inside

RUFF_FULL = """\
F401 [*] `os` imported but unused
 --> src/a.py:1:8
  |
1 | import os
  |        ^^
help: Remove unused import: `os`
"""
PYTEST = """\
    def test_f():
>       assert f() == 2
E       assert 1 == 2
E        +  where 1 = f()

tests/test_f.py:4: AssertionError
=========================== short test summary info ============================
FAILED tests/test_f.py::test_f - assert 1 == 2
"""
PYTEST_ERROR = """\
tests/test_f.py:4: in <module>
    raise ValueError("no")
E   ValueError: no
src/a.py:7: ValueError
"""


def error(file: str, line: int, text: str) -> Diagnostic:
    """Return an error diagnostic."""
    return Diagnostic(level="error", file=file, line=line, text=text)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        pytest.param(RUFF_FULL, [error("src/a.py", 1, "F401 [*] `os` imported but unused")], id="ruff"),
        pytest.param("src/a.py:1:8: F401 `os` unused\n", [error("src/a.py", 1, "F401 `os` unused")], id="ruff concise"),
        pytest.param(
            "a.py:2:1: E302 expected 2 blank lines", [error("a.py", 2, "E302 expected 2 blank lines")], id="flake8"
        ),
        pytest.param("a.py:2:0: C0114: Missing (x)", [error("a.py", 2, "C0114: Missing (x)")], id="pylint"),
        pytest.param('src/a.py:4: error: Bad "int"  [x]', [error("src/a.py", 4, 'Bad "int"  [x]')], id="mypy"),
        pytest.param("src/a.py:4:9: error: Bad  [x]", [error("src/a.py", 4, "Bad  [x]")], id="mypy with columns"),
        pytest.param("src/a.py:4: note: See docs", [], id="mypy notes"),
        pytest.param(
            "a.py:4: warning: Odd", [Diagnostic(level="warning", file="a.py", line=4, text="Odd")], id="a warning"
        ),
        pytest.param(PYTEST, [error("tests/test_f.py", 4, "AssertionError: assert 1 == 2")], id="pytest"),
        pytest.param(PYTEST_ERROR, [error("src/a.py", 7, "ValueError: no")], id="pytest with an error"),
        pytest.param("\x1b[1ma.py\x1b[0m:4: \x1b[31merror:\x1b[0m Bad", [error("a.py", 4, "Bad")], id="colours"),
        pytest.param(
            "E   no\na.py:1: ValueError\nb.py:2: KeyError",
            [error("a.py", 1, "ValueError: no"), error("b.py", 2, "KeyError")],
            id="an error belongs to one place",
        ),
        pytest.param("E   one\nE   two\na.py:1: E", [error("a.py", 1, "E: one")], id="the first line of an error"),
        pytest.param("a.pyi:4: error: Bad", [error("a.pyi", 4, "Bad")], id="a stub file"),
        pytest.param("C:\\w\\a.py:4: error: Bad", [error("C:\\w\\a.py", 4, "Bad")], id="Windows"),
        pytest.param("a.py:4: error: Bad\n" * 3, [error("a.py", 4, "Bad")], id="three times the same"),
        pytest.param(
            "::error file=a.py,line=3,col=1,title=Ruff (F401)::a%0Ab: 100%25",
            [error("a.py", 3, "Ruff (F401): a\nb: 100%")],
            id="a workflow command",
        ),
        pytest.param(
            "::warning file=a.py,line=3::x",
            [Diagnostic(level="warning", file="a.py", line=3, text="x")],
            id="a warning command",
        ),
        pytest.param("::error file=a.py,line=x::y", [], id="a workflow command with an invalid line"),
        pytest.param("::error::no place", [], id="a workflow command without a file"),
        pytest.param("::set-output name=x::y\n::add-mask::z", [], id="other workflow commands"),
        pytest.param("see http://example.invalid/a.py:4: error", [], id="a URL"),
        pytest.param("a.py:4: error: " + "x" * 1985, [error("a.py", 4, "x" * 1985)], id="a line of 2,000 characters"),
        pytest.param("a.py:4: error: " + "x" * 3000, [], id="a long line is data"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_diagnostics_have_file_and_line(output: str, expected: list[Diagnostic]) -> None:
    """The default output of each tool is understood; no output format has to be set."""
    assert list(diagnostics(output)) == expected


@pytest.mark.parametrize(
    ("file", "folder", "expected"),
    [
        pytest.param("src/a.py", ".", "src/a.py", id="relative to the root"),
        pytest.param("src/a.py", "packages/core", "packages/core/src/a.py", id="relative to a project folder"),
        pytest.param("/w/src/a.py", "packages/core", "src/a.py", id="an absolute path"),
        pytest.param("/elsewhere/a.py", ".", None, id="an absolute path outside"),
        pytest.param("../a.py", ".", None, id="a parent path"),
        pytest.param("src\\a.py", ".", "src/a.py", id="Windows"),
    ],
)
def test_paths_become_relative_to_the_checkout(file: str, folder: str, expected: str | None) -> None:
    """GitHub annotates files by their path in the repository; other files are ignored."""
    assert inside(file, workspace="/w", folder=folder) == expected
