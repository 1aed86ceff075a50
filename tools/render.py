"""Rendering of every text that repeats a declaration: ``python -m tools.render`` writes them."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import yaml

from tagship.actions import NAMES, load
from tagship.contract.fields import inputs_of
from tagship.core.index_rules.release import RULES
from tagship.edges.installation import ROOT
from tagship.initialise.workflow import caller_workflow
from tools.examples import EXAMPLES
from tools.manifest import ROOT_ACTION, manifest_path, render_manifest
from tools.tables import (
    actions_table,
    inputs_table,
    outputs_table,
    packages_table,
    render_blocks,
    rules_table,
    workflow_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACTIONS = tuple(map(load, NAMES))


def rendered(root: Path) -> dict[Path, str]:
    """Return the expected text of every rendered file below ``root``, by path."""
    files = {root / manifest_path(action): render_manifest(action) for action in ACTIONS}
    files[root / "src/tagship/contract/inputs.json"] = json.dumps(_input_names(root), indent=2) + "\n"
    tiers = {action.name: action.tier for action in ACTIONS}
    files[root / "src/locks/actions.json"] = json.dumps(tiers, indent=2) + "\n"
    blocks: dict[tuple[str, str | None], str] = {("actions", None): actions_table(ACTIONS, root=ROOT_ACTION)}
    topics = json.loads((root / "src/tagship/contract/topics.json").read_text("utf-8"))
    for action in ACTIONS:
        blocks["inputs", action.name] = inputs_table(action, topics)
        blocks["outputs", action.name] = outputs_table(action)
    blocks["rules", None] = rules_table(RULES)
    for name, facts in EXAMPLES.items():
        blocks["workflow", name] = f"```yaml\n{caller_workflow(facts)}```\n"
    blocks["packages", None] = packages_table(_docstrings(root))
    blocks.update(_workflow_tables(root / ".github" / "workflows"))
    for page in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
        files[page] = render_blocks(page.read_text("utf-8"), blocks)
    return files


def _docstrings(root: Path) -> dict[str, str]:
    """Return the docstring of every package below ``src``, by its folder."""
    modules = sorted((root / "src").rglob("__init__.py"))
    return {
        path.parent.relative_to(root).as_posix(): ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        for path in modules
    }


def _input_names(root: Path) -> dict[str, list[str]]:
    """Return the names of the inputs of each action and reusable workflow, by its path in the repository."""
    names = {
        manifest_path(action).rpartition("/")[0]: [item.name for item in inputs_of(action.inputs)] for action in ACTIONS
    }
    for path in sorted((root / ".github" / "workflows").glob("*.yml")):
        call = yaml.safe_load(path.read_text("utf-8"))[True].get("workflow_call")
        if call:
            names[path.relative_to(root).as_posix()] = list(call["inputs"])
    return names


def _workflow_tables(folder: Path) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the tables of the reusable workflows in ``folder``, by kind of table and name of workflow."""
    for path in sorted(folder.glob("*.yml")):
        # YAML 1.1 reads the key `on` as true.
        call = yaml.safe_load(path.read_text("utf-8"))[True].get("workflow_call")
        for kind, key in (("takes", "inputs"), ("gives", "outputs"), ("secrets", "secrets")):
            if call and key in call:
                yield (kind, path.stem), workflow_table(call[key])


def main() -> None:
    """Write the files that are not up to date, and print their names."""
    for path, text in rendered(ROOT).items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            print(f"rendered {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
