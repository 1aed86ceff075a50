from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bootstrap.cache import own_cache
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders to that user by itself")


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
def test_the_cache_lies_where_the_platform_wants_it(
    tmp_path: Path, platform: str, variables: dict[str, str], expected: str
) -> None:
    """Each platform has its place for what a user's programs can make again."""
    folder = own_cache({name: str(tmp_path / value) for name, value in variables.items()}, platform)
    assert folder == tmp_path / expected
    assert folder.is_dir()


def test_a_relative_cache_setting_is_ignored(tmp_path: Path) -> None:
    """It would mean another folder, perhaps a checkout, in every run."""
    assert own_cache({"HOME": str(tmp_path), "XDG_CACHE_HOME": "."}, "linux") == tmp_path / ".cache" / "tagship"


@posix_only
def test_the_cache_is_made_for_its_user_alone(tmp_path: Path) -> None:
    """Code is imported from there."""
    assert own_cache({"HOME": str(tmp_path)}, "linux").stat().st_mode & 0o777 == 0o700


@posix_only
@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o702])
def test_a_cache_that_others_may_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    """Whoever may write there could have put anything into it."""
    folder = tmp_path / "tagship"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(Failure, match="may be written to by other users") as caught:
        own_cache({"HOME": "/", "XDG_CACHE_HOME": str(tmp_path)}, "linux")
    assert "RUNNER_TEMP" in caught.value.problems[0].remedy


@posix_only
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="only root can give a folder away")
def test_a_cache_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """A folder that was there first under a name that can be guessed is nobody's to trust."""
    folder = tmp_path / "tagship"
    folder.mkdir(mode=0o700)
    os.chown(folder, 4711, -1)
    with pytest.raises(Failure, match=r"belongs to another user \(number 4711\)"):
        own_cache({"HOME": "/", "XDG_CACHE_HOME": str(tmp_path)}, "linux")


def test_a_cache_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A container's user may have no home at all."""
    (tmp_path / "file").touch()
    with pytest.raises(Failure, match="cannot be made"):
        own_cache({"HOME": str(tmp_path / "file")}, "linux")
