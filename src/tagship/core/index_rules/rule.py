"""A rule of the package index as a value, the file that it is applied to, and what breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

from packaging.metadata import RawMetadata

from tagship.errors import Graded, Level, Problem

if TYPE_CHECKING:
    from datetime import date

    from tagship.core.distributions.distribution import Archive, Kind


Part = Literal["metadata", "file name", "archive", "release"]
"""The part of a distribution that a rule reads."""

Index = Literal["pypi", "none"]
"""The index whose rules apply: PyPI, or another one, for which only the rules of the formats apply."""

TOPIC = "refused-by-pypi"
"""The topic of errors; that of other findings is `metadata-warning`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifiers:
    """The classifiers that PyPI knows, as of ``day``. ``deprecated`` maps each old one to its replacements."""

    known: frozenset[str]
    deprecated: Mapping[str, tuple[str, ...]]
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One distribution as the index receives it.

    ``metadata`` is parsed and ``unparsed`` is what no field could be read from, as ``packaging.metadata.parse_email``
    returns them. ``archive`` is None for a project that is not built yet: only rules about metadata apply then.
    ``today`` is the day of the check, ``earlier`` the names of the files of the release before this one.
    """

    filename: str
    kind: Kind | None = None
    metadata: RawMetadata = field(default_factory=RawMetadata)
    unparsed: Mapping[str, list[str]] = field(default_factory=dict)
    archive: Archive | None = None
    classifiers: Classifiers | None = None
    today: date | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One value that breaks a rule.

    ``place`` is the metadata field or the member of the archive, ``phrase`` the answer that PyPI gives, ``remedy`` the
    change to make, and ``level`` replaces the rule's own level if it is given.
    """

    place: str
    value: str
    phrase: str
    remedy: str = ""
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. ``check`` yields every breach in an upload; ``source`` is the page or file that states the rule.

    ``is_pypi_only`` is true if another index may accept the file, and installers do. ``kind`` is that of the files
    that it applies to, or None for all.
    """

    check: Callable[[Upload], Iterator[Breach]] = field(kw_only=False)
    part: Part
    summary: str
    source: str
    remedy: str
    level: Level = "error"
    is_pypi_only: bool = False
    kind: Kind | None = None

    @property
    def name(self) -> str:
        """The name in messages, which is that of the function."""
        return self.check.__name__.strip("_").replace("_", "-")


def rules_about(part: Part) -> Callable[..., Callable[[Callable[[Upload], Iterator[Breach]]], Rule]]:
    """Return a decorator with the other fields of a Rule as arguments, which makes a rule of a function."""
    return partial(partial, Rule, part=part)


def rules_of(namespace: Mapping[str, object]) -> tuple[Rule, ...]:
    """Return the rules among the global names of a module, in the order of their definition."""
    return tuple(value for value in namespace.values() if isinstance(value, Rule))


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A breach of ``rule`` in the file ``filename``."""

    rule: Rule
    filename: str
    breach: Breach

    @property
    def level(self) -> Level:
        return self.breach.level or self.rule.level


def findings_of(found: Iterable[Violation], project_files: Mapping[str, str] | None = None) -> list[Graded]:
    """Return the level and the problem of each violation; one with the same breach in several files is reported once.

    A problem names the file, the place, the value, PyPI's answer, and the line in ``project_files`` (text by path)
    that declares the value.
    """
    files: dict[tuple[str, Breach], dict[str, Violation]] = {}
    for item in found:
        files.setdefault((item.rule.name, item.breach), {})[item.filename] = item
    return [_finding(tuple(items.values()), project_files or {}) for items in files.values()]


def _finding(items: tuple[Violation, ...], project_files: Mapping[str, str]) -> Graded:
    first = items[0]
    rule, breach = first.rule, first.breach
    lines = ((path, line_of(breach.place, breach.value, text)) for path, text in project_files.items())
    file, line = next(((path, line) for path, line in lines if line), (None, None))
    files = " and ".join(item.filename for item in items)
    verb = f"PyPI refuses {files}" if first.level == "error" else files
    place = breach.place if breach.value in breach.phrase else f"{breach.place} {_shown(breach.value)}"
    return first.level, Problem(
        found=f"{verb}: {place}: {breach.phrase} [{rule.name}]",
        remedy=breach.remedy or rule.remedy,
        topic=TOPIC if first.level == "error" else "metadata-warning",
        file=file,
        line=line,
    )


_KEYS = {
    "Name": "name",
    "Version": "version",
    "Summary": "description",
    "Classifier": "classifiers",
    "Requires-Dist": "dependencies",
    "Project-URL": "urls",
    "Author-email": "authors",
    "Maintainer-email": "maintainers",
    "Description-Content-Type": "readme",
    "License": "license",
    "License-Expression": "license",
    "License-File": "license-files",
}
"""Fields of the metadata and the keys that declare them: https://packaging.python.org/en/latest/specifications/"""


def line_of(field: str, value: str, text: str) -> int | None:
    """Return the number of the line in ``text`` that declares ``value`` for ``field``, or the field; None without."""
    key = _KEYS.get(field)
    if key is None:
        return None
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if not line.lstrip().startswith("#")]
    label, _, address = value.partition(", ")
    # A backend may normalise a requirement, but never the URL in it.
    for part in (value, address, label, max(value.split(), key=len, default="")):
        if len(part) > 3 and (found := [number for number, line in lines if part in line]):
            return found[0]
    declared = re.compile(rf"\s*(?:{key}\s*=|\[+project\.{key}\])")
    return next((number for number, line in lines if declared.match(line)), None)


def _shown(value: str) -> str:
    return repr(value if len(value) <= 120 else value[:80] + "..." + value[-30:])
