"""Everything that repeats a declaration, rendered: ``python -m tagship.render`` writes it into the repository."""

from __future__ import annotations

import json
from pathlib import Path

from tagship.actions import ACTIONS
from tagship.contract.manifest import ROOT_ACTION, manifest_path, render_manifest
from tagship.contract.tables import actions_table, inputs_table, outputs_table, render_blocks
from tagship.initialise.facts import Facts
from tagship.initialise.workflow import caller_workflow

ROOT = Path(__file__).resolve().parents[2]
_EXAMPLE = Facts(package="your-package", changelog="CHANGELOG.md", declares_pythons=False)


def rendered(root: Path) -> dict[Path, str]:
    """The text every rendered file below ``root`` should have, by path."""
    files = {root / manifest_path(action): render_manifest(action) for action in ACTIONS}
    tiers = {action.name: action.tier for action in ACTIONS}
    files[root / "src/locks/actions.json"] = json.dumps(tiers, indent=2) + "\n"
    blocks: dict[tuple[str, str | None], str] = {("actions", None): actions_table(ACTIONS, root=ROOT_ACTION)}
    blocks["workflow", None] = f"```yaml\n{caller_workflow(_EXAMPLE)}```\n"
    for action in ACTIONS:
        blocks["inputs", action.name] = inputs_table(action)
        blocks["outputs", action.name] = outputs_table(action)
    for page in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        files[page] = render_blocks(page.read_text("utf-8"), blocks)
    return files


def main() -> None:
    """Write what is not current, and say so."""
    for path, text in rendered(ROOT).items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            print(f"rendered {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
