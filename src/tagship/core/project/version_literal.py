"""The literal ``__version__`` in the modules of a package."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FILES = ("__init__.py", "__about__.py", "__version__.py", "_version.py", "version.py")
_LITERAL = re.compile(r"""^__version__\s*(?::.*?)?=\s*(?P<quote>["'])(?P<version>[^"'\n]+)(?P=quote)""", re.MULTILINE)


def version_modules(name: str, packages: Sequence[str]) -> list[str]:
    """Return the paths of the modules that usually contain the version of the distribution ``name``.

    ``packages`` are the folders of the import packages. The only one may have another name than the distribution.
    """
    module = re.sub(r"[-_.]+", "_", name).lower()
    named = [module, f"src/{module}"] if module else []
    folders = packages if len(packages) == 1 else named
    return [*(f"{path}.py" for path in named), *(f"{path}/{file}" for path in folders for file in _FILES)]


def version_literal(text: str) -> tuple[str, int] | None:
    """Return the literal ``__version__`` of a module and its line, counted from 1, or None."""
    found = _LITERAL.search(text)
    return (found["version"], text.count("\n", 0, found.start()) + 1) if found else None
