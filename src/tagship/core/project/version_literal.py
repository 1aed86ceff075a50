"""The literal ``__version__`` in the modules of a package."""

from __future__ import annotations

import re

_FILES = ("__init__.py", "__about__.py", "__version__.py", "_version.py", "version.py")
_LITERAL = re.compile(r"""^__version__\s*(?::.*?)?=\s*(?P<quote>["'])(?P<version>[^"'\n]+)(?P=quote)""", re.MULTILINE)


def version_modules(name: str) -> list[str]:
    """Return the paths of the modules that usually contain the version of the distribution ``name``."""
    package = re.sub(r"[-_.]+", "_", name).lower()
    names = [f"{package}.py", *(f"{package}/{file}" for file in _FILES)]
    return [f"{top}{path}" for top in ("", "src/") for path in names] if name else []


def version_literal(text: str) -> tuple[str, int] | None:
    """Return the literal ``__version__`` of a module and its line, counted from 1, or None."""
    found = _LITERAL.search(text)
    return (found["version"], text.count("\n", 0, found.start()) + 1) if found else None
