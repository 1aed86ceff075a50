"""The requests that prove a published release to its readers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tagship.core.preflight.check import skipped
from tagship.core.release.proof import attestation_check, downloads_check, page_check

if TYPE_CHECKING:
    from tagship.core.preflight.check import Check
    from tagship.core.release.answers import Download
    from tagship.core.release.state import Release
    from tagship.edges.github.releases import GitHub

_MOST_BYTES = 256 << 20
"""Files are downloaded, the smallest first, up to this total size; of others only the size is read."""
_PAUSES = (1.0, 3.0, 9.0)
"""Seconds between requests: pages and attestations appear some seconds after the publication."""
_PARALLEL = 8


def proof(github: GitHub, release: Release) -> list[Check]:
    """Return the checks of the release page, of every file, and of the attestation of an immutable release."""
    checks: list[Check] = []
    if github.is_private():
        checks.append(skipped("Downloads", f"{github.repository} is private, so no anonymous request was sent."))
    else:
        total, whole = 0, set()
        for asset in sorted(release.assets, key=lambda asset: asset.size):
            total += asset.size
            whole |= {asset.id} if total <= _MOST_BYTES else set()
        with ThreadPoolExecutor(max_workers=_PARALLEL) as pool:
            page = pool.submit(_public, github, release.url, whole=False)
            files = [pool.submit(_public, github, asset.url, whole=asset.id in whole) for asset in release.assets]
        checks = [page_check(release, page.result())]
        checks += downloads_check(release.assets, [file.result() for file in files])
    return [*checks, *([_attestation(github, release)] if release.immutable else [])]


def _public(github: GitHub, url: str, *, whole: bool) -> Download:
    for pause in _PAUSES:
        found = github.download(url, whole=whole)
        if found.status == 200:
            return found
        github.clock.sleep(pause)
    return github.download(url, whole=whole)


def _attestation(github: GitHub, release: Release) -> Check:
    digest = f"sha1:{github.tag_object(release.tag)[1]}"
    for pause in _PAUSES:
        check = attestation_check(release, github.repository, github.attestations(digest))
        if check.outcome != "warned":
            return check
        github.clock.sleep(pause)
    return attestation_check(release, github.repository, github.attestations(digest))
