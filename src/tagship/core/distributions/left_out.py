"""Files of a project that its sdist leaves out, and builds that fail because of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Archive

TOPIC = "file-not-in-the-sdist"
_ABSENT = re.compile(
    r"No such file or directory|FileNotFoundError|does not exist|cannot find|could not find|can't open file|not found|"
    r"No module named",
    re.IGNORECASE,
)
"""The line of an output about a missing file."""
_SETTINGS = {
    "setuptools": "Add to MANIFEST.in: include {path}",
    "hatchling": 'Add to pyproject.toml: [tool.hatch.build.targets.sdist.force-include] "{path}" = "{path}"',
    "flit_core": 'Add to pyproject.toml: [tool.flit.sdist] include = ["{path}"]',
    "poetry": 'Add to pyproject.toml: [tool.poetry] include = [{{ path = "{path}", format = "sdist" }}]',
    "pdm": 'Add to pyproject.toml: [tool.pdm.build] source-includes = ["{path}"]',
    "uv_build": 'Add to pyproject.toml: [tool.uv.build-backend] source-include = ["{path}"]',
    "maturin": 'Add to pyproject.toml: [tool.maturin] include = [{{ path = "{path}", format = "sdist" }}]',
    "scikit_build_core": 'Add to pyproject.toml: [tool.scikit-build] sdist.include = ["{path}"]',
}
"""The setting that includes a file in the sdist, by the first part of the backend's name."""


def left_out(tracked: Iterable[str], sdist: Archive) -> tuple[str, ...]:
    """Return the files under version control that the ``sdist`` does not contain."""
    names = {name.partition("/")[2] for name in sdist.structure.names}
    return tuple(path for path in tracked if path not in names)


def forgotten(output: str, missing: Iterable[str], *, sdist: str, backend: str) -> Problem | None:
    """Return the problem of a build of the wheel that failed because one of the ``missing`` files is not in ``sdist``.

    ``output`` is the output of the build. None if it names none of them.
    """
    # CMake prints the path two lines below its message.
    lines = [line for line in re.sub(r"file:\n\s+", "file: ", output).splitlines() if _ABSENT.search(line)]
    path = next((path for line in lines for path in missing if _names(line, path)), None)
    if path is None:
        return None
    setting = next(
        (text for name, text in _SETTINGS.items() if backend.startswith(name)), "Include {path} in the sdist."
    )
    return Problem(
        found=f"Building the wheel from {sdist} failed: {path} is in the checkout and not in the sdist.",
        remedy=setting.format(path=path),
        topic=TOPIC,
    )


def _names(line: str, path: str) -> bool:
    """Return True if ``line`` names the file, by its path, its name or its module."""
    names = [path, PurePosixPath(path).name]
    if path.endswith(".py"):
        names.append(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    return any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", line) for name in names)
