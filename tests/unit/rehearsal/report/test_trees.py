"""The contents of distributions as trees."""

from __future__ import annotations

import io
import tarfile
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from support.rehearsals import a_result
from tagship.rehearsal.report import render_report
from tagship.rehearsal.report.content import SHOWN, Row, rows_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_precedes_its_contents() -> None:
    """The rows form a tree, and a folder has the total size of its files."""
    rows = rows_of({"b.py": 1, "a/c/d.py": 2, "a/b.py": 3})
    assert rows == (
        Row(name="a", depth=0, size=5, folder=True),
        Row(name="b.py", depth=1, size=3, folder=False),
        Row(name="c", depth=1, size=2, folder=True),
        Row(name="d.py", depth=2, size=2, folder=False),
        Row(name="b.py", depth=0, size=1, folder=False),
    )


def test_shows_wheel_and_sdist(tmp_path: Path) -> None:
    """The wheel is first, names are escaped, and the top folder of the sdist is dropped."""
    wheel, sdist = tmp_path / "h-1-py3-none-any.whl", tmp_path / "h-1.tar.gz"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("h/<b>.py", "x" * 2048)
    with tarfile.open(sdist, "w:gz") as tar:
        member = tarfile.TarInfo("h-1/PKG-INFO")
        member.size = 3
        tar.addfile(member, io.BytesIO(b"abc"))
    shown = render_report(replace(a_result(), dist=(sdist, wheel)))
    assert "&lt;b&gt;.py" in shown
    assert "2.0 KiB" in shown
    assert "PKG-INFO" in shown
    assert "h-1/" not in shown
    assert shown.index("Wheel") < shown.index("Source distribution")


def test_collapses_long_trees(tmp_path: Path) -> None:
    """The rows after the first ones of a long tree are collapsed."""
    wheel = tmp_path / "h-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for number in range(SHOWN + 9):
            archive.writestr(f"h{number:03}.py", "")
    shown = render_report(replace(a_result(), dist=(wheel,)))
    assert "<summary>9 more</summary>" in shown
    assert f"{SHOWN + 9} files" in shown


def test_is_omitted_without_distributions() -> None:
    """Without built files the section is omitted."""
    assert "Contents" not in render_report(replace(a_result(), dist=()))
