"""The checks that prove a release to its readers."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from tagship.core.release.answers import Download
from tagship.core.release.proof import attestation_check, downloads_check, page_check
from tagship.core.release.state import Asset, Release

WHEEL = Asset(id=1, name="a.whl", size=5, digest="sha256:aa", url="https://x/a.whl")
RELEASE = Release(
    id=1, tag="v1", name="", body="", draft=False, prerelease=False, immutable=True, assets=(WHEEL,), url="https://x"
)
FILE = {"name": "a.whl", "digest": {"sha256": "aa"}}
PURL = {"uri": "pkg:github/octo/Hello@v1", "digest": {"sha1": "c" * 40}}


def attested(*subjects: Any, kind: str = "https://in-toto.io/attestation/release/v0.2") -> dict[str, Any]:
    """Return an answer of the attestations API with one attestation."""
    statement = {"predicateType": kind, "subject": list(subjects)}
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    return {"attestations": [{"bundle": {"dsseEnvelope": {"payload": payload}}}]}


@pytest.mark.parametrize(
    ("found", "outcomes"),
    [
        pytest.param(Download(status=200, size=5, digest="sha256:aa"), ["passed"], id="equal"),
        pytest.param(Download(status=200, size=5), ["passed"], id="of which the size was read"),
        pytest.param(Download(status=200, size=6), ["failed", "passed"], id="of another size"),
        pytest.param(Download(status=200, size=5, digest="sha256:bb"), ["failed", "passed"], id="of other content"),
        pytest.param(Download(status=404), ["warned"], id="not found"),
        pytest.param(Download(status=0), ["warned"], id="without an answer"),
    ],
)
def test_a_download_is_compared_with_its_asset(found: Download, outcomes: list[str]) -> None:
    """Another content stops; a file that does not answer is a warning."""
    checks = list(downloads_check((WHEEL,), (found,)))
    assert [check.outcome for check in checks] == outcomes
    assert all(WHEEL.url in check.says for check in checks if check.outcome != "passed")


def test_an_asset_without_a_digest_needs_only_its_size() -> None:
    """GitHub has no digest of older assets."""
    found = Download(status=200, size=5, digest="sha256:aa")
    assert [check.outcome for check in downloads_check((replace(WHEEL, digest=None),), (found,))] == ["passed"]


@pytest.mark.parametrize(("status", "outcome"), [(200, "passed"), (404, "warned")])
def test_the_release_page_must_answer(status: int, outcome: str) -> None:
    """A page that does not answer is a warning."""
    assert page_check(RELEASE, Download(status=status)).outcome == outcome


@pytest.mark.parametrize(
    ("document", "outcome"),
    [
        pytest.param(attested(PURL, FILE), "passed", id="equal"),
        pytest.param(attested(PURL), "failed", id="without the file"),
        pytest.param(attested(PURL, {**FILE, "digest": {"sha256": "bb"}}), "failed", id="of another file"),
        pytest.param(attested({**PURL, "uri": "pkg:github/octo/hello@v2"}, FILE), "warned", id="of another tag"),
        pytest.param(attested(PURL, FILE, kind="https://slsa.dev/provenance/v1"), "warned", id="of a build"),
        pytest.param(None, "warned", id="missing"),
        pytest.param({"attestations": [{"bundle": None}, 3]}, "warned", id="unreadable"),
        pytest.param({"attestations": 3}, "warned", id="not a list"),
        pytest.param(attested(PURL, {**FILE, "digest": "aa"}), "warned", id="with another digest type"),
        pytest.param(attested(PURL, {**FILE, "name": ["a"]}), "failed", id="with another name type"),
    ],
)
def test_the_attestation_lists_the_files_of_the_release(document: Any, outcome: str) -> None:
    """Its result has the command that verifies the signature."""
    check = attestation_check(RELEASE, "octo/hello", document)
    assert check.outcome == outcome
    assert "gh release verify v1 --repo octo/hello" in check.says + str(check.problem)
