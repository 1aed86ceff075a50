"""Many files of one release: one of each name, and equal metadata."""

from __future__ import annotations

import pytest

from support.archives import sdist, wheel
from tagship.core.distributions.agreement import metadata_differences, same_names


def test_two_files_of_one_name_with_other_contents_are_a_problem() -> None:
    """Only one of them can be published; the message has the path of each."""
    found = {
        "a.whl": [("linux/a.whl", "1" * 64), ("macos/a.whl", "2" * 64)],
        "b.whl": [("linux/b.whl", "3" * 64), ("macos/b.whl", "3" * 64)],
    }

    (problem,) = same_names(found)

    assert problem.found == (
        "a.whl exists 2 times with different contents: linux/a.whl (111111111111), macos/a.whl (222222222222)."
    )


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        pytest.param("Requires-Dist: a>=1\n", "Requires-Dist: a >= 1\n", "", id="two spellings of a requirement"),
        pytest.param("Requires-Dist: a\n", "", "Requires-Dist differs: a in", id="a requirement in one"),
        pytest.param("Requires-Python: >=3.9\n", "Requires-Python: >=3.10\n", "Requires-Python differs", id="Pythons"),
        pytest.param("Dynamic: Requires-Dist\n", "Requires-Dist: a\n", "", id="a dynamic field"),
        pytest.param("Summary: a\n", "Summary: b\n", "", id="a field that no resolver reads"),
    ],
)
def test_other_metadata_is_a_warning(first: str, second: str, said: str) -> None:
    """A resolver reads the metadata of one file and assumes the same of the others."""
    found = list(metadata_differences([sdist(metadata=first), wheel(metadata=second)]))

    assert [level for level, _ in found] == (["warning"] if said else [])
    assert said in "".join(problem.found for _, problem in found)
