"""What twine and check-wheel-contents say about built files, turned into problems with remedies."""

from __future__ import annotations

import re

from tagship.errors import Problem

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LEVEL = re.compile(r"^(?:WARNING|ERROR)\s+")
_CODE = re.compile(r"^.*?: (?P<code>W\d{3}): (?P<text>.*)$")
_README = 'Add readme = "README.md" to [project] in pyproject.toml'
_TWINE_REMEDIES = (
    ("`long_description` missing", f"{_README}: the index would show an empty page.", "missing-readme"),
    (
        "long_description_content_type",
        f"{_README}, or set the content type your backend asks for: text/markdown, text/x-rst or text/plain.",
        "missing-readme",
    ),
    (
        "syntax errors in markup",
        "Mend the README at the line named: the index would refuse it or show it as plain text.",
        "readme-markup",
    ),
    (
        "metadata-version",
        "The backend writes newer metadata than the index may know: use an older release of it, or a newer tagship.",
        "metadata-version",
    ),
)


def twine_problems(filename: str, output: str) -> tuple[Problem, ...]:
    """A problem for each thing that ``twine check`` holds against ``filename``, from its output for that file alone."""
    said: list[str] = []
    plain = _ANSI.sub("", output).replace(f"Checking {filename}: ", "")
    for line in map(str.rstrip, plain.splitlines()):
        if _LEVEL.match(line):
            said.append(_LEVEL.sub("", line))
        elif said and line.startswith(" ") and line.strip():
            said[-1] += f"\n  {line.strip()}"
    return tuple(_twine_problem(filename, text) for text in said or ["twine says nothing but its status"])


def _twine_problem(filename: str, text: str) -> Problem:
    for part, remedy, topic in _TWINE_REMEDIES:
        if part in text:
            return Problem(found=f"{filename}: {text}", remedy=remedy, topic=topic)
    return Problem(
        found=f"{filename}: {text}",
        remedy="Correct that field in pyproject.toml: the index would refuse the file.",
        topic="twine-check",
    )


def contents_problems(filename: str, output: str) -> tuple[Problem, ...]:
    """A problem for each check of check-wheel-contents that failed, with the files it names."""
    found: list[tuple[str, str]] = []
    for line in _ANSI.sub("", output).splitlines():
        if match := _CODE.match(line):
            found.append((match["code"], match["text"]))
        elif found and line.startswith(" "):
            code, text = found[-1]
            found[-1] = (code, f"{text}\n  {line.strip()}")
    return tuple(
        Problem(
            found=f"{filename}: {code}: {text}",
            remedy="Leave those files out of the wheel, or, where it is meant so, set in pyproject.toml: "
            f'[tool.check-wheel-contents] ignore = ["{code}"]',
            topic="wheel-contents",
        )
        for code, text in found
    ) or (
        Problem(
            found=f"{filename}: check-wheel-contents refuses it: {output.strip() or 'it says nothing but its status'}",
            remedy="Mend what it names; its configuration stands in [tool.check-wheel-contents] of pyproject.toml.",
            topic="wheel-contents",
        ),
    )
