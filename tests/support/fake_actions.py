"""Fake actions, one bash script each, for tests of the code that runs actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
echo "wheel=dist/hello-1.0.0-py3-none-any.whl" >> "$GITHUB_OUTPUT"
"""
NOTES = """
printf '### Added\\n' > "$RUNNER_TEMP/notes.md"
printf 'generate-notes=false\nnotes-file=%s\n' "$RUNNER_TEMP/notes.md" >> "$GITHUB_OUTPUT"
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
    """Write a manifest and a script for each action to ``root``; ``scripts`` replaces default scripts by name."""
    (root / "src").mkdir(parents=True)
    for name, script in (SCRIPTS | dict(scripts or {})).items():
        folder = root / "actions" / name
        folder.mkdir(parents=True)
        (folder / "action.yml").write_text(MANIFEST.format(title=name), "utf-8")
        (folder / "run.sh").write_text(script, "utf-8")
    return root
