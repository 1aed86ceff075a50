"""Actions on a machine that is at fault: a full disk, a file that cannot be read, a closed pipe.

Each action runs as a process, as on a runner. It ends with one annotation, and never reports a bug in tagship.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.fake_github import COMMIT, NAME, WRITER, fill
from support.repositories import new_repository
from support.wheels import write_wheel
from tagship.actions import NAMES
from tagship.rehearsal.fake_github.app import add_token
from tagship.rehearsal.fake_github.models import Token
from tagship.rehearsal.fake_github.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[2] / "src"
START = "import sys; sys.path.insert(0, sys.argv.pop(2)); from tagship.main import console; console()"
GIVEN: dict[str, dict[str, str]] = {
    "preflight": {"tag": "v1.2.0", "index-url": "none"},
    "quality-gate": {"command": "python -c pass", "install": "none"},
    "build-dist": {"out-dir": "build/built"},
    "check-dist": {"files": "dist/*", "tag": "v1.2.0"},
    "verify-wheel": {"wheel": "dist/*.whl"},
    "extract-changelog": {"version": "1.2.0"},
    "gh-release": {"tag": "v1.2.0", "checksums": "true", "files": "dist/*", "repository": NAME},
    "verify-release": {"tag": "v9", "index-url": "none", "repository": NAME},
    "release": {"tag": "v1.2.0", "index-url": "none", "install": "none", "command": "python -c pass"},
}
FILES = {
    "pyproject.toml": '[project]\nname = "hello"\nversion = "1.2.0"\n',
    "CHANGELOG.md": "# Changelog\n\n## 1.2.0\n\n- x\n",
    "hello.py": "",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with a tag, a wheel, and the folder ``build`` for the files of the runner."""
    folder = new_repository(tmp_path / "checkout", FILES, tag="v1.2.0").path
    write_wheel(folder / "dist", "hello", "1.2.0", {"hello.py": ""})
    (folder / "build" / "temporary").mkdir(parents=True)
    return folder


@pytest.fixture
def full(checkout: Path) -> Iterator[Path]:
    """Mount a small disk at ``build`` and fill it."""
    disk = checkout / "build"
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("this system has no program mount")
    if done.returncode:
        pytest.skip(f"a disk of memory cannot be mounted: {done.stderr.strip()}")
    try:
        (disk / "temporary").mkdir()
        for name in ("output", "summary"):
            (disk / name).touch()
        with contextlib.suppress(OSError), (disk / "rest").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def start(
    name: str, checkout: Path, api: str = "http://127.0.0.1:9", *, given: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start the action as a step does, with its temporary files and command files in ``build``."""
    build = checkout / "build"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(build / "temporary"),
        "TMPDIR": str(build / "temporary"),
        "RUNNER_TEMP": str(build / "temporary"),
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(checkout),
        "GITHUB_OUTPUT": str(build / "output"),
        "GITHUB_STEP_SUMMARY": str(build / "summary"),
        "GITHUB_REPOSITORY": NAME,
        "GITHUB_REF_NAME": "v1.2.0",
        "GITHUB_REF_TYPE": "tag",
        "GITHUB_API_URL": api,
        "INPUTS": json.dumps({**GIVEN[name], **({"token": WRITER} if "release" in name else {}), **(given or {})}),
    }
    command = [sys.executable, "-I", "-X", "utf8", "-c", START, name, str(SOURCE)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, cwd=checkout, env=environ, text=True, **pipes)  # type: ignore[call-overload,no-any-return]


def ended(process: subprocess.Popen[str]) -> tuple[int, list[str]]:
    """Return the status and the error annotations of a process that reports no bug and shows no traceback of ours."""
    output, _ = process.communicate(timeout=300)
    assert "bug in tagship" not in output, output
    outside = re.sub(r"(?s)::group::Traceback\n.*?::endgroup::", "", output)
    assert str(SOURCE) not in outside, output
    return process.returncode, [line for line in output.splitlines() if line.startswith("::error")]


def test_every_action_is_tried() -> None:
    """No action is missing in the table."""
    assert set(GIVEN) == set(NAMES)


@pytest.mark.parametrize("name", GIVEN)
def test_a_full_disk_is_one_sentence(name: str, checkout: Path, full: Path) -> None:
    """With temporary files, outputs, summary and built files on a full disk, the annotation names the disk."""
    with serve(checkout / "assets") as server:
        add_token(server.app, Token(token=WRITER, permissions={NAME: {"contents": "write"}}))
        fill(server.app, name=NAME, branches={"main": COMMIT}, tags={"v1.2.0": COMMIT, "v9": COMMIT})
        status, errors = ended(start(name, checkout, server.url))
    assert full.is_mount()
    assert status == 1
    assert len(errors) == 1, errors
    if name != "verify-release":  # writes no file before it fails, for another reason
        assert "No space left on device" in errors[0]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every file")
@pytest.mark.parametrize(("name", "file"), [("extract-changelog", "CHANGELOG.md"), ("preflight", "pyproject.toml")])
def test_an_unreadable_file_is_one_sentence(name: str, file: str, checkout: Path) -> None:
    """A file without the permission to read it is named."""
    (checkout / file).chmod(0)
    status, errors = ended(start(name, checkout))
    assert status == 1
    assert len(errors) == 1
    assert file in errors[0]


@pytest.mark.parametrize(("name", "file"), [("extract-changelog", "CHANGELOG.md"), ("preflight", "pyproject.toml")])
def test_a_folder_in_place_of_a_file_is_one_sentence(name: str, file: str, checkout: Path) -> None:
    """A folder with the name of a file is named."""
    (checkout / file).unlink()
    (checkout / file).mkdir()
    given = {"changelog": file} if name == "extract-changelog" else {}
    status, errors = ended(start(name, checkout, given=given))
    assert status == 1
    assert len(errors) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal for a closed pipe")
@pytest.mark.parametrize("name", ["extract-changelog", "quality-gate"])
def test_a_closed_pipe_ends_the_run(name: str, checkout: Path) -> None:
    """If nobody reads the output, the run ends with status 1, and standard error has no traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    errors = checkout / "errors"
    environ = {
        "PATH": os.environ["PATH"],
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(checkout / "build" / "output"),
    }
    environ |= {"INPUTS": json.dumps(GIVEN[name]), "GITHUB_WORKSPACE": str(checkout)}
    command = [sys.executable, "-I", "-X", "utf8", "-c", START, name, str(SOURCE)]
    with errors.open("wb") as file:
        done = subprocess.run(command, cwd=checkout, env=environ, stdout=writer, stderr=file, check=False, timeout=60)
    os.close(writer)
    assert done.returncode == 1
    assert errors.read_bytes() == b""
