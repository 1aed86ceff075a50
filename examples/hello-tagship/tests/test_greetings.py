"""The greetings, from Python and from the console."""

from __future__ import annotations

import pytest

from hello_tagship import LANGUAGES, UnknownLanguageError, greet
from hello_tagship.console import main, release_name


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        pytest.param("Ada", "en", "Hello, Ada!", id="in English"),
        pytest.param("Ada", "fr", "Bonjour, Ada!", id="in French"),
        pytest.param("  ", "es", "Hola, world!", id="nobody in particular, in Spanish"),
    ],
)
def test_greets_by_name(name: str, language: str, expected: str) -> None:
    """A name is greeted in the language asked for, and the world where there is none."""
    assert greet(name, language) == expected


def test_names_the_languages_it_knows() -> None:
    """An unknown language is refused with the list of known ones."""
    with pytest.raises(UnknownLanguageError, match="de, en, es, fr, ja"):
        greet("Ada", "tlh")


def test_the_table_cannot_be_changed() -> None:
    """The table is read-only for everybody who imports it."""
    with pytest.raises(TypeError):
        LANGUAGES["en"] = "Howdy"  # type: ignore[index]


def test_the_console_greets(capsys: pytest.CaptureFixture[str]) -> None:
    """The console script prints one line and ends well."""
    assert main(["Grace", "--language", "de"]) == 0
    assert capsys.readouterr().out == "Hallo, Grace!\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("0.2.0", "0.2.0", id="a final release"),
        pytest.param("0.2.0rc1", "0.2.0rc1 (pre-release)", id="a release candidate"),
    ],
)
def test_says_what_kind_of_release_it_is(text: str, expected: str) -> None:
    """The version shown tells a pre-release from a final one."""
    assert release_name(text) == expected
