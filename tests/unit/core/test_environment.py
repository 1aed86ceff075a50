"""The variables that child processes see."""

from __future__ import annotations

import pytest

from tagship.core.runner import trusting, withheld, without_credentials, without_python_settings


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
        "FTP_PASS",
        "DB_PWD",
        "SSHPASS",
        "SSH_AUTH_SOCK",
        "DOCKER_AUTH_CONFIG",
        "NPM_CONFIG_AUTHTOKEN",
        "ENCRYPTION_KEY",
        "GIT_ASKPASS",
        "TWINE_CREDS",
    ],
)
def test_credentials_and_command_files_are_removed(name: str) -> None:
    """A child process sees no credential and no command file of the runner."""
    assert without_credentials({name: "x", "HOME": "/h"}) == {"HOME": "/h"}


@pytest.mark.parametrize(
    "name",
    ["PATH", "GITHUB_SHA", "GITHUB_REPOSITORY", "CI", "TOKENIZERS_PARALLELISM", "KEYBOARD", "PWD", "GIT_AUTHOR_NAME"],
)
def test_ordinary_variables_are_kept(name: str) -> None:
    """A name that only resembles a credential is kept."""
    assert without_credentials({name: "x"}) == {name: "x"}


@pytest.mark.parametrize(
    "value",
    [
        "ghp_" + "a1B2" * 9,
        "token: ghs_" + "a1B2" * 9,
        "github_pat_" + "a1B2" * 20,
        "pypi-AgEIcHlwaS5vcmcCJDU3",
        "AKIAIOSFODNN7EXAMPLE",
        "https://user:secret@pypi.example.com/simple/",
        "postgresql+psycopg://u:p@db.example.com:5432/x",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nabc",
        "AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW4=",
        "before the-token-of-this-step after",
        "a copy of correct-horse-battery",
    ],
)
def test_a_value_that_is_or_contains_a_credential_is_withheld(value: str) -> None:
    """The form of a value counts as much as the name of its variable, and copies of known secrets are found."""
    environ = {"INNOCENT": value, "MY_TOKEN": "correct-horse-battery", "HOME": "/h"}
    assert without_credentials(environ, ["the-token-of-this-step"]) == {"HOME": "/h"}
    assert withheld(environ, ["the-token-of-this-step"]) == {"INNOCENT", "MY_TOKEN"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIP_INDEX_URL", "https://user:secret@pypi.example.com/simple/"),
        ("HTTPS_PROXY", "http://user:secret@proxy.example.com:3128"),
        ("DATABASE_URL", "postgres://postgres:postgres@localhost:5432/test"),
        ("DATABASE_HOST", "postgres"),
        ("HOMEPAGE", "https://example.com/user:name"),
        ("PUBLISHER", "pypi-publish-workflow-name"),
        ("TWO_DOTS", "eyJust.eyAn.example"),
    ],
)
def test_a_value_that_programs_need_is_kept(name: str, value: str) -> None:
    """The index and the proxy keep their password, and the password of a local database is known anyway."""
    assert without_credentials({name: value, "DB_PASSWORD": "postgres"}) == {name: value}


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("safe.directory", "*", True),
        ("http.https://github.com/.extraheader", "x", False),
        ("url.https://x:ghs_abc@github.com/.insteadOf", "https://github.com/", False),
        ("user.name", "ghp_" + "a1B2" * 9, False),
    ],
)
def test_the_numbered_settings_of_git_are_kept_or_removed_together(key: str, value: str, *, kept: bool) -> None:
    """Git fails if a numbered setting is missing, so one credential removes all of them."""
    environ = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": key, "GIT_CONFIG_VALUE_0": value}
    assert without_credentials(environ) == (environ if kept else {})


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
