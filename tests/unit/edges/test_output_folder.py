"""The folder for built files is emptied of distributions and of nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tagship.edges.output_folder import OutputFolder
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    """What lies in it."""
    return sorted(path.name for path in folder.iterdir())


def test_it_is_made_where_it_is_missing(tmp_path: Path) -> None:
    """With its parents."""
    OutputFolder(top=tmp_path, name="a/dist").empty()

    assert names(tmp_path / "a/dist") == []


def test_what_builds_left_is_removed(tmp_path: Path) -> None:
    """Old distributions, their attestations, and the .gitignore that uv writes."""
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


@pytest.mark.parametrize("stranger", ["README.md", "SHA256SUMS", "a-1.0.egg"])
def test_anything_else_stops_and_stays(tmp_path: Path, stranger: str) -> None:
    """Nothing is deleted then, the distributions neither."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / stranger).touch()
    (tmp_path / "dist" / "a-1.0.tar.gz").touch()

    with pytest.raises(Failure, match=f"but holds {stranger}"):
        OutputFolder(top=tmp_path, name="dist").empty()
    assert names(tmp_path / "dist") == sorted([stranger, "a-1.0.tar.gz"])


def test_the_project_itself_is_never_emptied(tmp_path: Path) -> None:
    """``out-dir: .`` is refused by what lies there."""
    for number in range(7):
        (tmp_path / f"module{number}.py").touch()

    with pytest.raises(Failure, match=r"holds module0.py, .* and 2 more"):
        OutputFolder(top=tmp_path, name=".").empty()


def test_a_file_of_that_name_is_told(tmp_path: Path) -> None:
    """It is not replaced."""
    (tmp_path / "dist").touch()

    with pytest.raises(Failure, match="but is a file"):
        OutputFolder(top=tmp_path, name="dist").empty()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_a_link_out_of_the_checkout_is_refused(tmp_path: Path) -> None:
    """What lies behind it is not ours."""
    (tmp_path / "work").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a-1.0.zip").touch()
    (tmp_path / "work/dist").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Failure, match="leads out of the checkout"):
        OutputFolder(top=tmp_path / "work", name="dist").empty()
    assert names(tmp_path / "elsewhere") == ["a-1.0.zip"]


def test_files_are_moved_in(tmp_path: Path) -> None:
    """From wherever they were built."""
    (tmp_path / "a-1.0.zip").write_text("x")
    folder = OutputFolder(top=tmp_path, name="dist")
    folder.empty()

    folder.take([tmp_path / "a-1.0.zip"])

    assert names(tmp_path / "dist") == ["a-1.0.zip"]
