"""A GitHub, an index and a project on this machine, and the workflows run over them as they are committed.

What differs from the real thing, in one place:

- act refuses ``$/`` references. They are rewritten in a copy to ``OWNER/tagship/...@v1``, which is what they mean.
- act has no ``strategy.job-index``. The runner in the matrix is used instead.
- act does not know the permission ``artifact-metadata``. Its line is left out.
- The actions of others are the stand-ins of ``tests/e2e/standins``.
- The default of ``index-url`` in the manifests of the copy is the embedded index.
- act hands every job the same token: what a job is permitted is held by ``tests/contract``.
- act has no identity tokens. The embedded index issues them for jobs with ``id-token: write``, by the job's name.
- act ignores ``concurrency`` and ``environment``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from support.act import act
from support.github import releases_of, repository_of
from support.repositories import GitRepository, new_repository
from support.tools import tool
from tagship.core.workflows.publishers import publishing_jobs
from tagship.edges.project_files import facts_of_checkout
from tagship.errors import SOURCE
from tagship.initialise.command import add_arguments
from tagship.initialise.command import run as run_init
from tagship.rehearsal.fake_github.app import add_repository, add_token
from tagship.rehearsal.fake_github.models import Repository, Token
from tagship.rehearsal.fake_github.server import Server, serve
from tagship.rehearsal.fake_index.models import Answer
from tagship.rehearsal.fake_index.server import FakeIndex, serving
from tagship.rehearsal.publishing import identity_of, publisher_of
from tagship.rehearsal.result import file_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from support.act import WorkflowRun
    from tagship.rehearsal.result import File

ROOT = Path(__file__).parents[2]
STANDINS = ROOT / "tests" / "e2e" / "standins"
REPOSITORY = "octo/hello"
TOKEN = "ghs_lab"
PYTHONS = ("3.10", "3.11", "3.12")
"""The versions that the workflows ask for by default, and one that is too old for the actions themselves."""

LAZY_TIER = "lint"
"""The tier that build-dist and check-dist add when they check files."""

INDEXES = ("https://upload.pypi.org/legacy/", "https://test.pypi.org/legacy/")
"""What the publishing action sends to; the embedded index takes the place of both."""

METADATA = """\
name = "hello"
description = "Says hello."
readme = "README.md"
license = "MIT"
requires-python = ">=3.11"
classifiers = ["Programming Language :: Python :: 3.12"]
"""
SCRIPTS = '\n[project.scripts]\nhello = "hello:main"\n'
PYPROJECT = f"""\
[build-system]
requires = ["flit_core>=3.11,<5"]
build-backend = "flit_core.buildapi"

[project]
version = "0.2.0"
{METADATA}{SCRIPTS}"""
"""A project that is built in a moment, because every run builds it up to three times."""

VERSION_OF_TAG = f"""\
[build-system]
requires = ["hatchling>=1.32", "hatch-vcs>=0.5"]
build-backend = "hatchling.build"

[project]
dynamic = ["version"]
{METADATA}{SCRIPTS}
[tool.hatch.version]
source = "vcs"
"""
"""A ``pyproject.toml`` whose version is that of the last tag."""


def with_python(version: str, pyproject: str = PYPROJECT) -> str:
    """Return a ``pyproject.toml`` that declares the older Python ``version`` in addition to 3.12."""
    older = pyproject.replace("classifiers = [", f'classifiers = ["Programming Language :: Python :: {version}", ')
    return older.replace('>=3.11"\nclassifiers', f'>={version}"\nclassifiers')


PROJECT = {
    "pyproject.toml": PYPROJECT,
    "README.md": "# hello\n\nSays hello.\n",
    "Makefile": "check:\n\tpython -c 'import hello; assert hello.greet() == \"Hello\"'\n",
    "src/hello/__init__.py": """\
def greet() -> str:
    return "Hello"


def main() -> None:
    print(greet())
""",
    "CHANGELOG.md": """\
# Changelog

## v0.3.0

- A section whose tag is not on the main branch.

## v0.2.0 - 2026-11-02

- Says more, in words that are
  wrapped; see [the source](src/hello/__init__.py).

### For those who upgrade

Nothing to do.

## v0.2.0-rc1 - 2026-11-01

- Tries to say more.

## v0.1.0 - 2026-10-12

- Says hello.
""",
}

CHECKOUT = """\
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
        with:
          python-version: "3.12"
"""
"""The first steps of a job."""


def one_job(name: str, steps: str) -> str:
    """Return a workflow of one job, which may make a release, with ``steps`` after those of CHECKOUT."""
    return f"""\
