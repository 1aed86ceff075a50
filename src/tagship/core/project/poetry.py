"""Poetry's constraints as PEP 440 specifiers, and its dependencies as PEP 508 requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tagship.core.project.tables import texts

_CLAUSE = re.compile(r"[\^~<>=!]*\s*[\w.*+!-]+")
_RANGE = re.compile(r"(?P<sign>\^|~(?!=))?\s*(?P<release>\d+(?:\.\d+)*)(?P<suffix>[-.]?[a-z]+[-.]?\d*)?")


def poetry_specifiers(constraint: str | None) -> str | None:
    """Convert Poetry's constraint to PEP 440 specifiers: ``^3.9`` is ``>=3.9,<4``, ``~3.9`` is ``>=3.9,<3.10``.

    Return None for a union (``||``) and anything else that specifiers cannot express.
    """
    if not constraint or "|" in constraint or constraint == "*":
        return None
    return ",".join(map(_specifiers, _CLAUSE.findall(constraint)))


def _specifiers(clause: str) -> str:
    match = _RANGE.fullmatch(clause)
    if match is None:
        return f"=={clause}" if clause[0].isdigit() else clause
    sign, release, suffix = match["sign"], match["release"], match["suffix"] or ""
    numbers = [int(number) for number in release.split(".")]
    if sign is None:
        return f"=={release}.*" if len(numbers) < 3 and not suffix else f"=={release}{suffix}"
    if sign == "~":
        kept = numbers[:2]
    else:
        kept = numbers[: next((place for place, number in enumerate(numbers) if number), len(numbers) - 1) + 1]
    ceiling = [*kept[:-1], kept[-1] + 1]
    return f">={release}{suffix},<{'.'.join(map(str, ceiling))}"


def poetry_requirements(dependencies: Mapping[str, Any]) -> Iterator[str]:
    """Yield the requirements in a table of Poetry, without Python itself.

    A dependency in a folder is its path. Values that Poetry does not accept become invalid requirements.
    """
    for name, value in dependencies.items():
        for item in value if isinstance(value, list) else [value]:
            if name != "python":
                yield _requirement(name, item if isinstance(item, dict) else {"version": item})


def _requirement(name: str, item: Mapping[str, Any]) -> str:
    # https://python-poetry.org/docs/dependency-specification/
    if "path" in item:
        return f"./{item['path']}"
    extras = f"[{','.join(texts(item['extras']))}]" if item.get("extras") else ""
    target = poetry_specifiers(str(item.get("version", "*"))) or ""
    if "git" in item:
        ref = next((f"@{item[key]}" for key in ("rev", "tag", "branch") if key in item), "")
        target = f"@ git+{item['git']}{ref}"
    elif "url" in item:
        target = f"@ {item['url']}"
    python = poetry_specifiers(str(item.get("python", "*"))) or ""
    markers = [f"python_full_version {one}" for one in re.sub(r"([\d.*]+)", r"'\1'", python).split(",") if one]
    markers += [f"({item['markers']})"] if "markers" in item else []
    markers += [f"sys_platform == '{item['platform']}'"] if "platform" in item else []
    return f"{name}{extras} {target}" + (f" ; {' and '.join(markers)}" if markers else "")
