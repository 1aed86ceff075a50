"""Programs of other authors work on the embedded GitHub unchanged: ``gh``, octokit and githubkit.

``gh`` and octokit come from other registries: if one is missing, its test is skipped with the command that installs it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.fake_github import COMMIT, NAME, OTHER_COMMIT, WRITER, fill, sha256
from tagship.rehearsal.fake_github.app import add_token
from tagship.rehearsal.fake_github.models import Token
from tagship.rehearsal.fake_github.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.rehearsal.fake_github.server import Server

OWNER, _, REPOSITORY = NAME.partition("/")
PROGRAMS = Path.home() / ".cache" / "tagship-tests"
OCTOKIT = """
import { Octokit } from "@octokit/rest";
const [baseUrl, auth, owner, repo, sha] = process.argv.slice(2);
const { rest, paginate } = new Octokit({ baseUrl, auth });
const tag_name = "v1.0.0";
const draft = await rest.repos.createRelease({ owner, repo, tag_name, draft: true, make_latest: "true" });
const release_id = draft.data.id;
const upload = { owner, repo, release_id, name: "a b.whl", label: "A b", data: "wheel" };
const asset = await rest.repos.uploadReleaseAsset({ ...upload, url: draft.data.upload_url });
await rest.repos.updateRelease({ owner, repo, release_id, draft: false, make_latest: "true" });
const latest = await rest.repos.getLatestRelease({ owner, repo });
await rest.git.createRef({ owner, repo, ref: "refs/tags/nightly", sha });
await rest.git.updateRef({ owner, repo, ref: "tags/nightly", sha, force: true });
const ref = await rest.git.getRef({ owner, repo, ref: "tags/nightly" });
const assets = await paginate(rest.repos.listReleaseAssets, { owner, repo, release_id, per_page: 1 });
await rest.git.deleteRef({ owner, repo, ref: "tags/nightly" });
const { status } = await rest.git.getRef({ owner, repo, ref: "tags/nightly" }).catch((error) => error);
const digest = assets[0].digest;
const is_latest = latest.data.id === release_id;
console.log(JSON.stringify([is_latest, asset.data.name, digest, ref.data.object.sha, status]));
"""
GITHUBKIT = """
import json, sys
from githubkit import GitHub
base_url, token, owner, repo = sys.argv[1:]
github = GitHub(token, base_url=base_url, auto_retry=False, http_cache=False)
repos = github.rest.repos
draft = repos.create_release(owner, repo, tag_name="v1.0.0", draft=True).parsed_data
url = draft.upload_url.partition("{")[0]
sent = dict(params={"name": "a.whl"}, content=b"wheel", headers={"content-type": "application/zip"})
uploaded = github.request("POST", url, **sent).json()
asset = repos.get_release_asset(owner, repo, uploaded["id"]).parsed_data
public = repos.update_release(owner, repo, draft.id, draft=False, make_latest="true").parsed_data
latest = repos.get_latest_release(owner, repo).parsed_data
listed = repos.list_releases(owner, repo).parsed_data
print(json.dumps([public.draft, latest.id == draft.id, asset.digest, len(listed)]))
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Yield a server with two tags and a token that may write."""
    with serve(tmp_path / "assets") as running:
        add_token(running.app, Token(token=WRITER, permissions={NAME: {"contents": "write"}}))
        fill(running.app, name=NAME, branches={"main": COMMIT}, tags={"v1.0.0": COMMIT, "v2.0.0": OTHER_COMMIT})
        yield running


def output(command: list[str], **environ: str) -> str:
    """Return the output of a command that succeeds."""
    given = {"PATH": os.environ["PATH"], **environ}
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


GH: dict[str, tuple[str, str]] = {
    "create": ("create v1.0.0 {folder}/a.bin --title T --notes N --latest", "/octo/hello/releases/tag/v1.0.0"),
    "verify the tag": ("create v2.0.0 --verify-tag --notes N --prerelease", "/octo/hello/releases/tag/v2.0.0"),
    "delete without its tag": ("delete v2.0.0 --yes", ""),
    "view": ("view v1.0.0", "title:\tT"),
    "view the latest": ("view", "asset:\ta.bin"),
    "list": ("list", "T\tLatest\tv1.0.0"),
    "upload": ("upload v1.0.0 {folder}/b.bin", ""),
    "upload again": ("upload v1.0.0 {folder}/b.bin --clobber", ""),
    "edit": ("edit v1.0.0 --notes M", "/releases/tag/v1.0.0"),
    "download": ("download v1.0.0 --dir {folder}/out", ""),
    "create a draft": ("create v1.1.0 --draft --notes x --target main", "/releases/tag/untagged-"),
    "view the draft": ("view v1.1.0", "draft:\ttrue"),
    "publish the draft": ("edit v1.1.0 --draft=false", "/releases/tag/v1.1.0"),
    "delete an asset": ("delete-asset v1.0.0 b.bin --yes", ""),
    "delete with its tag": ("delete v1.0.0 --yes --cleanup-tag", ""),
}


def test_gh_creates_changes_and_deletes_releases(server: Server, tmp_path: Path) -> None:
    """Every command of ``gh release`` succeeds with its usual output."""
    gh = shutil.which("gh")
    if gh is None:
        pytest.skip("gh is not installed: apt-get install gh")
    for name in ("a.bin", "b.bin"):
        (tmp_path / name).write_text(name, "utf-8")
    # gh speaks plain HTTP to this host only, and reaches it through the proxy.
    environ = {"HTTP_PROXY": server.url, "GH_REPO": f"github.localhost/{NAME}", "GH_NO_UPDATE_NOTIFIER": "1"}
    for words, shown in GH.values():
        command = [gh, "release", *words.format(folder=tmp_path).split()]
        assert shown in output(command, HOME=str(tmp_path), GH_TOKEN=WRITER, GH_HOST="github.localhost", **environ)
    assert (tmp_path / "out" / "b.bin").read_text("utf-8") == "b.bin"
    assert [release.tag_name for release in server.app.state.releases.values()] == ["v1.1.0"]
    assert "v1.0.0" not in next(iter(server.app.state.repositories.values())).tags


def test_octokit_releases_and_moves_a_tag(server: Server, tmp_path: Path) -> None:
    """The client of JavaScript uploads, publishes, and creates, moves and deletes a tag."""
    node = shutil.which("node")
    if node is None or not (PROGRAMS / "node_modules" / "@octokit" / "rest").is_dir():
        pytest.skip(f"octokit is not installed: npm install --prefix {PROGRAMS} @octokit/rest")
    (tmp_path / "node_modules").symlink_to(PROGRAMS / "node_modules")
    program = tmp_path / "release.mjs"
    program.write_text(OCTOKIT, "utf-8")
    found = json.loads(output([node, str(program), server.url, WRITER, OWNER, REPOSITORY, COMMIT]))
    assert found == [True, "a.b.whl", sha256(b"wheel"), COMMIT, 404]


def test_githubkit_accepts_every_answer(server: Server) -> None:
    """Its models are generated from GitHub's schema and validate each answer."""
    command = [sys.executable, "-c", GITHUBKIT, server.url, WRITER, OWNER, REPOSITORY]
    found = json.loads(output(command))
    assert found == [False, True, sha256(b"wheel"), 1]
