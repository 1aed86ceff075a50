"""Libraries that an action installs at the first use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.edges.lock_tiers import require_library

if TYPE_CHECKING:
    import pytest

SOURCE = Path(__file__).parents[3] / "src"
_PROGRAM = """
import json, os, sys
source, checkout = sys.argv[1:]
sys.path[:] = [source, *(path for path in sys.path if "packages" not in path)]
os.chdir(checkout)
from tagship.edges.lock_tiers import require_library
before = [name for name in sys.modules if name.startswith("bootstrap")]
for _ in range(2):
    require_library("docutils", "restructuredtext", os.environ)
import docutils
print(json.dumps([before, docutils.__file__, len(sys.path)]))
"""


def test_a_library_is_installed_from_its_lock_at_the_first_use(tmp_path: Path) -> None:
    """It comes from the folder for installations, not from the checkout; this needs the package index."""
    temporary, checkout = tmp_path / "temporary", tmp_path / "checkout"
    temporary.mkdir()
    (checkout / "docutils").mkdir(parents=True)
    (checkout / "docutils" / "__init__.py").write_text("raise SystemExit('from the checkout')\n")
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _PROGRAM, str(SOURCE), str(checkout)]
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "RUNNER_TEMP": str(temporary)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    before, found, _ = json.loads(done.stdout)
    assert before == []
    assert Path(found).is_relative_to(temporary.resolve())
    assert done.stderr.count("restructuredtext dependencies installed") == 1


def test_an_installed_library_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is installed if the library can be imported already."""
    monkeypatch.setitem(sys.modules, "bootstrap.start", None)
    require_library("docutils", "restructuredtext", {})
