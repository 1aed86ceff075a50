"""Tables in the docs are rendered from declarations, between markers."""

from __future__ import annotations

import pytest

from tagship import contract as c
from tools.tables import inputs_table, outputs_table, render_blocks


@c.inputs
class Inputs:
    """Two inputs."""

    name: str = c.input(c.text, "The name, for example `a|b`.")
    files: tuple[str, ...] = c.input(c.lines, "Files.", default="a\nb")


@c.outputs
class Outputs:
    """One output."""

    out_path: str = c.output("The path.")


ACTION = c.Action(
    name="x",
    title="X",
    summary="Does x.",
    step="Do x",
    icon="box",
    color="blue",
    tier="changelog",
    inputs=Inputs,
    outputs=Outputs,
    run=lambda _inputs, _world: Outputs(out_path=""),
)


def test_every_input_and_output_has_its_row() -> None:
    """Inputs are grouped by topic, a required one is marked as required, and a bar does not break a cell."""
    head = ["", "| Input | Description | Example | Type | Default |", "| --- | --- | --- | --- | --- |"]
    assert inputs_table(ACTION, {"Files": ["files"], "Other": ["unused"], "Names": ["name"]}).splitlines() == [
        *("### Files", *head),
        '| <a id="input-files"></a>`files` | Files. |  | newline-separated list | `a`<br>`b` |',
        *("", "### Names", *head),
        '| <a id="input-name"></a>`name` | The name. | `a\\|b` | text | required |',
    ]
    assert outputs_table(ACTION).splitlines()[2:] == ["| `out-path` | The path. |"]


def test_an_input_without_a_topic_is_an_error() -> None:
    """No input is missing from the tables."""
    with pytest.raises(KeyError, match="files"):
        inputs_table(ACTION, {"Names": ["name"]})


def test_blocks_are_replaced_between_their_markers() -> None:
    """Only the text between the markers changes, and rendering again changes nothing."""
    page = "a\n<!-- render: inputs x -->\nold\n<!-- /render -->\nb\n"
    once = render_blocks(page, {("inputs", "x"): "new\n"})
    assert once == "a\n<!-- render: inputs x -->\nnew\n<!-- /render -->\nb\n"
    assert render_blocks(once, {("inputs", "x"): "new\n"}) == once


def test_an_unknown_block_is_an_error() -> None:
    """A marker for a missing action cannot become outdated unnoticed."""
    with pytest.raises(KeyError):
        render_blocks("<!-- render: inputs y -->\n<!-- /render -->", {})
