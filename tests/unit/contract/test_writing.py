"""Outputs are text, or JSON for any other type."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pytest
from packaging.version import Version

from tagship import contract as c
from tagship.contract.conversion import as_plain, as_text, output_texts


@dataclass(frozen=True)
class Built:
    """A record in an output."""

    file_name: str
    size: int


@c.outputs
class Outputs:
    """Two outputs."""

    version: str = c.output("The version.")
    file_list: tuple[Built, ...] = c.output("The files.")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("a\nb", "a\nb", id="text unchanged"),
        pytest.param(None, "", id="nothing for None"),
        pytest.param(True, "true", id="a boolean as JSON"),
        pytest.param(3, "3", id="a number as JSON"),
        pytest.param(("ä", "b"), '["ä","b"]', id="a tuple as an array"),
        pytest.param({"a": Version("1.0")}, '{"a":"1.0"}', id="other values by their text"),
        pytest.param(Built("x.whl", 3), '{"file-name":"x.whl","size":3}', id="a record as an object"),
        pytest.param(PurePosixPath("a/b"), "a/b", id="a path as text"),
    ],
)
def test_each_kind_of_value_has_one_text(value: Any, expected: str) -> None:
    """A value has the same text in every output."""
    assert as_text(value) == expected


def test_outputs_have_their_names_in_the_manifest() -> None:
    """A field name becomes the name that a workflow uses."""
    value = Outputs(version="1.0", file_list=(Built("x", 1),))
    assert output_texts(value) == {"version": "1.0", "file-list": '[{"file-name":"x","size":1}]'}
    assert as_plain(value) == {"version": "1.0", "file-list": [{"file-name": "x", "size": 1}]}
