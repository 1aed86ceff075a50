"""The names that GitHub gives to assets."""

from __future__ import annotations

import re
import unicodedata
from mimetypes import MimeTypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.core.release.desired import File

PART = ".tagship-part"
"""Behind the name of a new file that waits to take the place of a published one."""


def asset_name(name: str) -> str:
    """Return the name that GitHub gives an asset uploaded as ``name``.

    Accents go, every run of characters other than ASCII letters, digits and ``-_+@.`` becomes one dot, dots at both
    ends go, and a name of which nothing but an extension is left is called ``default``.
    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset, and what GitHub is seen to do.
    """
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    dotted = re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9\-_+@]+", ".", plain)).strip(".")
    if dotted == name:
        return name
    if "." not in dotted:
        return f"default.{dotted}" if dotted else "default"
    return dotted


def may_be_called(name: str, given: str) -> bool:
    """Return True if GitHub may have called an asset ``given`` that was uploaded as ``name``, by rules not known here.

    Only for names with special characters, which are all it changes; letters and digits stay.
    """
    return asset_name(name) != name and _bare(given) in (_bare(name), "default" + _bare(name))


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return re.sub(r"[^a-z0-9]", "", plain.lower())


SUMS = "SHA256SUMS"


def checksum_lines(files: Sequence[File]) -> str:
    """Return a line for each file, as ``sha256sum --check`` reads it, under the names that downloads have."""
    rows = sorted((asset_name(file.name), file.digest.removeprefix("sha256:")) for file in files)
    return "".join(f"{digest}  {name}\n" for name, digest in rows)


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
    """Return the media type of a file called ``name``; ``SHA256SUMS`` and its like are text, the unknown are octets."""
    lower = name.lower()
    if lower.endswith("sums"):
        return "text/plain"
    ending = next((ending for ending in _TYPES if lower.endswith(ending)), None)
    if ending is not None:
        return _TYPES[ending]
    guessed, encoding = _KNOWN.guess_type(lower, strict=True)
    return "application/octet-stream" if guessed is None or encoding is not None else guessed
