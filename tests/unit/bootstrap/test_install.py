from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bootstrap.install import Task, by_own_uv, requirements
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
