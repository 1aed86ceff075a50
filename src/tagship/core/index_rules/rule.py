"""A rule of the package index as a value, the file that it is applied to, and what breaks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from packaging.metadata import RawMetadata

from tagship.core.escaping import escaped
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from tagship.core.distributions.distribution import Archive, Kind

Level = Literal["error", "warning"]
"""``error``: the index refuses the file, or nobody can install it. ``warning``: it works, and is worth a look."""

Part = Literal["metadata", "file name", "archive", "release"]
"""The part of a distribution that a rule reads."""

TOPIC = "refused-by-pypi"


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
    ``today`` is the day of the check.
    """

    filename: str
    kind: Kind | None = None
    metadata: RawMetadata = field(default_factory=RawMetadata)
    unparsed: Mapping[str, list[str]] = field(default_factory=dict)
    archive: Archive | None = None
    classifiers: Classifiers | None = None
    today: date | None = None


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
    """One rule. ``name`` identifies it in messages and settings, ``source`` is the page or file that states it."""

    name: str
    part: Part
    level: Level
    summary: str
    source: str
    remedy: str
    check: Callable[[Upload], Iterator[Breach]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A breach of ``rule`` in the file ``filename``."""

    rule: Rule
    filename: str
    breach: Breach

    @property
    def level(self) -> Level:
        """``error`` or ``warning``."""
        return self.breach.level or self.rule.level


def rule(
    name: str, *, part: Part, summary: str, source: str, remedy: str, level: Level = "error"
) -> Callable[[Callable[[Upload], Iterator[Breach]]], Rule]:
    """Make a rule of the decorated function, which yields every breach in an upload."""

    def declare(check: Callable[[Upload], Iterator[Breach]]) -> Rule:
        return Rule(name=name, part=part, level=level, summary=summary, source=source, remedy=remedy, check=check)

    return declare


def violations(uploads: tuple[Upload, ...], rules: tuple[Rule, ...]) -> tuple[Violation, ...]:
    """Return every breach of ``rules`` in ``uploads``, in the order of the files and then of the rules."""
    return tuple(
        Violation(rule=each, filename=upload.filename, breach=breach)
        for upload in uploads
        for each in rules
        if upload.archive is not None or each.part == "metadata"
        for breach in each.check(upload)
    )


def problem_of(violation: Violation) -> Problem:
    """Return what to tell a person about ``violation``: the file, the place, the value, PyPI's answer, the remedy."""
    breach = violation.breach
    value = f" {_shown(breach.value)}" if breach.value else ""
    verb = "PyPI refuses" if violation.level == "error" else "PyPI accepts, but see"
    place = f"{breach.place}{value}" if breach.place else value.strip()
    return Problem(
        found=f"{verb} {violation.filename}: {place}: {breach.phrase} [{violation.rule.name}]",
        remedy=breach.remedy or violation.rule.remedy,
        topic=TOPIC,
    )


def _shown(value: str) -> str:
    return repr(value if len(value) <= 120 else value[:80] + "..." + value[-30:])


def rules_table(rules: tuple[Rule, ...]) -> str:
    """Return the Markdown table of ``rules`` for the documentation."""
    rows = [
        f"| `{each.name}` | {each.part} | {each.level} | {_cell(each.summary)} | {_cell(each.remedy)} |"
        for each in rules
    ]
    head = ["| rule | checks | level | refused or reported | to fix it |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows]) + "\n"


def _cell(text: str) -> str:
    return escaped(text) if "`" not in text else text.replace("|", "\\|")
