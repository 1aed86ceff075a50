"""Real git repositories, made in a test's own folder."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_IDENTITY = {
    "GIT_AUTHOR_NAME": "Octo",
    "GIT_AUTHOR_EMAIL": "octo@example.invalid",
    "GIT_COMMITTER_NAME": "Octo",
    "GIT_COMMITTER_EMAIL": "octo@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(frozen=True, slots=True)
class GitRepository:
    """A repository at ``path`` that a test writes the history of."""

    path: Path

    def git(self, *arguments: str) -> str:
        """Return the output of git. Raises CalledProcessError if git fails."""
        environ = {**os.environ, **_IDENTITY}
        command = ["git", *arguments]
        return subprocess.run(
            command, cwd=self.path, env=environ, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, files: Mapping[str, str], message: str = "Change files") -> str:
        """Return the hash of a commit that writes ``files`` (text by path)."""
        for name, text in files.items():
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


def new_repository(path: Path, files: Mapping[str, str] | None = None, *, tag: str | None = None) -> GitRepository:
    """Return a repository on the branch main with one commit of ``files``, tagged where asked."""
    path.mkdir(parents=True, exist_ok=True)
    repository = GitRepository(path)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit(files or {"README.md": "# Hello\n"}, "Begin")
    if tag:
        repository.git("tag", tag)
    return repository
