from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tagship.edges.user_cache import own_cache
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows protects the folders of a user")


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        pytest.param("linux", {"HOME": "H"}, "H/.cache/tagship", id="Linux"),
        pytest.param("linux", {"HOME": "H", "XDG_CACHE_HOME": "X"}, "X/tagship", id="Linux, set by the user"),
        pytest.param("darwin", {"HOME": "H", "XDG_CACHE_HOME": "X"}, "H/Library/Caches/tagship", id="macOS"),
        pytest.param("win32", {"USERPROFILE": "H"}, "H/AppData/Local/tagship", id="Windows"),
        pytest.param("win32", {"USERPROFILE": "H", "LOCALAPPDATA": "L"}, "L/tagship", id="Windows, set by the system"),
    ],
)
def test_the_cache_is_in_the_platforms_folder(
    tmp_path: Path, platform: str, variables: dict[str, str], expected: str
) -> None:
    """Each platform has its own cache folder."""
    folder = own_cache({name: str(tmp_path / value) for name, value in variables.items()}, platform)
    assert folder == tmp_path / expected
    assert folder.is_dir()


def test_a_relative_cache_setting_is_ignored(tmp_path: Path) -> None:
    """It would depend on the working directory, which may be a checkout."""
    assert own_cache({"HOME": str(tmp_path), "XDG_CACHE_HOME": "."}, "linux") == tmp_path / ".cache" / "tagship"


@posix_only
def test_the_cache_is_private(tmp_path: Path) -> None:
    """Code is imported from it, so no other user can write to it."""
    assert own_cache({"HOME": str(tmp_path)}, "linux").stat().st_mode & 0o777 == 0o700


@posix_only
@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o702])
def test_a_cache_writable_by_others_is_refused(tmp_path: Path, mode: int) -> None:
    """Another user could have put any code into it."""
    folder = tmp_path / "tagship"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(Failure, match="is writable by other users") as caught:
        own_cache({"HOME": "/", "XDG_CACHE_HOME": str(tmp_path)}, "linux")
    assert "RUNNER_TEMP" in caught.value.problems[0].remedy


@posix_only
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="only root can change an owner")
def test_a_cache_of_another_user_is_refused(tmp_path: Path) -> None:
    """Another user may have created the folder, because its name can be guessed."""
    folder = tmp_path / "tagship"
    folder.mkdir(mode=0o700)
    os.chown(folder, 4711, -1)
    with pytest.raises(Failure, match=r"belongs to another user \(uid 4711\)"):
        own_cache({"HOME": "/", "XDG_CACHE_HOME": str(tmp_path)}, "linux")


def test_a_cache_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    """A user in a container may have no home."""
    (tmp_path / "file").touch()
    with pytest.raises(Failure, match="cannot be created"):
        own_cache({"HOME": str(tmp_path / "file")}, "linux")
