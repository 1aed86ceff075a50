"""The likeliest reason why the built version is not the tagged one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from packaging.version import Version

from tagship.core.distributions.mismatches import Checkout, Tagged, is_fallback, version_mismatch
from tagship.core.project.declaration import Declaration

STATIC = Declaration(version="1.1.0", version_place="pyproject.toml", version_line=3)
FROM_GIT = Declaration(git_plugin="setuptools-scm")
FROM_CODE = Declaration(backend="flit_core.buildapi")
TAGGED = Tagged(tag="v1.2.0", prefix="v", version=Version("1.2.0"))
AT_TAG = Checkout(top="/work", head="abcdef1234567", time=1, tag_commit="abcdef1234567", head_tags=("v1.2.0",))


def test_a_static_version_is_reported_with_its_line() -> None:
    """The annotation is on the line of pyproject.toml to change."""
    problem = version_mismatch(Version("1.1.0"), TAGGED, STATIC, AT_TAG)

    assert (problem.found, problem.file, problem.line) == (
        "Tag v1.2.0 means version 1.2.0, but the built version is 1.1.0: pyproject.toml has version = '1.1.0'.",
        "pyproject.toml",
        3,
    )
    assert 'version = "1.2.0"' in problem.remedy


@pytest.mark.parametrize(
    ("checkout", "built", "said", "remedy"),
    [
        pytest.param(Checkout(), "0.0.0", "no git repository was found", "actions/checkout", id="no repository"),
        pytest.param(
            replace(AT_TAG, shallow=True, tag_commit=None), "0.1.dev1", "shallow", "fetch-depth: 0", id="shallow clone"
        ),
        pytest.param(
            replace(AT_TAG, shallow=True, changed=("a.py",)),
            "1.2.1.dev0",
            "counts files changed since the checkout",
            "git diff",
            id="shallow clone with the tag",
        ),
        pytest.param(replace(AT_TAG, tag_commit=None), "1.1.1.dev3", "not in this checkout", "fetch-tags", id="no tag"),
        pytest.param(
            replace(AT_TAG, tag_commit="fedcba9876543"),
            "1.2.1.dev1",
            "at fedcba987, the checkout at abcdef123",
            "git checkout v1.2.0",
            id="tag on another commit",
        ),
        pytest.param(
            replace(AT_TAG, changed=("a.py", "b.py")),
            "1.2.1.dev0+d20240101",
            "changed since the checkout as a later version: a.py, b.py",
            "git diff",
            id="changed files",
        ),
        pytest.param(
            replace(AT_TAG, changed=tuple("abcdef")),
            "1.2.1.dev0",
            "a, b, c, d, e and 1 more",
            "git diff",
            id="many changed files",
        ),
        pytest.param(
            replace(AT_TAG, changed=tuple("abcde")),
            "1.2.1.dev0",
            "a, b, c, d, e\\.",
            "git diff",
            id="five changed files",
        ),
        pytest.param(
            replace(AT_TAG, head_tags=("nightly-3", "v1.2.0")),
            "3",
            "also tagged nightly-3",
            "only tags that match v",
            id="another tag on the commit",
        ),
        pytest.param(AT_TAG, "0.0.0", "falls back to", "Set version", id="a fallback without a visible reason"),
        pytest.param(
            AT_TAG, "1.1.9", "reads the version from another source", "Set the version to 1.2.0", id="no visible reason"
        ),
    ],
)
def test_the_reason_depends_on_the_checkout(checkout: Checkout, built: str, said: str, remedy: str) -> None:
    """The same wrong version has another message for each state of the checkout."""
    problem = version_mismatch(Version(built), TAGGED, FROM_GIT, checkout)

    assert problem.found.startswith(f"Tag v1.2.0 means version 1.2.0, but the built version is {Version(built)}")
    assert re.search(said, problem.found)
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("plugin", "setting"),
    [("setuptools-scm", "tag_regex"), ("hatch-vcs", "tag-pattern"), ("dunamai", "its tag pattern")],
)
def test_a_prefix_that_is_not_configured_is_reported(plugin: str, setting: str) -> None:
    """In a monorepo the version plugin must be configured with the tag prefix."""
    tagged = Tagged(tag="pkg-v1.2.0", prefix="pkg-v", version=Version("1.2.0"))
    project = Declaration(git_plugin=plugin)

    problem = version_mismatch(Version("0.1.dev1"), tagged, project, replace(AT_TAG, head_tags=("pkg-v1.2.0",)))

    assert "not configured for the tag prefix 'pkg-v'" in problem.found
    assert setting in problem.remedy


def test_no_prefix_needs_no_configuration() -> None:
    """Version plugins read tags such as ``1.2.0`` by default."""
    tagged = Tagged(tag="1.2.0", prefix="", version=Version("1.2.0"))

    problem = version_mismatch(Version("1.1.9"), tagged, FROM_GIT, replace(AT_TAG, head_tags=("1.2.0",)))

    assert "reads the version from another source" in problem.found


def test_a_version_in_code_names_the_backend() -> None:
    """The message names the backend that reads ``__version__``."""
    problem = version_mismatch(Version("1.1.0"), TAGGED, FROM_CODE, AT_TAG)

    assert "flit_core.buildapi" in problem.found


@pytest.mark.parametrize(
    "version", ["0.0.0", "0", "0.0.0.dev0", "0.1.dev1", "0.1.dev15+g1a2b3c4", "0+unknown", "0.0.0.post1.dev0+abc"]
)
def test_fallback_versions_are_detected(version: str) -> None:
    """Version tools use these versions without a tag."""
    assert is_fallback(Version(version))


@pytest.mark.parametrize("version", ["0.1", "0.1rc1", "0.0.1", "1.0.dev1", "0.2.dev1"])
def test_real_versions_are_not_a_fallback(version: str) -> None:
    """The versions of a young project are real."""
    assert not is_fallback(Version(version))
