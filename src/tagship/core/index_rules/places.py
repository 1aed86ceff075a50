"""The line of a project file that declares a value of the metadata."""

from __future__ import annotations

import re

_KEYS = {
    "Name": "name",
    "Version": "version",
    "Summary": "description",
    "Classifier": "classifiers",
    "Requires-Dist": "dependencies",
    "Project-URL": "urls",
    "Author-email": "authors",
    "Maintainer-email": "maintainers",
    "Description-Content-Type": "readme",
    "License": "license",
    "License-Expression": "license",
    "License-File": "license-files",
}
"""Fields of the metadata and the keys that declare them: https://packaging.python.org/en/latest/specifications/"""


def line_of(field: str, value: str, text: str) -> int | None:
    """Return the number of the line in ``text`` that declares ``value`` for ``field``, or the field; None without."""
    key = _KEYS.get(field)
    if key is None:
        return None
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if not line.lstrip().startswith("#")]
    label, _, address = value.partition(", ")
    # A backend may normalise a requirement, but never the URL in it.
    for part in (value, address, label, max(value.split(), key=len, default="")):
        if len(part) > 3 and (found := [number for number, line in lines if part in line]):
            return found[0]
    declared = re.compile(rf"\s*(?:{key}\s*=|\[+project\.{key}\])")
    return next((number for number, line in lines if declared.match(line)), None)
