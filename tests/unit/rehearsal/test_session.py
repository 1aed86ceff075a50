"""What steps see of this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tagship.rehearsal.session import surroundings


@pytest.mark.parametrize(
    "name",
    ["GITHUB_TOKEN", "GH_TOKEN", "PYPI_PASSWORD", "GITHUB_WORKSPACE", "RUNNER_TEMP", "ACTIONS_RUNTIME_URL",
     "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "TWINE_REPOSITORY", "GIT_DIR", "INPUTS",
     "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS"],
)  # fmt: skip
def test_leaves_out_what_no_runner_would_have(name: str) -> None:
    """Credentials and the settings of another runner, of this machine's Python and of a make do not reach a step."""
    assert name not in surroundings({name: "x", "PATH": "/bin"}, Path("/caches"))


@pytest.mark.parametrize("name", ["HOME", "LANG", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "SSL_CERT_FILE", "HTTPS_PROXY"])
def test_keeps_what_the_machine_needs(name: str) -> None:
    """Where files and indexes are stays known."""
    assert surroundings({name: "x"}, Path("/caches"))[name] == "x"


def test_keeps_caches_in_the_output_folder() -> None:
    """Pip and uv write their caches below the folder given."""
    around = surroundings({"PIP_CACHE_DIR": "/home/me/.cache/pip"}, Path("/caches"))
    assert (around["PIP_CACHE_DIR"], around["UV_CACHE_DIR"]) == ("/caches/pip", "/caches/uv")


def test_takes_active_environments_off_the_path() -> None:
    """Programs of the environment in use, and of tagship's own, are not found by steps."""
    own = str(Path(sys.prefix, "bin"))
    environ = {"PATH": os.pathsep.join([own, "/work/env/bin", "/usr/bin"]), "VIRTUAL_ENV": "/work/env"}
    assert surroundings(environ, Path("/caches"))["PATH"] == "/usr/bin"
