"""Libraries and caches that all rehearsals of a user share."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tagship.rehearsal.libraries import cache_variables, rehearsal_cache, shared_libraries

if TYPE_CHECKING:
    from pathlib import Path

TIER = "tagship-0123456789abcdef"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return an empty cache."""
    return rehearsal_cache({"TAGSHIP_CACHE": str(tmp_path / "cache")})


def runner(folder: Path, *names: str) -> Path:
    """Return a new temporary folder of a runner with the installations ``names``."""
    folder.mkdir()
    for name in names:
        (folder / name).mkdir()
        (folder / name / "module.py").write_text(folder.name)
        (folder / name / ".tagship-digests").touch()
    return folder


def test_the_libraries_of_one_output_are_those_of_the_next(tmp_path: Path, cache: Path) -> None:
    """What a first rehearsal installs, a second one with another output folder finds."""
    first = runner(tmp_path / "first")
    with shared_libraries(cache, first):
        runner(first / "new", TIER)
        (first / "new" / TIER).rename(first / TIER)
    second = runner(tmp_path / "second")
    with shared_libraries(cache, second):
        assert (second / TIER / "module.py").read_text() == "new"


@pytest.mark.parametrize("name", ["tagship-0123456789abcdef.partial-x", "tagship-notes-abc", "_runner_file_commands"])
def test_other_folders_of_the_runner_are_not_shared(tmp_path: Path, cache: Path, name: str) -> None:
    """Unfinished installations and the files of a run stay in its output folder."""
    with shared_libraries(cache, runner(tmp_path / "first", name)):
        pass
    assert list((cache / "libraries").iterdir()) == []


def test_an_installation_by_another_rehearsal_is_kept(tmp_path: Path, cache: Path) -> None:
    """Two rehearsals at the same time may install the same libraries; the first to end shares them."""
    for name in ("first", "second"):
        folder = runner(tmp_path / name)
        with shared_libraries(cache, folder):
            if not (folder / TIER).exists():
                runner(folder / "new", TIER)
                (folder / "new" / TIER).rename(folder / TIER)
            runner(tmp_path / f"other-{name}", TIER)
            shutil.copytree(tmp_path / f"other-{name}" / TIER, cache / "libraries" / TIER, dirs_exist_ok=True)
    assert [path.name for path in (cache / "libraries").iterdir()] == [TIER]


def test_a_link_to_a_deleted_library_is_replaced(tmp_path: Path, cache: Path) -> None:
    """The cache may be deleted at any time between two rehearsals."""
    folder = runner(tmp_path / "first")
    (folder / TIER).symlink_to(tmp_path / "deleted")
    shutil.move(runner(tmp_path / "other", TIER) / TIER, cache / "libraries")
    with shared_libraries(cache, folder):
        assert (folder / TIER).is_dir()


def test_an_installation_without_digests_is_replaced(tmp_path: Path, cache: Path) -> None:
    """A step with a token would refuse it, in every rehearsal."""
    (cache / "libraries" / TIER).mkdir()
    with shared_libraries(cache, folder := runner(tmp_path / "first")):
        assert not (folder / TIER).exists()
        (runner(tmp_path / "new", TIER) / TIER).rename(folder / TIER)
    assert (cache / "libraries" / TIER / "module.py").read_text() == "new"


def test_the_cache_of_the_user_is_the_default(tmp_path: Path) -> None:
    """It is private, like the libraries of local runs."""
    environ = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "caches"), "LOCALAPPDATA": str(tmp_path)}
    assert rehearsal_cache(environ).is_relative_to(tmp_path)


def test_offline_is_for_every_program(tmp_path: Path) -> None:
    """The actions and the uv of the project's own checks download nothing."""
    assert cache_variables(tmp_path, offline=True).keys() == {"TAGSHIP_CACHE", "TAGSHIP_OFFLINE", "UV_OFFLINE"}
    assert cache_variables(tmp_path, offline=False) == {"TAGSHIP_CACHE": str(tmp_path)}
