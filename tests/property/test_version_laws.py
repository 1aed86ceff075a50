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
def test_a_version_behind_its_prefix_is_read_back(version: Version, prefix: str) -> None:
    """Writing a version into a tag and reading it gives the version."""
    assert version_of(f"{prefix}{version}", prefix) == version


@given(st.text(), PREFIXES)
def test_any_text_is_a_version_or_a_failure(tag: str, prefix: str) -> None:
    """No tag makes reading end in anything but a version or a Failure."""
    try:
        version = version_of(tag, prefix)
    except Failure:
        assert tagged_version(tag, prefix) is None
    else:
        assert version.local is None


@given(st.lists(VERSIONS, min_size=1))
def test_no_two_different_versions_are_both_latest(versions: list[Version]) -> None:
    """Among any releases at most one version is the latest."""
    assert len({version for version in versions if is_latest(version, versions)}) <= 1
