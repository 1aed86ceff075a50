from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bootstrap.install import settle

if TYPE_CHECKING:
    from pathlib import Path


def filled(folder: Path, text: str) -> Path:
    """Create ``folder`` with a module that contains ``text``."""
    folder.mkdir()
    (folder / "module.py").write_text(text)
    return folder


def test_the_first_process_renames_its_folder(tmp_path: Path) -> None:
    """The final folder appears with all its files."""
    folder = tmp_path / "final"
    assert settle("uv", filled(tmp_path / "staging", "mine"), folder) == "uv"
    assert (folder / "module.py").read_text() == "mine"


def test_the_second_process_uses_the_existing_folder(tmp_path: Path) -> None:
    """The existing folder is not changed, because other processes import from it."""
    folder = filled(tmp_path / "final", "theirs")
    assert settle("uv", filled(tmp_path / "staging", "mine"), folder) == "another process"
    assert (folder / "module.py").read_text() == "theirs"


def test_a_folder_that_cannot_be_renamed_is_an_error(tmp_path: Path) -> None:
    """The final folder does not exist, and the error has the reason."""
    with pytest.raises(OSError, match="staging"):
        settle("uv", tmp_path / "staging", tmp_path / "final")
