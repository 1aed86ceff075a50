"""What kind of file an asset is, by its name: the same on every machine, whatever its registry of types says."""

from __future__ import annotations

from mimetypes import MimeTypes

_TYPES = {
    ".asc": "application/pgp-signature",
    ".cdx.json": "application/vnd.cyclonedx+json",
    ".intoto.jsonl": "application/vnd.in-toto+json",
    ".md": "text/markdown",
    ".sig": "application/pgp-signature",
    ".sigstore": "application/vnd.dev.sigstore.bundle.v0.3+json",
    ".sigstore.json": "application/vnd.dev.sigstore.bundle.v0.3+json",
    ".spdx.json": "application/spdx+json",
    ".tar.bz2": "application/x-bzip2",
    ".tar.gz": "application/gzip",
    ".tar.xz": "application/x-xz",
    ".tar.zst": "application/zstd",
    ".tgz": "application/gzip",
    ".toml": "application/toml",
    ".whl": "application/zip",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_KNOWN = MimeTypes(filenames=())


def content_type(name: str) -> str:
    """The media type of a file called ``name``; ``SHA256SUMS`` and its like are text, the unknown are octets."""
    lower = name.lower()
    if lower.endswith("sums"):
        return "text/plain"
    ending = next((ending for ending in _TYPES if lower.endswith(ending)), None)
    if ending is not None:
        return _TYPES[ending]
    guessed, encoding = _KNOWN.guess_type(lower, strict=True)
    return "application/octet-stream" if guessed is None or encoding is not None else guessed
