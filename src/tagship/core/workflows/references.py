"""References to the actions and workflows of tagship."""

from __future__ import annotations

import re

from tagship.errors import SOURCE

_OWN = re.compile(rf"(?:{re.escape(SOURCE)}|[\w.-]+/tagship)(?:/(?P<path>[^@]+))?@(?P<ref>.+)")


def own_path(uses: str) -> str | None:
    """Return the path in tagship's repository that ``uses`` refers to, or None if it refers to another repository.

    The owner may be that of a fork. The action at the root of the repository has the path ``""``.
    """
    match = _OWN.fullmatch(uses)
    return (match["path"] or "") if match else None
