"""Whole rehearsals: the release of the example package, and every cause that must stop a release."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from support.repositories import GitRepository, new_repository
from tagship.core.versions import Tag
from tagship.main import main
from tagship.rehearsal.fake_github.app import add_release
from tagship.rehearsal.fake_github.models import Release
from tagship.rehearsal.options import Options, read_override
from tagship.rehearsal.progress import Progress
from tagship.rehearsal.rehearsal import open_session
from tagship.rehearsal.rehearsal import rehearse as rehearse_session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
HERE = "{}.{}".format(*sys.version_info)
TOKEN = "ghp_of_the_user"
PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "hello"
version = "1.0.0"
requires-python = ">=3.11"
readme = "README.md"
"""
PROJECT = {
    "pyproject.toml": PYPROJECT,
    "README.md": "# Hello\n",
    "CHANGELOG.md": "# Changes\n\n## 1.0.0\n\n- First\n",
    "hello/__init__.py": '"""Hello."""\n',
}
WORKFLOW = """\
on: {push: {tags: ["v*"]}}
jobs:
  publish:
    # Trusted publisher: workflow release.yml, environment pypi
    permissions: {id-token: write}
    environment: pypi
    steps: [{uses: pypa/gh-action-pypi-publish@release/v1, with: {skip-existing: true}}]
"""
QUICK = ("--python", HERE, "--input", "quality-gate.command=true", "--input", "quality-gate.install=none")
"""A quality gate on one Python, with one passing check and no installation."""


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return the output folder of a rehearsal."""
    return tmp_path / "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A finished rehearsal: exit status, standard error, and result."""

    status: int
    stderr: str
    result: dict[str, Any]

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each stage, by name and Python."""
        return {
            " ".join([stage["name"], *stage.get("python", "").split()]): stage["outcome"]
            for stage in self.result["stages"]
        }

    @property
    def failed(self) -> dict[str, Any]:
        """The first stage that failed."""
        return dict(next(stage for stage in self.result["stages"] if stage["outcome"] == "failed"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return an empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def rehearse(output: Path, home: Path, downloads: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Rehearsed]:
    """Return a function that runs the command with an empty home folder, and with tokens that must not be used."""
    pyenv = os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))
    environ = {**os.environ, "HOME": str(home), "PYENV_ROOT": pyenv, "GITHUB_TOKEN": TOKEN, "TWINE_PASSWORD": TOKEN}
    environ["TAGSHIP_CACHE"] = str(downloads)

    def run(*arguments: str | Path) -> Rehearsed:
        command = ["rehearse", "--output", str(output), *map(str, arguments)]
        status = main(command, dict(environ))
        result = json.loads((output / "result.json").read_text("utf-8"))
        return Rehearsed(status=status, stderr=capsys.readouterr().err, result=result)

    return run


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below ``folder``, ``.git`` included."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("cc") is None, reason="a C compiler builds the example")
def test_releases_the_compiled_example(rehearse: Callable[..., Rehearsed], output: Path, tmp_path: Path) -> None:
    """The wheel of this machine is repaired and checked as in the release, and the wheels of others are named."""
    project = shutil.copytree(ROOT / "examples/hello-compiled", tmp_path / "hello-compiled")
    done = rehearse(project, "--tag", "v0.2.0", "--python", "3.11")

    assert done.status == 0, done.stderr
    (wheel,) = (path.name for path in (output / "dist").glob("*.whl"))
    assert "-linux_" not in wheel
    assert "✅ check-dist" in done.stderr
    assert "cibuildwheel builds on ubuntu-latest, ubuntu-24.04-arm, macos-latest" in done.stderr


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A project that must not be released, the stage that stops it, and parts of the message."""

    stage: str
    message: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = QUICK
    prepare: Callable[[GitRepository], None] = lambda _: None


def on_a_side_branch(repository: GitRepository) -> None:
    """Move the tag to a branch that was never merged."""
    repository.git("switch", "--quiet", "--create", "side")
    repository.commit({"side.txt": "x"})
    repository.git("tag", "--force", "v1.0.0")
    repository.git("switch", "--quiet", "main")


