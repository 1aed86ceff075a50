"""Problems and warnings about built files: from twine, from check-wheel-contents, and from this project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.core.distributions.mismatches import is_fallback
from tagship.core.formatting import last_lines
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagship.core.distributions.distribution import Distribution
    from tagship.core.distributions.mismatches import Tagged
    from tagship.core.project.build_system import Project

_LEVEL = re.compile(r"(?:WARNING|ERROR)\s+")
_CODE = re.compile(r".*?: (?P<code>W\d{3}): (?P<text>.*)")


def twine_problems(filename: str, output: str) -> tuple[Problem, ...]:
    """Return the problems in the output of ``twine check`` for ``filename`` alone, which it rejected."""
    messages = _twine_messages(filename, output) or [f"twine check failed: {_last_line(output)}"]
    return tuple(_twine_problem(filename, text) for text in messages)


def twine_warnings(filename: str, output: str) -> tuple[Problem, ...]:
    """Return the warnings in the output of ``twine check`` for ``filename`` alone, which it accepted."""
    return tuple(_twine_problem(filename, text) for text in _twine_messages(filename, output))


def _twine_messages(filename: str, output: str) -> list[str]:
    messages: list[str] = []
    for line in output.replace(f"Checking {filename}: ", "").splitlines():
        if _LEVEL.match(line):
            messages.append(_LEVEL.sub("", line, count=1))
        elif messages and line.startswith(" ") and line.strip():
            messages[-1] += f"\n  {line.strip()}"
    # Without a description, its content type does not matter.
    bare = any("`long_description` missing" in text for text in messages)
    return [text for text in messages if not (bare and "long_description_content_type" in text)]


def _twine_problem(filename: str, text: str) -> Problem:
    readme = 'Add to [project] in pyproject.toml: readme = "README.md"'
    if "`long_description` missing" in text:
        return Problem(
            found=f"{filename} has no description, so the project page on the index would be empty.",
            remedy=readme,
            topic="long_description-missing",
        )
    if "long_description_content_type" in text:
        return Problem(
            found=f"{filename} has no Description-Content-Type, so the index would show Markdown as plain text.",
            remedy="Set long_description_content_type in setup.py or setup.cfg to text/markdown or text/x-rst, or set "
            "readme in [project] of pyproject.toml, which derives it from the file extension.",
            topic="long_description-missing",
        )
    if "syntax errors in markup" in text:
        return Problem(
            found=f"{filename}: the README is not valid reStructuredText; the index would reject it.\n{_inner(text)}",
            remedy="Fix the README at that line. To reproduce it: python -m readme_renderer README.rst",
            topic="long_description-has-syntax-errors-in-markup",
        )
    if "is not a valid metadata version" in text:
        return Problem(
            found=f"{filename}: {text}",
            remedy="Set an upper bound on the build backend in [build-system], or upgrade tagship: its twine does not "
            "support this metadata version, and the index may not either.",
            topic="not-a-valid-metadata-version",
        )
    return Problem(
        found=f"{filename}: {text}",
        remedy="Correct this field in pyproject.toml; the index would reject the file.",
        topic="twine-check",
    )


def _inner(text: str) -> str:
    return text.partition("\n")[2] or text


def contents_problems(filename: str, output: str) -> tuple[Problem, ...]:
    """Return a problem for each failed check of check-wheel-contents, with the files that it lists."""
    found: list[tuple[str, str]] = []
    for line in output.splitlines():
        if match := _CODE.match(line):
            found.append((match["code"], match["text"]))
        elif found and line.startswith(" "):
            code, text = found[-1]
            found[-1] = (code, f"{text}\n  {line.strip()}")
    return tuple(
        Problem(
            found=f"{filename}: {code}: {text}",
            remedy=f"{_REMEDIES.get(code, 'Exclude these files from the wheel.')} To ignore this check, set in "
            f'pyproject.toml: [tool.check-wheel-contents] ignore = ["{code}"]',
            topic="wheel-contents",
        )
        for code, text in found
    ) or (
        Problem(
            found=f"{filename}: check-wheel-contents failed: {_last_line(output)}",
            remedy="Fix its configuration: [tool.check-wheel-contents] in pyproject.toml",
            topic="wheel-contents",
        ),
    )


_UNFOUND = "Set the package folder for the build backend; the default is src/NAME or NAME, with an __init__.py."
_TOPLEVEL = "Correct toplevel in [tool.check-wheel-contents], or the files that the backend includes."
_REMEDIES = {
    "W002": "Keep one of the copies and import it from there.",
    "W004": "Rename its folders to valid module names, or exclude the module from the wheel.",
    "W006": "Move it into the package folder.",
    "W007": _UNFOUND,
    "W008": _UNFOUND,
    "W009": "Include only the package in the wheel; top-level tests and tools would be importable by every user.",
    "W101": "Include these files in the wheel.",
    "W201": _TOPLEVEL,
    "W202": _TOPLEVEL,
}
"""Remedies by the code of a check; source: https://github.com/jwodder/check-wheel-contents#checks"""


def _last_line(output: str) -> str:
    return last_lines(output, lines=1) or "no output."


def advice(distributions: Sequence[Distribution], project: Project, tagged: Tagged | None) -> Iterator[Problem]:
    """Yield warnings that need not stop a release; ``tagged`` is None if no tag is released."""
    if not project.has_build_system:
        yield Problem(
            found="pyproject.toml has no [build-system] table, so the latest setuptools built this in legacy mode.",
            remedy='Add [build-system] with requires = ["setuptools>=77"] and build-backend = "setuptools.build_meta".',
            topic="no-build-system",
        )
    for item in distributions:
        yield from _wheel_warnings(item) if item.kind == "wheel" else _sdist_warnings(item)
    version = distributions[0].version
    if tagged is None and (is_fallback(version) or version.local is not None):
        yield Problem(
            found=f"Version {version} is not releasable: it does not come from a tag.",
            remedy="No change is needed on a branch. A run for a tag needs fetch-depth: 0 in actions/checkout.",
            topic="version-mismatch",
        )


def _wheel_warnings(item: Distribution) -> Iterator[Problem]:
    foreign = sorted({tag.platform for tag in item.tags if tag.platform.startswith("linux_")})
    if foreign:
        yield Problem(
            found=f"{item.filename} has the platform tag {foreign[0]}, which PyPI rejects: the wheel may depend on "
            "libraries of this machine.",
            remedy="Build wheels for PyPI with cibuildwheel (manylinux), or publish only the sdist: wheel: false",
            topic="unsupported-platform-tag",
        )


def _sdist_warnings(item: Distribution) -> Iterator[Problem]:
    expected = f"{item.name.replace('-', '_')}-{item.version}.tar.gz"
    if item.filename != expected:
        yield Problem(
            found=f"{item.filename} is not a PEP 625 filename; expected {expected}.",
            remedy="Upgrade the build backend (setuptools 69.3 or later); PyPI rejects other sdist filenames.",
            topic="sdist-filename",
        )
