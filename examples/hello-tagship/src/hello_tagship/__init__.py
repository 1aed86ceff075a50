"""Greetings in a few languages."""

from hello_tagship.greetings import LANGUAGES, UnknownLanguageError, greet

__all__ = ["LANGUAGES", "UnknownLanguageError", "greet"]
