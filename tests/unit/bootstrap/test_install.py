from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bootstrap.install import Task, by_own_uv, program_on_path, requirements
from support.starts import SOURCE

if TYPE_CHECKING:
    from pathlib import Path

LOCKS = sorted((SOURCE / "locks").glob("*.txt"))


def task(folder: Path, lock: Path) -> Task:
    """Return the task to install ``lock`` with an empty PATH."""
    return Task(lock=lock, staging=folder, environ={}, source_of_uv=SOURCE / "locks" / "full.txt")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_is_split_into_requirements(lock: Path) -> None:
    """The parts are the whole lock, so uv can be installed separately."""
    text = lock.read_text("utf-8")
    found = requirements(text)
    assert "".join(found.values()) == text
    assert all(block.startswith(f"{name}==") for name, block in found.items())


def test_a_leading_comment_is_skipped() -> None:
    """A lock can begin with a comment."""
    assert requirements("# made by hand\na==1 ; x \\\n    --hash=sha256:0\nb.c==2\n") == {
        "a": "a==1 ; x \\\n    --hash=sha256:0\n",
        "b.c": "b.c==2\n",
    }


def test_without_uv_on_path_the_attempt_is_skipped(tmp_path: Path) -> None:
    """The next installer is tried."""
    assert by_own_uv(task(tmp_path, SOURCE / "locks" / "changelog.txt"), tmp_path / "target") is None


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return an executable file ``uv``."""
    file = tmp_path / ("uv.exe" if os.name == "nt" else "uv")
    file.touch(mode=0o755)
    return file


def test_a_program_is_found_on_path(program: Path) -> None:
    """The folders of PATH are searched in order."""
    path = os.pathsep.join([str(program.parent / "missing"), str(program.parent)])
    assert program_on_path("uv", path) == str(program)


@pytest.mark.parametrize("path", ["", ".", os.pathsep, f".{os.sep}", f"{os.pathsep}."])
def test_a_program_in_a_relative_folder_is_ignored(program: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout could contain it."""
    monkeypatch.chdir(program.parent)
    assert program_on_path("uv", path) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_a_file_that_is_not_executable_is_ignored(program: Path) -> None:
    """So is a folder with that name."""
    program.chmod(0o644)
    assert program_on_path("uv", str(program.parent)) is None
    program.unlink()
    program.mkdir()
    assert program_on_path("uv", str(program.parent)) is None
