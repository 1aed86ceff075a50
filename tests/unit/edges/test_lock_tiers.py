"""Libraries that an action installs at the first use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import packaging
import pytest

from tagship.edges.runtime import require_library

SOURCE = Path(__file__).parents[3] / "src"
_PROGRAM = """
import json, os, sys
source, checkout, libraries = sys.argv[1:]
sys.path[:] = [source, libraries, *(path for path in sys.path if "packages" not in path)]
os.chdir(checkout)
from tagship.core.runner import index_login, without_credentials
from tagship.edges.runtime import require_library
from tagship.edges.processes import Processes
from tagship.edges.runtime import Runtime
runtime = Runtime(
    runner=None, context=None, processes=Processes(environ=without_credentials(os.environ)), workspace=checkout,
    temporary=checkout, index_login=index_login(os.environ),
)
before = [name for name in sys.modules if name.startswith("bootstrap")]
for _ in range(2):
    require_library("docutils", "restructuredtext", runtime.installer_environ)
import docutils
print(json.dumps([before, docutils.__file__]))
"""
_UV = """#!/bin/sh
env > "{seen}"
echo "Failed to fetch https://me:hidden@index.example/simple/" >&2
exit 3
"""


@pytest.mark.skipif(os.name == "nt", reason="the fake uv is a shell script")
def test_a_library_is_installed_from_its_lock_at_the_first_use(tmp_path: Path) -> None:
    """It comes from the folder for installations, not from the checkout; this needs the package index.

    The installer gets the login of an index and no token, and the password in a URL is not printed.
    """
    temporary, checkout, seen = tmp_path / "temporary", tmp_path / "checkout", tmp_path / "seen"
    temporary.mkdir()
    (checkout / "docutils").mkdir(parents=True)
    (checkout / "docutils" / "__init__.py").write_text("raise SystemExit('from the checkout')\n")
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    (libraries / "packaging").symlink_to(Path(packaging.__file__).parent)
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(_UV.format(seen=seen))
    uv.chmod(0o755)
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _PROGRAM, *map(str, (SOURCE, checkout, libraries))]
    environ = {
        "PATH": f"{uv.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "RUNNER_TEMP": str(temporary),
        "UV_INDEX_CORP_PASSWORD": "passed-on",
        "UV_EXTRA_INDEX_URL": "https://me:hidden@index.example/simple/",
        "GITHUB_TOKEN": "not-passed-on",
    }
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    before, found = json.loads(done.stdout)
    assert before == []
    assert Path(found).is_relative_to(temporary.resolve())
    assert done.stderr.count("restructuredtext dependencies installed") == 1
    assert "https://****@index.example/simple/" in done.stderr
    assert "hidden" not in done.stderr
    assert "UV_INDEX_CORP_PASSWORD=passed-on" in seen.read_text()
    assert "https://me:hidden@index.example/simple/" in seen.read_text()
    assert "not-passed-on" not in seen.read_text()


def test_an_installed_library_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is installed if the library can be imported already."""
    monkeypatch.setitem(sys.modules, "bootstrap.start", None)
    require_library("docutils", "restructuredtext", {})
