"""The environment of the steps."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tagship.rehearsal.session import fallback_index, runner_environment


@pytest.mark.parametrize(
    "name",
    ["GITHUB_TOKEN", "GH_TOKEN", "PYPI_PASSWORD", "GITHUB_WORKSPACE", "RUNNER_TEMP", "ACTIONS_RUNTIME_URL",
     "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "TWINE_REPOSITORY", "GIT_DIR", "INPUTS",
     "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS"],
)  # fmt: skip
def test_excludes_variables_that_a_runner_does_not_have(name: str) -> None:
    """Credentials and the settings of another runner, of Python and of make are excluded."""
    assert name not in runner_environment({name: "x", "PATH": "/bin"}, Path("/caches"))


@pytest.mark.parametrize("name", ["HOME", "LANG", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "SSL_CERT_FILE", "HTTPS_PROXY"])
def test_keeps_settings_of_the_machine(name: str) -> None:
    """Paths, indexes, certificates and proxies are kept."""
    assert runner_environment({name: "x"}, Path("/caches"))[name] == "x"


def test_keeps_caches_in_the_output_folder() -> None:
    """The caches of pip and uv are in the given folder."""
    environ = runner_environment({"PIP_CACHE_DIR": "/home/me/.cache/pip"}, Path("/caches"))
    assert (environ["PIP_CACHE_DIR"], environ["UV_CACHE_DIR"]) == ("/caches/pip", "/caches/uv")


def test_removes_active_environments_from_path() -> None:
    """Steps do not find programs of the active virtual environment or of tagship's own."""
    own = str(Path(sys.prefix, "bin"))
    environ = {"PATH": os.pathsep.join([own, "/work/env/bin", "/usr/bin"]), "VIRTUAL_ENV": "/work/env"}
    assert runner_environment(environ, Path("/caches"))["PATH"] == "/usr/bin"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({}, "https://pypi.org/simple/", id="PyPI"),
        pytest.param(
            {"PIP_INDEX_URL": "https://a.example/simple"}, "https://a.example/simple", id="the setting of pip"
        ),
        pytest.param({"UV_INDEX_URL": "https://b.example/simple"}, "https://b.example/simple", id="the setting of uv"),
        pytest.param({"PIP_INDEX_URL": "https://u:p@c.example:8/s"}, "https://c.example:8/s", id="without credentials"),
    ],
)
def test_finds_the_fallback_index(environ: dict[str, str], expected: str) -> None:
    """Other packages come from the index that this machine uses, without its credentials."""
    assert fallback_index(environ) == expected
