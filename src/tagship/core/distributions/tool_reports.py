"""What twine and check-wheel-contents say about built files, turned into problems with remedies."""

from __future__ import annotations

import re

from tagship.errors import Problem

_LEVEL = re.compile(r"(?:WARNING|ERROR)\s+")
_CODE = re.compile(r".*?: (?P<code>W\d{3}): (?P<text>.*)")


def twine_problems(filename: str, output: str) -> tuple[Problem, ...]:
    """Return a problem for each thing that ``twine check`` holds against ``filename``, from its output for that file
    alone.
    """
    said = _said(filename, output) or [f"twine refuses it: {_last(output)}"]
    return tuple(_twine_problem(filename, text) for text in said)


def twine_warnings(filename: str, output: str) -> tuple[Problem, ...]:
    """Return the same for a file that twine lets pass: nothing, or what it warns of."""
    return tuple(_twine_problem(filename, text) for text in _said(filename, output))


def _said(filename: str, output: str) -> list[str]:
    said: list[str] = []
    for line in output.replace(f"Checking {filename}: ", "").splitlines():
        if _LEVEL.match(line):
            said.append(_LEVEL.sub("", line, count=1))
        elif said and line.startswith(" ") and line.strip():
            said[-1] += f"\n  {line.strip()}"
    # Without a description its form is no matter.
    bare = any("`long_description` missing" in text for text in said)
    return [text for text in said if not (bare and "long_description_content_type" in text)]


def _twine_problem(filename: str, text: str) -> Problem:
    readme = 'Add readme = "README.md" to [project] in pyproject.toml'
    if "`long_description` missing" in text:
        return Problem(
            found=f"{filename} has no description, so its page on the index would be empty.",
            remedy=f"{readme}.",
            topic="missing-readme",
        )
    if "long_description_content_type" in text:
        return Problem(
            found=f"{filename} does not say what form its description has, so Markdown would show as plain text.",
            remedy="Beside the description, in setup.py or setup.cfg, set long_description_content_type to "
            "text/markdown or text/x-rst, whichever it is; readme in [project] of pyproject.toml tells it by the "
            "ending of the file.",
            topic="missing-readme",
        )
    if "syntax errors in markup" in text:
        return Problem(
            found=f"{filename}: the README is no valid reStructuredText, so the index would refuse it.\n{_inner(text)}",
            remedy="Mend the README at that line; `python -m readme_renderer README.rst` shows it on your machine.",
            topic="readme-markup",
        )
    if "is not a valid metadata version" in text:
        return Problem(
            found=f"{filename}: {text}",
            remedy="The backend writes newer metadata than the index may know: bound its version in [build-system], "
            "or use a newer tagship.",
            topic="metadata-version",
        )
    return Problem(
        found=f"{filename}: {text}",
        remedy="Correct that field in pyproject.toml: the index would refuse the file.",
        topic="twine-check",
    )


def _inner(text: str) -> str:
    return text.partition("\n")[2] or text


def contents_problems(filename: str, output: str) -> tuple[Problem, ...]:
    """Return a problem for each check of check-wheel-contents that failed, with the files it names."""
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
            remedy=f"{_REMEDIES.get(code, 'Leave those files out of the wheel.')} Where it is meant so, set in "
            f'pyproject.toml: [tool.check-wheel-contents] ignore = ["{code}"]',
            topic="wheel-contents",
        )
        for code, text in found
    ) or (
        Problem(
            found=f"{filename}: check-wheel-contents refuses it: {_last(output)}",
            remedy="Mend what it names; its configuration stands in [tool.check-wheel-contents] of pyproject.toml.",
            topic="wheel-contents",
        ),
    )


_UNFOUND = "Tell the backend where the package is: by default it is the folder src/NAME or NAME, with an __init__.py."
_TOPLEVEL = "Correct toplevel under [tool.check-wheel-contents], or what the backend takes along."
_REMEDIES = {
    "W002": "Keep one of the copies, and import it from there.",
    "W004": "Rename the folders on the way to it so that they can be imported, or leave it out of the wheel.",
    "W006": "Put it into the folder of the package; at the top it belongs to nobody.",
    "W007": _UNFOUND,
    "W008": _UNFOUND,
    "W009": "Have the backend take only the package along; tests and tools at the top would be importable everywhere.",
    "W101": "Have the backend take those files along.",
    "W201": _TOPLEVEL,
    "W202": _TOPLEVEL,
}
"""What to do, by the code of a check; source: https://github.com/jwodder/check-wheel-contents#checks"""


def _last(output: str) -> str:
    lines = output.strip().splitlines()
    return lines[-1] if lines else "it says nothing but its status."
