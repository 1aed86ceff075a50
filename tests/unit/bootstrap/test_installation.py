from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bootstrap.install import settle

if TYPE_CHECKING:
    from pathlib import Path


def filled(folder: Path, text: str) -> Path:
    """``folder``, made with a module that holds ``text``."""
    folder.mkdir()
    (folder / "module.py").write_text(text)
    return folder


def test_the_first_to_finish_gives_its_folder_the_name(tmp_path: Path) -> None:
    """The folder appears under its name with all that is in it."""
    folder = tmp_path / "final"
    assert settle("uv", filled(tmp_path / "staging", "mine"), folder) == "uv"
    assert (folder / "module.py").read_text() == "mine"


def test_the_second_to_finish_uses_the_firsts(tmp_path: Path) -> None:
    """What others already import from is not touched."""
    folder = filled(tmp_path / "final", "theirs")
    assert settle("uv", filled(tmp_path / "staging", "mine"), folder) == "another process"
    assert (folder / "module.py").read_text() == "theirs"


def test_a_folder_that_cannot_be_renamed_is_an_error(tmp_path: Path) -> None:
    """Nothing stands under the name, and the reason is told."""
    with pytest.raises(OSError, match="staging"):
        settle("uv", tmp_path / "staging", tmp_path / "final")
