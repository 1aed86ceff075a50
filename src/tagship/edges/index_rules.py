"""What the rules of the index need from outside: PyPI's list of classifiers, and the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from packaging.metadata import parse_email

from tagship.core.index_rules.rule import Classifiers, Index, Upload
from tagship.core.preflight.project import metadata_findings

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution
    from tagship.core.preflight.check import Check
    from tagship.core.project.facts import ProjectFacts

CLASSIFIERS = "https://pypi.org/pypi?%3Aaction=list_classifiers"
"""PyPI's own list, one classifier a line."""
_SECONDS = 5


@cache
def known_classifiers() -> Classifiers:
    """Return the classifiers of the installed ``trove-classifiers``, whose version is the day of its list."""
    from trove_classifiers import classifiers, deprecated_classifiers

    year, month, day = (int(part) for part in version("trove-classifiers").split(".")[:3])
    deprecated = {name: tuple(others) for name, others in deprecated_classifiers.items()}
    return Classifiers(known=frozenset(classifiers), deprecated=deprecated, day=date(year, month, day))


def current_classifiers(names: Iterable[str], *, is_online: bool, page: str = CLASSIFIERS) -> Classifiers:
    """Return the installed list, with that of PyPI if the installed one lacks one of ``names`` and PyPI responds."""
    listed = known_classifiers()
    known = listed.known | listed.deprecated.keys()
    if not is_online or all(name in known or name.startswith("Private ::") for name in names):
        return listed
    published = _published_classifiers(page)
    return replace(listed, known=listed.known | published, day=_today()) if published else listed


@cache
def _published_classifiers(page: str) -> frozenset[str]:
    """Return the classifiers that PyPI publishes; none if it does not respond."""
    # The HTTP client is slow to import.
    from http.client import HTTPException
    from urllib.request import urlopen

    try:
        with urlopen(page, timeout=_SECONDS) as response:  # noqa: S310
            return frozenset(response.read().decode().splitlines())
    except (OSError, HTTPException, ValueError):
        return frozenset()


def upload_of(distribution: Distribution, *, is_online: bool = False) -> Upload:
    """Return ``distribution`` as the index receives it today; if ``is_online``, unknown classifiers are looked up."""
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
        classifiers=current_classifiers(raw.get("classifiers", ()), is_online=is_online),
        today=_today(),
    )


def declared_findings(facts: ProjectFacts, index: Index, *, is_online: bool) -> list[Check]:
    """Return a check for each rule of ``index`` that the metadata in the project files breaks today."""
    classifiers = current_classifiers(facts.declaration.classifiers, is_online=is_online and index == "pypi")
    return metadata_findings(facts, index, classifiers=classifiers, today=_today())


def _today() -> date:
    return datetime.now(UTC).date()
