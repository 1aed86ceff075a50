"""An action's manifest, read back as a runner needs it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TITLE = re.compile(r"^name: (\".*\")$", re.MULTILINE)
_INPUT = re.compile(
    r"^  (?P<name>[a-z0-9-]+):\n    description: .*\n    required: .*\n(?:    default: (?P<default>\".*\")\n)?",
    re.MULTILINE,
)
_RUN = re.compile(r"^      run: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What stands in an ``action.yml``: the title, the defaults by input (empty where none is given), the command."""

    title: str
    defaults: Mapping[str, str]
    run: str


def read_manifest(path: Path) -> Manifest:
    """The manifest at ``path``, in the one form that ``contract.manifest`` renders.

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
    head, _, rest = text.partition("\ninputs:\n")
    inputs = rest.partition("\noutputs:\n")[0] + "\n"
    title, run = _TITLE.search(head), _RUN.search(rest)
    if not title or not run:
        raise ValueError(f"{path} is not in the form that manifests are rendered in")
    defaults = {match["name"]: json.loads(match["default"] or '""') for match in _INPUT.finditer(inputs)}
    return Manifest(title=json.loads(title[1]), defaults=defaults, run=run[1])