on: push
permissions: {{}}
jobs:
  {name}:
    runs-on: ubuntu-latest
    permissions:
      contents: write # to make the release
    steps:
{CHECKOUT}{steps}"""


@dataclass(kw_only=True)
class LimitedIndex(FakeIndex):
    """The embedded index, which is down for uploads after ``limit`` files."""

    limit: int | None = None

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer one request, or refuse an upload as a server that is down does."""
        if method == "POST" and target == "/legacy/" and len(self.catalogue.files) == self.limit:
            return Answer(status=HTTPStatus.SERVICE_UNAVAILABLE, body=b"503 Service Unavailable")
        return super().answer(method, target, headers, body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """One project under release. ``project`` is the author's clone, whose pushes arrive at GitHub."""

    folder: Path
    project: GitRepository
    tagship: Path
    github: Server
    index: LimitedIndex
    pythons: Mapping[str, str]
    tiers: Path
    runs: list[WorkflowRun] = field(default_factory=list)

    def init(self, *flags: str) -> None:
        """Commit the workflow that ``tagship init`` writes with these flags."""
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        with redirect_stdout(StringIO()):
            assert run_init(parser.parse_args([str(self.project.path), "--source", SOURCE, *flags]), os.environ) == 0
        self.project.commit({}, "Release with tagship")

    def release(self, tag: str, **options: Any) -> WorkflowRun:
        """Return the run that pushing main and ``tag`` at its tip starts, with the options of ``run``."""
        self.project.git("tag", tag)
        self.push("refs/heads/main", f"refs/tags/{tag}")
        return self.run(f"refs/tags/{tag}", **options)

    def push(self, *references: str) -> None:
        """Push branches and tags to GitHub, by force."""
        self.project.git("push", "--quiet", "--force", "origin", *references)

    def run(
        self,
        reference: str,
        *,
        event: str = "push",
        workflow: str = "release.yml",
        inputs: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        environ: Mapping[str, str] = {},
    ) -> WorkflowRun:
        """Return the run that GitHub would start for an event about ``reference``, such as ``refs/tags/v0.2.0``.

        ``environ`` are more variables of its steps.
        """
        place = self.folder / f"run-{len(self.runs)}"
        checkout = place / "checkout"
        self.project.git("worktree", "add", "--quiet", "--force", "--detach", str(checkout), reference)
        for file in (checkout / ".github" / "workflows").glob("*.yml"):
            file.write_text(as_act_reads(file.read_text("utf-8")), "utf-8")
        self._trust(checkout, reference)
        self.index.catalogue.tokens |= dict.fromkeys((secrets or {}).values())
        artifacts = place / "artifacts"
        artifacts.mkdir()
        owner, name = REPOSITORY.split("/")
        repository = {"full_name": REPOSITORY, "name": name, "owner": {"login": owner}, "default_branch": "main"}
        payload: dict[str, Any] = {"ref": reference, "repository": repository}
        if event == "workflow_dispatch":
            payload["inputs"] = dict(inputs or {})
        run = act(
            event,
            payload,
            checkout=checkout,
            workflow=workflow,
            scratch=place / "act",
            repositories={"OWNER/tagship@v1": self.tagship, **standins()},
            environ={
                "GITHUB_API_URL": self.github.url,
                "GITHUB_SERVER_URL": self.github.url,
                "STANDIN_REPOSITORIES": str(self.folder / "repositories"),
                "STANDIN_ARTIFACTS": str(artifacts),
                "STANDIN_RECORDS": str(self.folder),
                "STANDIN_TIERS": str(self.tiers),
                "STANDIN_UV": tool("uv"),
                "STANDIN_PYTHONS": json.dumps(self.pythons),
                "STANDIN_INDEXES": json.dumps(dict.fromkeys([*INDEXES, self.index.url], self.index.upload_url)),
                "STANDIN_IDENTITIES": self.index.identity_url,
                **environ,
            },
            secrets={"GITHUB_TOKEN": TOKEN, **(secrets or {})},
            options=options,
        )
        self.runs.append(run)
        return run

    def _trust(self, checkout: Path, reference: str) -> None:
        """Give the publishing jobs their identities and the index their publishers, as ``tagship init`` prints them."""
        jobs = publishing_jobs(facts_of_checkout(checkout).workflows, reference.rpartition("/")[2])
        sha, name = GitRepository(checkout).git("rev-parse", "HEAD"), canonicalize_name("hello")
        self.index.catalogue.publishers = tuple(publisher_of(job, REPOSITORY, project=name) for job in jobs)
        self.index.identities = {
            job.publication.job.name: identity_of(job, REPOSITORY, ref=reference, sha=sha)
            for job in jobs
            if job.identified
        }

    @property
    def releases(self) -> list[dict[str, Any]]:
        """All releases, drafts too, oldest first."""
        return releases_of(self.github)

    @property
    def published(self) -> list[str]:
        """The names of the files on the index."""
        return [file.name for file in self.files]

    @property
    def files(self) -> list[File]:
        """The files on the index."""
        return [file_at(path) for path in sorted(self.index.folder.iterdir())]

    @property
    def latest(self) -> int | None:
        """Id of the release that is marked as Latest."""
        return repository_of(self.github).latest

    def records(self, name: str) -> list[dict[str, Any]]:
        """Return the records of the stand-ins: ``attestations`` or ``publications``."""
        file = self.folder / f"{name}.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@contextmanager
def lab(folder: Path, *, tiers: Path, files: Mapping[str, str] | None = None) -> Iterator[Lab]:
    """Return a lab whose project has ``PROJECT`` and ``files`` on its main branch, and v0.1.0 behind it."""
    project = new_repository(folder / "project", {"README.md": "# hello\n"}, tag="v0.1.0")
    project.commit({**PROJECT, **(files or {})}, "Write it")
    origin = folder / "repositories" / f"{REPOSITORY}.git"
    origin.parent.mkdir(parents=True)
    project.git("init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    project.git("remote", "add", "origin", f"https://github.com/{REPOSITORY}.git")
    project.git("remote", "set-url", "--push", "origin", str(origin))
    index = LimitedIndex(folder=folder / "index")
    with serve(folder / "github") as github, serving(index):
        add_token(github.app, Token(token=TOKEN, permissions={REPOSITORY: {"contents": "write"}}))
        add_repository(github.app, Repository(name=REPOSITORY, git=str(origin)))
        made = Lab(
            folder=folder,
            project=project,
            tagship=copy_of_tagship(folder / "tagship", index=index.simple_url),
            github=github,
            index=index,
            pythons=interpreters(),
            tiers=tiers,
        )
        made.push("refs/heads/main", "refs/tags/v0.1.0")
        yield made


def copy_of_tagship(target: Path, *, index: str) -> Path:
    """Return the actions, workflows and sources as they lie here, with ``$/`` written as act understands it.

    act copies the folder for each step. A link to the sources is copied as one, so they are compiled once.
    """
    for name in ("actions", ".github"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "action.yml", target)
    (target / "src").symlink_to(ROOT / "src")
    for file in (*target.rglob("action.yml"), *(target / ".github" / "workflows").glob("*.yml")):
        text = as_act_reads(file.read_text("utf-8"))
        file.write_text(re.sub(r"""(["'])https://pypi\.org/simple/\1""", rf"\1{index}\1", text), "utf-8")
    return target


def as_act_reads(text: str) -> str:
    """Return a workflow or manifest in the words that act knows."""
    text = re.sub(r"uses: \$/(\S+)", r"uses: OWNER/tagship/\1@v1", text.replace("strategy.job-index", "matrix.runner"))
    text = re.sub(r"^ +(artifact-metadata: .*|queue: max)\n", "", text, flags=re.MULTILINE)
    return text.replace(", queue: max }", " }")


def own_sources() -> dict[str, str]:
    """Return the text files of this repository that its own workflows work on, by path."""
    kinds = (".py", ".md", ".toml", ".yml", ".txt", ".json", ".typed", "LICENSE", "Makefile")
    top = [path for path in ROOT.iterdir() if path.is_file()]
    below = [
        path
        for name in ("src", "actions", "docs", "examples", ".github")
        for path in (ROOT / name).rglob("*")
        if path.is_file()
    ]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in (*top, *below)
        if path.name.endswith(kinds) and "__pycache__" not in path.parts
    }


@cache
def standins() -> dict[str, Path]:
    """Return the folder for every action of others that a workflow or a caller uses, by how it is used."""
    sources = [*(ROOT / ".github" / "workflows").glob("*.yml"), ROOT / "src/tagship/core/workflows/pins.py"]
    used = {match for file in sources for match in re.findall(r"\b[\w.-]+/[\w.-]+@[0-9a-f]{40}\b", file.read_text())}
    return {use: STANDINS / use.split("@")[0].split("/")[1] for use in used}


@cache
def interpreters() -> dict[str, str]:
    """Return a program for each of ``PYTHONS``; that of the tests replaces a missing one."""
    return {version: interpreter(version) or sys.executable for version in PYTHONS}


def interpreter(version: str) -> str | None:
    """Return the interpreter of that version, or None if no program of that version starts."""
    folders = [*os.environ["PATH"].split(os.pathsep), *map(str, Path.home().glob(f".pyenv/versions/{version}*/bin"))]
    for folder in folders:
        program = shutil.which(f"python{version}", path=folder)
        command = [str(program), "-I", "-c", "import sys; print(sys._base_executable)"]
        answer = program and subprocess.run(command, capture_output=True, text=True, check=False)
        if answer and answer.returncode == 0:
            return answer.stdout.strip()
    return None


def prepare_tiers(folder: Path) -> Path:
    """Return the folder with every tier that a job installs, as after the first step of a job with uv."""
    if folder.exists():
        return folder
    folder.mkdir()
    tiers: dict[str, str] = json.loads((ROOT / "src/locks/actions.json").read_text())
    add = "import os, sys; from bootstrap.start import add_tier; [add_tier(tier, os.environ) for tier in sys.argv[1:]]"
    start = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); {add}"
    path = os.pathsep.join([str(Path(tool("uv")).parent), os.environ["PATH"]])
    command = [interpreters()["3.12"], "-I", "-S", "-X", "utf8", "-c", start, *sorted({*tiers.values(), LAZY_TIER})]
    environ = {**os.environ, "RUNNER_TEMP": str(folder), "PATH": path}
    subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    return folder
