"""The installed package, in an environment and with a home folder that have nothing else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from tagship.edges.installer_settings import with_uv_settings
from tagship.errors import SOURCE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tagship(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command of the built wheel, installed into an empty environment."""
    folder = tmp_path_factory.mktemp("installed")
    environ = with_uv_settings(os.environ)
    commands: tuple[list[str | Path], ...] = (
        ["build", "--quiet", "--wheel", "--out-dir", folder / "dist", ROOT],
        ["venv", "--quiet", folder / "environment"],
    )
    for command in commands:
        subprocess.run([find_uv_bin(), *command], env=environ, check=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    install: list[str | Path] = ["pip", "install", "--quiet", "--python", folder / "environment", wheel]
    subprocess.run([find_uv_bin(), *install], env=environ, check=True)
    return folder / "environment" / "bin" / "tagship"


def test_it_rehearses_the_example_and_again_without_a_network(tagship: Path, tmp_path: Path) -> None:
    """With HOME, PATH and TERM alone the example is released; then another output needs no download."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    environ = {**kept, "TERM": "dumb", "TAGSHIP_CACHE": str(tmp_path / "cache"), "TMPDIR": str(tmp_path / "temporary")}
    (tmp_path / "temporary").mkdir()
    for output, flags in (("first", []), ("second", ["--offline"])):
        command: list[str | Path] = [tagship, "rehearse", "--output", tmp_path / output, "--python", "3.11", *flags]
        if flags:
            environ |= {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "hello-tagship 0.2.0 released from tag v0.2.0" in done.stderr
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        pytest.param(["init", "--source", SOURCE], "release.yml for hello", id="init"),
        pytest.param(["doctor"], "hello 1.0.0: ", id="doctor"),
        pytest.param(["explain", "no-package-name"], "## No package name\n", id="explain a topic"),
        pytest.param(["explain", "mutable-ref"], "### mutable-ref\n", id="explain a rule"),
    ],
)
def test_other_commands_run(tagship: Path, tmp_path: Path, command: list[str], shown: str) -> None:
    """None needs a clone of tagship."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "hello"\nversion = "1.0.0"\n')
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    done = subprocess.run([tagship, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert shown in done.stdout, done.stderr
