"""Installed libraries that another step has changed are not imported next to a token."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bootstrap.digests import record_digests, refuse_changes
from bootstrap.start import add_tier, identity
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def libraries(tmp_path: Path) -> Path:
    """Return a folder with two libraries and their digests."""
    folder = tmp_path / "tagship-0123456789abcdef"
    (folder / "build").mkdir(parents=True)
    (folder / "build" / "__init__.py").write_text("x = 1\n")
    (folder / "tiny.py").write_text("y = 1\n")
    record_digests(folder)
    return folder


def test_unchanged_libraries_are_used(libraries: Path) -> None:
    """Compiled modules, which every import writes, are deleted and do not count."""
    (libraries / "build" / "__pycache__").mkdir()
    (libraries / "build" / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"anything")
    refuse_changes(libraries)
    assert not (libraries / "build" / "__pycache__").exists()


def test_compiled_modules_of_another_process_are_deleted(libraries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rehearsals share the libraries, and one may import them while the other checks them."""
    cache, delete, writes = libraries / "build" / "__pycache__", shutil.rmtree, iter(range(3))
    cache.mkdir()

    def race(path: Path, *, ignore_errors: bool) -> None:
        delete(path, ignore_errors=ignore_errors)
        if next(writes, None) is not None:
            cache.mkdir()
            (cache / "__init__.cpython-311.pyc").write_bytes(b"anything")

    monkeypatch.setattr(shutil, "rmtree", race)
    refuse_changes(libraries)
    assert not cache.exists()


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (lambda folder: (folder / "tiny.py").write_text("stolen"), "tiny.py"),
    "removed": (lambda folder: (folder / "tiny.py").unlink(), "tiny.py"),
    "added": (lambda folder: (folder / "build" / "new.pth").write_text("import x"), "build/new.pth"),
    "replaced by a link": (lambda folder: (folder / "evil.py").symlink_to("/etc/hostname"), "evil.py"),
    "a package that is a link": (lambda folder: (folder / "simplejson").symlink_to("/etc"), "simplejson"),
    "compiled modules behind a link": (
        lambda folder: (folder / "build" / "__pycache__").symlink_to("/etc"),
        "build/__pycache__",
    ),
    "without digests": (lambda folder: (folder / ".tagship-digests").rename(folder.parent / "x"), "build/__init__.py"),
    "empty": (
        lambda folder: [
            path.rename(folder.parent / path.name) for path in (*folder.glob("*.*"), *folder.glob("build/*"))
        ],
        ".tagship",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_changed_library_stops_the_step(libraries: Path, case: str) -> None:
    """The message names the file."""
    change, name = CHANGES[case]
    change(libraries)
    with pytest.raises(Failure, match=f"The library file {name}"):
        refuse_changes(libraries)


@pytest.mark.parametrize(("inputs", "stops"), [('{"TOKEN": "x"}', True), ('{"command": "make"}', False), (None, False)])
def test_only_a_step_with_a_token_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inputs: str | None, *, stops: bool
) -> None:
    """A step without a token has nothing to steal, and starts without delay."""
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "tiny.txt").write_bytes(b"tiny==1.0\n")
    monkeypatch.setattr("bootstrap.start.SOURCE", str(tmp_path))
    monkeypatch.setattr("sys.path", [])
    (tmp_path / f"tagship-{identity(b'tiny==1.0' + bytes([10]))}").mkdir()
    environ = {"RUNNER_TEMP": str(tmp_path), **({"INPUTS": inputs} if inputs else {})}
    if stops:
        with pytest.raises(Failure, match="has changed"):
            add_tier("tiny", environ)
    else:
        add_tier("tiny", environ)
