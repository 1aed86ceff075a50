"""Release assets: the names that GitHub gives them, their checksums and their media types."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from mimetypes import MimeTypes

PART = ".tagship-part"
"""Suffix of a file that is uploaded to replace a published one."""

_LETTERS = str.maketrans(
    {
        "Æ": "AE", "æ": "ae", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Ħ": "H", "ħ": "h", "ĸ": "k",
        "Ł": "L", "ł": "l", "Ŋ": "NG", "ŋ": "ng", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "ß": "ss", "Þ": "Th",
        "þ": "th", "Ŧ": "T", "ŧ": "t",
    }
)  # fmt: skip
"""Letters that Unicode does not decompose, and their transliteration."""
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_SPECIAL = re.compile(r"[^A-Za-z0-9_@+-]+")


@lru_cache(maxsize=4096)
def asset_name(name: str) -> str:
    """Return the name that GitHub gives an asset uploaded as ``name``.

    Letters are transliterated. Every run of other characters than ASCII letters, digits and ``-_+@`` becomes one dot,
    and dots at both ends are removed. ``default`` replaces a stem without any of them: ``.config`` becomes
    ``default.config``. GitHub documents no more than that it renames, so the name in the upload's answer takes
    precedence.
    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset, and names seen on GitHub.
    """
    stem, dot, extension = _transliterated(name).partition(".")
    if not _SPECIAL.sub("", stem):
        stem = "default"
    return _SPECIAL.sub(".", f"{stem}{dot}{extension}").strip(".")


def may_be_called(name: str, given: str) -> bool:
    """Return True if an asset uploaded as ``name`` may be called ``given`` by a rule that ``asset_name`` lacks.

    GitHub renames only files with special characters, and keeps their letters and digits.
    """
    special = asset_name(name) != name or _PLAIN.fullmatch(name) is None
    return special and _letters(given) in (_letters(name), "default" + _letters(name))


def _transliterated(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _transliterated(name).lower())


SUMS = "SHA256SUMS"


def checksum_lines(digests: Mapping[str, str]) -> str:
    """Return the digests of assets, by name, in the format of ``sha256sum --check``."""
    rows = sorted((name, digest.removeprefix("sha256:")) for name, digest in digests.items())
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
    """Return the media type of a file name: text for checksum files, ``application/octet-stream`` if it is unknown."""
    lower = name.lower()
    if lower.endswith("sums"):
        return "text/plain"
    ending = next((ending for ending in _TYPES if lower.endswith(ending)), None)
    if ending is not None:
        return _TYPES[ending]
    guessed, encoding = _KNOWN.guess_type(lower, strict=True)
    return "application/octet-stream" if guessed is None or encoding is not None else guessed
