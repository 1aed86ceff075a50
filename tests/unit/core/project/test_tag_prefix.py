"""The tag prefix inferred from tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagship.core.project.next_release import find_prefix
from tagship.core.versions import tagged_version


@pytest.mark.parametrize(
    ("tags", "prefix"),
    [
        pytest.param([], "v", id="no tags"),
        pytest.param(["nightly", "latest"], "v", id="no versions"),
        pytest.param(["v1.0.0", "v1.1.0"], "v", id="the usual prefix"),
        pytest.param(["1.0.0", "1.1.0"], "", id="bare versions"),
        pytest.param(["v1.0.0", "1.1.0"], "", id="bare versions since the last release"),
        pytest.param(["1.0.0", "v1.1.0"], "v", id="a v since the last release"),
        pytest.param(["v1", "1.1.0"], "", id="a moving major tag"),
        pytest.param(["release-1.0", "release-1.1"], "release-", id="a common word"),
        pytest.param(["rel/v1.0"], "rel/v", id="a common word and a v"),
        pytest.param(["hello-1.0", "hello-1.1rc1"], "hello-", id="the package name"),
        pytest.param(["Hello_World-v1.0"], "v", id="the name of another package"),
        pytest.param(["hello==1.0"], "hello==", id="a requirement"),
        pytest.param(["1.0-rc1"], "", id="a version with a separator"),
        pytest.param(["v1.0", "nightly-20260101", "docs-9.0"], "v", id="tags of other things"),
        pytest.param(["py3"], "v", id="a digit inside a word"),
    ],
)
def test_a_project_at_the_top_continues_its_newest_tags(tags: list[str], prefix: str) -> None:
    """The prefix of the highest version wins, among tags that can belong to the project."""
    assert find_prefix(tags, name="hello") == prefix


@pytest.mark.parametrize(
    ("tags", "prefix"),
    [
        pytest.param([], "hello-v", id="no tags"),
        pytest.param(["v9.0", "other-v3.0"], "hello-v", id="tags of other packages"),
        pytest.param(["hello-1.0", "v9.0"], "hello-", id="the package name"),
        pytest.param(["Hello/v1.0"], "Hello/v", id="another spelling"),
        pytest.param(["greet/v1.0"], "greet/v", id="the folder name"),
        pytest.param(["packages/greet/v1.0"], "packages/greet/v", id="the folder's path"),
    ],
)
def test_a_package_in_a_folder_has_tags_with_its_name(tags: list[str], prefix: str) -> None:
    """Tags without its name or folder belong to other packages."""
    assert find_prefix(tags, name="hello", folder="packages/greet") == prefix


@pytest.mark.parametrize(
    ("tag", "prefix"),
    [
        pytest.param("release-1.0", "release-", id="an older prefix"),
        pytest.param("v3.0", "v", id="the newest prefix"),
        pytest.param("other-1.0", "v", id="another package"),
        pytest.param("nightly", "v", id="no version"),
    ],
)
def test_the_tag_to_release_has_its_own_prefix(tag: str, prefix: str) -> None:
    """A project may have changed its prefix, and an older release is rehearsed with the old one."""
    assert find_prefix(["release-1.0", "v2.0"], tag, name="hello") == prefix


def test_a_package_in_a_folder_may_be_the_only_one() -> None:
    """A repository may have its Python package in a folder, and tags of its own."""
    assert find_prefix(["v1.0", "v1.1"], "v1.1", name="hello", folder="python") == "v"
    assert find_prefix(["v1.0", "hello-v1.1"], "v1.2", name="hello", folder="python") == "hello-v"


def test_the_folder_replaces_a_missing_name() -> None:
    """A name computed by the build is unknown."""
    assert find_prefix([], name="", folder="packages/greet") == "greet-v"


@given(st.lists(st.text(alphabet="v1.0-rc/hello=+", min_size=1, max_size=12)))
def test_a_prefix_is_usual_or_has_a_version(tags: list[str]) -> None:
    """Every inferred prefix is the start of a tag that is a version."""
    prefix = find_prefix(tags, name="hello")

    assert prefix == "v" or any(tagged_version(tag, prefix) for tag in tags)
