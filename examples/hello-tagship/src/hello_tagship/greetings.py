"""The greetings themselves, read from the table that ships with the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

_TABLE: Mapping[str, str] = json.loads(files("hello_tagship").joinpath("greetings.json").read_text("utf-8"))

LANGUAGES: Mapping[str, str] = MappingProxyType(_TABLE)
"""The word that greets, by language code."""


class UnknownLanguageError(LookupError):
    """There is no greeting in the language asked for."""


def greet(name: str, language: str = "en") -> str:
    """The line that greets ``name``. Raises UnknownLanguageError for a language without a greeting."""
    try:
        word = LANGUAGES[language]
    except KeyError:
        known = ", ".join(sorted(LANGUAGES))
        raise UnknownLanguageError(f"no greeting in {language!r}; there is one in {known}") from None
    return f"{word}, {name.strip() or 'world'}!"
