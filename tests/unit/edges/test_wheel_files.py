"""The search for built files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagship.edges.output_folder import find_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("pattern", ["di[s]t", "di[s]t/a.whl", "*/*.whl", "**/a.whl"])
def test_an_existing_name_and_a_glob_find_the_file(tmp_path: Path, pattern: str) -> None:
    """A file or folder is found by its name, also if the name looks like a pattern."""
    (tmp_path / "di[s]t").mkdir()
    wheel = tmp_path / "di[s]t" / "a.whl"
    wheel.touch()
    assert find_files(tmp_path, pattern, suffix=".whl") == (wheel,)
