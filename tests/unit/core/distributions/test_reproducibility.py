"""Differences between two builds, by member and kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.archives import archive, member
from tagship.core.distributions.reproducibility import build_differences, other_build

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Member

WHEEL, SDIST = "hello-1.0-py3-none-any.whl", "hello-1.0.tar.gz"


def reported(first: list[Member], second: list[Member], filename: str = WHEEL) -> str:
    """Return the problem of two archives with these members."""
    problem = build_differences(archive(filename, {}, first), archive(filename, {"x": "y"}, second))
    assert problem is not None
    return str(problem)


def test_equal_builds_are_reproducible() -> None:
    """The same bytes with the same name are reproducible."""
    one = archive(WHEEL, {}, [member("a.py")])

    assert build_differences(one, one) is None


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        pytest.param([member("a", "1")], [member("a", "2")], "a: the contents differ", id="contents"),
        pytest.param([member("a", time=1)], [member("a", time=9)], "a: the time of the file differs", id="one time"),
        pytest.param(
            [member("a", time=1), member("b", time=1)],
            [member("a", time=9), member("b", time=9)],
            "the times of 2 files differ, for example of a",
            id="all times",
        ),
        pytest.param(
            [member("a", mode=0o644)], [member("a", mode=0o755)], "a: the permissions differ", id="permissions"
        ),
        pytest.param([member("a"), member("b")], [member("a")], "b: only in the first build", id="a missing member"),
        pytest.param(
            [member("a")], [member("a"), member("b")], "b: only in the second build", id="an additional member"
        ),
        pytest.param(
            [member("a")], [member("a")], "their order, the compression or the archive header", id="equal members"
        ),
    ],
)
def test_differences_are_named(first: list[Member], second: list[Member], said: str) -> None:
    """The message names the members and the kind of difference."""
    assert said in reported(first, second)


def test_the_lines_of_metadata_that_differ_are_shown() -> None:
    """A new version of the backend is the usual cause, and its line says so."""
    path, other = "hello-1.0.dist-info/WHEEL", "hello-1.0.dist-info/RECORD"
    first, second = (
        archive(
            WHEEL,
            {path: f"Wheel-Version: 1.0\nGenerator: {name}\n", other: name},
            [member(path, name), member(other, name)],
        )
        for name in ("a 1", "a 2")
    )

    problem = build_differences(first, second)

    assert problem is not None
    assert (
        f"{path}: the contents differ\n    - Generator: a 1\n    + Generator: a 2\n  {other}: the contents differ\n"
        in str(problem)
    )


def test_the_remedy_depends_on_the_kind_of_difference() -> None:
    """If only times differ, the backend ignores SOURCE_DATE_EPOCH."""
    assert "as setuptools" in reported([member("a", time=1)], [member("a", time=9)], SDIST)
    assert "Upgrade it" in reported([member("a", time=1)], [member("a", time=9)], WHEEL)
    assert "from the source alone" in reported([member("a", "1")], [member("a", "2")], SDIST)


def test_many_differences_are_counted() -> None:
    """A message lists only the first differences."""
    for count, end in ((8, "f7: the contents differ"), (9, "and 1 more"), (20, "and 12 more")):
        first, second = ([member(f"f{n}", text) for n in range(count)] for text in "12")
        assert f"\n  {end}\n" in reported(first, second)


def test_a_published_file_with_equal_contents_is_accepted() -> None:
    """Times and the archive header do not matter to users."""
    built, published = archive(SDIST, {}, [member("a", time=1)]), archive(SDIST, {"x": "y"}, [member("a", time=9)])

    assert other_build(built, published, "https://pypi.org/simple/") is None


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        pytest.param([member("a", "1", time=1)], [member("a", "2", time=9)], "a: the contents differ", id="contents"),
        pytest.param(
            [member("a", mode=0o644)], [member("a", mode=0o755)], "a: the permissions differ", id="permissions"
        ),
        pytest.param([member("a"), member("b")], [member("a")], "b: only in this build", id="an additional member"),
        pytest.param(
            [member("a")], [member("a"), member("b")], "b: only in the file on the index", id="a missing member"
        ),
    ],
)
def test_a_published_file_with_other_contents_is_refused(first: list[Member], second: list[Member], said: str) -> None:
    """The message lists differing contents, but no times."""
    problem = other_build(archive(SDIST, {}, first), archive(SDIST, {}, second), "https://pypi.org/simple/")

    assert problem is not None
    assert problem.found.startswith(f"File already exists: https://pypi.org/simple/ has another build of {SDIST}:\n  ")
    assert said in problem.found
    assert "time" not in problem.found
