"""Problems and warnings about built files: from twine, from check-wheel-contents, and from this project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import TYPE_CHECKING

from tagship.core.distributions.mismatches import Tagged, is_fallback
from tagship.core.distributions.wheels import scripts_of
from tagship.core.formatting import last_lines
from tagship.errors import Graded, Level, Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution
    from tagship.core.project.declaration import Declaration

_ERROR = re.compile(r"ERROR\s+")
_CODE = re.compile(r".*?: (?P<code>W\d{3}): (?P<text>.*?):?")
_SMALL = 1024
"""Size in bytes up to which modules may have the same contents."""
_EMPTY = ("W007", "W008")
_SHOWN = 10


def twine_problems(filename: str, output: str, *, is_refused: bool) -> tuple[Problem, ...]:
    """Return the problems in the output of ``twine check`` for ``filename`` alone, which it rejected.

    If the file ``is_refused`` by a rule of the index, only those of the README are left: the rules report the others.
    """
    messages = _twine_errors(filename, output) or [f"twine check failed: {_last_line(output)}"]
    return tuple(_twine_problem(filename, text) for text in messages if _is_about_readme(text) or not is_refused)


def _twine_errors(filename: str, output: str) -> list[str]:
    messages: list[str] = []
    for line in output.replace(f"Checking {filename}: ", "").splitlines():
        if _ERROR.match(line):
            messages.append(_ERROR.sub("", line, count=1))
        elif messages and line.startswith(" ") and line.strip():
            messages[-1] += f"\n  {line.strip()}"
    return messages


def _is_about_readme(text: str) -> bool:
    return "syntax errors in markup" in text


def _twine_problem(filename: str, text: str) -> Problem:
    if _is_about_readme(text):
        details = text.partition("\n")[2] or text
        return Problem(
            found=f"{filename}: the README is not valid reStructuredText; PyPI refuses it.\n{details}",
            remedy="Fix the README at that line. To reproduce it: python -m readme_renderer README.rst. If it is "
            'Markdown, add to [project] in pyproject.toml: readme = "README.md"',
            topic="long_description-has-syntax-errors-in-markup",
        )
    return Problem(
        found=f"{filename}: {text}",
        remedy="Correct this field in pyproject.toml; the index would reject the file.",
        topic="twine-check",
    )


def contents_findings(
    wheel: Distribution, sdist: Distribution | None, output: str, *, is_configured: bool
) -> list[Graded]:
    """Return one finding for each check of check-wheel-contents that ``wheel`` failed, with the files that it lists.

    ``output`` is about any number of wheels.
    If the project configures the tool, its findings are errors. Otherwise they are warnings without those that are
    usual in working packages, except an empty wheel of a project that has modules. Several packages in one wheel are a
    note: W005 is about the names that get there by mistake.
    """
    lines = output.splitlines()
    if f"{wheel.filename}: OK" in lines:
        return []
    groups = _contents_groups(wheel.filename, lines)
    if not groups:
        failure = Problem(
            found=f"{wheel.filename}: check-wheel-contents failed: {_last_line(output)}",
            remedy="Fix its configuration: [tool.check-wheel-contents] in pyproject.toml",
            topic="wheel-contents",
        )
        return [("error", failure)]
    found: dict[str, tuple[str, list[str]]] = {}
    for code, text, paths in groups:
        shown = paths if is_configured else _suspect(code, paths, wheel)
        if shown or not paths:
            found.setdefault(code, (text, []))[1].extend(shown)
    findings: list[Graded] = []
    for code, (text, paths) in found.items():
        is_broken = code in _EMPTY and _has_modules(wheel, sdist)
        if code in _EMPTY and not is_broken and not is_configured and _is_empty_on_purpose(wheel):
            continue
        level: Level = "error" if is_configured or is_broken else "note" if code == "W009" else "warning"
        findings.append((level, _contents_problem(wheel.filename, code, text, paths)))
    return findings


def _contents_groups(filename: str, lines: Sequence[str]) -> list[tuple[str, str, list[str]]]:
    """Return code, text and files of each finding about ``filename``; W002 has one for each group of equal files."""
    groups: list[tuple[str, str, list[str]]] = []
    about = ""
    for line in lines:
        match = _CODE.fullmatch(line)
        about = about if line.startswith(" ") else line.partition(": ")[0]
        if match and about == filename:
            groups.append((match["code"], match["text"], []))
        elif groups and about == filename:
            groups[-1][2].append(line.strip())
    return groups


def _suspect(code: str, paths: list[str], wheel: Distribution) -> list[str]:
    """Return those of ``paths`` that can be a mistake."""
    if code == "W002":
        sizes = {member.path: member.size for member in wheel.archive.members}
        modules = [path for path in paths if path.endswith(".py") and sizes.get(path, 0) > _SMALL]
        return modules if len(modules) > 1 else []
    if code in ("W003", "W004", "W009", "W010"):
        # auditwheel and delvewheel put shared libraries into NAME.libs, and mypyc puts one next to the packages.
        tops = (path.partition("/")[0] for path in paths)
        own = [not top.endswith((".libs", "-stubs", ".pyi")) and "__mypyc." not in top for top in tops]
        kept = list(compress(paths, own))
        return kept if code != "W009" or len(kept) > 1 else []
    return paths


def _has_modules(wheel: Distribution, sdist: Distribution | None) -> bool:
    """Return True if the project has modules that an empty wheel lacks: a script uses one, or the sdist has some."""
    packages = re.compile(r"[^/]+/(?:src/)?(?!tests?/|docs?/)[^/]+/__init__\.py")
    members = sdist.archive.members if sdist else ()
    return any(script.target for script in scripts_of(wheel)) or any(packages.fullmatch(item.path) for item in members)


def _is_empty_on_purpose(wheel: Distribution) -> bool:
    """Return True for a metapackage, which has only dependencies, and for a wheel of programs or data."""
    data = any(".data/" in member.path for member in wheel.archive.members)
    return data or bool(wheel.metadata.get("requires_dist"))


def _contents_problem(filename: str, code: str, text: str, paths: list[str]) -> Problem:
    more = [f"and {len(paths) - _SHOWN} more"] if len(paths) > _SHOWN else []
    shown = "".join(f"\n  {path}" for path in [*paths[:_SHOWN], *more])
    return Problem(
        found=f"{filename}: {code}: {text}{':' if paths else '.'}{shown}",
        remedy=f"{_REMEDIES.get(code, 'Exclude these files from the wheel.')} To ignore this check, set in "
        f'pyproject.toml: [tool.check-wheel-contents] ignore = ["{code}"]',
        topic="wheel-contents",
    )


_UNFOUND = "Set the package folder for the build backend; the default is src/NAME or NAME, with an __init__.py."
_TOPLEVEL = "Correct toplevel in [tool.check-wheel-contents], or the files that the backend includes."
_REMEDIES = {
    "W002": "Keep one of the copies and import it from there.",
    "W004": "Rename its folders to valid module names, or exclude the module from the wheel.",
    "W005": 'Exclude it from the wheel. If src is installed as a package, set where = ["src"] (setuptools: '
    '[tool.setuptools.packages.find]) or packages = ["src/NAME"] ([tool.hatch.build.targets.wheel]).',
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


def advice(distributions: Sequence[Distribution], project: Declaration, tagged: Tagged | None) -> Iterator[Graded]:
    """Yield findings that do not stop a release; ``tagged`` is None if no tag is released."""
    if project.file and not project.has_build_system:
        yield (
            "warning",
            Problem(
                found="pyproject.toml has no [build-system] table, so the latest setuptools built this in legacy mode.",
                remedy='Add [build-system] with requires = ["setuptools>=77"] and '
                'build-backend = "setuptools.build_meta".',
                topic="no-build-system",
            ),
        )
    version = distributions[0].version
    if tagged is None and (is_fallback(version) or version.local is not None):
        yield (
            "note",
            Problem(
                found=f"Version {version} is not releasable: it does not come from a tag.",
                remedy="No change is needed on a branch. A run for a tag needs fetch-depth: 0 in actions/checkout.",
                topic="version-mismatch",
            ),
        )
