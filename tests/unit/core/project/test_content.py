"""Content of a checkout that was not fetched."""

from __future__ import annotations

import pytest

from tagship.core.project.content import Content, content_findings, unset_options

PACKAGES = frozenset({"hello", "hello/inner", "tests"})


@pytest.mark.parametrize(
    ("path", "level"),
    [
        pytest.param("src/words", "error", id="below src"),
        pytest.param("hello/words", "error", id="in a package"),
        pytest.param("hello/data/deep/words", "error", id="deep in a package"),
        pytest.param("hello/inner", "error", id="a package itself"),
        pytest.param("docs/theme", "warning", id="outside of packages"),
        pytest.param("tests/data", "warning", id="in the package of the tests"),
        pytest.param("hello-words", "warning", id="a name that begins like a package"),
    ],
)
def test_content_that_was_not_fetched_is_reported(path: str, level: str) -> None:
    """Content of a package is an error, since the package is published without it; other content is a warning."""
    submodule = Content(submodules=(path,), absent=frozenset([path]), packages=PACKAGES)
    lfs = Content(lfs=(path,), absent=frozenset([path]), packages=PACKAGES)

    ((found, problem),), ((other, pointer),) = content_findings(submodule), content_findings(lfs)

    assert (found, other) == (level, level)
    assert problem.found.startswith(f"Submodule not fetched: {path}. ")
    assert pointer.found.startswith(f"Git LFS file not fetched: {path}. ")
    assert "`submodules: true`" in problem.remedy
    assert "`lfs: true`" in pointer.remedy


def test_fetched_content_is_not_reported() -> None:
    """A submodule that was checked out is content like any other."""
    content = Content(submodules=("src/words",), lfs=("src/model.bin",))

    assert list(content_findings(content)) == []
    assert [option for option, _ in unset_options(content, ["lfs"])] == ["submodules"]


def test_many_paths_are_counted() -> None:
    """A message lists at most five paths."""
    paths = tuple(f"src/{number}" for number in range(7))
    ((_, problem),) = content_findings(Content(lfs=paths, absent=frozenset(paths)))

    assert "src/4 and 2 more." in problem.found
