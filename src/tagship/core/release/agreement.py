"""The comparison of one release in its places: the package index, the GitHub release, SHA256SUMS, attestations."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from packaging.utils import NormalizedName, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

from tagship.core.preflight.check import Check, fine, skipped, stopped, warned
from tagship.core.release.assets import SUMS
from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.index_page import IndexFile

_SIGNER = re.compile(rb"https://[\w.-]+/([\w.-]+/[\w.-]+/\.github/workflows/[\w.-]+)@")
# Extension 1.3.6.1.4.1.57264.1.13, Source Repository Digest, as an octet string with a UTF-8 string.
_COMMIT = re.compile(rb"\x06\x0a\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x0d\x04\x2a\x0c\x28([0-9a-f]{40})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """The signing workflow (``OWNER/REPO/PATH``) and the commit in the certificate of an attestation.

    The signature is not verified. Source: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
    """

    signer: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A release as read from its places; all digests are hexadecimal SHA-256.

    ``package`` and ``version`` are those on the index. ``commit`` is the commit of the tag. ``assets`` are those of the
    release on GitHub, ``sums`` the content of its SHA256SUMS, None without one. ``index`` has the files of the version,
    None if no index is compared; ``status`` is the status of the project there. Attestations are by file name.
    """

    repository: str
    tag: str
    package: NormalizedName
    version: Version
    commit: str | None
    assets: Mapping[str, str]
    sums: Mapping[str, str] | None = None
    index: Mapping[str, IndexFile] | None = None
    status: str = ""
    on_index: Mapping[str, tuple[Attestation, ...]] = field(default_factory=dict)
    on_github: Mapping[str, tuple[Attestation, ...]] = field(default_factory=dict)

    def digests(self, name: str) -> dict[str, str]:
        """Return the digests of a file by the place that states it."""
        file = (self.index or {}).get(name)
        stated = {
            "index": file.sha256 if file else "",
            "release": self.assets.get(name, ""),
            SUMS: (self.sums or {}).get(name, ""),
        }
        return {place: digest for place, digest in stated.items() if digest}

    def is_distribution(self, name: str) -> bool:
        """Return True for the name of a wheel or sdist of this version."""
        return distribution_name(name) == (self.package, self.version)

    @property
    def names(self) -> list[str]:
        """The names of all files, without SHA256SUMS itself."""
        return sorted({*self.assets, *(self.sums or {}), *(self.index or {})} - {SUMS})


def distribution_name(filename: str) -> tuple[NormalizedName, Version] | None:
    """Return the project and the version in the name of a wheel or sdist; None for any other file."""
    try:
        return parse_wheel_filename(filename)[:2] if filename.endswith(".whl") else parse_sdist_filename(filename)
    except ValueError:
        return None


def agreement(published: Published, *, commit: str = "") -> list[Check]:
    """Return the checks of all files, of the commit, and of the attestations. ``commit`` is the expected commit."""
    files = [_file(published, name) for name in published.names]
    return [_commit(published, commit), *_project(published), *files, *_attestations(published)]


def attestations_in(document: Any) -> tuple[Attestation, ...]:
    """Return the attestations in a provenance file of PyPI (PEP 740) or an answer of GitHub's attestations API."""
    return tuple(dict.fromkeys(map(_certified, _certificates(document))))


