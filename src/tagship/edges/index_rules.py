"""What the rules of the index need from outside: PyPI's list of classifiers, and the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from packaging.metadata import parse_email

from tagship.core.index_rules.rule import Classifiers, Upload
from tagship.core.preflight.project import metadata_findings

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution
    from tagship.core.index_rules.rule import Index
    from tagship.core.preflight.check import Check
    from tagship.core.project.facts import ProjectFacts


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
    for key in [key for key, value in raw.items() if value == "UNKNOWN"]:
        # Old versions of setuptools write it for a missing value, and PyPI removes it.
        raw.pop(key)  # type: ignore[misc]
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
        today=_today(),
    )


def declared_findings(facts: ProjectFacts, index: Index) -> list[Check]:
    """Return a check for each rule of ``index`` that the metadata in the project files breaks today."""
    return metadata_findings(facts, index, classifiers=known_classifiers(), today=_today())


def _today() -> date:
    return datetime.now(UTC).date()
