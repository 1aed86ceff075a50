"""The folder that built files are put into: emptied of what earlier builds left, and never of anything else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.distributions.distribution import DISTRIBUTION_SUFFIXES
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFolder:
    """The folder ``name`` below ``top``."""

    top: Path
    name: str

    def empty(self) -> None:
        """Make the folder, and remove the distributions that lie in it.

        Raises Failure where it is no folder, leads out of ``top``, or holds anything else: what we could not have made
        is not ours to delete, and later steps would publish it.
        """
        folder = self.top / self.name
        if not folder.resolve().is_relative_to(self.top.resolve()):
            raise self._refusal("is a link that leads out of the checkout")
        if folder.exists() and not folder.is_dir():
            raise self._refusal("is a file")
        present = sorted(folder.iterdir()) if folder.is_dir() else []
        strangers = [path.name for path in present if not path.is_file() or not _is_left_over(path.name)]
        if strangers:
            more = f" and {len(strangers) - _SHOWN} more" if strangers[_SHOWN:] else ""
            raise self._refusal(f"holds {', '.join(strangers[:_SHOWN])}{more}")
        for path in present:
            path.unlink()
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, paths: Iterable[Path]) -> None:
        """Move the files in."""
        for path in paths:
            shutil.move(path, self.top / self.name / path.name)

    def _refusal(self, what: str) -> Failure:
        return Failure(
            Problem(
                found=f"{self.name} is to be a folder for the built files alone, but {what}.",
                remedy="Remove it in an earlier step, or set out-dir to a folder of its own.",
                topic="out-dir-in-use",
            )
        )


def _is_left_over(name: str) -> bool:
    # uv puts a .gitignore beside what it builds; attestations stand beside the files they are for.
    return name == ".gitignore" or name.endswith((*DISTRIBUTION_SUFFIXES, ".attestation"))
