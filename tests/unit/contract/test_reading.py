"""Reading inputs: every wrong one is named at once."""

from __future__ import annotations

import pytest

from tagship import contract as c
from tagship.contract.parsers import Secret
from tagship.contract.reading import parse_object, read_inputs
from tagship.errors import Failure


@c.inputs
class Inputs:
    """A little of everything."""

    name: str = c.input(c.text, "The name.")
    parallel: int = c.input(c.number, "How many at once.", default="4")
    dry_run: bool = c.input(c.boolean, "Only print.", default="false")
    files: tuple[str, ...] = c.input(c.lines, "Files.", default="dist/*")
    ref: str = c.input(c.text, "The reference.", default="${{ github.ref_name }}")
    token: Secret = c.input(c.secret, "The token.", default="")


def expand(value: str) -> str:
    """Return an expression's value, as the runner would put it."""
    return value.replace("${{ github.ref_name }}", "v9")


def test_names_are_folded_and_defaults_filled() -> None:
    """Names in any case are understood, and what is absent or empty takes its default through the same parser."""
    read = read_inputs(Inputs, {"NAME": "x", "Dry-Run": "true", "parallel": " "}, expand=expand)
    assert read == Inputs(name="x", dry_run=True, parallel=4, files=("dist/*",), ref="v9", token=Secret(""))


def test_everything_wrong_is_named_at_once() -> None:
    """A missing, an unreadable, an unknown and a doubled input end in one failure that names each."""
    raw = {"dryrun": "true", "parallel": "many", "Files": "a", "files": "b"}
    with pytest.raises(Failure) as caught:
        read_inputs(Inputs, raw, expand=expand)
    told = [problem.found for problem in caught.value.problems]
    assert told == [
        "There is no input 'dryrun'.",
        "The input files is given twice, as Files and as files.",
        "name: this input must be given.",
        "parallel: 'many' is no whole number; write digits only, like 4.",
    ]


def test_a_near_miss_is_pointed_at() -> None:
    """A misspelt input is answered with the one that was meant."""
    with pytest.raises(Failure, match="Did you mean dry-run"):
        read_inputs(Inputs, {"name": "x", "dry_rum": "true"}, expand=expand)


@pytest.mark.parametrize("wrong", ["", "[]", "{", '"a"', "null"])
def test_inputs_that_are_no_object_are_refused(wrong: str) -> None:
    """Anything but a JSON object is an error that shows the line of the manifest."""
    with pytest.raises(Failure, match="toJSON"):
        parse_object(wrong)


def test_values_of_other_types_become_text() -> None:
    """Numbers, booleans and null, which a hand-written INPUTS may hold, read as a workflow would spell them."""
    assert parse_object('{"a": 3, "b": true, "c": null}') == {"a": "3", "b": "true", "c": ""}
