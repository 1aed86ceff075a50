"""Reading inputs reports every problem at once."""

from __future__ import annotations

import pytest

from tagship import contract as c
from tagship.contract.conversion import parse_object, read_inputs, with_defaults
from tagship.contract.parsers import Secret
from tagship.errors import Failure


@c.inputs
class Inputs:
    """One input of each kind."""

    name: str = c.input(c.text, "The name.")
    parallel: int = c.input(c.number(), "Number at once.", default="4")
    dry_run: bool = c.input(c.boolean, "Only print.", default="false")
    files: tuple[str, ...] = c.input(c.lines, "Files.", default="dist/*")
    ref: str = c.input(c.text, "The reference.", default="${{ github.ref_name }}")
    token: Secret = c.input(c.secret, "The token.", default="")


def expand(value: str) -> str:
    """Evaluate the expression as the runner would."""
    return value.replace("${{ github.ref_name }}", "v9")


def test_names_are_case_insensitive_and_defaults_are_parsed() -> None:
    """A name in any case is accepted, and a missing or empty input gets its parsed default."""
    read = read_inputs(Inputs, {"NAME": "x", "Dry-Run": "true", "parallel": " "}, expand=expand)
    assert read == Inputs(name="x", dry_run=True, parallel=4, files=("dist/*",), ref="v9", token=Secret(""))


def test_an_empty_text_is_a_value_if_the_parser_accepts_it() -> None:
    """Only a missing input gets the default then."""

    @c.inputs
    class Blank:
        files: tuple[str, ...] = c.input(c.lines_or_none, "Files.", default="dist/*")

    read = [read_inputs(Blank, raw, expand=expand).files for raw in ({}, {"files": ""}, {"files": "none"})]
    assert read == [("dist/*",), (), ()]


def test_all_problems_are_reported_at_once() -> None:
    """A missing, a malformed, an unknown and a duplicate input are in one failure."""
    raw = {"dryrun": "true", "parallel": "many", "Files": "a", "files": "b"}
    with pytest.raises(Failure) as caught:
        read_inputs(Inputs, raw, expand=expand)
    assert [problem.found for problem in caught.value.problems] == [
        "Unknown input 'dryrun'.",
        "Input files is set twice, as Files and as files.",
        "name: this input is required.",
        "parallel: 'many' is not a whole number; use digits only, for example 4.",
    ]


def test_a_misspelt_input_gets_a_suggestion() -> None:
    """The remedy for a misspelt input names the closest one."""
    with pytest.raises(Failure, match="Did you mean dry-run"):
        read_inputs(Inputs, {"name": "x", "dry_rum": "true"}, expand=expand)


@pytest.mark.parametrize("wrong", ["", "[]", "{", '"a"', "null"])
def test_inputs_that_are_not_an_object_are_refused(wrong: str) -> None:
    """Anything but a JSON object is an error with the correct line of the manifest."""
    with pytest.raises(Failure, match="toJSON"):
        parse_object(wrong)


def test_values_of_other_types_become_text() -> None:
    """Numbers, booleans and null in a hand-written INPUTS get the text that a workflow would pass."""
    assert parse_object('{"a": 3, "b": true, "c": null}') == {"a": "3", "b": "true", "c": ""}


def test_values_are_completed_by_defaults() -> None:
    """Values given by attribute stay as they are, and the other inputs get their parsed defaults."""
    completed = with_defaults(Inputs, {"name": "x", "parallel": 0}, expand=expand)
    assert completed == Inputs(name="x", dry_run=False, parallel=0, files=("dist/*",), ref="v9", token=Secret(""))


def test_a_required_input_without_a_value_is_a_failure() -> None:
    """Completing values by defaults reports a missing input like any other problem of an input."""
    with pytest.raises(Failure, match="name: this input is required"):
        with_defaults(Inputs, {}, expand=expand)
