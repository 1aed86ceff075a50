"""The checks of the project files: name, version, Python versions, and the metadata by the rules of the index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from packaging.metadata import RawMetadata
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tagship.core.index_rules.release import release_violations
from tagship.core.index_rules.rule import Classifiers, Index, Upload, findings_of
from tagship.core.preflight.check import Check, fine, skipped, stopped, warned
from tagship.core.project.python_versions import (
    admits,
    contradictions,
    listed_versions,
    names_minor_versions,
    python_versions,
)
from tagship.core.project.tables import parsed, table, texts
from tagship.core.versions import parse_version
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from datetime import date

    from tagship.core.project.declaration import Declaration
    from tagship.core.project.facts import ProjectFacts


def no_project(folder: str) -> Check:
    """Return the check of a folder without a project."""
    return stopped(
        "Project",
        Problem(
            found=f"No pyproject.toml, setup.cfg or setup.py found in folder {folder!r}.",
            remedy="Set the package's folder: `working-directory: packages/core`",
            topic="no-project",
        ),
    )


def chosen_pythons(words: str, declaration: Declaration) -> tuple[tuple[str, ...], list[Check]]:
    """Return the Python versions that the input python-versions selects, and their checks."""
    if words == "auto":
        found = python_versions(declaration.requires_python, declaration.classifiers)
        return found, [_declared_pythons(declaration, found)] if declaration.file else []
    try:
        listed = listed_versions(words)
    except Failure as failure:
        return (), [stopped("Pythons", problem) for problem in failure.problems]
    excluded = list(_excluded_pythons(declaration, listed))
    return listed, excluded or [fine("Pythons", f"{', '.join(listed)}: set by python-versions.")]


def _declared_pythons(declaration: Declaration, versions: Sequence[str]) -> Check:
    """Return the check of the Python versions to test on, with their source."""
    if not versions:
        return _refused(
            f"No Python version satisfies both requires-python ({declaration.requires_python}) and the classifiers.",
            "Correct one of them, or set the versions: `python-versions: 3.12`",
        )
    if not _is_specifier(declaration.requires_python or ""):
        return skipped("Pythons", "Unknown without a valid requires-python.")
    if names_minor_versions(declaration.classifiers):
        reason = "from the classifiers"
    elif declaration.requires_python:
        reason = f"supported versions that requires-python ({declaration.requires_python}) admits"
    else:
        reason = "all supported versions, because the package declares none"
    return fine("Pythons", f"{', '.join(versions)}: {reason}.")


def _excluded_pythons(declaration: Declaration, versions: Iterable[str]) -> Iterator[Check]:
    """Yield a check for each of ``versions`` that requires-python excludes: the package cannot be installed on it."""
    for version in versions:
        number = re.match(r"\d+\.\d+", version)
        if number and not admits(declaration.requires_python, number[0]):
            yield _refused(
                f"python-versions contains {version}, which requires-python ({declaration.requires_python}) excludes, "
                "so the package cannot be installed on it.",
                "Use the versions that the package declares: `python-versions: auto`",
            )


def project_findings(declaration: Declaration, version: Version | None) -> Iterator[Check]:
    """Yield the checks of ``declaration`` for a release of ``version``, or for any release if that is None."""
    yield _name(declaration)
    yield from _version(declaration, version)
    yield from _pythons(declaration)


def _name(declaration: Declaration) -> Check:
    if declaration.name:
        return fine("Project", f"{declaration.file} declares {declaration.name}.")
    return skipped("Project", f"{declaration.file} computes the name at build time, so the index is not checked.")


def _version(declaration: Declaration, version: Version | None) -> Iterator[Check]:
    written = parse_version(declaration.version or "")
    if version is None or declaration.version is None or declaration.versioned_by_git:
        return
    if written != version:
        yield stopped(
            "Version",
            Problem(
                found=f"{declaration.file} has version {declaration.version}, but the tag has {version}.",
                remedy=f'Set version = "{version}" in {declaration.file}, commit, and tag that commit.',
                topic="version-mismatch",
            ),
        )
    else:
        yield fine("Version", f"{declaration.file} has {declaration.version}, like the tag.")


_EVER = tuple(f"{major}.{minor}" for major, last in ((3, 40), (2, 7), (4, 9)) for minor in range(last, -1, -1))
"""Every minor version of Python that exists or may exist, those in use first."""


def _pythons(declaration: Declaration) -> Iterator[Check]:
    if not _is_specifier(declaration.requires_python or ""):
        yield _refused(
            f"requires-python is {declaration.requires_python!r}, which is not a version specifier set.",
            'Use PEP 440 syntax: requires-python = ">=3.11"',
        )
        return
    if declaration.requires_python and not any(admits(declaration.requires_python, minor) for minor in _EVER):
        yield _refused(
            f"requires-python ({declaration.requires_python}) excludes every Python version, so the package cannot be "
            "installed.",
            'Correct its bounds: requires-python = ">=3.11"',
        )
        return
    for minor in contradictions(declaration.requires_python, declaration.classifiers):
        yield warned(
            "Pythons",
            Problem(
                found=f"A classifier declares Python {minor}, which requires-python "
                f"({declaration.requires_python}) excludes.",
                remedy=f"Remove the classifier Programming Language :: Python :: {minor}, or widen requires-python.",
                topic="wrong-requires-python",
            ),
        )


def _refused(found: str, remedy: str) -> Check:
    return stopped("Pythons", Problem(found=found, remedy=remedy, topic="wrong-requires-python"))


def _is_specifier(text: str) -> bool:
    try:
        SpecifierSet(text)
    except ValueError:
        return False
    return True


def metadata_findings(
    facts: ProjectFacts, index: Index, *, classifiers: Classifiers | None, today: date | None
) -> list[Check]:
    """Return a check for each rule of ``index`` that the declared metadata breaks."""
    pyproject = facts.files.get("pyproject.toml", "")
    upload = declared_upload(facts.declaration, pyproject, classifiers=classifiers, today=today)
    files = {facts.path(name): text for name, text in facts.files.items()}
    return [
        stopped("Metadata", problem) if level == "error" else warned("Metadata", problem)
        for level, problem in findings_of(release_violations([upload], index=index), files)
    ]


def declared_upload(
    declaration: Declaration, pyproject: str, *, classifiers: Classifiers | None, today: date | None
) -> Upload:
    """Return the metadata of ``declaration`` and of the ``[project]`` table in ``pyproject``, the text of the file.

    Fields of the wrong type and those that the build computes are left out, and so is Requires-Python, which has a
    check of its own.
    """
    project = table(parsed(pyproject), "project")
    requirements = [project.get("dependencies"), *table(project, "optional-dependencies").values()]
    raw = RawMetadata(
        metadata_version="2.4",
        name=declaration.name or "unknown",
        version=declaration.version if declaration.version and not declaration.versioned_by_git else "0",
        classifiers=list(declaration.classifiers),
        requires_dist=[requirement for each in requirements for requirement in texts(each)],
        project_urls={label: url for label, url in table(project, "urls").items() if isinstance(url, str)},
        author_email=_addresses(project, "authors"),
        maintainer_email=_addresses(project, "maintainers"),
    )
    if isinstance(summary := project.get("description"), str):
        raw["summary"] = summary
    if isinstance(expression := project.get("license"), str):
        raw["license_expression"] = expression
    if isinstance(content_type := table(project, "readme").get("content-type"), str):
        raw["description_content_type"] = content_type
    return Upload(filename=declaration.file, metadata=raw, classifiers=classifiers, today=today)


def _addresses(project: Mapping[str, Any], key: str) -> str:
    people = project.get(key)
    found = [person.get("email") for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    return ", ".join(f"<{address}>" for address in found if isinstance(address, str))
