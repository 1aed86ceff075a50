"""The comparison of one release in its places."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from tagship.core.index_page import IndexFile
from tagship.core.release.agreement import Attestation, Published, agreement, attestations_in, distribution_name

COMMIT = "c0ffee" * 6 + "c0ff"
WHEEL, SDIST = "hello-1.0-py3-none-any.whl", "hello-1.0.tar.gz"


def on_index(**digests: str) -> dict[str, IndexFile]:
    """Return files on the index: ``wheel`` and ``sdist`` with these digests."""
    names = {"wheel": WHEEL, "sdist": SDIST}
    return {
        names[key]: IndexFile(filename=names[key], url="", sha256=digest, yanked=False)
        for key, digest in digests.items()
    }


def published(**fields: Any) -> Published:
    """Return a release of hello 1.0 with these fields."""
    standard: dict[str, Any] = {"repository": "octo/hello", "tag": "v1.0", "commit": COMMIT, "assets": {}}
    return Published(package=canonicalize_name("hello"), version=Version("1.0"), **{**standard, **fields})


def outcomes(release: Published, **options: str) -> dict[str, str]:
    """Return the outcome of each check by its subject."""
    return {check.subject: check.outcome for check in agreement(release, **options)}


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        pytest.param({"assets": {WHEEL: "a"}, "index": on_index(wheel="a")}, "passed", id="equal in two places"),
        pytest.param(
            {"assets": {WHEEL: "a"}, "index": on_index(wheel="a"), "sums": {WHEEL: "a"}}, "passed", id="equal in three"
        ),
        pytest.param({"assets": {WHEEL: "a"}, "index": on_index(wheel="b")}, "failed", id="different"),
        pytest.param({"assets": {WHEEL: "a"}, "sums": {WHEEL: "b"}}, "failed", id="different from SHA256SUMS"),
        pytest.param({"assets": {WHEEL: "a"}, "index": on_index(sdist="a")}, "failed", id="missing on the index"),
        pytest.param({"assets": {SDIST: "a"}, "index": on_index(wheel="a")}, "warned", id="missing on the release"),
        pytest.param({"assets": {WHEEL: "a"}, "sums": {}}, "warned", id="missing in SHA256SUMS"),
        pytest.param({"assets": {"notes.txt": "a"}, "index": on_index(wheel="a")}, "passed", id="attached nowhere"),
        pytest.param({"assets": {WHEEL: "a"}, "index": on_index(wheel="")}, "passed", id="an index without digests"),
    ],
)
def test_a_file_is_the_same_in_every_place(fields: dict[str, Any], outcome: str) -> None:
    """A difference and a partial upload are errors; a file that only the index has is a warning."""
    assert outcomes(published(**fields))[WHEEL] == outcome


def test_an_asset_of_another_name_is_not_a_distribution() -> None:
    """Only wheels and sdists of the version must be on the index."""
    others = {"hello-docs.zip": "a", "other-1.0.tar.gz": "b", "hello-0.9.tar.gz": "c"}
    found = outcomes(published(assets={WHEEL: "a", **others}, index=on_index(wheel="a")))
    assert {found[name] for name in others} == {"passed"}
    assert distribution_name("hello-1.0.exe") is None


def test_a_listed_file_that_is_not_attached_is_a_warning() -> None:
    """SHA256SUMS lists the files of the release."""
    assert outcomes(published(sums={"notes.txt": "a"}))["notes.txt"] == "warned"


@pytest.mark.parametrize(
    ("commit", "expected", "outcome"),
    [
        pytest.param(COMMIT, "", "passed", id="any commit"),
        pytest.param(COMMIT, COMMIT, "passed", id="the expected one"),
        pytest.param(COMMIT, "0" * 40, "failed", id="another one"),
        pytest.param(None, "", "failed", id="no tag"),
    ],
)
def test_the_tag_points_at_the_expected_commit(commit: str | None, expected: str, outcome: str) -> None:
    """Without an expected commit, that of the tag is reported."""
    assert outcomes(published(commit=commit), commit=expected)["Commit"] == outcome


def certificate(*, signer: str = "octo/hello/.github/workflows/release.yml", commit: str = COMMIT) -> str:
    """Return the parts of a certificate that are read, in base64."""
    oid = b"\x06\x0a\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x0d\x04\x2a\x0c\x28"
    return base64.b64encode(
        b"\x86" + f"https://github.com/{signer}@refs/tags/v1".encode() + oid + commit.encode()
    ).decode()


FOUND = Attestation(signer="octo/hello/.github/workflows/release.yml", commit=COMMIT)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(
            {
                "attestation_bundles": [
                    {"attestations": [{"verification_material": {"certificate": certificate()}}] * 2}
                ]
            },
            (FOUND,),
            id="a provenance file of PyPI",
        ),
        pytest.param(
            {"attestations": [{"bundle": {"verificationMaterial": {"certificate": {"rawBytes": certificate()}}}}]},
            (FOUND,),
            id="an answer of GitHub",
        ),
        pytest.param({"certificate": "AAAA"}, (Attestation(signer="", commit=""),), id="an unknown certificate"),
        pytest.param({"certificate": "A"}, (), id="no base64"),
        pytest.param(None, (), id="no document"),
    ],
)
def test_reads_the_origin_in_a_certificate(document: object, expected: tuple[Attestation, ...]) -> None:
    """The signing workflow and the commit come from the certificate, each attestation once."""
    assert attestations_in(document) == expected


def test_attestations_on_github_come_with_the_command_that_verifies_them() -> None:
    """The command requires the workflow that signed."""
    (check,) = [
        check for check in agreement(published(assets={WHEEL: "a"}, on_github={WHEEL: (FOUND,)}))
        if check.subject == "Attestations"
    ]  # fmt: skip
    assert f"gh attestation verify {WHEEL} --repo octo/hello --signer-workflow {FOUND.signer}" in check.says
