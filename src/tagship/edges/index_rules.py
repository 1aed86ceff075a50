"""What the rules of the index need from outside: PyPI's list of classifiers, and the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from packaging.metadata import parse_email

from tagship.core.index_rules.rule import Classifiers, Upload

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution


@cache
def known_classifiers() -> Classifiers:
    """Return the classifiers of the installed ``trove-classifiers``, whose version is the day of its list."""
    from trove_classifiers import classifiers, deprecated_classifiers

    year, month, day = (int(part) for part in version("trove-classifiers").split(".")[:3])
    deprecated = {name: tuple(others) for name, others in deprecated_classifiers.items()}
    return Classifiers(known=frozenset(classifiers), deprecated=deprecated, day=date(year, month, day))


def upload_of(distribution: Distribution) -> Upload:
    """Return ``distribution`` as the index receives it today."""
    text = next(
        text
        for path, text in distribution.archive.texts.items()
        if path.endswith(("/METADATA", "/PKG-INFO")) and path.count("/") == 1
    )
    raw, unparsed = parse_email(text)
    if raw.get("metadata_version", "0") < "2.4":
        # setuptools writes License-File into older metadata, and twine leaves it out of an upload.
        raw.pop("license_files", None)
        unparsed.pop("license-file", None)
    return Upload(
        filename=distribution.filename,
        kind=distribution.kind,
        metadata=raw,
        unparsed=unparsed,
        archive=distribution.archive,
        classifiers=known_classifiers(),
        today=datetime.now(UTC).date(),
    )
