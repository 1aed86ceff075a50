"""Parsers turn a workflow's strings into values, or into a sentence."""

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
    prefix,
    seconds,
    tag,
)

READ = [
    pytest.param(boolean, "true", True, id="the word true"),
    pytest.param(boolean, "FALSE", False, id="the word FALSE"),
    pytest.param(number, "007", 7, id="digits with leading zeros"),
    pytest.param(seconds, "90", 90.0, id="bare seconds"),
    pytest.param(seconds, "1.5m", 90.0, id="minutes with a fraction"),
    pytest.param(seconds, "2h", 7200.0, id="hours"),
    pytest.param(lines, " a \n\n b\r\n", ("a", "b"), id="lines without blanks and carriage returns"),
    pytest.param(mapping, "A=1\nB=x=y\nC=", {"A": "1", "B": "x=y", "C": ""}, id="a value that holds an equals sign"),
    pytest.param(tag, "v1.2.0", "v1.2.0", id="a plain tag"),
    pytest.param(tag, "refs/tags/pkg@1.0+x", "pkg@1.0+x", id="a full reference"),
    pytest.param(tag, "release/1.0", "release/1.0", id="a tag with a slash"),
    pytest.param(folder, "packages\\core", "packages/core", id="a folder in Windows spelling"),
    pytest.param(folder, "./a/./b/", "a/b", id="a folder with dots"),
    pytest.param(choice("a", "b"), "b", "b", id="one of the words"),
    pytest.param(prefix, "pkg-v", "pkg-v", id="a prefix"),
    pytest.param(prefix, "none", "", id="no prefix at all"),
]
REFUSED = [
    pytest.param(boolean, "yes", "'yes' is neither true nor false", id="yes is no boolean"),
    pytest.param(boolean, "tRue", "neither true nor false", id="YAML knows three spellings only"),
    pytest.param(number, "-1", "no whole number", id="a negative number"),
    pytest.param(number, "٣", "no whole number", id="digits of another script"),
    pytest.param(seconds, "soon", "no duration", id="a word for a duration"),
    pytest.param(mapping, "A", "'A' is not NAME=value", id="a variable without a value"),
    pytest.param(mapping, "A=1\nA=2", "A is set twice", id="a variable twice"),
    pytest.param(tag, "", "none is named, and no git checkout tells one", id="no tag, as outside of a checkout"),
    pytest.param(tag, "refs/tags/", "no name git allows", id="an empty tag"),
    pytest.param(tag, "-v1", "no name git allows", id="a tag that looks like an option"),
    pytest.param(tag, "v1 2", "no name git allows", id="a tag with a space"),
    pytest.param(tag, "v1..2", "no name git allows", id="a tag with two dots in a row"),
    pytest.param(folder, "../x", "leads out of the checkout", id="a folder above"),
    pytest.param(folder, "/etc", "leads out of the checkout", id="an absolute folder"),
    pytest.param(folder, "C:\\x", "leads out of the checkout", id="another drive"),
    pytest.param(choice("a", "b"), "A", "'A' is none of a, b", id="a word in another case"),
]


@pytest.mark.parametrize(("parser", "given", "expected"), READ)
def test_a_well_formed_value_is_read(parser: Parser[Any], given: str, expected: object) -> None:
    """What a caller may write becomes the value an action works with."""
    assert parser.read(given) == expected


@pytest.mark.parametrize(("parser", "given", "sentence"), REFUSED)
def test_a_malformed_value_is_refused_with_a_sentence(parser: Parser[Any], given: str, sentence: str) -> None:
    """What a caller may not write is named in the refusal."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parser.read(given)


def test_a_secret_never_shows() -> None:
    """Neither its text nor its repr gives a secret away; its truth says whether there is one."""
    kept = Secret("hunter2")
    assert ("hunter2" in repr(kept), "hunter2" in str(kept), kept.reveal(), bool(Secret(""))) == (
        False,
        False,
        "hunter2",
        False,
    )
