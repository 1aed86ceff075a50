"""The variables that child processes see."""

from __future__ import annotations

import pytest

from tagship.core.environment import trusting, without_credentials, without_python_settings


@pytest.mark.parametrize(
    "name",
    [
        "INPUTS",
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_RUNTIME_TOKEN",
        "GITHUB_OUTPUT",
        "GITHUB_ENV",
        "GITHUB_PATH",
        "GITHUB_STEP_SUMMARY",
        "TWINE_PASSWORD",
        "UV_PUBLISH_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "NPM_TOKEN",
        "GH_PAT",
        "PAT",
        "PGPASSWORD",
        "MYSQL_PWD",
        "GPG_PASSPHRASE",
        "DEPLOY_KEY",
        "SSH_PRIVATE_KEY",
        "PYPI_APIKEY",
    ],
)
def test_credentials_and_command_files_are_removed(name: str) -> None:
    """A child process sees no credential and no command file of the runner."""
    assert without_credentials({name: "x", "HOME": "/h"}) == {"HOME": "/h"}


@pytest.mark.parametrize(
    "name",
    ["PATH", "GITHUB_SHA", "GITHUB_REPOSITORY", "CI", "TOKENIZERS_PARALLELISM", "KEYBOARD", "PWD", "SSH_AUTH_SOCK"],
)
def test_ordinary_variables_are_kept(name: str) -> None:
    """A name that only resembles a credential is kept."""
    assert without_credentials({name: "x"}) == {name: "x"}


@pytest.mark.parametrize(
    "name", ["PIP_INDEX_URL", "UV_PYTHON", "PYTHONPATH", "PYTHONHASHSEED", "VIRTUAL_ENV", "CONDA_PREFIX"]
)
def test_python_settings_are_removed_for_a_build(name: str) -> None:
    """Settings of Python tools on this machine do not change a build."""
    assert without_python_settings({name: "x", "SOURCE_DATE_EPOCH": "1"}) == {"SOURCE_DATE_EPOCH": "1"}


@pytest.mark.parametrize(
    ("environ", "number"),
    [({}, 0), ({"GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "a.b"}, 2), ({"GIT_CONFIG_COUNT": "x"}, 0)],
    ids=["no settings", "settings of the job", "an invalid count"],
)
def test_one_folder_is_a_safe_directory(environ: dict[str, str], number: int) -> None:
    """Git reads a checkout of another user, and the job's own git settings are kept."""
    trusted = trusting(environ, "/work")

    assert trusted == {
        **environ,
        f"GIT_CONFIG_KEY_{number}": "safe.directory",
        f"GIT_CONFIG_VALUE_{number}": "/work",
        "GIT_CONFIG_COUNT": str(number + 1),
    }
