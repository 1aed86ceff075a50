"""Every rendered file is current, valid and equal in meaning to its declaration."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from support.tools import tool
from tagship.actions import NAMES
from tagship.contract.fields import inputs_of, outputs_of
from tools.manifest import manifest_path
from tools.render import ACTIONS, rendered

if TYPE_CHECKING:
    from tagship.contract import Action

ROOT = Path(__file__).parents[2]
MANIFESTS = [ROOT / manifest_path(action) for action in ACTIONS]
each_action = pytest.mark.parametrize("action", ACTIONS, ids=[action.name for action in ACTIONS])


def test_rendered_files_are_current() -> None:
    """Rendering again changes no file; otherwise run ``make render``."""
    stale = [str(path) for path, text in rendered(ROOT).items() if not path.exists() or path.read_text("utf-8") != text]
    assert stale == []


def test_every_action_has_one_manifest() -> None:
    """The folders of actions/ equal the names of the actions."""
    folders = sorted(path.name for path in (ROOT / "actions").iterdir())
    assert folders == sorted(set(NAMES) - {"release"})


def test_manifests_are_valid_by_the_vendors_schema() -> None:
    """GitHub's published schema for actions accepts every manifest."""
    done = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", *map(str, MANIFESTS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n"), done.stderr


@each_action
def test_a_manifest_equals_its_declaration(action: Action) -> None:
    """Parsed as YAML, a manifest has the declared inputs and outputs and exactly one step."""
    manifest = yaml.safe_load((ROOT / manifest_path(action)).read_text("utf-8"))
    assert manifest["inputs"] == {
        item.name: {"description": item.description, "required": item.default is None}
        | ({} if item.default is None else {"default": item.default})
        for item in inputs_of(action.inputs)
    }
    assert manifest["outputs"] == {
        item.name: {"description": item.description, "value": f"${{{{ steps.run.outputs.{item.name} }}}}"}
        for item in outputs_of(action.outputs)
    }
    (step,) = manifest["runs"]["steps"]
    source = "src" if action.name == "release" else "../../src"
    check, start = step["run"].splitlines()
    assert start == f'exec python3 -I -S -X utf8 "$GITHUB_ACTION_PATH/{source}" {action.name}'
    assert check.startswith("command -v python3 > /dev/null || { echo '::error title=Python not found::")
    assert step["env"] == {
        "INPUTS": "${{ toJSON(inputs) }}",
        "TAGSHIP_REPOSITORY": "${{ github.action_repository }}",
        "TAGSHIP_REF": "${{ github.action_ref }}",
    }


@each_action
def test_no_expression_is_in_a_name_or_description(action: Action) -> None:
    """A runner refuses the whole manifest for an expression in a name or a description, even in backticks."""
    manifest = yaml.safe_load((ROOT / manifest_path(action)).read_text("utf-8"))
    rows = [manifest, *manifest["inputs"].values(), *manifest["outputs"].values()]
    shown = [row[key] for row in rows for key in ("name", "description") if key in row]
    assert [text for text in shown if "${{" in text] == []


@each_action
def test_the_bootstrap_has_the_tier(action: Action) -> None:
    """The file for the bootstrap has the declared tier of each action, and its lock exists."""
    tiers = json.loads((ROOT / "src/locks/actions.json").read_text("utf-8"))
    assert tiers[action.name] == action.tier
    assert (ROOT / f"src/locks/{action.tier}.txt").exists()


@each_action
def test_every_action_has_its_page(action: Action) -> None:
    """Each action has a page with both of its tables."""
    page = (ROOT / f"docs/actions/{action.name}.md").read_text("utf-8")
    missing = [kind for kind in ("inputs", "outputs") if f"<!-- render: {kind} {action.name} -->" not in page]
    assert missing == []


@pytest.mark.skipif(os.name == "nt", reason="the folder of bash has python3 on Windows")
def test_a_runner_without_python_gets_an_annotation(tmp_path: Path) -> None:
    """The shell says it, because nothing of ours can start."""
    run = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"][0]["run"]
    command = [shutil.which("bash") or "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run]
    done = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("::error title=Python not found::python3 is not on PATH. Add a step")
