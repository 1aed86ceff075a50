"""What is to be rehearsed, and where the rehearsal writes."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagship.contract.parsers import prefix
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

PYTHONS = ("3.11", "3.12")
"""The Pythons that the quality gate runs on unless told otherwise."""

_GIVEN = re.compile(r"(?:(?P<stage>[A-Za-z-]+)\.)?(?P<name>[A-Za-z][A-Za-z0-9_-]*)=(?P<value>.*)", re.DOTALL)
_TIER = re.compile(r"tagship-[0-9a-f]{16,}")
_MARKER = ".tagship-rehearsal"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputOverride:
    """An input that the actions get in place of its default: one action, one stage, or all that declare it."""

    stage: str | None
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A rehearsal asked for. ``github`` is more configuration for the embedded GitHub, in the form it documents."""

    project: Path
    tag: str | None = None
    pythons: tuple[str, ...] = PYTHONS
    output: Path
    given: tuple[InputOverride, ...] = ()
    github: Mapping[str, object] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """What stands before the version in a tag."""
        return prefix.read(self._given("tag-prefix", "v"))

    @property
    def inside(self) -> str:
        """The folder of the package inside the project."""
        return self._given("working-directory", ".")

    def _given(self, name: str, default: str) -> str:
        return next((item.value for item in self.given if item.name == name), default)

    def inputs_of(self, stage: str, action: str, declared: Iterable[str]) -> dict[str, str]:
        """Return the inputs given for ``action`` in ``stage``; lines given for the same input are put together."""
        known, inputs = set(declared), dict[str, str]()
        for item in self.given:
            if item.stage in {stage, action} or (item.stage is None and item.name in known):
                inputs[item.name] = f"{inputs[item.name]}\n{item.value}" if item.name in inputs else item.value
        return inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The output folder and what lies in it."""

    output: Path

    @property
    def dist(self) -> Path:
        """The files that were built."""
        return self.output / "dist"

    @property
    def logs(self) -> Path:
        """What each stage wrote."""
        return self.output / "logs"

    def log_of(self, stage: str, python: str | None) -> Path:
        """Return where the log of a stage is kept, of that on one Python where it runs on several."""
        return self.logs / (f"{stage}-{python}.log" if python else f"{stage}.log")

    @property
    def index(self) -> Path:
        """The embedded index's folder."""
        return self.output / "index"

    @property
    def github(self) -> Path:
        """The embedded GitHub's folder."""
        return self.output / "github"

    @property
    def runner(self) -> Path:
        """What a runner keeps from job to job; kept here as well, so that the next rehearsal starts at once."""
        return self.output / "runner"

    @property
    def temporary(self) -> Path:
        """The runner's folder for temporary files."""
        return self.runner / "temp"

    def built(self) -> tuple[Path, ...]:
        """Return the distributions that were built."""
        return tuple(path for path in sorted(self.dist.iterdir()) if path.name.endswith((".whl", ".tar.gz", ".zip")))

    def clear(self) -> None:
        """Make the folder ready for a rehearsal: what an earlier one left is deleted, installed libraries are kept.

        Raises Failure where the folder holds something else.
        """
        if self.output.exists() and any(self.output.iterdir()) and not (self.output / _MARKER).exists():
            raise Failure(
                Problem(
                    found=f"{self.output} is not empty and was not made by a rehearsal, so nothing in it is touched.",
                    remedy="Name another folder with --output, or empty this one.",
                    topic="output-folder",
                )
            )
        self.output.mkdir(parents=True, exist_ok=True)
        (self.output / _MARKER).touch()
        (self.output / ".gitignore").write_text("*\n", "utf-8")
        for path in (self.dist, self.logs, self.index, self.github):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
        for name in ("report.html", "result.json", "notes.md"):
            (self.output / name).unlink(missing_ok=True)
        self.temporary.mkdir(parents=True, exist_ok=True)
        for path in self.temporary.iterdir():
            if not _TIER.fullmatch(path.name):
                _remove(path)


def read_override(text: str) -> InputOverride:
    """Return the input that ``ACTION.NAME=VALUE`` or ``NAME=VALUE`` spells. Raises ValueError for any other text."""
    match = _GIVEN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is neither NAME=VALUE nor ACTION.NAME=VALUE")
    return InputOverride(stage=match["stage"], name=match["name"], value=match["value"])


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()
