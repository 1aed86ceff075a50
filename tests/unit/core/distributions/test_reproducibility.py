"""What differs between two builds is named, member by member and in kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.archives import archive, member
from tagship.core.distributions.reproducibility import build_differences, other_build

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Member

WHEEL, SDIST = "hello-1.0-py3-none-any.whl", "hello-1.0.tar.gz"


def told(first: list[Member], second: list[Member], filename: str = WHEEL) -> str:
    """What is said of two archives with these members."""
    problem = build_differences(archive(filename, {}, first), archive(filename, {"x": "y"}, second))
    assert problem is not None
    return str(problem)


def test_equal_builds_are_no_problem() -> None:
    """The same bytes under the same name."""
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
            "the times of 2 files differ, a among them",
            id="all times",
        ),
        pytest.param(
            [member("a", mode=0o644)], [member("a", mode=0o755)], "a: the permissions differ", id="permissions"
        ),
        pytest.param([member("a"), member("b")], [member("a")], "b: only in the first build", id="one went"),
        pytest.param([member("a")], [member("a"), member("b")], "b: only in the second build", id="one came"),
        pytest.param([member("a")], [member("a")], "their order, the compression or the head", id="none"),
    ],
)
def test_differences_are_named(first: list[Member], second: list[Member], said: str) -> None:
    """The reader sees where to look."""
    assert said in told(first, second)


def test_times_alone_are_the_backends_doing() -> None:
    """An sdist in which only times differ comes from a backend that ignores SOURCE_DATE_EPOCH."""
    assert "as setuptools" in told([member("a", time=1)], [member("a", time=9)], SDIST)
    assert "update it" in told([member("a", time=1)], [member("a", time=9)], WHEEL)
    assert "from the source alone" in told([member("a", "1")], [member("a", "2")], SDIST)


def test_many_differences_are_counted() -> None:
    """A message is no listing."""
    assert "and 12 more" in told([member(f"f{n}", "1") for n in range(20)], [member(f"f{n}", "2") for n in range(20)])


def test_a_published_build_that_holds_the_same_can_stand_for_the_built_one() -> None:
    """Times and the head of the archive are no difference to whoever installs it."""
    built, published = archive(SDIST, {}, [member("a", time=1)]), archive(SDIST, {"x": "y"}, [member("a", time=9)])

    assert other_build(built, published, "https://pypi.org/simple/") is None


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        pytest.param([member("a", "1", time=1)], [member("a", "2", time=9)], "a: the contents differ", id="contents"),
        pytest.param(
            [member("a", mode=0o644)], [member("a", mode=0o755)], "a: the permissions differ", id="permissions"
        ),
        pytest.param([member("a"), member("b")], [member("a")], "b: only in what was built here", id="one came"),
        pytest.param([member("a")], [member("a"), member("b")], "b: only in what the index has", id="one went"),
    ],
)
def test_a_published_build_that_holds_something_else_is_named(
    first: list[Member], second: list[Member], said: str
) -> None:
    """With the files that differ, and none of the times that differ anyway."""
    problem = other_build(archive(SDIST, {}, first), archive(SDIST, {}, second), "https://pypi.org/simple/")

    assert problem is not None
    assert problem.found.startswith(f"https://pypi.org/simple/ has a {SDIST} of another build already:\n  ")
    assert said in problem.found
    assert "time" not in problem.found
