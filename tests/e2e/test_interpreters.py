"""The actions on newer Pythons, with the libraries of their locks from PyPI."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from support.lab import interpreter

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/self-hosted.md").read_text("utf-8")


@pytest.mark.parametrize("version", ["3.13", "3.14", "3.15"])
def test_the_libraries_of_every_action_work_on_a_newer_python(version: str, tmp_path: Path) -> None:
    """The root action, whose tier has all libraries, is installed and imports every other action."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed")
    command = [python, "-I", "-S", "-X", "utf8", str(ROOT / "src"), "release", "--help"]
    environ = {**os.environ, "RUNNER_TEMP": str(tmp_path)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "usage: tagship release" in done.stdout


def test_the_tests_of_the_supported_platforms_exist() -> None:
    """Each row has a test or a job of ci.yml, or says that the platform is not tested."""
    table = PAGE.partition("## Supported platforms")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in re.findall(r"^\| (.+) \|$", table, re.MULTILINE)[2:]]
    assert len(rows) > 8
    for platform, _, held in rows:
        named = re.findall(r"`(tests/[^`]+)`", held)
        assert named or "ci.yml" in held or held.startswith("not tested"), platform
        assert [name for name in named if not (ROOT / name).exists()] == []
