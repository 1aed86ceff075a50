"""Checks a repository out of the folder STANDIN_REPOSITORIES, as actions/checkout does from GitHub."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

inputs = json.loads(os.environ["INPUTS"])
workspace = Path(os.environ["GITHUB_WORKSPACE"])
source = Path(os.environ["STANDIN_REPOSITORIES"], inputs["repository"] + ".git").as_uri()
environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}


def git(*arguments: str) -> str:
    """Return the output of git; exit with its error if it fails."""
    done = subprocess.run(["git", *arguments], cwd=workspace, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"::error::git {arguments[0]}: {done.stderr.strip()}")
        sys.exit(1)
    return done.stdout.strip()


own = not inputs["ref"]
reference = inputs["ref"] or os.environ["GITHUB_REF"]
is_commit = re.fullmatch(r"[0-9a-f]{40}", reference) is not None
git("init", "--quiet", "--initial-branch=main")
git("config", "remote.origin.url", f"{os.environ['GITHUB_SERVER_URL']}/{inputs['repository']}")
if inputs["fetch-depth"] == "0":
    git("fetch", "--quiet", "--no-tags", source, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*")
else:
    name = reference.removeprefix("refs/heads/").removeprefix("refs/tags/")
    target = reference if reference.startswith("refs/tags/") else f"refs/remotes/origin/{name}"
    git("fetch", "--quiet", "--no-tags", f"--depth={inputs['fetch-depth']}", source, f"+{reference}:{target}")
if own or is_commit:
    wanted = os.environ["GITHUB_SHA"] if own else reference
elif reference.startswith("refs/tags/"):
    wanted = reference
else:
    wanted = f"refs/remotes/origin/{reference.removeprefix('refs/heads/')}"
if reference.startswith("refs/heads/"):
    git("checkout", "--quiet", "--force", "-B", reference.removeprefix("refs/heads/"), wanted)
else:
    git("checkout", "--quiet", "--force", "--detach", wanted)
with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
    outputs.write(f"ref={inputs['ref']}\ncommit={git('rev-parse', 'HEAD')}\n")
