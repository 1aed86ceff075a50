from __future__ import annotations

import os
from pathlib import Path

import pytest

from bootstrap.installer_environment import installers_environment

NO_FILES = {"PIP_CONFIG_FILE": os.devnull}


@pytest.mark.parametrize(
    "name",
    [
        "PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "HTTPS_PROXY", "https_proxy", "no_proxy", "SSL_CERT_FILE",
        "REQUESTS_CA_BUNDLE", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "PIP_PROXY", "PIP_TRUSTED_HOST",
        "PIP_DEFAULT_TIMEOUT", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_INDEX_INTERNAL_PASSWORD",
        "UV_NATIVE_TLS", "SystemRoot", "LOCALAPPDATA",
    ],
)  # fmt: skip
def test_settings_of_the_index_are_kept(name: str) -> None:
    """Mirrors, proxies and certificates of the caller's network are used, because hashes protect the downloads."""
    assert installers_environment(NO_FILES | {name: "value"}, Path("t"))[name] == "value"


@pytest.mark.parametrize(
    "name",
    [
        "GITHUB_TOKEN", "INPUTS", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "LD_PRELOAD", "PIP_TARGET", "PIP_USER",
        "PIP_PREFIX", "PIP_NO_BINARY", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_REQUIREMENT", "PIP_CACHE_DIR",
        "PIP_CONSTRAINT", "UV_TARGET", "UV_PYTHON", "UV_CACHE_DIR", "UV_CONFIG_FILE", "UV_PUBLISH_TOKEN",
        "UV_FIND_LINKS", "UV_NO_BINARY", "ANYTHING_ELSE",
    ],
)  # fmt: skip
def test_other_settings_and_secrets_are_removed(name: str) -> None:
    """Only variables of the allowlist are passed."""
    assert name not in installers_environment(NO_FILES | {name: "value"}, Path("t"))


def test_temporary_files_are_in_the_staging_folder() -> None:
    """Files of an interrupted installation are deleted with that folder."""
    environ = installers_environment(NO_FILES | {"TMPDIR": "/tmp"}, Path("staging"))
    assert {environ[name] for name in ("TMPDIR", "TEMP", "TMP")} == {"staging"}


@pytest.mark.parametrize(
    ("pip", "uv"),
    [
        pytest.param({"PIP_INDEX_URL": "https://mirror"}, {"UV_DEFAULT_INDEX": "https://mirror"}, id="index"),
        pytest.param({"PIP_TRUSTED_HOST": "mirror"}, {"UV_INSECURE_HOST": "mirror"}, id="trusted host"),
        pytest.param({"PIP_CERT": "/ca.pem"}, {"SSL_CERT_FILE": "/ca.pem"}, id="certificate"),
        pytest.param({"PIP_PROXY": "http://proxy"}, {"ALL_PROXY": "http://proxy"}, id="proxy"),
        pytest.param(
            {"PIP_CERT": "/ca.pem", "SSL_CERT_FILE": "/own.pem"}, {"SSL_CERT_FILE": "/own.pem"}, id="uv's own variable"
        ),
        pytest.param({}, {"UV_SYSTEM_CERTS": "1"}, id="the certificates of the system by default"),
        pytest.param({"UV_SYSTEM_CERTS": "0"}, {"UV_SYSTEM_CERTS": "0"}, id="unless uv is set otherwise"),
        pytest.param({"PIP_TIMEOUT": "90"}, {"UV_HTTP_TIMEOUT": "90"}, id="time limit"),
        pytest.param({"PIP_DEFAULT_TIMEOUT": "90"}, {"UV_HTTP_TIMEOUT": "90"}, id="time limit, longer name"),
        pytest.param(
            {"PIP_EXTRA_INDEX_URL": "https://a https://b"},
            {"UV_INDEX": "https://a https://b", "UV_INDEX_STRATEGY": "unsafe-best-match"},
            id="extra indexes, among which pip takes the highest version",
        ),
        pytest.param(
            {"PIP_EXTRA_INDEX_URL": "https://a", "UV_INDEX_STRATEGY": "first-index"},
            {"UV_INDEX": "https://a", "UV_INDEX_STRATEGY": "first-index"},
            id="the strategy of uv",
        ),
    ],
)  # fmt: skip
def test_settings_of_pip_are_passed_to_uv(pip: dict[str, str], uv: dict[str, str]) -> None:
    """Both installers use the same mirror."""
    environ = installers_environment(NO_FILES | pip, Path("t"))
    assert {name: environ[name] for name in uv} == uv


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_settings_of_uv_have_priority(name: str) -> None:
    """A setting of pip does not override one of uv."""
    environ = installers_environment(NO_FILES | {"PIP_INDEX_URL": "https://pips", name: "https://uvs"}, Path("t"))
    assert {environ.get("UV_DEFAULT_INDEX"), environ.get("UV_INDEX_URL")} == {"https://uvs", None}


@pytest.mark.skipif(os.name == "nt", reason="these are the paths on Linux")
@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        pytest.param(".config/pip/pip.conf", "[global]\nindex-url = https://m", "https://m", id="the user's file"),
        pytest.param(".pip/pip.conf", "[global]\nindex_url = https://m", "https://m", id="an older path and spelling"),
        pytest.param(".pip/pip.conf", "[install]\nindex-url = https://m", "https://m", id="the section of the command"),
        pytest.param(".pip/pip.conf", "[download]\nindex-url = https://m", None, id="the section of another command"),
        pytest.param(".pip/pip.conf", "[global]\nindex-url = https://%41", "https://%41", id="percent signs"),
        pytest.param(".pip/pip.conf", "index-url = https://m", None, id="an invalid file"),
        pytest.param(".pip/pip.conf", "[global]\nindex-url", None, id="a setting without a value"),
    ],
)
def test_files_of_pip_are_read_for_uv(tmp_path: Path, file: str, text: str, expected: str | None) -> None:
    """A mirror configured for pip on a runner is used for uv too."""
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text)
    environ = {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path)}
    assert installers_environment(environ, Path("t")).get("UV_DEFAULT_INDEX") == expected


def test_the_named_file_has_priority_over_the_users(tmp_path: Path) -> None:
    """Priority rises as in pip: the user's files, the named file, variables."""
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "pip.conf").write_text("[global]\nindex-url = https://file\ncert = /ca.pem\n")
    (tmp_path / "named").write_text("[global]\nindex-url = https://named\n")
    environ = {"HOME": "/nowhere", "XDG_CONFIG_HOME": str(tmp_path), "PIP_CONFIG_FILE": str(tmp_path / "named")}
    read = installers_environment(environ, Path("t"))
    assert read["UV_DEFAULT_INDEX"] == "https://named"
    again = installers_environment(environ | {"PIP_INDEX_URL": "https://variable"}, Path("t"))
    assert again["UV_DEFAULT_INDEX"] == "https://variable"
