"""The findings of doctor on past releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.repositories import new_repository
from tagship.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ([], []),
        (["--history", "1"], []),
        (
            ["--history", "20"],
            [
                "2 of the last 3 releases would have no notes of their own:",
                "v1.1.0: CHANGELOG.md has no section for 1.1.0.",
                "v1.0.0: No changelog found in the checkout.",
            ],
        ),
        (["--history", "20", "--changelog", "none"], []),
    ],
)
def test_past_releases_without_notes_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str], expected: list[str]
) -> None:
    """Each tag is checked with the files of its commit, and has the reason."""
    repository = new_repository(tmp_path / "project", {"pyproject.toml": '[project]\nname = "hello"\n'}, tag="v1.0.0")
    repository.commit({"CHANGELOG.md": "## 0.9.0\n\n- A\n"})
    repository.git("tag", "v1.1.0")
    repository.commit({"CHANGELOG.md": "See docs/all.rst\n", "docs/all.rst": "1.2.0\n-----\n\n* A\n"})
    repository.git("tag", "v1.2.0")
    main(["doctor", str(repository.path), *flags], {"PATH": "/usr/bin:/bin"})
    said = capsys.readouterr().out
    assert ("would have no notes" in said) == bool(expected)
    for line in expected:
        assert line in said
