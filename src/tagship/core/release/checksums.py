"""The list of digests that is attached beside the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.release.naming import asset_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.core.release.wanted import File

SUMS = "SHA256SUMS"


def checksum_lines(files: Sequence[File]) -> str:
    """A line for each file, as ``sha256sum --check`` reads it, under the names that downloads have."""
    rows = sorted((asset_name(file.name), file.digest.removeprefix("sha256:")) for file in files)
    return "".join(f"{digest}  {name}\n" for name, digest in rows)
