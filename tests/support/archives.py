"""Archives as values, for tests of pure functions."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tagship.core.distributions.distribution import Archive, Distribution, Member, read_distribution

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def member(path: str, text: str = "", *, time: int = 1_700_000_000, mode: int = 0o644) -> Member:
    """Return a member of an archive with the contents ``text``."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Member(path=path, size=len(text.encode()), time=time, mode=mode, sha256=digest)


def archive(filename: str, texts: Mapping[str, str], members: Sequence[Member] = ()) -> Archive:
    """Return an archive with the metadata files ``texts``; its digest depends on all arguments."""
    digest = hashlib.sha256(repr((filename, sorted(texts.items()), members)).encode()).hexdigest()
    return Archive(
        filename=filename,
        size=1234,
        sha256=digest,
        members=tuple(members),
        texts={path: text.encode() for path, text in texts.items()},
    )


def wheel(
    name: str = "hello",
    version: str = "1.0",
    *,
    files: Sequence[str] = (),
    metadata: str = "",
    tag: str = "py3-none-any",
    record: Sequence[str] | None = None,
    top_level: str = "",
    entry_points: str = "",
    filename: str = "",
) -> Distribution:
    """Return a wheel with ``files``, which are in its RECORD unless ``record`` replaces it."""
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    recorded = [*files, f"{info}/METADATA"] if record is None else record
    texts = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}",
        f"{info}/RECORD": "".join(f"{path},,\n" for path in recorded),
    }
    texts |= {f"{info}/top_level.txt": top_level} if top_level else {}
    texts |= {f"{info}/entry_points.txt": entry_points} if entry_points else {}
    members = [member(path, path) for path in [*files, *texts]]
    return read_distribution(archive(filename or f"{name.replace('-', '_')}-{version}-{tag}.whl", texts, members))


def sdist(name: str = "hello", version: str = "1.0", *, filename: str = "", metadata: str = "") -> Distribution:
    """Return an sdist that contains only its metadata."""
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}"
    top = f"{name.replace('-', '_')}-{version}"
    return read_distribution(archive(filename or f"{top}.tar.gz", {f"{top}/PKG-INFO": text}))
