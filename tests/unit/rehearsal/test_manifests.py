"""Manifests, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from tagship.actions import NAMES, load
from tagship.contract.manifest import render_manifest
from tagship.errors import Failure
from tagship.rehearsal.steps import read_manifest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", NAMES)
def test_reads_what_a_yaml_reader_reads(name: str, tmp_path: Path) -> None:
    """Title, defaults and command are those that YAML has in the rendered manifest."""
    path = tmp_path / "action.yml"
    path.write_text(render_manifest(load(name)), "utf-8")
    expected = yaml.safe_load(path.read_text("utf-8"))
    manifest = read_manifest(path)
    assert manifest.title == expected["name"]
    assert manifest.run == expected["runs"]["steps"][0]["run"]
    assert manifest.defaults == {key: item.get("default", "") for key, item in expected["inputs"].items()}


def test_says_where_manifests_are(tmp_path: Path) -> None:
    """Without manifests, as in an installed package, the remedy is a clone."""
    with pytest.raises(Failure, match="git clone"):
        read_manifest(tmp_path / "action.yml")
