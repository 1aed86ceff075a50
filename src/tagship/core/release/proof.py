"""The proof for readers of a release: anyone can download it, and the attestation of an immutable one agrees."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from tagship.core.preflight.check import fine, stopped, warned
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagship.core.preflight.check import Check
    from tagship.core.release.answers import Download
    from tagship.core.release.state import Asset, Release

_TOPIC = "published-file-cannot-be-downloaded"
_RELEASE = "https://in-toto.io/attestation/release/"


def page_check(release: Release, page: Download) -> Check:
    """Return the check of the release page."""
    if page.status == 200:
        return fine("Release page", f"{release.url} is public.")
    return warned("Release page", _unreachable(release.url, page))


def downloads_check(assets: Sequence[Asset], downloads: Sequence[Download]) -> Iterator[Check]:
    """Yield a check for each file that is not public as uploaded, and one for all others."""
    read = 0
    for asset, found in zip(assets, downloads, strict=True):
        if found.status != 200:
            yield warned(asset.name, _unreachable(asset.url, found))
        elif (found.size, found.digest or asset.digest) != (asset.size, asset.digest or found.digest):
            stated = f"GitHub states {asset.size:,} bytes, {asset.digest}; the download has {found.size:,} bytes"
            yield stopped(
                asset.name,
                Problem(
                    found=f"Checksum mismatch for {asset.url}: {stated}, {found.digest}.",
                    remedy="Do not install the file. Check the proxy between the runner and GitHub, then release a "
                    "new version.",
                    topic=_TOPIC,
                ),
            )
        else:
            read += found.digest is not None
    passed = [found for found in downloads if found.status == 200]
    if passed:
        text = f"{len(passed)} of {len(assets)} files answer an anonymous request; the SHA-256 of {read} was compared."
        yield fine("Downloads", text)


def _unreachable(url: str, found: Download) -> Problem:
    answer = f"HTTP {found.status}" if found.status else "no response"
    return Problem(
        found=f"An anonymous request for {url} failed ({answer}).",
        remedy="Open the address in a private browser window, and check https://www.githubstatus.com.",
        topic=_TOPIC,
    )


def attestation_check(release: Release, repository: str, document: Any) -> Check:
    """Return the check of an immutable release's attestation, from an answer of GitHub's attestations API.

    The signature is not verified. Source: https://docs.github.com/en/code-security/concepts/supply-chain-security/immutable-releases
    """
    assets = {(asset.name, (asset.digest or "").removeprefix("sha256:")) for asset in release.assets}
    purl = f"pkg:github/{repository}@{release.tag}".lower()
    command = f"gh release verify {release.tag} --repo {repository}"
    for uris, files in _subjects(document):
        if purl not in uris:
            continue
        if files == assets:
            return fine("Attestation", f"It lists these {len(assets)} files. Verify its signature: {command}")
        differ = ", ".join(sorted({name for name, _ in files ^ assets}))
        remedy = f"Do not install the files. Verify the release: {command}"
        return stopped(
            "Attestation",
            Problem(found=f"The attestation of {release.tag} differs for {differ}.", remedy=remedy, topic=_TOPIC),
        )
    found = f"No attestation of the immutable release {release.tag} was found."
    return warned("Attestation", Problem(found=found, remedy=f"Verify it later: {command}", topic=_TOPIC))


def _subjects(document: Any) -> Iterator[tuple[set[str], set[tuple[str, str]]]]:
    """Yield the URIs, and the names and digests, of each release attestation. Unreadable entries are skipped."""
    listed = document.get("attestations") if isinstance(document, dict) else None
    for entry in listed if isinstance(listed, list) else []:
        try:
            statement = json.loads(base64.b64decode(entry["bundle"]["dsseEnvelope"]["payload"]))
            subjects, named = statement["subject"], [one for one in statement["subject"] if one.get("name")]
            files = {(str(one["name"]), str(one.get("digest", {}).get("sha256", ""))) for one in named}
            if statement["predicateType"].startswith(_RELEASE):
                yield {str(subject.get("uri", "")).lower() for subject in subjects}, files
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            continue
