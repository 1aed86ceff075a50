"""Trusted publishing: the identity token of a job is exchanged for an upload token.

Source: https://docs.pypi.org/trusted-publishers/internals/ and
https://github.com/pypi/warehouse/blob/main/warehouse/oidc/models/github.py
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from tagship.rehearsal.fake_index.models import Answer, Catalogue, Publisher, json_answer

AUDIENCE = "pypi"
ISSUER = "https://token.actions.githubusercontent.com"
NOT_FOUND = "Publisher with matching claims was not found"
_WORKFLOW = re.compile(r"[^/]+\.ya?ml(?=@)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What GitHub states in the identity token of a job.

    ``workflow_ref`` is the workflow file that was triggered, and ``job_workflow_ref`` the file that defines the job,
    each as ``OWNER/REPO/.github/workflows/FILE@REF``; they differ in a reusable workflow.
    """

    repository: str
    ref: str
    sha: str
    workflow_ref: str
    job_workflow_ref: str
    environment: str = ""
    event_name: str = "push"

    def claims(self) -> dict[str, str]:
        """Return the claims by their names in the token."""
        optional = {"environment": self.environment} if self.environment else {}
        return {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "jti": secrets.token_hex(16),
            "sub": f"repo:{self.repository}:" + (f"environment:{self.environment}" if optional else f"ref:{self.ref}"),
            "repository": self.repository,
            "repository_owner": self.repository.partition("/")[0],
            "ref": self.ref,
            "sha": self.sha,
            "workflow_ref": self.workflow_ref,
            "job_workflow_ref": self.job_workflow_ref,
            "event_name": self.event_name,
            **optional,
        }


def identity_token(identity: Identity) -> str:
    """Return an unsigned JWT with the claims of ``identity``; nobody but the embedded index accepts it."""
    parts = ({"alg": "none", "typ": "JWT"}, identity.claims())
    return ".".join([*(_encoded(part) for part in parts), ""])


def mint(body: bytes, catalogue: Catalogue) -> Answer:
    """Return the answer of ``mint-token``: an upload token for the publisher's project, or a refusal."""
    try:
        claims = _claims(json.loads(body)["token"])
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return _invalid("invalid-payload", "malformed JWT")
    if claims.get("iss") != ISSUER:
        return _invalid("invalid-payload", "unknown trusted publishing issuer")
    if claims["jti"] in catalogue.used:
        return _invalid("invalid-reuse-token", "invalid token: already used")
    found = _publisher(claims, catalogue)
    if isinstance(found, str):
        return _invalid("invalid-publisher", f"valid token, but no corresponding publisher ({found})")
    catalogue.used.add(claims["jti"])
    token = f"pypi-{secrets.token_urlsafe(24)}"
    catalogue.tokens[token] = found.project
    return json_answer({"success": True, "token": token})


def _publisher(claims: dict[str, str], catalogue: Catalogue) -> Publisher | str:
    """Return the publisher that ``claims`` match, or PyPI's reason why none does."""
    workflow = _WORKFLOW.search(claims["job_workflow_ref"])
    if workflow is None:
        return "Could not job extract workflow filename from OIDC claims"
    candidates = [
        publisher
        for publisher in catalogue.publishers
        if publisher.repository.lower() == claims["repository"].lower() and publisher.workflow == workflow[0]
    ]
    environment = claims.get("environment", "").lower()
    named = [publisher for publisher in candidates if environment and publisher.environment.lower() == environment]
    general = [publisher for publisher in candidates if not publisher.environment]
    publisher = next(iter([*named, *general]), None)
    if publisher is None:
        return NOT_FOUND
    expected = f"{publisher.repository}/.github/workflows/{publisher.workflow}@"
    accepted = sorted(expected + claims[name] for name in ("ref", "sha") if claims[name])
    if claims["job_workflow_ref"] not in accepted:
        got = claims["job_workflow_ref"]
        return f"The job_workflow_ref claim does not match, expecting one of {accepted!r}, got {got!r}"
    if claims["event_name"] == "pull_request_target":
        return "Publishing from a workflow invoked via 'pull_request_target' is not supported."
    return publisher


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    try:
        decoded = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if not isinstance(decoded, dict):
        raise TypeError("not an object")
    return decoded


def _encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _invalid(code: str, description: str) -> Answer:
    content = {"message": "Token request failed", "errors": [{"code": code, "description": description}]}
    return json_answer(content, HTTPStatus.UNPROCESSABLE_ENTITY)
