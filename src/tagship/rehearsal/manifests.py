"""An action's manifest, read back as a runner reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What stands in an ``action.yml``: the title, the defaults by input (empty where none is given), the command."""

    title: str
    defaults: Mapping[str, str]
    run: str


def read_manifest(path: Path) -> Manifest:
    """The manifest at ``path`` of a composite action of one step.

    Raises Failure where there is no such file, which is so where tagship was installed from an index: a wheel holds
    no manifests.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise Failure(
            Problem(
                found=f"There is no manifest {path}, so no action could be run by it.",
                remedy="Rehearse from a clone of tagship: git clone https://github.com/OWNER/tagship && make rehearse",
                topic="no-manifests",
            )
        ) from error
    document = YAML(typ="safe", pure=True).load(text)
    (step,) = document["runs"]["steps"]
    defaults = {name: str(declared.get("default", "")) for name, declared in document["inputs"].items()}
    return Manifest(title=str(document["name"]), defaults=defaults, run=str(step["run"]))
