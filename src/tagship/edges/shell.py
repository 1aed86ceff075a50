"""bash, in which the project's own commands run."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.edges.processes import program_on_path
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tagship.edges.processes import Completed, Processes

_UNFINISHED = re.compile(r"unexpected end of file|unexpected EOF while looking for|delimited by end-of-file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The bash at ``path``."""

    path: str
    processes: Processes

    def is_open(self, script: str) -> bool:
        """Whether the script stops in the middle of something: a loop, a quote, a here-document."""
        # -n reads without running; the words are bash's own in the C locale. BASH_ENV would be read first.
        answer = self.processes.run(
            [self.path, "--noprofile", "--norc", "-n", "-c", script],
            cwd=Path(self.path).parent,
            environ={**self.processes.environ, "LC_ALL": "C", "BASH_ENV": ""},
            timeout=30,
        )
        return bool(_UNFINISHED.search(answer.output))

    def run(
        self,
        script: str,
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float | None,
        on_line: Callable[[str], None],
    ) -> Completed:
        """How the script ended: the first line that fails, a failing pipe or an unset variable fails it."""
        command = [self.path, "--noprofile", "--norc", "-euo", "pipefail", "-c", script]
        return self.processes.run(command, cwd=cwd, environ=environ, timeout=timeout, on_line=on_line)


def find_shell(processes: Processes) -> Shell:
    """The bash on PATH. Raises Failure where there is none."""
    path = program_on_path("bash", processes.environ.get("PATH", os.defpath))
    if path is None:
        raise Failure(
            Problem(
                found="There is no bash on PATH, in which the checks would run.",
                remedy="Install it (apk add bash, Git for Windows), or run the job on a runner that has it.",
                topic="no-bash",
            )
        )
    return Shell(path=path, processes=processes)
