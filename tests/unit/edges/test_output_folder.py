"""Only distributions are removed from the folder for built files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tagship.edges.output_folder import OutputFolder
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    """Return the names of the files in the folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_missing_folder_is_created(tmp_path: Path) -> None:
    """Missing parents are created too."""
    OutputFolder(top=tmp_path, name="a/dist").empty()

    assert names(tmp_path / "a/dist") == []


def test_files_of_earlier_builds_are_removed(tmp_path: Path) -> None:
    """Distributions, attestations, and the .gitignore of uv are removed."""
    (tmp_path / "dist").mkdir()
    for name in (
        "a-1.0.tar.gz",
        "a-1.0-py3-none-any.whl",
        "a-1.0.zip",
        ".gitignore",
        "a-1.0.tar.gz.publish.attestation",
    ):
        (tmp_path / "dist" / name).touch()

    OutputFolder(top=tmp_path, name="dist").empty()

    assert names(tmp_path / "dist") == []


@pytest.mark.parametrize("other", ["README.md", "SHA256SUMS", "a-1.0.egg"])
def test_any_other_file_is_kept(tmp_path: Path, other: str) -> None:
    """With any other file in the folder nothing is removed."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / other).touch()
    (tmp_path / "dist" / "a-1.0.tar.gz").touch()

    with pytest.raises(Failure, match=f"but it contains {other}"):
        OutputFolder(top=tmp_path, name="dist").empty()
    assert names(tmp_path / "dist") == sorted([other, "a-1.0.tar.gz"])


def test_the_project_itself_is_never_emptied(tmp_path: Path) -> None:
    """``out-dir: .`` is refused because of the project files."""
    for number in range(7):
        (tmp_path / f"module{number}.py").touch()

    with pytest.raises(Failure, match=r"contains module0.py, .* and 2 more"):
        OutputFolder(top=tmp_path, name=".").empty()


def test_a_file_with_that_name_is_refused(tmp_path: Path) -> None:
    """The file is not replaced."""
    (tmp_path / "dist").touch()

    with pytest.raises(Failure, match="but it is a file"):
        OutputFolder(top=tmp_path, name="dist").empty()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_a_link_out_of_the_checkout_is_refused(tmp_path: Path) -> None:
    """Files outside the checkout are not removed."""
    (tmp_path / "work").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a-1.0.zip").touch()
    (tmp_path / "work/dist").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Failure, match="outside the checkout"):
        OutputFolder(top=tmp_path / "work", name="dist").empty()
    assert names(tmp_path / "elsewhere") == ["a-1.0.zip"]


def test_files_are_moved_in(tmp_path: Path) -> None:
    """Built files are moved into the folder."""
    (tmp_path / "a-1.0.zip").write_text("x")
    folder = OutputFolder(top=tmp_path, name="dist")
    folder.empty()

    folder.take([tmp_path / "a-1.0.zip"])

    assert names(tmp_path / "dist") == ["a-1.0.zip"]
