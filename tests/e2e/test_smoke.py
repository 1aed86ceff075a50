"""The script that releases an example on github.com, with a stand-in for gh and a local repository."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for gh is a shell script")

GH = """\
#!/bin/sh
case "$1 $2" in
  "repo create") git init --quiet --bare "$HUB"; git remote add origin "$HUB"; git push --quiet origin main;;
  "repo delete") echo deleted >> "$CALLS";;
  "run list") printf '[{"status": "completed", "conclusion": "%s"}]' "$CONCLUSION";;
  "release view")
    case "$3" in *rc*) pre=true;; *) pre=false;; esac
    body=$(git show "$3:MILESTONES.md" | grep '^Released as' | head -n 1)
    printf '{"name": "%s", "isDraft": false, "isPrerelease": %s, "body": "%s", "assets": [{"name": "x.whl"},' \
      "$3" "$pre" "$body"
    printf '{"name": "x.tar.gz"}, {"name": "SHA256SUMS"}]}';;
esac
"""


def smoke(folder: Path, *flags: str, conclusion: str = "success") -> subprocess.CompletedProcess[str]:
    """Run the script with the stand-in first on PATH."""
    gh = folder / "gh"
    gh.write_text(GH)
    gh.chmod(gh.stat().st_mode | stat.S_IXUSR)
    environ = {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "HUB": str(folder / "hub.git"),
        "CALLS": str(folder / "calls"),
        "CONCLUSION": conclusion,
    }
    command = [sys.executable, str(ROOT / "examples/smoke/smoke.py"), "--owner", "octo", *flags]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_each_form_is_released_and_compared(tmp_path: Path) -> None:
    """The script pushes a workflow and a tag for each form, and compares the release with the expected one."""
    done = smoke(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if "(v0." in line] == ["passed"] * 3
    tags = subprocess.run(
        ["git", "-C", str(tmp_path / "hub.git"), "tag"], capture_output=True, text=True, check=True
    ).stdout
    assert tags.split() == ["v0.2.0", "v0.2.1", "v0.3.0-rc1"]
    shown = ["git", "-C", str(tmp_path / "hub.git"), "show", "v0.2.1:.github/workflows/release.yml"]
    workflow = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    assert "octo/tagship/.github/workflows/python-attest.yml@main" in workflow
    assert (tmp_path / "calls").read_text() == "deleted\n"


def test_a_failed_run_is_a_problem(tmp_path: Path) -> None:
    """A run that fails is reported with the command that shows it, and the repository can be kept."""
    done = smoke(tmp_path, "--keep", conclusion="failure")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Read it: gh run list --repo octo/tagship-smoke --branch v0.2.0" in done.stdout
    assert not (tmp_path / "calls").exists()
