"""Children, and their end."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tagship.rehearsal.children import Children, Stopped

if TYPE_CHECKING:
    from pathlib import Path

ENVIRON = {"PATH": os.environ["PATH"]}


def test_reads_line_by_line(tmp_path: Path) -> None:
    """Both streams come as lines without their ends, and the status comes back."""
    lines: list[str] = []
    script = "import sys; print('one', flush=True); print('two', file=sys.stderr); sys.exit(4)"
    status = Children().run([sys.executable, "-c", script], cwd=tmp_path, environ=ENVIRON, on_line=lines.append)
    assert (status, lines) == (4, ["one", "two"])


def test_stopping_ends_a_child_with_all_it_started(tmp_path: Path) -> None:
    """Nothing goes on after stop, and nothing starts."""
    children = Children()
    script = f"(sleep 1; touch {tmp_path}/late) & echo started; sleep 30"

    def stop(_: str) -> None:
        threading.Thread(target=children.stop).start()

    began = time.monotonic()
    with pytest.raises(Stopped):
        children.run(["bash", "-c", script], cwd=tmp_path, environ=ENVIRON, on_line=stop)
    assert time.monotonic() - began < 10
    with pytest.raises(Stopped):
        children.run(["true"], cwd=tmp_path, environ=ENVIRON, on_line=stop)
    time.sleep(1.2)
    assert not (tmp_path / "late").exists()


def test_leaves_nothing_behind_that_a_child_started(tmp_path: Path) -> None:
    """What a child leaves in the background ends with it."""
    script = f"(sleep 1; touch {tmp_path}/late) > /dev/null 2>&1 & exit 0"
    Children().run(["bash", "-c", script], cwd=tmp_path, environ=ENVIRON, on_line=lambda _: None)
    time.sleep(1.2)
    assert not (tmp_path / "late").exists()
