"""An identity is exchanged for a token if, and only if, PyPI would do it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from tagship.rehearsal.fake_index.models import Catalogue, Publisher
from tagship.rehearsal.fake_index.trusted_publishing import Identity, identity_token, mint

REFERENCE = "octo/hello/.github/workflows/release.yml@refs/tags/v1"
IDENTITY = Identity(
    repository="octo/hello",
    ref="refs/tags/v1",
    sha="0" * 40,
    workflow_ref=REFERENCE,
    job_workflow_ref=REFERENCE,
    environment="pypi",
)
PUBLISHER = Publisher(
    project=canonicalize_name("hello"), repository="octo/hello", workflow="release.yml", environment="pypi"
)

MATCHING = [
    pytest.param(IDENTITY, PUBLISHER, id="all four the same"),
    pytest.param(replace(IDENTITY, repository="Octo/Hello"), PUBLISHER, id="another case in the repository"),
    pytest.param(IDENTITY, replace(PUBLISHER, environment=""), id="a publisher for any environment"),
    pytest.param(replace(IDENTITY, environment="PyPI"), PUBLISHER, id="another case in the environment"),
]
NO_PUBLISHER = "Publisher with matching claims was not found"
CALLED = "OWNER/tagship/.github/workflows/python-release.yml@refs/tags/v1"
DIFFERENT = [
    pytest.param(replace(IDENTITY, environment="production"), PUBLISHER, NO_PUBLISHER, id="another environment"),
    pytest.param(replace(IDENTITY, environment=""), PUBLISHER, NO_PUBLISHER, id="no environment"),
    pytest.param(replace(IDENTITY, repository="octo/fork"), PUBLISHER, NO_PUBLISHER, id="another repository"),
    pytest.param(IDENTITY, replace(PUBLISHER, workflow="publish.yml"), NO_PUBLISHER, id="another file"),
    pytest.param(replace(IDENTITY, job_workflow_ref=CALLED), PUBLISHER, NO_PUBLISHER, id="a reusable workflow"),
    pytest.param(
        replace(IDENTITY, job_workflow_ref=CALLED),
        replace(PUBLISHER, workflow="python-release.yml"),
        "The job_workflow_ref claim does not match, expecting one of",
        id="a reusable workflow of the same name",
    ),
    pytest.param(
        replace(IDENTITY, event_name="pull_request_target"),
        PUBLISHER,
        "Publishing from a workflow invoked via 'pull_request_target' is not supported.",
        id="a pull request from a fork",
    ),
]


def minted(identity: Identity, catalogue: Catalogue) -> tuple[int, dict[str, Any]]:
    """Return status and content of the answer for ``identity``."""
    answer = mint(json.dumps({"token": identity_token(identity)}).encode(), catalogue)
    return answer.status.value, json.loads(answer.body)


@pytest.mark.parametrize(("identity", "publisher"), MATCHING)
def test_a_matching_publisher_gets_a_token_for_its_project(identity: Identity, publisher: Publisher) -> None:
    """The token may upload to the publisher's project and to no other."""
    catalogue = Catalogue(publishers=(publisher,))
    status, content = minted(identity, catalogue)
    assert (status, content["success"]) == (200, True)
    assert catalogue.tokens[content["token"]] == "hello"


@pytest.mark.parametrize(("identity", "publisher", "reason"), DIFFERENT)
def test_any_difference_is_an_invalid_publisher(identity: Identity, publisher: Publisher, reason: str) -> None:
    """The answer has PyPI's code and its words."""
    status, content = minted(identity, Catalogue(publishers=(publisher,)))
    assert (status, content["message"]) == (422, "Token request failed")
    (error,) = content["errors"]
    assert error["code"] == "invalid-publisher"
    assert error["description"].startswith(f"valid token, but no corresponding publisher ({reason}")


def test_a_token_is_exchanged_once() -> None:
    """The same identity token is refused the second time."""
    catalogue = Catalogue(publishers=(PUBLISHER,))
    body = json.dumps({"token": identity_token(IDENTITY)}).encode()
    assert mint(body, catalogue).status == 200
    again = mint(body, catalogue)
    assert (again.status, json.loads(again.body)["errors"][0]["code"]) == (422, "invalid-reuse-token")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"token": "a"}', b'{"token": "a.!.c"}', b'{"token": 1}'])
def test_what_is_not_a_token_is_refused(body: bytes) -> None:
    """No payload makes it crash."""
    answer = mint(body, Catalogue())
    assert (answer.status, json.loads(answer.body)["errors"][0]["code"]) == (422, "invalid-payload")
