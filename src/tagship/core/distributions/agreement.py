"""Agreement between many files of one release: one file of each name, and the same metadata in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from tagship.errors import Graded, Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution

_FIELDS = {"requires_python": "Requires-Python", "requires_dist": "Requires-Dist", "provides_extra": "Provides-Extra"}
"""Fields that a resolver reads from one file of a version, and assumes in all."""


def same_names(found: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Problem]:
    """Yield a problem for each name of several files with different contents.

    ``found`` has the path and the SHA-256 of each file by name.
    """
    for name, places in found.items():
        if len({digest for _, digest in places}) > 1:
            yield Problem(
                found=f"{name} exists {len(places)} times with different contents: "
                f"{', '.join(f'{path} ({digest[:12]})' for path, digest in places)}.",
                remedy="Build each wheel in one job only: remove the duplicate runner, or restrict a job with "
                "CIBW_BUILD or CIBW_ARCHS.",
                topic="same-file-twice",
            )


def metadata_differences(distributions: Sequence[Distribution]) -> Iterator[Graded]:
    """Yield a warning for each field of the metadata that differs between the files and is not dynamic.

    Source: https://packaging.python.org/en/latest/specifications/core-metadata/#dynamic
    """
    dynamic = {name.lower() for item in distributions for name in item.metadata.get("dynamic", [])}
    first = distributions[0]
    for field, name in _FIELDS.items():
        other = next((item for item in distributions if _value(item, field) != _value(first, field)), None)
        if other is not None and name.lower() not in dynamic:
            yield (
                "warning",
                Problem(
                    found=f"{name} differs: {_shown(first, field)} in {first.filename}, {_shown(other, field)} in "
                    f"{other.filename}. Installers read one file of a version and assume the same in all.",
                    remedy="Use environment markers in place of conditions in setup.py, so that all files are equal.",
                    topic="files-disagree",
                ),
            )


def _value(item: Distribution, field: str) -> frozenset[str]:
    value = item.metadata.get(field)
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(_normalised(text) for text in texts)


def _normalised(text: str) -> str:
    try:
        return str(Requirement(text))
    except InvalidRequirement:
        return text


def _shown(item: Distribution, field: str) -> str:
    return ", ".join(sorted(_value(item, field))) or "none"
