"""The options of a rehearsal, and the layout of its output folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.contract.parsers import prefix
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.versions import Tag

_OVERRIDE = re.compile(r"(?:(?P<stage>[A-Za-z-]+)\.)?(?P<name>[A-Za-z][A-Za-z0-9_-]*)=(?P<value>.*)", re.DOTALL)
_MARKER = ".tagship-rehearsal"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputOverride:
    """An input that replaces a default: in one action or stage, or, if ``stage`` is None, in all that declare it."""

    stage: str | None
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a rehearsal. Without ``tag`` and ``pythons`` those of the project are chosen."""

    project: Path
    tag: Tag | None = None
    pythons: tuple[str, ...] = ()
    output: Path
    overrides: tuple[InputOverride, ...] = ()
    offline: bool = False

    @property
    def prefix(self) -> str | None:
        """The tag prefix before the version; None if it is that of the project."""
        text = self.override("tag-prefix")
        return None if text is None else prefix.read(text)

    @property
    def working_directory(self) -> str:
        return self.override("working-directory") or "."

    def inputs_of(self, stage: str, action: str, declared: Iterable[str]) -> dict[str, str]:
        """Return the inputs set for ``action`` in ``stage``; repeated values of an input are joined as lines."""
        known, inputs = set(declared), dict[str, str]()
        for item in self.overrides:
            if item.stage in {stage, action} or (item.stage is None and item.name in known):
                inputs[item.name] = f"{inputs[item.name]}\n{item.value}" if item.name in inputs else item.value
        return inputs

    def override(self, name: str) -> str | None:
        """Return the value set for the input ``name``, or None."""
        return next((item.value for item in self.overrides if item.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFolders:
    """The folders and files in the output folder ``root``.

    ``runner`` has the Pythons of the runner; it stays for the next rehearsal, which then starts at once.
    """

    root: Path

    @property
    def dist(self) -> Path:
        return self.root / "dist"

    @property
    def logs(self) -> Path:
        """The folder of the logs, a file per stage."""
        return self.root / "logs"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def github(self) -> Path:
        """The folder of the assets that were uploaded to the embedded GitHub."""
        return self.root / "github"

    @property
    def runner(self) -> Path:
        """The folder that is kept between rehearsals."""
        return self.root / "runner"

    def log_of(self, stage: str, python: str | None) -> Path:
        """Return the log file of a stage, or of its job on one Python."""
        return self.logs / (f"{stage}-{python}.log" if python else f"{stage}.log")

    def distributions(self) -> tuple[Path, ...]:
        """Return the distributions that were built."""
        return tuple(path for path in sorted(self.dist.iterdir()) if path.name.endswith((".whl", ".tar.gz", ".zip")))

    def prepare(self) -> None:
        """Delete the output of an earlier rehearsal, except ``runner``, and create the folders.

        Raises Failure if the folder contains other files.
        """
        if self.root.exists() and any(self.root.iterdir()) and not (self.root / _MARKER).exists():
            raise Failure.of(
                found=f"Output folder {self.root} is not empty and was not created by tagship rehearse.",
                remedy="Choose another folder, as in --output build/rehearsal, or empty this one.",
                topic="output-folder-is-not-empty",
            )
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / _MARKER).touch()
        (self.root / ".gitignore").write_text("*\n", "utf-8")
        for path in (self.dist, self.logs, self.index, self.github):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
        for name in ("report.html", "result.json", "notes.md"):
            (self.root / name).unlink(missing_ok=True)
        self.runner.mkdir(exist_ok=True)


def read_override(text: str) -> InputOverride:
    """Parse ``ACTION.NAME=VALUE`` or ``NAME=VALUE``. Raises ValueError for any other text."""
    match = _OVERRIDE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is neither NAME=VALUE nor ACTION.NAME=VALUE")
    return InputOverride(stage=match["stage"], name=match["name"], value=match["value"])
