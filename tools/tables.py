"""Tables of inputs, outputs and actions, rendered between markers in the docs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tagship.contract.fields import inputs_of, outputs_of
from tagship.errors import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tagship.contract import Action
    from tagship.core.index_rules.rule import Rule

_BLOCK = re.compile(r"(<!-- render: (?P<kind>[a-z]+)(?: (?P<name>[a-z-]+))? -->\n).*?(<!-- /render -->)", re.DOTALL)


def inputs_table(action: Action, topics: Mapping[str, Sequence[str]]) -> str:
    """Return a table for each topic of inputs: name with an anchor, description, example, type and default.

    ``topics`` are the names of inputs by topic. Raises KeyError for an input without a topic.
    """
    topic_of = {name: topic for topic, names in topics.items() for name in names}
    tables = dict.fromkeys(topics, "")
    for item in inputs_of(action.inputs):
        name = f'<a id="input-{item.name}"></a>`{item.name}`'
        tables[topic_of[item.name]] += _row(
            (name, item.meaning, item.examples, item.parser.says, _default(item.default))
        )
    head = _table(("Input", "Description", "Example", "Type", "Default"), [])
    return "\n".join(f"### {topic}\n\n{head}{rows}" for topic, rows in tables.items() if rows)


def outputs_table(action: Action) -> str:
    """Return one row per output: name and description."""
    return _table(
        ("Output", "Description"), [(f"`{item.name}`", item.description) for item in outputs_of(action.outputs)]
    )


def actions_table(actions: Sequence[Action], *, root: str) -> str:
    """Return one row per action. ``root`` is the name of the action at the root of the repository."""
    rows = []
    for action in actions:
        path = f"{SOURCE}@v1" if action.name == root else f"{SOURCE}/actions/{action.name}@v1"
        rows.append((f"[{action.name}](docs/actions/{action.name}.md)", action.summary, f"`{path}`"))
    return _table(("Action", "Description", "Usage"), rows)


def packages_table(docstrings: Mapping[str, str]) -> str:
    """Return one row per package: its folder and the first line of its docstring."""
    rows = [(f"`{folder}/`", text.splitlines()[0].rstrip(".")) for folder, text in sorted(docstrings.items())]
    return _table(("Folder", "Contents"), [(folder, text.replace("``", "`")) for folder, text in rows])


def rules_table(rules: Iterable[Rule]) -> str:
    """Return one row per rule of the package index."""
    return _table(
        ("Rule", "Checks", "Level", "Index", "Refused or reported", "To fix it"),
        [
            (
                f"[`{rule.name}`]({rule.source})",
                rule.part,
                rule.level,
                "pypi" if rule.is_pypi_only else "all",
                rule.summary,
                rule.remedy,
            )
            for rule in rules
        ],
    )


def workflow_table(declared: Mapping[str, Mapping[str, Any]]) -> str:
    """Return one row per declared input, output or secret of a reusable workflow; inputs with their defaults."""
    has_defaults = any("type" in row for row in declared.values())
    rows = [
        (f"`{name}`", row["description"], *([_workflow_default(row)] if has_defaults else []))
        for name, row in declared.items()
    ]
    return _table(("Name", "Description", *(["Default"] if has_defaults else [])), rows)


def render_blocks(text: str, blocks: Mapping[tuple[str, str | None], str]) -> str:
    """Replace every block between ``<!-- render: KIND NAME -->`` and ``<!-- /render -->`` in ``text``.

    Raises KeyError for a block that is not in ``blocks``.
    """
    return _BLOCK.sub(lambda match: f"{match[1]}{blocks[match['kind'], match['name']]}{match[4]}", text)


def _default(default: str | None) -> str:
    if default is None:
        return "required"
    return "<br>".join(f"`{line}`" for line in default.splitlines()) if default else ""


def _workflow_default(row: Mapping[str, Any]) -> str:
    if row.get("required"):
        return "required"
    value = json.dumps(row["default"]) if isinstance(row["default"], bool) else row["default"]
    return f"`{value}`" if value else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "".join(_row(cells) for cells in (head, ["---"] * len(head), *rows))


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
