"""The kinds of files that projects attach."""

from __future__ import annotations

import pytest

from tagship.core.release.assets import content_type


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hello-1.2.0-py3-none-any.whl", "application/zip"),
        ("hello-1.2.0.tar.gz", "application/gzip"),
        ("App.ZIP", "application/zip"),
        ("SHA256SUMS", "text/plain"),
        ("notes.txt", "text/plain"),
        ("sbom.cdx.json", "application/vnd.cyclonedx+json"),
        ("data.json", "application/json"),
        ("page.html.gz", "application/octet-stream"),
        ("app", "application/octet-stream"),
        ("app.exe.sig", "application/pgp-signature"),
    ],
)
def test_a_name_tells_the_kind(name: str, kind: str) -> None:
    """The same on every machine; what is not known is octets."""
    assert content_type(name) == kind
