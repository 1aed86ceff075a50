"""Why a build is not what was tagged is explained from the situation, the surest reason first."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from packaging.version import Version

from tagship.core.distributions.mismatches import Checkout, Tagged, is_fallback, version_mismatch
from tagship.core.project.build_system import read_project

STATIC = read_project('[project]\nname = "hello"\nversion = "1.1.0"\n')
FROM_GIT = read_project(
    '[project]\nname = "hello"\ndynamic = ["version"]\n[build-system]\nrequires = ["setuptools-scm"]\n'
)
FROM_CODE = read_project('[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n')
TAGGED = Tagged(tag="v1.2.0", prefix="v", version=Version("1.2.0"))
AT_TAG = Checkout(top="/work", head="abcdef1234567", time=1, tag_commit="abcdef1234567", head_tags=("v1.2.0",))


def test_a_written_version_is_named_with_its_line() -> None:
    """The annotation stands in pyproject.toml, on the line to change."""
    problem = version_mismatch(Version("1.1.0"), TAGGED, STATIC, AT_TAG)

    assert (problem.found, problem.file, problem.line) == (
        "The tag v1.2.0 means version 1.2.0, but what was built is 1.1.0: pyproject.toml says version = '1.1.0'.",
        "pyproject.toml",
        3,
    )
    assert 'version = "1.2.0"' in problem.remedy


@pytest.mark.parametrize(
    ("checkout", "built", "said", "remedy"),
    [
        pytest.param(Checkout(), "0.0.0", "no git repository here", "actions/checkout", id="no checkout"),
        pytest.param(
            replace(AT_TAG, shallow=True, tag_commit=None), "0.1.dev1", "shallow", "fetch-depth: 0", id="shallow clone"
        ),
        pytest.param(
            replace(AT_TAG, shallow=True, changed=("a.py",)),
            "1.2.1.dev0",
            "changed after the checkout",
            "git diff",
            id="a shallow clone that has the tag",
        ),
        pytest.param(replace(AT_TAG, tag_commit=None), "1.1.1.dev3", "not in this checkout", "fetch-tags", id="no tag"),
        pytest.param(
            replace(AT_TAG, tag_commit="fedcba9876543"),
            "1.2.1.dev1",
            "at fedcba987, but abcdef123 is",
            "git checkout v1.2.0",
            id="tag elsewhere",
        ),
        pytest.param(
            replace(AT_TAG, changed=("a.py", "b.py")),
            "1.2.1.dev0+d20240101",
            "changed after the checkout.*: a.py, b.py",
            "git diff",
            id="changed files",
        ),
        pytest.param(
            replace(AT_TAG, head_tags=("nightly-3", "v1.2.0")),
            "3",
            "also bears nightly-3",
            "only at tags like v",
            id="another tag on the commit",
        ),
        pytest.param(AT_TAG, "0.0.0", "falls back to", "Write version", id="a fallback for no reason seen"),
        pytest.param(AT_TAG, "1.1.9", "takes it from somewhere else", "Set the version to 1.2.0", id="no reason seen"),
    ],
)
def test_git_situations_are_told_apart(checkout: Checkout, built: str, said: str, remedy: str) -> None:
    """The same wrong version gets another message by what is wrong with the checkout."""
    problem = version_mismatch(Version(built), TAGGED, FROM_GIT, checkout)

    assert problem.found.startswith(f"The tag v1.2.0 means version 1.2.0, but what was built is {Version(built)}")
    assert re.search(said, problem.found)
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("plugin", "setting"),
    [("setuptools-scm", "tag_regex"), ("hatch-vcs", "tag-pattern"), ("dunamai", "its tag pattern")],
)
def test_a_prefix_the_plugin_does_not_know_is_named(plugin: str, setting: str) -> None:
    """In a repository with several packages the version tool has to be told the prefix."""
    tagged = Tagged(tag="pkg-v1.2.0", prefix="pkg-v", version=Version("1.2.0"))
    project = read_project(f'[build-system]\nrequires = ["{plugin}"]\n')

    problem = version_mismatch(Version("0.1.dev1"), tagged, project, replace(AT_TAG, head_tags=("pkg-v1.2.0",)))

    assert "begin with 'pkg-v'" in problem.found
    assert setting in problem.remedy


def test_a_version_in_code_is_looked_for_there() -> None:
    """A backend that reads ``__version__`` is named."""
    problem = version_mismatch(Version("1.1.0"), TAGGED, FROM_CODE, AT_TAG)

    assert "flit_core.buildapi" in problem.found


@pytest.mark.parametrize(
    "version", ["0.0.0", "0", "0.0.0.dev0", "0.1.dev1", "0.1.dev15+g1a2b3c4", "0+unknown", "0.0.0.post1.dev0+abc"]
)
def test_fallback_versions_are_known(version: str) -> None:
    """What version tools write where they find no tag."""
    assert is_fallback(Version(version))


@pytest.mark.parametrize("version", ["0.1", "0.1rc1", "0.0.1", "1.0.dev1", "0.2.dev1"])
def test_real_versions_are_no_fallback(version: str) -> None:
    """A young project's versions are not taken for one."""
    assert not is_fallback(Version(version))
