"""PEP 440 versions of tags."""

from __future__ import annotations

import pytest
from packaging.version import Version

from tagship.core.versions import is_latest, tagged_version, version_of
from tagship.errors import Failure


@pytest.mark.parametrize(
    ("tag", "prefix", "version"),
    [
        pytest.param("v1.2.0", "v", "1.2.0", id="a final release"),
        pytest.param("v0.2.0-rc1", "v", "0.2.0rc1", id="a release candidate in SemVer spelling"),
        pytest.param("1.0", "", "1.0", id="no prefix"),
        pytest.param("pkg-v1.2.0.post1", "pkg-v", "1.2.0.post1", id="a package in a monorepo"),
        pytest.param("pkg@2!1.0.dev3", "pkg@", "2!1.0.dev3", id="an epoch after an at sign"),
        pytest.param("v1.2.0", "", "1.2.0", id="a v without a prefix"),
        pytest.param("2026.08.17", "", "2026.8.17", id="a calendar version"),
    ],
)
def test_the_version_after_a_prefix_is_parsed(tag: str, prefix: str, version: str) -> None:
    """The version of a tag is normalized by PEP 440."""
    assert str(version_of(tag, prefix)) == version


@pytest.mark.parametrize(
    ("tag", "prefix", "topic"),
    [
        pytest.param("nightly", "v", "tag-is-not-a-version", id="a word"),
        pytest.param("1.2.0", "v", "tag-is-not-a-version", id="the prefix is missing"),
        pytest.param("vv1.2.0", "v", "tag-is-not-a-version", id="the prefix twice"),
        pytest.param("v1.2.x", "v", "tag-is-not-a-version", id="a pattern"),
        pytest.param("v 1.2.0", "v", "tag-is-not-a-version", id="a space before the version"),
        pytest.param("v1.2.0\t", "v", "tag-is-not-a-version", id="a tab after the version"),
        pytest.param("v1.2.0+local", "v", "local-version", id="a local segment"),
    ],
)
def test_a_tag_without_a_version_is_an_error(tag: str, prefix: str, topic: str) -> None:
    """The message quotes the tag, and the variant that does not raise returns None."""
    with pytest.raises(Failure) as caught:
        version_of(tag, prefix)
    assert ([problem.topic for problem in caught.value.problems], tagged_version(tag, prefix)) == ([topic], None)
    assert repr(tag) in str(caught.value)


@pytest.mark.parametrize(
    ("tag", "prefix", "remedy"),
    [
        pytest.param("1.2.0", "v", "Tag the release v1.2.0; or, .* set tag-prefix: none", id="no prefix"),
        pytest.param("pkg-v1.2-1", "v", "Tag the release v1.2-1; or, .* set tag-prefix: pkg-v", id="a name"),
        pytest.param("v1.2", "pkg-v", "Tag the release pkg-v1.2; or, .* set tag-prefix: v", id="a v as prefix"),
        pytest.param("nightly", "v", "Tag the release like v1.2.0 or v1.2.0-rc1", id="no version"),
    ],
)
def test_a_tag_without_the_prefix_gets_both_remedies(tag: str, prefix: str, remedy: str) -> None:
    """The remedy has the tag to push, or the setting for another prefix."""
    with pytest.raises(Failure, match=remedy):
        version_of(tag, prefix)


@pytest.mark.parametrize(
    ("version", "others", "expected"),
    [
        pytest.param("1.2", ["1.1", "1.2"], True, id="the highest final version"),
        pytest.param("1.2", ["2.0"], False, id="a maintenance release"),
        pytest.param("1.2", ["2.0rc1"], True, id="a pre-release of the next version"),
        pytest.param("1.2rc1", [], False, id="a pre-release"),
    ],
)
def test_latest_is_the_highest_final_version(version: str, others: list[str], expected: bool) -> None:
    """Only the highest final version is marked as Latest."""
    assert is_latest(Version(version), [Version(other) for other in others]) == expected
