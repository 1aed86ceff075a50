"""Laws of the boundary: inputs in, outputs out."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

from hypothesis import given as forall
from hypothesis import strategies as st

from tagship import contract as c
from tagship.contract.conversion import expand, parse_object, read_inputs
from tagship.core.versions import Tag  # noqa: TC001
from tagship.edges.runner import ActionsRunner
from tagship.errors import Failure, Problem

# What the runner can hand over: any text without surrogates and NUL.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)


@c.inputs
class Inputs:
    """One input of each kind."""

    name: str = c.input(c.text, "Any text.", default="x")
    count: int = c.input(c.number(), "A number.", default="1")
    switch: bool = c.input(c.boolean, "A switch.", default="true")
    items: tuple[str, ...] = c.input(c.lines, "Lines.", default="")
    at: Tag = c.input(c.tag, "A tag.", default="v1")


@forall(st.dictionaries(st.sampled_from(["name", "count", "Switch", "ITEMS", "at", "other"]), TEXTS))
def test_reading_ends_in_a_value_or_a_failure(raw: dict[str, str]) -> None:
    """No text a caller can write makes reading end in anything but inputs or a Failure that names its input."""
    problems: tuple[Problem, ...] = ()
    try:
        read_inputs(Inputs, raw, expand=lambda item: expand(item, {}))
    except Failure as failure:
        problems = failure.problems
    assert all(problem.found and problem.remedy and problem.topic for problem in problems)
    assert "other" not in raw or any("'other'" in problem.found for problem in problems)
    assert len(problems) <= len(raw)


@forall(TEXTS)
def test_any_text_is_either_an_object_or_a_failure(given_text: str) -> None:
    """Any INPUTS that the manifest cannot have sent is a failure with a message."""
    try:
        value = parse_object(given_text)
    except Failure:
        value = {}
    assert all(isinstance(item, str) for item in value.values())


@forall(st.dictionaries(NAMES, TEXTS, max_size=5))
def test_what_toJSON_writes_is_read_back(values: dict[str, str]) -> None:  # noqa: N802
    """An object of strings survives the way through INPUTS."""
    assert parse_object(json.dumps(values)) == values


@forall(st.dictionaries(NAMES, TEXTS, max_size=5))
def test_outputs_are_read_back_as_they_were_written(outputs: dict[str, str]) -> None:
    """The runner reads exactly the outputs that were set from its file, for any text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "output")
        ActionsRunner(stream=io.StringIO(), output=path, summary=None).finish(outputs)
        assert read_like_the_runner(path.read_bytes().decode()) == outputs


def read_like_the_runner(content: str) -> dict[str, str]:
    """Return the outputs in a file of ``name<<delimiter`` blocks, as the runner's file command reads them."""
    found: dict[str, str] = {}
    rest = content
    while rest:
        head, rest = rest.split("\n", 1)
        name, delimiter = head.split("<<", 1)
        value, rest = rest.split(f"\n{delimiter}\n", 1) if not rest.startswith(f"{delimiter}\n") else ("", rest)
        found[name] = value
    return found


@forall(st.lists(TEXTS, max_size=4))
def test_untrusted_text_issues_no_command(texts: list[str]) -> None:
    """No line of foreign text ends the stop-commands block around it."""
    stream = io.StringIO()
    runner = ActionsRunner(stream=stream, output=Path("unused"), summary=None)
    for item in texts:
        runner.untrusted(item)
    shields = 0
    end: str | None = None
    for line in stream.getvalue().split("\n"):
        if end is None and line.startswith("::stop-commands::"):
            end, shields = f"::{line.removeprefix('::stop-commands::')}::", shields + 1
        elif line == end:
            end = None
        else:
            assert end is not None or not line.lstrip().startswith("::")
    assert (shields, end) == (len(texts), None)
