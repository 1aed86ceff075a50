"""A workspace whose packages have one version and depend on each other, released in one job."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.lab import one_job

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.lab import Lab

pytestmark = [
    pytest.mark.act,
    pytest.mark.skipif(
        sys.platform != "linux", reason="act runs jobs on the machine itself, and the labs are on Linux"
    ),
]

PAGE = Path(__file__).parents[2] / "docs" / "monorepos.md"
(STEPS,) = re.findall(r"^```yaml\n((?: {6}.*\n)+)```", PAGE.read_text("utf-8"), re.MULTILINE)
"""The steps of the documentation."""
CORE = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "lab-core"
version = "0.2.0"
readme = "README.md"
requires-python = ">=3.11"
"""
PLUG = """
[tool.uv.sources]
lab-core = { workspace = true }
"""
FILES = {
    "pyproject.toml": "[tool.uv.workspace]\nmembers = ['packages/*']\n",
    "packages/core/pyproject.toml": CORE,
    "packages/core/README.md": "# core\n",
    "packages/core/src/lab_core/__init__.py": "VALUE = 1\n",
    "packages/plug/pyproject.toml": CORE.replace("lab-core", "lab-plug").replace(
        '"hatchling"]', '"hatchling", "lab-core==0.2.0"]'
    )
    + 'dependencies = ["lab-core==0.2.0"]\n'
    + PLUG,
    "packages/plug/README.md": "# plug\n",
    "packages/plug/src/lab_plug/__init__.py": "from lab_core import VALUE\n",
    ".github/workflows/workspace.yml": one_job("release", STEPS),
}


def test_a_workspace_is_released_in_one_job(opened: Callable[..., Lab]) -> None:
    """The second package is built and verified with the wheel of the first, which no index has."""
    lab = opened(files=FILES)
    run = lab.release("v0.2.0", workflow="workspace.yml")
    assert (run.status, run.jobs) == (0, {"release": "success"}), str(run)
    (release,) = lab.releases
    assert {asset["name"] for asset in release["assets"]} == {
        f"lab_{name}-0.2.0{suffix}" for name in ("core", "plug") for suffix in (".tar.gz", "-py3-none-any.whl")
    }
