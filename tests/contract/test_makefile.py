"""The targets of the Makefile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_what_make_is_given_stays_with_it(tmp_path: Path) -> None:
    """A project under rehearsal may have a makefile that knows variables of the same names."""
    (tmp_path / "Makefile").write_text(f"include {ROOT / 'Makefile'}\nprobe: ; @env\n")
    given = ["REPO=../x", "TAG=v1", "PYTHON=python3.13", "PYTHONS=3.13"]
    done = subprocess.run(
        ["make", "--silent", "probe", *given], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    seen = {line.partition("=")[0] for line in done.stdout.splitlines()}
    assert seen & {"REPO", "TAG", "PYTHON", "PYTHONS"} == set()


def test_the_owner_is_set_once(tmp_path: Path) -> None:
    """`make owner` replaces every placeholder, and sources and rendered files stay well-formed."""
    name = "an-owner-with-a-long-name-of-35-signs"
    subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, tmp_path / "clone"], check=True)
    python = Path(sys.executable)
    arguments = [f"VENV={python.parents[1]}", f"--old-file={python.parents[1]}/ready", f"OWNER={name}"]
    environ = {**os.environ, "PYTHONPATH": str(tmp_path / "clone/src")}
    commands: tuple[list[str | Path], ...] = (
        ["make", "--silent", "owner", *arguments],
        [python.with_name("ruff"), "check", "--quiet", "."],
        [python.with_name("ruff"), "format", "--quiet", "--check", "."],
    )
    for command in commands:
        subprocess.run(command, cwd=tmp_path / "clone", env=environ, check=True)
    texts = [path for path in (tmp_path / "clone").rglob("*") if path.is_file() and ".git" not in path.parts]
    assert [path for path in texts if b"OWNER/tagship" in path.read_bytes()] == []
    assert f'SOURCE = "{name}/tagship"' in (tmp_path / "clone/src/tagship/errors.py").read_text("utf-8")
    assert f"uses: {name}/tagship/" in (tmp_path / "clone/README.md").read_text("utf-8")
