"""What the project's own files say about the release: its name, a version that is written down, its Pythons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from tagship.core.preflight.finding import Finding, fine, skipped, stopped, warned
from tagship.core.project.python_versions import admits, contradictions, names_minor_versions
from tagship.core.versions import parse_version
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from packaging.version import Version

    from tagship.core.project.declaration import Declaration


def no_project(folder: str) -> Finding:
    """Return the finding on a folder without a project."""
    return stopped(
        "Project",
        Problem(
            found=f"The folder {folder!r} holds no pyproject.toml, setup.cfg or setup.py.",
            remedy="Name the folder of the package: working-directory: packages/core",
            topic="no-project",
        ),
    )


def pythons_finding(declaration: Declaration, versions: Sequence[str]) -> Finding:
    """On which Pythons the package is to be checked, and who says so."""
    if not versions:
        return stopped(
            "Pythons",
            Problem(
                found=f"requires-python ({declaration.requires_python}) and the classifiers together leave no Python "
                "to check on.",
                remedy="Make the two agree, or list the Pythons: python-versions: 3.12",
                topic="wrong-requires-python",
            ),
        )
    if not _is_specifier(declaration.requires_python or ""):
        return skipped("Pythons", "Not known without a requires-python that can be read.")
    if names_minor_versions(declaration.classifiers):
        reason = "as the classifiers say"
    elif declaration.requires_python:
        reason = f"those that are maintained and that requires-python ({declaration.requires_python}) allows"
    else:
        reason = "those that are maintained, since the package names none"
    return fine("Pythons", f"{', '.join(versions)}: {reason}.")


def project_findings(declaration: Declaration, version: Version | None) -> Iterator[Finding]:
    """What ``declaration`` says about a release of ``version``, or, where that is None, in general."""
    yield _name(declaration)
    yield from _version(declaration, version)
    yield from _pythons(declaration)
    yield from _private(declaration)


def _name(declaration: Declaration) -> Finding:
    if declaration.name:
        return fine("Project", f"{declaration.file} names {declaration.name}.")
    return skipped("Project", f"{declaration.file} computes the name when it is built, so the index is not asked.")


def _version(declaration: Declaration, version: Version | None) -> Iterator[Finding]:
    written = parse_version(declaration.version or "")
    if version is None or declaration.version is None or declaration.versioned_by_git:
        return
    if written != version:
        yield stopped(
            "Version",
            Problem(
                found=f"{declaration.file} says version {declaration.version}, but the tag says {version}.",
                remedy=f'Write version = "{version}" there, commit, and tag that commit; or tag what it says.',
                topic="version-mismatch",
            ),
        )
    else:
        yield fine("Version", f"{declaration.file} says {declaration.version}, as the tag does.")


_EVER = tuple(f"{major}.{minor}" for major, last in ((3, 40), (2, 7), (4, 9)) for minor in range(last, -1, -1))
"""Every minor version of Python that there was or may be, those in use first."""


def _pythons(declaration: Declaration) -> Iterator[Finding]:
    if not _is_specifier(declaration.requires_python or ""):
        yield stopped(
            "Pythons",
            Problem(
                found=f"requires-python is {declaration.requires_python!r}, which is no set of version specifiers.",
                remedy='Write it by PEP 440: requires-python = ">=3.11"',
                topic="wrong-requires-python",
            ),
        )
        return
    if declaration.requires_python and not any(admits(declaration.requires_python, minor) for minor in _EVER):
        yield stopped(
            "Pythons",
            Problem(
                found=f"requires-python ({declaration.requires_python}) admits no Python: nobody could install it.",
                remedy='Correct its bounds, like requires-python = ">=3.11"',
                topic="wrong-requires-python",
            ),
        )
        return
    for minor in contradictions(declaration.requires_python, declaration.classifiers):
        yield warned(
            "Pythons",
            Problem(
                found=f"A classifier names Python {minor}, which requires-python "
                f"({declaration.requires_python}) rules out.",
                remedy=f"Remove the classifier Programming Language :: Python :: {minor}, or widen requires-python.",
                topic="wrong-requires-python",
            ),
        )


def _is_specifier(text: str) -> bool:
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


def _private(declaration: Declaration) -> Iterator[Finding]:
    for classifier in declaration.classifiers:
        if classifier.startswith("Private ::"):
            yield warned(
                "Project",
                Problem(
                    found=f"The classifier {classifier!r} makes PyPI refuse the package.",
                    remedy="Remove it if the package is meant for PyPI.",
                    topic="private-classifier",
                ),
            )
