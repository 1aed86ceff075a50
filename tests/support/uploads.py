"""Distributions as the index receives them, made as values."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from typing import TYPE_CHECKING

from packaging.metadata import parse_email

from support.archives import member
from tagship.core.distributions.distribution import Archive, Structure
from tagship.core.index_rules.rule import Classifiers, Upload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TODAY = date(2026, 11, 25)
METADATA = "Metadata-Version: 2.4\nName: hello\nVersion: 1.0\n"
WHEEL_TEXT = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n"
INFO = "hello-1.0.dist-info"
CLASSIFIERS = Classifiers(
    known=frozenset({"Programming Language :: Python :: 3", "License :: OSI Approved :: MIT License"}),
    deprecated={"Natural Language :: Ukranian": ("Natural Language :: Ukrainian",), "Topic :: Old": ()},
    day=date(2026, 11, 1),
)


def described(metadata: str = "", *, head: str = METADATA, classifiers: Classifiers | None = CLASSIFIERS) -> Upload:
    """Return a project that is not built yet, with the fields ``metadata`` below ``head``."""
    raw, unparsed = parse_email(head + metadata)
    return Upload(filename="hello", metadata=raw, unparsed=unparsed, classifiers=classifiers, today=TODAY)


def wheel_upload(
    files: Mapping[str, str] | None = None,
    *,
    filename: str = "hello-1.0-py3-none-any.whl",
    metadata: str = "",
    head: str = METADATA,
    texts: Mapping[str, str | None] | None = None,
    structure: Structure | None = None,
    record: str | None = None,
    size: int = 1234,
    pointers: Sequence[str] = (),
) -> Upload:
    """Return a wheel that holds ``files``; ``texts`` replace or, with None, remove files of the .dist-info folder."""
    tag = "-".join(filename.removesuffix(".whl").split("-")[-3:])
    contents: dict[str, str | None] = {
        **(files or {}),
        f"{INFO}/METADATA": head + metadata,
        f"{INFO}/WHEEL": WHEEL_TEXT.format(tag=tag),
        **{f"{INFO}/{name}": text for name, text in (texts or {}).items()},
    }
    held = {path: text for path, text in contents.items() if text is not None}
    if record is None:
        record = "".join(f"{path},sha256={digest_of(text)},{len(text.encode())}\n" for path, text in held.items())
        record += f"{INFO}/RECORD,,\n"
    if "RECORD" not in (texts or {}):
        held[f"{INFO}/RECORD"] = record
    raw, unparsed = parse_email(head + metadata)
    archive = Archive(
        filename=filename,
        size=size,
        sha256="0" * 64,
        members=tuple(member(path, text) for path, text in held.items()),
        texts={path: text.encode() for path, text in held.items() if path.startswith(INFO)},
        structure=structure or Structure(names=tuple(held)),
        pointers=tuple(pointers),
    )
    return Upload(
        filename=filename,
        kind="wheel",
        metadata=raw,
        unparsed=unparsed,
        archive=archive,
        classifiers=CLASSIFIERS,
        today=TODAY,
    )


def sdist_upload(
    names: Sequence[str] = ("hello-1.0/PKG-INFO",),
    *,
    filename: str = "hello-1.0.tar.gz",
    metadata: str = "",
    head: str = METADATA,
    structure: Structure | None = None,
) -> Upload:
    """Return an sdist with members called ``names``, PKG-INFO among them unless it is left out."""
    raw, unparsed = parse_email(head + metadata)
    archive = Archive(
        filename=filename,
        size=1234,
        sha256="0" * 64,
        members=tuple(member(name) for name in names),
        texts={name: (head + metadata).encode() for name in names if name.endswith("/PKG-INFO")},
        structure=structure or Structure(names=tuple(names)),
    )
    return Upload(
        filename=filename,
        kind="sdist",
        metadata=raw,
        unparsed=unparsed,
        archive=archive,
        classifiers=CLASSIFIERS,
        today=TODAY,
    )


def digest_of(text: str) -> str:
    """Return the digest of ``text`` as RECORD spells it."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