CASES = {
    "a tag on another branch, without a section": Case(
        files={"CHANGELOG.md": "## 0.9.0\n\n- Zeroth\n"},
        prepare=on_a_side_branch,
        stage="preflight",
        message=("main", "CHANGELOG.md", "## "),
    ),
    "a failed check": Case(
        arguments=("--python", HERE, "--input", "quality-gate.command=false", "--input", "quality-gate.install=none"),
        stage="quality-gate",
        message=("`false` failed with exit code 1",),
    ),
    "a project that does not build": Case(
        files={"pyproject.toml": PYPROJECT + '[tool.hatch.build.targets.wheel]\npackages = ["nowhere"]\nbroken = 1\n'
               '[tool.hatch.build.hooks.nothing]\n'},
        stage="build-dist",
        message=("hatchling",),
    ),
    "a wheel whose import fails": Case(
        files={"hello/__init__.py": "import nowhere_to_be_found\n"},
        stage="verify-wheel",
        message=("nowhere_to_be_found",),
    ),
    "a publisher with another environment": Case(
        files={".github/workflows/release.yml": WORKFLOW.replace("environment: pypi", "environment: production")},
        stage="publish",
        message=("* `invalid-publisher`: valid token, but no corresponding publisher", "environment production"),
    ),
    "no token": Case(arguments=(*QUICK, "--input", "gh-release.token="), stage="gh-release", message=("token",)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_stops_at(case: Case, rehearse: Callable[..., Rehearsed], tmp_path: Path) -> None:
    """A release that must stop has a cause and a remedy, and publishes and changes nothing."""
    repository = new_repository(tmp_path / "hello", PROJECT | dict(case.files), tag="v1.0.0")
    case.prepare(repository)
    before = snapshot(repository.path)
    done = rehearse(repository.path, "--tag", "v1.0.0", *case.arguments)
    assert (done.status, done.failed["name"]) == (1, case.stage), done.stderr
    message = done.failed["message"]
    for part in case.message:
        assert part in message
        assert part in done.stderr
    assert len(message.splitlines()) >= 2, "the remedy is missing"
    if case.stage not in {"publish", "gh-release", "install"}:
        assert {done.outcomes[name] for name in ("publish", "gh-release", "install")} == {"skipped"}
    assert snapshot(repository.path) == before
    published = case.stage == "gh-release"
    assert bool(done.result["index"]["files"]) is published
    assert done.result["release"] is None
    assert {request["method"] for request in done.result["requests"] if request["to"] == "github"} <= {"GET"}


def test_stops_at_a_published_immutable_release(output: Path, home: Path, downloads: Path, tmp_path: Path) -> None:
    """The preflight stage fails if the tag has an immutable release, which stays unchanged."""
    project = new_repository(tmp_path / "hello", PROJECT, tag="v1.0.0")
    overrides = tuple(map(read_override, QUICK[3::2]))
    options = Options(project=project.path, tag=Tag("v1.0.0"), pythons=(HERE,), output=output, overrides=overrides)
    environ = {**os.environ, "HOME": str(home), "TAGSHIP_CACHE": str(downloads)}
    with open_session(options, environ) as session:
        published = Release(repository="OWNER/hello", tag_name="v1.0.0", immutable=True, body="Published.")
        add_release(session.github.app, published)
        result = rehearse_session(session, Progress())
    failed = result.failures[0]
    assert failed.name == "preflight"
    assert failed.message is not None
    assert "v1.0.0" in failed.message
    assert "immutable" in failed.message
    assert result.release is not None
    assert result.release.body == "Published."
    assert result.index == ()
    assert {request.method for request in result.requests if request.to == "github"} == {"GET"}


def test_skips_a_missing_python(rehearse: Callable[..., Rehearsed], tmp_path: Path) -> None:
    """A Python that is not installed is skipped with a message; one installed Python is enough."""
    project = new_repository(tmp_path / "hello", PROJECT | {"CHANGELOG.md": ""}, tag="v1.0.0")
    done = rehearse(project.path, *QUICK, "--python", "3.99", "--input", "preflight.changelog=none")
    assert (done.outcomes[f"quality-gate {HERE}"], done.outcomes["quality-gate 3.99"]) == ("passed", "skipped")
    assert done.failed["name"] == "extract-changelog"
    assert "Python 3.99 is not installed." in done.stderr


def test_releases_a_prerelease_of_a_package_in_a_folder(rehearse: Callable[..., Rehearsed], tmp_path: Path) -> None:
    """Inputs are passed to all actions or to one of them, and a pre-release is marked as one."""
    files = {f"packages/hello/{name}": text.replace("1.0.0", "1.1.0rc1") for name, text in PROJECT.items()}
    project = new_repository(
        tmp_path / "hello", {**files, ".github/workflows/release.yml": WORKFLOW.replace("v*", "hello-v*")}
    )
    inputs = ("working-directory=packages/hello", "tag-prefix=hello-v", "gh-release.name=Hello at last")
    done = rehearse(project.path, *QUICK, *(part for text in inputs for part in ("--input", text)))
    assert done.status == 0, done.stderr
    release = done.result["release"]
    shown = {key: release[key] for key in ("tag", "name", "draft", "prerelease", "latest")}
    assert shown == {
        "tag": "hello-v1.1.0rc1",
        "name": "Hello at last",
        "draft": False,
        "prerelease": True,
        "latest": False,
    }
    checksums, *assets = release["assets"]
    assert [asset["name"] for asset in (checksums, *assets)] == [
        "SHA256SUMS",
        "hello-1.1.0rc1-py3-none-any.whl",
        "hello-1.1.0rc1.tar.gz",
    ]
    assert {asset["digest"] for asset in assets} == {file["digest"] for file in done.result["index"]["files"]}

    paths = [request["path"] for request in done.result["requests"] if request["to"] == "index"]
    assert "/_/oidc/mint-token" in paths
    assert not [remark for remark in done.result["remarks"] if "trusted publishing" in remark]


@pytest.mark.skipif(shutil.which("make") is None, reason="no make: apt-get install -y make")
def test_make_passes_its_variables_on() -> None:
    """``make rehearse REPO=path TAG=v1.2.0`` passes both to the command."""
    line = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "rehearse", "REPO=a b", "TAG=v1.2.0"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()[-1]
    assert "-m tagship rehearse" in line
    assert '"a b" --tag "v1.2.0"' in line


def test_serves_until_ctrl_c(tmp_path: Path) -> None:
    """With ``--serve`` both servers run for other tools until the command ends."""
    project = new_repository(tmp_path / "hello")
    command = [
        sys.executable,
        "-c",
        # A shell starts background jobs with SIGINT ignored, and children inherit that.
        "import signal, tagship.main as m; signal.signal(signal.SIGINT, signal.default_int_handler); m.console()",
        "rehearse",
        str(project.path),
        "--serve",
        "--output",
        str(tmp_path / "out"),
    ]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        printed = "".join(line for _, line in zip(range(4), process.stdout, strict=False))
        github, token = re.search(r"GitHub: (\S+)  token: (\S+)", printed).groups()  # type: ignore[union-attr]
        ask = Request(f"{github}/rate_limit", headers={"authorization": f"Bearer {token}"})
        with urlopen(ask) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    with pytest.raises(URLError):
        urlopen(github)
