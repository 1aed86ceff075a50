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


def require_manifests(root: Path) -> None:
    """Raise Failure where the folder ``root`` holds no actions, which is so where tagship was installed."""
    if not (root / "actions").is_dir():
        raise _no_manifest(root / "actions")


def read_manifest(path: Path) -> Manifest:
    """The manifest at ``path`` of a composite action of one step. Raises Failure where there is no such file."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise _no_manifest(path) from error
    document = YAML(typ="safe", pure=True).load(text)
    (step,) = document["runs"]["steps"]
    defaults = {name: str(declared.get("default", "")) for name, declared in document["inputs"].items()}
    return Manifest(title=str(document["name"]), defaults=defaults, run=str(step["run"]))


def _no_manifest(path: Path) -> Failure:
    """A wheel holds no manifests, so that an installed tagship has none."""
    return Failure(
        Problem(
            found=f"There is no {path}: an installed tagship lacks the manifests that a rehearsal goes by.",
            remedy="Rehearse in a clone: git clone https://github.com/OWNER/tagship && cd tagship && "
            "make rehearse REPO=path TAG=v1.2.0",
            topic="no-manifests",
        )
    )
