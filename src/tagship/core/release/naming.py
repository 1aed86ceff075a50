"""The names that GitHub gives to assets."""

from __future__ import annotations

import re
import unicodedata

PART = ".tagship-part"
"""Behind the name of a new file that waits to take the place of a published one."""


def asset_name(name: str) -> str:
    """The name that GitHub gives an asset uploaded as ``name``.

    Accents go, every run of characters other than ASCII letters, digits and ``-_+@.`` becomes one dot, dots at both
    ends go, and a name of which nothing but an extension is left is called ``default``.
    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset, and what GitHub is seen to do.
    """
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    dotted = re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9\-_+@]+", ".", plain)).strip(".")
    if dotted == name:
        return name
    if "." not in dotted:
        return f"default.{dotted}" if dotted else "default"
    return dotted


def may_be_called(name: str, given: str) -> bool:
    """Whether GitHub may have called an asset ``given`` that was uploaded as ``name``, by rules not known here.

    Only for names with special characters, which are all it changes; letters and digits stay.
    """
    return asset_name(name) != name and _bare(given) in (_bare(name), "default" + _bare(name))


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return re.sub(r"[^a-z0-9]", "", plain.lower())
