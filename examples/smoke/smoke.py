"""Release an example on github.com in each form that ``tagship init`` writes, and print the results.

Requires git, Python 3.11, tagship and an authenticated gh (https://cli.github.com/). The repository is public, because
GitHub signs attestations of public repositories only. Nothing is published to PyPI, and to TestPyPI only with
``--testpypi``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "hello-tagship"
NAME = "tagship-smoke"
LIMIT = 1800
"""Seconds to wait for one run of a workflow."""

MANUAL = """\
Check by hand:
  - The release page shows the notes, their links work, and both files are attached.
  - The pre-release is not marked as Latest.
  - A failed run (push a tag on a side branch) creates neither a release nor a draft.
  - "Re-run failed jobs" of a cancelled run completes the release.
  - A required reviewer of the environment is asked before the files are published.
  - The "More:" link of an error leads to the repository and the ref of the action.
  - A second tag that is pushed while a run is active waits, and its run is not cancelled.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One release: the flags of ``tagship init``, the tag, and whether the release must be a pre-release."""

    title: str
    flags: tuple[str, ...]
    tag: str
    version: str
    prerelease: bool = False


FORMS = (
    Form(title="without an index", flags=("--index", "none"), tag="v0.2.0", version="0.2.0"),
    Form(title="with attestations", flags=("--index", "none", "--attestations"), tag="v0.2.1", version="0.2.1"),
    Form(title="a pre-release", flags=("--index", "none"), tag="v0.3.0-rc1", version="0.3.0rc1", prerelease=True),
)
TESTPYPI = Form(
    title="to TestPyPI", flags=("--index", "none", "--testpypi"), tag="v0.2.2", version="0.2.2"
)  # fmt: skip


def main() -> int:
    """Release in every form; return 1 if a form failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--owner", required=True, help="account or organization on GitHub that has tagship")
    parser.add_argument("--ref", default="main", help="ref of tagship to test, for example v1")
    parser.add_argument("--testpypi", metavar="PROJECT", help="project on TestPyPI with a pending publisher")
    parser.add_argument("--keep", action="store_true", help="keep the repository")
    options = parser.parse_args()
    if shutil.which("gh") is None:
        parser.error("gh is not installed. Install it: https://cli.github.com/")
    repository = f"{options.owner}/{NAME}"
    results = []
    with tempfile.TemporaryDirectory() as folder:
        clone = create(Path(folder) / NAME, repository, project=options.testpypi)
        for form in (*FORMS, *((TESTPYPI,) if options.testpypi else ())):
            print(f"== {form.title}: {form.tag}", flush=True)
            results.append((form, release(clone, form, repository, source=f"{options.owner}/tagship", ref=options.ref)))
    for form, problems in results:
        print(f"{'FAILED' if problems else 'passed'}  {form.title} ({form.tag})")
        for problem in problems:
            print(f"        {problem}")
    print(MANUAL)
    if not options.keep:
        run("gh", "repo", "delete", repository, "--yes", folder=Path.cwd())
    return int(any(problems for _, problems in results))


def create(clone: Path, repository: str, *, project: str | None) -> Path:
    """Create the repository on GitHub with the example, and return its clone."""
    shutil.copytree(EXAMPLE, clone)
    if project:
        declaration = clone / "pyproject.toml"
        declaration.write_text(declaration.read_text("utf-8").replace("hello-tagship", project), "utf-8")
    run("git", "init", "--quiet", "--initial-branch", "main", folder=clone)
    commit(clone, "Add the example")
    run("gh", "repo", "create", repository, "--public", "--source", ".", "--push", folder=clone)
    return clone


def release(clone: Path, form: Form, repository: str, *, source: str, ref: str) -> list[str]:
    """Push the workflow and the tag of a form, wait for the run, and return the problems of the release."""
    run(sys.executable, "-m", "tagship", "init", "--force", "--source", source, *form.flags, folder=clone)
    workflow = clone / ".github" / "workflows" / "release.yml"
    text = workflow.read_text("utf-8")
    workflow.write_text(text.replace("@v1\n", f"@{ref}\n"), "utf-8")
    milestones = clone / "MILESTONES.md"
    lines = milestones.read_text("utf-8").split("\n## ", 1)
    milestones.write_text(
        f"{lines[0]}\n## v{form.version} Smoke\n\nReleased as {form.title}.\n\n## {lines[1]}", "utf-8"
    )
    commit(clone, f"Release {form.title}")
    run("git", "push", "--quiet", "origin", "main", folder=clone)
    run("git", "tag", form.tag, folder=clone)
    run("git", "push", "--quiet", "origin", form.tag, folder=clone)
    conclusion = wait(form.tag, repository, folder=clone)
    if conclusion != "success":
        return [f"The run ended with {conclusion}. Read it: gh run list --repo {repository} --branch {form.tag}"]
    return [*problems(form, repository, folder=clone)]


def wait(tag: str, repository: str, *, folder: Path) -> str:
    """Return the conclusion of the run for ``tag``, polled every ten seconds."""
    for _ in range(LIMIT // 10):
        shown = run(
            "gh", "run", "list", "--repo", repository, "--branch", tag, "--json", "status,conclusion", folder=folder
        )
        runs = json.loads(shown)
        if runs and runs[0]["status"] == "completed":
            return str(runs[0]["conclusion"])
        time.sleep(10)
    return f"no result within {LIMIT} seconds"


def problems(form: Form, repository: str, *, folder: Path) -> list[str]:
    """Return the differences between the release on GitHub and the expected one."""
    shown = run(
        "gh",
        "release",
        "view",
        form.tag,
        "--repo",
        repository,
        "--json",
        "name,isDraft,isPrerelease,body,assets",
        folder=folder,
    )
    found = json.loads(shown)
    names = {asset["name"].rpartition(".")[2] for asset in found["assets"]}
    expected = [
        ("title", found["name"], form.tag),
        ("draft", found["isDraft"], False),
        ("pre-release", found["isPrerelease"], form.prerelease),
        ("kinds of files", names, {"whl", "gz", "SHA256SUMS"}),
        ("notes of the version", f"Released as {form.title}." in found["body"], True),
    ]
    return [f"{label}: expected {value!r}, found {real!r}" for label, real, value in expected if real != value]


def commit(clone: Path, message: str) -> None:
    """Commit everything in ``clone``."""
    run("git", "add", "--all", folder=clone)
    run(
        "git",
        "-c",
        "user.name=smoke",
        "-c",
        "user.email=smoke@example.com",
        "commit",
        "--quiet",
        "--message",
        message,
        folder=clone,
    )


def run(*command: str, folder: Path) -> str:
    """Run a program and return its output; a failure ends the script with its command and output."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
