"""The environment of the steps."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bootstrap.start import root
from tagship.rehearsal.session import fallback_index, runner_environment, shared_cache


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


def test_shares_downloads() -> None:
    """The libraries of the actions and the caches of pip and uv are in the given folder."""
    environ = runner_environment({"PIP_CACHE_DIR": "/home/me/.cache/pip", "RUNNER_TEMP": "/tmp/1"}, Path("/caches"))
    assert (environ["PIP_CACHE_DIR"], environ["UV_CACHE_DIR"]) == ("/caches/pip", "/caches/uv")
    assert root(environ) == str(Path("/caches/libraries"))


def test_the_cache_of_the_user_is_the_default(tmp_path: Path) -> None:
    """It is private, like the libraries of local runs."""
    environ = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "caches"), "LOCALAPPDATA": str(tmp_path)}
    assert shared_cache(environ).is_relative_to(tmp_path)
    assert shared_cache({**environ, "TAGSHIP_CACHE": str(tmp_path / "mine")}) == tmp_path / "mine"


def test_offline_is_for_every_program() -> None:
    """The actions and the uv of the project's own checks download nothing."""
    added = {"TAGSHIP_OFFLINE", "UV_OFFLINE"}
    assert runner_environment({}, Path("/caches"), offline=True).keys() >= added
    assert not runner_environment({}, Path("/caches")).keys() & added


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
