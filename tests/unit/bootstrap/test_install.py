from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bootstrap.install import Task, by_fetched_uv, by_own_uv, program_on_path, requirements
from support.starts import SOURCE

if TYPE_CHECKING:
    from pathlib import Path

LOCKS = sorted((SOURCE / "locks").glob("*.txt"))


def task(folder: Path, lock: Path) -> Task:
    """Return the task to install ``lock``, with nothing on PATH."""
    return Task(lock=lock, staging=folder, environ={}, source_of_uv=SOURCE / "locks" / "full.txt")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_falls_into_its_requirements_and_nothing_is_lost(lock: Path) -> None:
    """Uv can be taken out of a lock, and the rest is the rest."""
    text = lock.read_text("utf-8")
    found = requirements(text)
    assert "".join(found.values()) == text
    assert all(block.startswith(f"{name}==") for name, block in found.items())


def test_comments_before_the_first_requirement_are_no_requirement() -> None:
    """A lock may say how it was made."""
    assert requirements("# made by hand\na==1 ; x \\\n    --hash=sha256:0\nb.c==2\n") == {
        "a": "a==1 ; x \\\n    --hash=sha256:0\n",
        "b.c": "b.c==2\n",
    }


def test_small_tiers_do_not_wait_for_uv(tmp_path: Path) -> None:
    """Fetching it takes longer than pip takes for a handful of wheels."""
    assert by_fetched_uv(task(tmp_path, SOURCE / "locks" / "changelog.txt"), tmp_path / "target") is None


def test_without_uv_on_path_there_is_no_such_way(tmp_path: Path) -> None:
    """The next way is tried."""
    assert by_own_uv(task(tmp_path, SOURCE / "locks" / "changelog.txt"), tmp_path / "target") is None


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return a program called ``uv``."""
    file = tmp_path / ("uv.exe" if os.name == "nt" else "uv")
    file.touch(mode=0o755)
    return file


def test_a_program_is_found_on_path(program: Path) -> None:
    """Folders are searched in their order."""
    path = os.pathsep.join([str(program.parent / "missing"), str(program.parent)])
    assert program_on_path("uv", path) == str(program)


@pytest.mark.parametrize("path", ["", ".", os.pathsep, f".{os.sep}", f"{os.pathsep}."])
def test_a_program_in_the_current_folder_is_none(program: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout could hold one, also where PATH has relative folders."""
    monkeypatch.chdir(program.parent)
    assert program_on_path("uv", path) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bit")
def test_a_file_that_cannot_be_run_is_no_program(program: Path) -> None:
    """Neither is a folder of that name."""
    program.chmod(0o644)
    assert program_on_path("uv", str(program.parent)) is None
    program.unlink()
    program.mkdir()
    assert program_on_path("uv", str(program.parent)) is None
