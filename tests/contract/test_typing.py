"""mypy checks an input's annotation against the type that its parser returns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
from typing import Literal
from tagship import contract as c
from tagship.core.versions import Tag

@c.inputs
class Inputs:
    right_tag: Tag = c.input(c.tag, "A tag.")
    right_files: tuple[str, ...] = c.input(c.lines, "Files.", default="x")
    right_mode: Literal["a", "b"] = c.input(c.choice("a", "b"), "A mode.", default="a")
    wrong_switch: str = c.input(c.boolean, "A switch.", default="false")
    wrong_files: list[str] = c.input(c.lines, "Files.")
    wrong_tag: Tag = c.input(c.number(), "A tag.")
    wrong_mode: Literal["a"] = c.input(c.choice("a", "b"), "A mode.", default="a")

Inputs(right_tag=Tag("v1"), wrong_files=[], wrong_tag=Tag("v1"))
Inputs(right_tag=3, wrong_files=[], wrong_tag=Tag("v1"))
"""


def test_an_annotation_other_than_the_type_of_its_parser_is_refused(tmp_path: Path) -> None:
    """Each wrong annotation and each wrong argument is an error of mypy at its line, and nothing else is."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", str(program)],
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT / "src"), "MYPY_CACHE_DIR": str(tmp_path / "cache"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if line.startswith("program.py:") and " error: " in line]
    lines = PROGRAM.splitlines()
    wrong = [number for number, line in enumerate(lines, 1) if "wrong_" in line.split("=")[0] or "=3" in line]
    assert sorted({int(line.split(":")[1]) for line in errors}) == wrong, done.stdout
