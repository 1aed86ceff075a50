"""The Python versions to test a package on, as ``actions/setup-python`` and uv spell them: ``3.12``, ``3.14t``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from packaging.specifiers import SpecifierSet

from tagship.errors import Failure, Problem

MAINTAINED = ("3.11", "3.12", "3.13", "3.14", "3.15")
"""The minor versions supported at the end of 2026 (https://devguide.python.org/versions/)."""
BUILD_PYTHON = "3.12"
"""The Python of our actions in the workflows, which also builds the packages that support it."""
_FIRST_AVAILABLE = (3, 8)
"""The lowest minor version that actions/setup-python installs on current Ubuntu images."""
KNOWN = ("3.6", "3.7", "3.8", "3.9", "3.10", *MAINTAINED, "3.16")
"""Every minor version that a package may still require, including the one in development."""
_CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.\d+)")
_FREE_THREADING = re.compile(r"Programming Language :: Python :: Free Threading(?! :: 1 - Unstable)(?: :: .*)?")
_FIRST_FREE_THREADED = (3, 14)
_SPELLED = re.compile(
    r"(?:pypy-?|graalpy-?)?\d+\.\d+(?:\.\d+)?(?:(?:a|b|rc|-alpha\.|-beta\.|-rc\.)\d+|-dev)?t?(?:-v[\d.]+)?"
)


def python_versions(requires_python: str | None, classifiers: Iterable[str]) -> tuple[str, ...]:
    """Return the minor versions a package declares, lowest first, such as ``("3.11", "3.12", "3.14", "3.14t")``.

    These are the classifiers' minor versions of Python 3 that ``requires_python`` admits. Without such classifiers they
    are the supported versions that ``requires_python`` admits, or all known ones if it admits no supported version.
    Those that GitHub's runners lack are left out, unless nothing else is declared. The classifier for free threading,
    unless unstable, adds that build of the highest version. May be empty.
    """
    lines = tuple(line.strip() for line in classifiers)
    named = _named(lines)
    admitted = [minor for minor in named or MAINTAINED if admits(requires_python, minor)]
    if not named and not admitted:
        admitted = [minor for minor in KNOWN if admits(requires_python, minor)]
    admitted = [minor for minor in admitted if _numbers(minor) >= _FIRST_AVAILABLE] or admitted
    if admitted and _numbers(admitted[-1]) >= _FIRST_FREE_THREADED and any(map(_FREE_THREADING.fullmatch, lines)):
        admitted.append(f"{admitted[-1]}t")
    return tuple(admitted)


def build_python(requires_python: str | None) -> str:
    """Return the minor version to build with: ``BUILD_PYTHON``, or the closest one that ``requires_python`` admits."""
    default = KNOWN.index(BUILD_PYTHON)
    closest = sorted(KNOWN, key=lambda minor: abs(KNOWN.index(minor) - default))
    return next((minor for minor in closest if admits(requires_python, minor)), BUILD_PYTHON)


def ends(versions: Sequence[str]) -> tuple[str, ...]:
    """Return the first and the last of ``versions`` of CPython, or of all if none is of CPython."""
    chosen = [version for version in versions if version[0].isdigit()] or list(versions)
    return tuple(dict.fromkeys([*chosen[:1], *chosen[-1:]]))


def names_minor_versions(classifiers: Iterable[str]) -> bool:
    """Return True if any of the classifiers names a minor version of Python 3."""
    return bool(_named(classifiers))


def contradictions(requires_python: str | None, classifiers: Iterable[str]) -> tuple[str, ...]:
    """Return the minor versions that ``classifiers`` name and ``requires_python`` does not admit."""
    return tuple(minor for minor in _named(classifiers) if not admits(requires_python, minor))


def admits(requires_python: str | None, minor: str) -> bool:
    """Return True if ``requires_python`` admits any patch release of ``minor``: ``>=3.11.4`` admits 3.11.

    An invalid specifier set (PEP 440) admits everything.
    """
    try:
        specifiers = SpecifierSet(requires_python or "")
    except ValueError:
        return True
    return any(specifiers.contains(f"{minor}.{patch}", prereleases=True) for patch in range(100))


def _named(classifiers: Iterable[str]) -> tuple[str, ...]:
    matches = (_CLASSIFIER.fullmatch(line.strip()) for line in classifiers)
    return tuple(sorted({match[1] for match in matches if match}, key=_numbers))


def _numbers(minor: str) -> tuple[int, ...]:
    return tuple(map(int, minor.split(".")))


def listed_versions(text: str) -> tuple[str, ...]:
    """Return the versions in ``text``: a JSON array, or a list separated by spaces, commas or newlines.

    Minor and full versions, ``3.14t``, ``3.16-dev``, ``3.16.0rc1`` and ``pypy3.11`` are kept as spelled. Raises Failure
    with every invalid one, such as ``3.1``: YAML reads an unquoted 3.10 as this number.
    """
    versions = tuple(dict.fromkeys(_words(text)))
    problems = [problem for word in versions if (problem := _problem(word))]
    if not versions:
        problems.append(_wrong("The list of Python versions is empty.", "Set at least one, such as 3.12, or use auto."))
    if problems:
        raise Failure(*problems)
    return versions


def _words(text: str) -> list[str]:
    return [word.strip("'\"") for word in re.split(r"[\s,\[\]]+", text) if word.strip("'\"")]


def _problem(word: str) -> Problem | None:
    if word in ("3.1", "3.2"):
        meant = f"{word}0"
        return _wrong(
            f"The list of Python versions contains {word}: YAML reads an unquoted {meant} as the number {word}.",
            f"Quote it: '{meant}'.",
        )
    if _SPELLED.fullmatch(word):
        return None
    return _wrong(f"{word!r} is not a Python version.", "Use a version like 3.12, 3.12.4, 3.14t, 3.16-dev or pypy3.11.")


def _wrong(found: str, remedy: str) -> Problem:
    return Problem(found=found, remedy=remedy, topic="wrong-python-version")
