"""The status of a release that its heading states."""

from __future__ import annotations

import re
from typing import Literal

Status = Literal["released", "prerelease", "unreleased", "yanked"]

_YANKED = re.compile(r"\b(?:yanked|withdrawn|retracted|recalled)\b", re.IGNORECASE)
_UNRELEASED = re.compile(
    r"\b(?:un-?released|not (?:yet )?released|(?:in|under) (?:development|progress)|upcoming|forthcoming|wip|tb[adc]"
    r"|to be (?:released|announced|determined|decided))\b"
    r"|[\[(]\s*(?:next|dev|pending|development|draft|planned|future)\s*[\])]"
    r"|\b(?:yyyy|xxxx|(?:19|20)(?:[0-9]{2}|xx))[-/.](?:mm|xx|\?\?)\b",
    re.IGNORECASE,
)


def find_status(text: str) -> Status | None:
    """Return the status that ``text`` states, or None."""
    if _YANKED.search(text):
        return "yanked"
    return "unreleased" if _UNRELEASED.search(text) else None


def without_status(text: str) -> str:
    """Remove the words of a status from ``text``."""
    return _UNRELEASED.sub("", _YANKED.sub("", text))
