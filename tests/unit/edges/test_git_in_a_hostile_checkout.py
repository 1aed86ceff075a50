"""git runs no program that a checkout names, in its configuration or as a repository in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.repositories import new_repository
from support.runtimes import recorded_world
from tagship.edges.git import read_history

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.edges.git import Repository

ATTRIBUTES = "* filter=evil diff=evil\n"
KEYS = [
    "core.alternateRefsCommand",
    "core.askPass",
    "core.fsmonitor",
    "core.gitProxy",
    "core.pager",
    "core.sshCommand",
    "credential.helper",
    "diff.evil.command",
    "diff.evil.textconv",
    "diff.external",
    "filter.evil.clean",
    "filter.evil.process",
    "filter.evil.smudge",
    "gpg.program",
    "gpg.ssh.program",
    "uploadpack.packObjectsHook",
]


def use(git: Repository) -> None:
    """Call everything that reads the repository."""
    read_history(git, "v1.0", ["main"])
    git.checkout("v1.0")
    git.files()
    git.branch()
    git.default_branch()
    git.remote_url()


@pytest.mark.parametrize("key", KEYS)
def test_no_program_of_the_configuration_runs(key: str, tmp_path: Path) -> None:
    """Each key that names a program is without effect."""
    marker = tmp_path / "marker"
    repository = new_repository(tmp_path / "a", {".gitattributes": ATTRIBUTES, "file": "1\n"}, tag="v1.0")
    repository.git("config", "filter.evil.required", "true")
    repository.git("config", key, f"sh -c 'touch {marker}; cat' --")
    (repository.path / "file").write_text("2\n")
    git = recorded_world(repository.path, tmp_path / "temporary").runtime.git()
    use(git)
    assert "file" in git.changed_files()
    assert not marker.exists()


@pytest.mark.parametrize("hook", ["post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"])
def test_no_hook_runs(hook: str, tmp_path: Path) -> None:
    """Hooks of the checkout are without effect."""
    marker = tmp_path / "marker"
    repository = new_repository(tmp_path / "a", {"file": "1\n"}, tag="v1.0")
    program = repository.path / ".git" / "hooks" / hook
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\ntouch {marker}\n")
    program.chmod(0o755)
    use(recorded_world(repository.path, tmp_path / "temporary").runtime.git())
    assert not marker.exists()


def test_a_folder_that_looks_like_a_repository_is_none(tmp_path: Path) -> None:
    """Committed files that form a bare repository with a fetch program are ordinary files."""
    marker = tmp_path / "marker"
    config = (
        "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tpartialClone = far\n"
        f'[remote "far"]\n\turl = "ext::sh -c touch% {marker}"\n\tpromisor = true\n'
        '[protocol "ext"]\n\tallow = always\n'
    )
    inner = "packages/core"
    files = {"HEAD": "ref: refs/heads/main\n", "config": config, "objects/keep": "", "refs/heads/main": f"{1:040}\n"}
    repository = new_repository(tmp_path / "a", {f"{inner}/{name}": text for name, text in files.items()}, tag="v1.0")
    git = recorded_world(repository.path, tmp_path / "temporary").runtime.git(inner)
    use(git)
    assert not marker.exists()
