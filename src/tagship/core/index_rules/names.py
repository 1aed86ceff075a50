"""Names that PyPI refuses for a new project.

Source: https://github.com/pypi/warehouse/blob/main/warehouse/packaging/services.py
"""

from __future__ import annotations

from sys import stdlib_module_names

from packaging.utils import canonicalize_name

_REMOVED = (
    "aifc asynchat asyncore audioop binhex cgi cgitb chunk crypt distutils dummy-threading formatter imghdr imp "
    "lib2to3 macpath macurl2path mailcap msilib nis nntplib ossaudiodev parser pipes smtpd sndhdr spwd sunau symbol "
    "telnetlib uu xdrlib"
)
"""Modules of Python 3 that a later version removed."""
_NAMES = frozenset({*_REMOVED.split(), *(canonicalize_name(name.strip("_")) for name in stdlib_module_names)})


def is_standard_module(name: str) -> bool:
    """Return True if ``name`` is that of a module of the standard library, of this or an older Python."""
    return canonicalize_name(name) in _NAMES


def look_alikes(name: str) -> tuple[str, ...]:
    """Return other spellings of ``name`` that PyPI takes for it: without separators, with 0 for o, 1 for l and i.

    They are the likely ones: PyPI compares a new name with every project.
    """
    whole = canonicalize_name(name)
    bare = whole.replace("-", "")
    swapped = (bare.replace(old, new) for old, new in ("o0", "0o", "l1", "1l", "i1", "1i", "il", "li"))
    return tuple(other for other in dict.fromkeys((bare, *swapped)) if other != whole)
