"""Laws of tags and versions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from tagship.core.versions import is_latest, tagged_version, version_of
from tagship.errors import Failure

RELEASES = st.lists(st.integers(0, 9999), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
PHASES = st.one_of(
    st.just(""), st.builds("{}{}".format, st.sampled_from(["a", "b", "rc", ".post", ".dev"]), st.integers(0, 99))
)
VERSIONS = st.builds("{}{}".format, RELEASES, PHASES).map(Version)
PREFIXES = st.sampled_from(["v", "", "pkg-v", "pkg@", "release/"])


@given(VERSIONS, PREFIXES)
def test_a_version_round_trips_through_a_tag(version: Version, prefix: str) -> None:
    """Formatting a version as a tag and parsing the tag gives the version."""
    assert version_of(f"{prefix}{version}", prefix) == version


@given(st.text(), PREFIXES)
def test_any_text_is_a_version_or_a_failure(tag: str, prefix: str) -> None:
    """Parsing any text gives a public version or raises Failure."""
    try:
        version = version_of(tag, prefix)
    except Failure:
        assert tagged_version(tag, prefix) is None
    else:
        assert version.local is None


@given(st.lists(VERSIONS, min_size=1))
def test_at_most_one_version_is_latest(versions: list[Version]) -> None:
    """Among any versions at most one is the latest."""
    assert len({version for version in versions if is_latest(version, versions)}) <= 1
