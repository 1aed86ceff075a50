"""The installed package, in an environment and with a home folder that have nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from uv import find_uv_bin

from tagship.edges.environments import with_uv_settings
from tagship.errors import SOURCE

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/golden/rehearsal/hello-tagship"
TOKEN = "ghp_of_the_user"


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


def test_it_releases_the_example_and_again_without_a_network(
    tagship: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Without configuration the example is released as the golden files say; another output needs no download.

    Home and the temporary folder stay empty, and tokens of the user are in no file.
    """
    home, temporary, output = tmp_path / "home", tmp_path / "temporary", tmp_path / "first"
    home.mkdir()
    temporary.mkdir()
    settings = ("PATH", "PIP_", "PYENV_ROOT", "SSL_", "UV_")
    environ = {name: value for name, value in os.environ.items() if name.startswith(settings)}
    environ |= {"HOME": str(home), "TERM": "dumb", "TMPDIR": str(temporary), "TAGSHIP_CACHE": str(tmp_path / "cache")}
    environ |= {"GITHUB_TOKEN": TOKEN, "TWINE_PASSWORD": TOKEN}

    def rehearse(folder: Path, *flags: str, **more: str) -> str:
        command: list[str | Path] = [tagship, "rehearse", "--output", folder, "--python", "3.11", *flags]
        done = subprocess.run(command, cwd=tmp_path, env=environ | more, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return str(done.stderr)

    assert "hello-tagship 0.2.0 released from tag v0.2.0" in rehearse(output)
    result = json.loads((output / "result.json").read_text("utf-8"))
    found = {"result.json": comparable(result), "notes.md": (output / "notes.md").read_text("utf-8")}
    if request.config.getoption("--update-golden", default=False):
        for name, text in found.items():
            (GOLDEN / name).write_text(text, "utf-8", newline="\n")
    assert found == {path.name: path.read_text("utf-8") for path in GOLDEN.iterdir()}
    assert "Ready to release" in (output / "report.html").read_text("utf-8")
    assert sorted(path.suffix for path in (output / "dist").iterdir()) == [".gz", ".whl"]
    assert not [path for path in output.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]

    nowhere = "http://127.0.0.1:9"
    # mypy is installed with pytest, and its run says nothing about the network.
    flags = ("--offline", "--input", "quality-gate.command=python -m pytest --quiet")
    again = rehearse(tmp_path / "second", *flags, HTTPS_PROXY=nowhere, HTTP_PROXY=nowhere)
    assert "hello-tagship 0.2.0 released from tag v0.2.0" in again
    # pip runs rustc --version, and rustup then creates its folder.
    assert {path.name for path in home.iterdir()} <= {".rustup"}
    assert list(temporary.iterdir()) == []


def comparable(result: dict[str, Any]) -> str:
    """Return the result without values that differ between runs: times, messages, hashes, sizes."""
    stable = {**result, "seconds": 0, "commit": "<commit>", "remarks": result["remarks"][:2]}
    stable["stages"] = [
        {key: value for key, value in stage.items() if key not in {"seconds", "message"}} for stage in result["stages"]
    ]
    stable["requests"] = in_stable_order(result["requests"])
    text = json.dumps(stable, indent=2, ensure_ascii=False) + "\n"
    text = re.sub(r"sha256:[0-9a-f]{64}", "<digest>", text)
    text = re.sub(r'"size": \d+', '"size": 0', text)
    return re.sub(r"releases/\d+", "releases/<id>", text)


def in_stable_order(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the requests by server.

    Reads of GitHub between two writes are sent in parallel, so they go by path. That of the jobs of the run is sent in
    parallel to the writes, so it comes first.
    """
    keyed: list[tuple[str, int, str, dict[str, Any]]] = []
    writes: Counter[str] = Counter()
    for request in requests:
        server = str(request["to"])
        read = server == "github" and request["method"] == "GET"
        writes[server] += not read
        position = 0 if "/actions/runs/" in str(request["path"]) else writes[server]
        keyed.append((server, position, str(request["path"]) if read else "", request))
        writes[server] += not read
    return [entry[-1] for entry in sorted(keyed, key=lambda entry: entry[:3])]


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
