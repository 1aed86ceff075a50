"""A folder of actions that are a line of bash each, for what runs actions and minds nothing of their insides."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tagship.rehearsal.children import Children
from tagship.rehearsal.options import Folders
from tagship.rehearsal.pythons import COMPLETE, Environments, running_interpreter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = """# Rendered from src/tagship/actions by `make render`.
name: "{title}"
description: "Nothing."
inputs:
  tag:
    description: "The tag."
    required: false
    default: "${{{{ github.ref_name }}}}"
  token:
    description: "The token."
    required: false
    default: "${{{{ github.token }}}}"
  word:
    description: "A word."
    required: true
outputs:
  said:
    description: "What was said."
    value: ${{{{ steps.run.outputs.said }}}}
runs:
  using: composite
  steps:
    - id: run
      name: Do nothing
      shell: bash
      run: bash "$GITHUB_ACTION_PATH/run.sh"
      env:
        INPUTS: ${{{{ toJSON(inputs) }}}}
"""

BUILD = """
mkdir -p dist
echo wheel > dist/hello-1.0.0-py3-none-any.whl
echo sdist > dist/hello-1.0.0.tar.gz
printf 'name=hello\\nversion=1.0.0\\ndist-dir=dist\\n' >> "$GITHUB_OUTPUT"
"""
NOTES = """
printf '### Added\\n' > "$RUNNER_TEMP/notes.md"
echo "notes-file=$RUNNER_TEMP/notes.md" >> "$GITHUB_OUTPUT"
"""
SCRIPTS = {
    "preflight": "true",
    "quality-gate": "python --version",
    "build-dist": BUILD,
    "verify-wheel": "true",
    "extract-changelog": NOTES,
    "gh-release": "true",
}


def fake_actions(root: Path, scripts: Mapping[str, str] | None = None) -> Path:
    """``root`` with a manifest and a script for each action; ``scripts`` replaces the ones above by name."""
    (root / "src").mkdir(parents=True)
    for name, script in (SCRIPTS | dict(scripts or {})).items():
        folder = root / "actions" / name
        folder.mkdir(parents=True)
        (folder / "action.yml").write_text(MANIFEST.format(title=name), "utf-8")
        (folder / "run.sh").write_text(script, "utf-8")
    return root


def stock_python(output: Path) -> Path:
    """Return the output folder of a rehearsal that has a Python for steps already, which takes seconds to make."""
    folders = Folders(output=output)
    folders.clear()
    environments = Environments(kept=folders.runner, environ={}, children=Children())
    original = environments.original(running_interpreter())
    (original / "bin").mkdir(parents=True)
    for name in ("python", "python3", "pip"):
        (original / "bin" / name).symlink_to(sys.executable)
    for name in ("pyvenv.cfg", COMPLETE):
        (original / name).touch()
    return output
