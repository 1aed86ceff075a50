"""An action's ``action.yml``, rendered from its declaration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagship.contract.fields import inputs_of, outputs_of
from tagship.core.runner import SOURCE_VARIABLES

if TYPE_CHECKING:
    from tagship.contract.fields import Action

ROOT_ACTION = "release"
"""The action whose manifest is at the root of the repository."""


def manifest_path(action: Action) -> str:
    """Return the path of the manifest, relative to the root of the repository."""
    return "action.yml" if action.name == ROOT_ACTION else f"actions/{action.name}/action.yml"


def render_manifest(action: Action) -> str:
    """Return the whole text of the manifest. Scalars are JSON strings, which are also valid YAML."""
    source = "src" if action.name == ROOT_ACTION else "../../src"
    head = [
        "# Rendered from src/tagship/actions by `make render`.",
        f"name: {_quoted(action.title)}",
        f"description: {_quoted(action.summary)}",
        "author: The tagship developers",
        "branding:",
        f"  icon: {action.icon}",
        f"  color: {action.color}",
        "inputs:",
    ]
    for item in inputs_of(action.inputs):
        head += [
            f"  {item.name}:",
            f"    description: {_quoted(item.description)}",
            f"    required: {json.dumps(item.default is None)}",
        ]
        if item.default is not None:
            head.append(f"    default: {_quoted(item.default)}")
    head.append("outputs:")
    for output in outputs_of(action.outputs):
        head += [
            f"  {output.name}:",
            f"    description: {_quoted(output.description)}",
            f"    value: ${{{{ steps.run.outputs.{output.name} }}}}",
        ]
    head += [
        "runs:",
        "  using: composite",
        "  steps:",
        "    - id: run",
        f"      name: {action.step}",
        "      shell: bash",
        "      run: |",
        f"        command -v python3 > /dev/null || {{ echo '{_NO_PYTHON}'; exit 1; }}",
        # `exec` replaces the shell, which would not forward the runner's cancel signal and would keep the inputs in an
        # environment that children can read.
        f'        exec python3 -I -S -X utf8 "$GITHUB_ACTION_PATH/{source}" {action.name}',
        "      env:",
        "        INPUTS: ${{ toJSON(inputs) }}",
        *(f"        {name}: ${{{{ {expression} }}}}" for name, expression in SOURCE_VARIABLES.items()),
    ]
    return "\n".join(head) + "\n"


_NO_PYTHON = (
    "::error title=Python not found::python3 is not on PATH. Add a step before this one: "
    '"uses: actions/setup-python" with "python-version: 3.12" (docs/troubleshooting.md#python-not-found).'
)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
