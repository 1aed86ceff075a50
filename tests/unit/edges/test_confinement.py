"""Links of a checkout do not lead out of it, and its files are read up to a limit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.running import run_action
from support.runtimes import recorded_world
from tagship.core.release.patterns import patterns_of
from tagship.edges.attachments import Folder
from tagship.edges.confinement import TEXT_LIMIT, created, given, inside, opened, texts
from tagship.edges.output_folder import OutputFolder
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

pytestmark = pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")
PROJECT = '[project]\nname = "hello"\nversion = "1.2.0"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with links to a file and a folder outside."""
    outside, top = tmp_path / "outside", tmp_path / "top"
    (top / "dist").mkdir(parents=True)
    outside.mkdir()
    (outside / "config.json").write_text('{"auths": "SECRET"}')
    (outside / "pyproject.toml").write_text(PROJECT)
    (outside / "hello-1.2.0-py3-none-any.whl").write_bytes(b"SECRET")
    (top / "dist" / "notes.txt").symlink_to(outside / "config.json")
    (top / "folder").symlink_to(outside)
    return top


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("dist/notes.txt", True),
        ("folder/config.json", True),
        ("folder", True),
        ("../outside", True),
        ("a\0b", True),
        ("dist", False),
        ("missing/file", False),
        ("dist/../dist", False),
    ],
)
def test_a_path_that_a_listing_gives_stays_inside(checkout: Path, path: str, *, problem: bool) -> None:
    """The real path counts, not the links and dots on the way to it."""
    if problem:
        with pytest.raises(Failure) as failed:
            inside(checkout, path)
        assert failed.value.problems[0].topic == "path-outside-the-checkout"
    else:
        assert inside(checkout, path) == Path(os.path.normpath(checkout.resolve() / path))


def test_the_author_of_a_workflow_may_name_a_path_outside(checkout: Path) -> None:
    """A path that is written in the workflow may be anywhere; one through a link of the checkout may not."""
    outside = checkout.parent / "outside"
    assert given(checkout, outside / "config.json") == (outside / "config.json").resolve()
    assert given(checkout, "../outside/config.json") == (outside / "config.json").resolve()
    with pytest.raises(Failure):
        given(checkout, "dist/notes.txt")


def test_a_package_may_link_to_the_repository_around_it(checkout: Path) -> None:
    """In a monorepo the limit is the repository, not the folder of the package."""
    (checkout / ".git").mkdir()
    (checkout / "LICENSE").write_text("MIT")
    (checkout / "packages").mkdir()
    (checkout / "packages" / "LICENSE").symlink_to("../LICENSE")
    assert inside(checkout / "packages", "LICENSE") == (checkout / "LICENSE").resolve()


@pytest.mark.parametrize("use", [opened, created])
@pytest.mark.parametrize("swapped", ["file", "folder"])
def test_a_link_that_appears_after_the_check_is_not_followed(
    checkout: Path, use: Callable[[Path], IO[bytes]], swapped: str
) -> None:
    """The path is opened folder by folder without links, so a swap between check and use has no effect outside."""
    secret = checkout.parent / "outside" / "config.json"
    (checkout / "real").mkdir()
    (checkout / "real" / "config.json").write_text("ours")
    real = inside(checkout, "real/config.json")
    if swapped == "folder":
        (checkout / "real").rename(checkout / "away")
        (checkout / "real").symlink_to(secret.parent)
    else:
        real.unlink()
        real.symlink_to(secret)
    if (use, swapped) == (created, "file"):
        created(real).close()
        assert real.read_bytes() == b""
    else:
        with pytest.raises(OSError, match=r"Not a directory|symbolic links"):
            use(real)
    assert "SECRET" in secret.read_text()


def test_a_file_without_an_end_is_not_read(checkout: Path) -> None:
    """A pipe or a device is not read, and a text has a maximum size."""
    os.mkfifo(checkout / "pipe")
    (checkout / "zero").symlink_to("/dev/zero")
    assert texts(checkout, ".", ["pipe", "zero", "missing"]) == {}
    with pytest.raises(OSError, match="not a regular file"):
        opened((checkout / "pipe").resolve())
    with (checkout / "large").open("wb") as file:
        file.truncate(TEXT_LIMIT + 1)
    with pytest.raises(Failure) as failed:
        texts(checkout, ".", ["large"])
    assert failed.value.problems[0].topic == "text-file-too-large"


def test_the_folder_for_built_files_cannot_be_swapped_by_the_build(checkout: Path) -> None:
    """The build runs between the check of the folder and its use; no file is written outside."""
    folder = OutputFolder(top=checkout, name="out")
    folder.empty()
    (checkout / "out").rmdir()
    (checkout / "out").symlink_to(checkout.parent / "outside")
    (checkout.parent / "built.whl").write_bytes(b"built")
    with pytest.raises(Failure) as failed:
        folder.take([checkout.parent / "built.whl"])
    assert failed.value.problems[0].topic == "path-outside-the-checkout"
    assert not (checkout.parent / "outside" / "built.whl").exists()


@pytest.mark.parametrize("glob", ["dist/*", "dist/notes.txt", "folder/*.json", "**/*.json"])
def test_a_linked_file_is_not_attached(checkout: Path, glob: str) -> None:
    """A committed link cannot publish a file of the runner, by any glob."""
    with pytest.raises(Failure) as failed:
        Folder(path=checkout, home=checkout.parent / "outside").attachments(patterns_of((glob,)))
    assert failed.value.problems[0].topic == "path-outside-the-checkout"


def test_a_file_outside_that_the_workflow_names_is_attached(checkout: Path) -> None:
    """``~/`` and absolute paths in the workflow are those of its author."""
    outside = checkout.parent / "outside"
    found = Folder(path=checkout, home=outside).attachments(patterns_of(("~/config.json",)))
    assert [(file.name, file.size) for file in found] == [("config.json", 19)]
    assert Folder(path=checkout, home=checkout).attachments(patterns_of((f"{outside}/*.json",))) == found


ACTIONS = {
    "preflight": {"working_directory": "folder", "index_url": "none"},
    "quality-gate": {"working_directory": "folder", "command": "touch ran", "install": "none"},
    "build-dist": {"working_directory": "folder"},
    "build-dist into a link": {"out_dir": "folder"},
    "verify-wheel": {"wheel": "folder/*.whl"},
    "check-dist": {"files": "folder/*.whl"},
    "check-dist of a folder": {"files": "folder"},
    "extract-changelog": {"changelog": "dist/notes.txt", "version": "1.2.0"},
    "gh-release": {"notes_file": "dist/notes.txt", "files": "none", "token": "x"},
}


@pytest.mark.parametrize("case", ACTIONS)
def test_no_action_follows_a_link_out_of_the_checkout(checkout: Path, tmp_path: Path, case: str) -> None:
    """Every input that is a path ends in one message, before anything outside is read, run or written."""
    (checkout / "pyproject.toml").write_text(PROJECT)
    before = sorted((tmp_path / "outside").iterdir())
    ran = run_action(case.partition(" ")[0], recorded_world(checkout, tmp_path / "temporary"), **ACTIONS[case])
    assert ran.topics == ["path-outside-the-checkout"]
    assert "SECRET" not in str(ran.failure) + ran.runner.text
    assert sorted((tmp_path / "outside").iterdir()) == before
