"""Parsers turn the text of an input into a value or into an error message."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tagship.contract.parsers import (
    Parser,
    Secret,
    boolean,
    choice,
    folder,
    lines,
    mapping,
    number,
    optional,
    prefix,
    repository,
    seconds,
    tag,
    tristate,
)

READ = [
    pytest.param(boolean, "true", True, id="the word true"),
    pytest.param(boolean, "FALSE", False, id="the word FALSE"),
    pytest.param(tristate, "auto", None, id="the word auto"),
    pytest.param(tristate, "True", True, id="a boolean where auto is also valid"),
    pytest.param(number(), "007", 7, id="digits with leading zeros"),
    pytest.param(number(1, 16), "1", 1, id="the lower bound"),
    pytest.param(number(1, 16), "16", 16, id="the upper bound"),
    pytest.param(number(1000), "1000000", 1000000, id="a number without an upper bound"),
    pytest.param(seconds, "90", 90.0, id="bare seconds"),
    pytest.param(seconds, "1.5m", 90.0, id="minutes with a fraction"),
    pytest.param(seconds, "2h", 7200.0, id="hours"),
    pytest.param(lines, " a \n\n b\r\n", ("a", "b"), id="lines without blanks and carriage returns"),
    pytest.param(mapping, "A=1\nB=x=y\nC=", {"A": "1", "B": "x=y", "C": ""}, id="a value with an equals sign"),
    pytest.param(tag, "v1.2.0", "v1.2.0", id="a plain tag"),
    pytest.param(tag, "refs/tags/pkg@1.0+x", "pkg@1.0+x", id="a full reference"),
    pytest.param(tag, "release/1.0", "release/1.0", id="a tag with a slash"),
    pytest.param(folder, "packages\\core", "packages/core", id="a folder in Windows spelling"),
    pytest.param(folder, "./a/./b/", "a/b", id="a folder with dots"),
    pytest.param(choice("a", "b"), "b", "b", id="one of the words"),
    pytest.param(prefix, "pkg-v", "pkg-v", id="a prefix"),
    pytest.param(prefix, "none", "", id="no prefix at all"),
    pytest.param(repository, "octo/hello.py", "octo/hello.py", id="a repository"),
    pytest.param(optional(repository), "", "", id="an empty optional repository"),
]
REFUSED = [
    pytest.param(boolean, "yes", "'yes' is not one of true, false", id="yes is not a boolean"),
    pytest.param(
        boolean, "tRue", "'tRue' is not one of true, false. Did you mean true?", id="a spelling that YAML does not have"
    ),
    pytest.param(tristate, "yes", "'yes' is not one of auto, true, false", id="yes is not a tristate"),
    pytest.param(number(), "-1", "not a whole number", id="a negative number"),
    pytest.param(number(), "٣", "not a whole number", id="digits of another script"),
    pytest.param(number(1, 16), "0", "0 is not a whole number from 1 to 16", id="below the lower bound"),
    pytest.param(number(1, 16), "17", "17 is not a whole number from 1 to 16", id="above the upper bound"),
    pytest.param(number(1000), "999", "999 is not a whole number of at least 1000", id="below the only bound"),
    pytest.param(seconds, "soon", "not a duration", id="a word for a duration"),
    pytest.param(mapping, "A", "'A' is not NAME=value", id="a variable without a value"),
    pytest.param(mapping, "A=1\nA=2", "A is set twice", id="a variable twice"),
    pytest.param(tag, "", "no tag is set, and none was found in a git checkout", id="no tag, as outside a checkout"),
    pytest.param(tag, "refs/tags/", "not a valid git tag name", id="an empty tag"),
    pytest.param(tag, "-v1", "not a valid git tag name", id="a tag that looks like an option"),
    pytest.param(tag, "v1 2", "not a valid git tag name", id="a tag with a space"),
    pytest.param(tag, "v1..2", "not a valid git tag name", id="a tag with two dots in a row"),
    pytest.param(folder, "../x", "is outside the checkout", id="a folder above"),
    pytest.param(folder, "/etc", "is outside the checkout", id="an absolute folder"),
    pytest.param(folder, "C:\\x", "is outside the checkout", id="another drive"),
    pytest.param(repository, "", "no repository is set", id="no repository"),
    pytest.param(repository, "hello", "'hello' is not OWNER/NAME", id="a repository without an owner"),
    pytest.param(optional(repository), "a/b/c", "'a/b/c' is not OWNER/NAME", id="an optional repository with a path"),
    pytest.param(choice("a", "b"), "A", "'A' is not one of a, b", id="a word in another case"),
]


@pytest.mark.parametrize(("parser", "given", "expected"), READ)
def test_a_well_formed_value_is_read(parser: Parser[Any], given: str, expected: object) -> None:
    """A valid text becomes the value that an action works with."""
    assert parser.read(given) == expected


@pytest.mark.parametrize(("parser", "given", "sentence"), REFUSED)
def test_a_malformed_value_is_refused_with_a_message(parser: Parser[Any], given: str, sentence: str) -> None:
    """The error message for an invalid text contains it."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parser.read(given)


def test_a_secret_is_never_shown() -> None:
    """Neither the text nor the repr of a secret contains its value; an empty secret is false."""
    kept = Secret("hunter2")
    assert ("hunter2" in repr(kept), "hunter2" in str(kept), kept.reveal(), bool(Secret(""))) == (
        False,
        False,
        "hunter2",
        False,
    )
