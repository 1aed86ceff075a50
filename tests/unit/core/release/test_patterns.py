"""Lines of the input ``files``: their globs, names and labels."""

from __future__ import annotations

import pytest

from tagship.core.release.patterns import Pattern, patterns_of

GLOBS = {
    "a glob": ("dist/*", [("dist/*",)]),
    "two, by a comma": ("dist/*.whl, dist/*.gz", [("dist/*.whl",), ("dist/*.gz",)]),
    "braces": ("dist/*.{whl,tar.gz}", [("dist/*.whl", "dist/*.tar.gz")]),
    "braces, then a comma": ("{a,b},c", [("a", "b"), ("c",)]),
    "nested braces": ("{a,b{1,2}}", [("a", "b1", "b2")]),
    "two braces": ("{a,b}-{1,2}", [("a-1", "a-2", "b-1", "b-2")]),
    "an empty alternative": ("app{,.exe}", [("app", "app.exe")]),
    "braces without a comma": ("{a}/{b,c}", [("{a}/b", "{a}/c")]),
    "braces that do not close": ("{a,b", [("{a,b",)]),
    "double quotes": ('"one, two.txt"', [("one, two.txt",)]),
    "single quotes": ("'one, two.txt', three", [("one, two.txt",), ("three",)]),
    "a quote inside": ("it's.txt", [("it's.txt",)]),
    "spaces": ("my file.txt", [("my file.txt",)]),
    "Windows separators": (r"build\Release\app.exe", [("build/Release/app.exe",)]),
    "a home folder": ("~/out/*", [("~/out/*",)]),
    "nothing between commas": ("a,, b,", [("a",), ("b",)]),
    "a stray closing brace": ("a},b", [("a}",), ("b",)]),
    "equal alternatives": ("{a,a}", [("a",)]),
    "a hash without spaces": ("a#b", [("a#b",)]),
}


@pytest.mark.parametrize(("line", "globs"), GLOBS.values(), ids=GLOBS.keys())
def test_a_line_is_split_into_globs(line: str, globs: list[tuple[str, ...]]) -> None:
    """Braces are expanded; commas separate only outside braces and quotes."""
    assert [pattern.globs for pattern in patterns_of((line,))] == globs


@pytest.mark.parametrize(
    ("line", "glob", "name", "label"),
    [
        ("dist/app => app-linux", "dist/app", "app-linux", None),
        ("dist/app # For Linux, 64 bit", "dist/app", None, "For Linux, 64 bit"),
        ("dist/app => app-linux # For Linux", "dist/app", "app-linux", "For Linux"),
        ("'my app' => my-app # A # B", "my app", "my-app", "A # B"),
        ('"my app" # My app', "my app", None, "My app"),
    ],
)
def test_a_pattern_has_a_name_and_a_label(line: str, glob: str, name: str | None, label: str | None) -> None:
    """``=>`` renames, ``#`` labels up to the end of the line."""
    (pattern,) = patterns_of((line,))
    assert pattern == Pattern(text=line, globs=(glob,), name=name, label=label)


@pytest.mark.parametrize("line", ["!dist/*.log", "! dist/*.log", "!'dist/*.log'", '!"dist/*.log"'])
def test_an_exclamation_mark_excludes(line: str) -> None:
    """Matches of the glob are removed."""
    (pattern,) = patterns_of((line,))
    assert (pattern.excludes, pattern.globs) == (True, ("dist/*.log",))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("'dist/a", "is not a glob"),
        ("'a' b", "is not a glob"),
        ("a => [text]", "sets no valid name or media type"),
        ("a =>b", "sets no valid name or media type"),
        ("a => b/c", "without folders"),
        (r"a => b\c", "without folders"),
        ("{a,b}" * 11, "more than 1000 globs"),
    ],
)
def test_an_invalid_line_is_refused_with_its_reason(line: str, says: str) -> None:
    """The message has the reason."""
    with pytest.raises(ValueError, match=says):
        patterns_of((line,))


def test_a_comma_in_quotes_after_an_exclamation_mark_does_not_separate() -> None:
    """Quotes are recognized after ``!`` too."""
    (pattern,) = patterns_of(("!'a,b.log'",))
    assert (pattern.excludes, pattern.globs) == (True, ("a,b.log",))


def test_a_thousand_alternatives_are_allowed() -> None:
    """The limit itself is not refused."""
    (pattern,) = patterns_of(("{0,1,2,3,4,5,6,7,8,9}" * 3,))
    assert len(pattern.globs) == 1000


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a => b [text/plain]", ("b", "text/plain", None)),
        ("a => [text/plain] # L", (None, "text/plain", "L")),
        ("a => b[1].txt", ("b[1].txt", None, None)),
    ],
)
def test_brackets_after_the_name_set_the_media_type(
    line: str, found: tuple[str | None, str | None, str | None]
) -> None:
    """Name and type are optional, and brackets within a name belong to it."""
    (pattern,) = patterns_of((line,))
    assert (pattern.name, pattern.content_type, pattern.label) == found


def test_a_question_mark_makes_a_glob_optional() -> None:
    """The glob is what follows the mark."""
    (pattern,) = patterns_of(("?dist/*.sig",))
    assert (pattern.globs, pattern.optional, pattern.excludes) == (("dist/*.sig",), True, False)