def _certificates(value: Any) -> Iterator[bytes]:
    """Yield every certificate in ``value``; PyPI has it as text, a Sigstore bundle as ``rawBytes``."""
    if isinstance(value, list):
        for item in value:
            yield from _certificates(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            text = item.get("rawBytes") if name == "certificate" and isinstance(item, dict) else item
            if name == "certificate" and isinstance(text, str):
                try:
                    yield base64.b64decode(text)
                except binascii.Error:
                    continue
            else:
                yield from _certificates(item)


def _certified(certificate: bytes) -> Attestation:
    signer, commit = _SIGNER.search(certificate), _COMMIT.search(certificate)
    return Attestation(signer=signer[1].decode() if signer else "", commit=commit[1].decode() if commit else "")


def _commit(published: Published, expected: str) -> Check:
    tag, commit = published.tag, published.commit
    if commit is None or (expected and expected != commit):
        return stopped(
            "Commit",
            Problem(
                found=f"Tag {tag} of {published.repository} points at {commit}, expected {expected}."
                if commit
                else f"Tag {tag} not found in {published.repository}.",
                remedy=f"Compare with the published files: git fetch --tags && git rev-parse {tag}^{{commit}}",
                topic="tag-moved",
            ),
        )
    return fine("Commit", f"Tag {tag} points at commit {commit}.")


def _project(published: Published) -> Iterator[Check]:
    if published.status and published.status != "active":
        yield warned(
            "Project",
            Problem(
                found=f"The project has the status {published.status} on the index.",
                remedy="Read the project's page on the index. Installers cannot use a project under quarantine.",
                topic="yanked-file-or-quarantined-project",
            ),
        )
    if published.index == {}:
        yield stopped(
            "Index",
            Problem(
                found=f"The index has no file of {published.package} {published.version}.",
                remedy="Check that the publishing job uploaded to this index, and that the package name is right.",
                topic="version-not-on-the-package-index",
            ),
        )


def _file(published: Published, name: str) -> Check:
    digests = published.digests(name)
    if len(set(digests.values())) > 1:
        stated = ", ".join(f"{place} {digest}" for place, digest in digests.items())
        remedy = "Do not install the file. Find out which place was changed, and release a new version."
        problem = Problem(found=f"Checksum mismatch for {name}: {stated}.", remedy=remedy, topic=_DIFFERENT)
        return stopped(name, problem)
    missing = _missing(published, name, digests)
    if missing:
        problem = Problem(
            found=f"{name} is missing: {', '.join(missing)} without it; {', '.join(digests) or 'no place'} with it.",
            remedy="Run the failed job of the release workflow again, so that it uploads the missing file.",
            topic=_DIFFERENT,
        )
        return stopped(name, problem) if "index" in missing else warned(name, problem)
    file = (published.index or {}).get(name)
    if file and file.yanked:
        remedy = "Read the reason on the project's page on the index. Installers ignore the file unless it is pinned."
        return warned(
            name, Problem(found=f"{name} is yanked.", remedy=remedy, topic="yanked-file-or-quarantined-project")
        )
    return fine(name, f"SHA-256 {next(iter(digests.values()), 'unknown')} ({', '.join(digests)}).")


_DIFFERENT = "files-differ-between-index-and-release"


def _missing(published: Published, name: str, digests: Mapping[str, str]) -> list[str]:
    """Return the places without the file that should have it. A release without distributions has none on purpose."""
    if not published.is_distribution(name):
        return ["release"] if name not in published.assets else []
    compared = {
        "index": bool(published.index),
        "release": any(map(published.is_distribution, published.assets)),
        SUMS: published.sums is not None,
    }
    known = {*digests, *(["index"] if name in (published.index or {}) else [])}
    return [place for place, used in compared.items() if used and place not in known]


def _attestations(published: Published) -> Iterator[Check]:
    for name, found in sorted(published.on_index.items()):
        for attestation in found:
            yield _attested(published, name, attestation)
    if published.index and not published.on_index:
        yield skipped("Attestations", "The index has no attestations of these files.")
    for name, found in sorted(published.on_github.items()):
        for signer in dict.fromkeys(attestation.signer for attestation in found):
            command = f"gh attestation verify {name} --repo {published.repository} --signer-workflow {signer}"
            yield fine("Attestations", f"GitHub has an attestation of {name}. Verify its signature: {command}")


def _attested(published: Published, name: str, attestation: Attestation) -> Check:
    origin = f"{attestation.signer or 'an unknown workflow'} at commit {attestation.commit or '(unknown)'}"
    ours = attestation.signer.lower().startswith(f"{published.repository.lower()}/")
    if ours and attestation.commit in ("", published.commit):
        return fine(name, f"The attestation on the index names {origin}; its signature was not verified.")
    return warned(
        name,
        Problem(
            found=f"The attestation of {name} on the index names {origin}, not {published.repository} at commit "
            f"{published.commit}.",
            remedy="Compare the commit with the tag, and verify the signature: "
            f"pypi-attestations verify pypi --repository https://github.com/{published.repository} pypi:{name}",
            topic=_DIFFERENT,
        ),
    )
