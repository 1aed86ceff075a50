"""GraphQL as ``gh release`` uses it, and the program itself if it is installed."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from support.fake_github import COMMIT, NAME, Client, standard_app
from support.github import TOKEN, github_under_test

if TYPE_CHECKING:
    from pathlib import Path

LIST = """query RepositoryReleaseList($endCursor:String$name:String!$owner:String!$perPage:Int!){
repository(owner: $owner, name: $name){releases(first: $perPage, after: $endCursor)
{nodes{name,tagName,isDraft,isLatest},pageInfo{hasNextPage,endCursor}}}}"""
SINGLE = """query RepositoryReleaseByTag($owner:String!$name:String!$tagName:String!){
repository(owner: $owner, name: $name){release(tagName: $tagName){databaseId,isDraft}}}"""


def asked(client: Client, query: str, name: str = NAME, **variables: object) -> Any:
    """Return the repository in the answer to the query."""
    owner, _, name = name.partition("/")
    body = {"query": query, "variables": {"owner": owner, "name": name, **variables}}
    return client.content("POST", "/graphql", body)["data"]["repository"]


def test_releases_are_listed_in_pages(tmp_path: Path) -> None:
    """Each node has the requested fields and no others, and the cursor leads to the next page."""
    client = Client(standard_app(tmp_path))
    client.create("v1.0.0", name="One", draft=False)
    client.create("v2.0.0", name="Two")
    first = asked(client, LIST, perPage=1)["releases"]
    assert first["nodes"] == [{"name": "Two", "tagName": "v2.0.0", "isDraft": True, "isLatest": False}]
    second = asked(client, LIST, perPage=1, endCursor=first["pageInfo"]["endCursor"])["releases"]
    assert second["nodes"] == [{"name": "One", "tagName": "v1.0.0", "isDraft": False, "isLatest": True}]
    assert second["pageInfo"]["hasNextPage"] is False


def test_a_draft_is_found_by_its_tag(tmp_path: Path) -> None:
    """A caller who can write sees a draft, and a tag without a release is null."""
    client = Client(standard_app(tmp_path))
    draft = client.create("v1.0.0")
    assert asked(client, SINGLE, tagName="v1.0.0") == {"release": {"databaseId": draft["id"], "isDraft": True}}
    assert asked(client, SINGLE, tagName="v2.0.0") == {"release": None}
    assert asked(client, SINGLE, name="octo/none", tagName="v1.0.0") is None


@pytest.mark.parametrize(
    ("body", "token", "status"),
    [
        pytest.param({"query": SINGLE}, None, 401, id="no token"),
        pytest.param(
            {"query": "{viewer{login}}", "variables": {"owner": "octo", "name": "hello"}}, "writer", 400, id="?"
        ),
        pytest.param([], "writer", 400, id="no query"),
    ],
)
def test_other_queries_are_refused(tmp_path: Path, body: object, token: str | None, status: int) -> None:
    """GraphQL requires a token, and only the queries of ``gh release`` are supported."""
    assert Client(standard_app(tmp_path)).ask("POST", "/graphql", body, token=token).status == status


@pytest.mark.skipif(shutil.which("gh") is None, reason="gh is not installed")
def test_gh_creates_views_edits_and_deletes_a_release(tmp_path: Path) -> None:
    """Every command of ``gh release`` works, with the server as proxy of ``github.localhost``."""
    with github_under_test(tmp_path, repository={"tags": {"v1.0.0": COMMIT}}) as hub:
        hub.write(a__bin="a", b__bin="b")

        def gh(*command: str) -> str:
            environ = {
                "PATH": "/usr/bin:/bin",
                "HOME": str(tmp_path),
                "GH_TOKEN": TOKEN,
                "GH_REPO": "github.localhost/octo/hello",
                "HTTP_PROXY": hub.server.url,
            }
            program = [str(shutil.which("gh")), "release", *command]
            done = subprocess.run(
                program, cwd=hub.checkout / "dist", env=environ, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        gh("create", "v1.0.0", "a.bin", "--title", "One", "--notes", "N", "--latest")
        gh("upload", "v1.0.0", "b.bin")
        gh("upload", "v1.0.0", "b.bin", "--clobber")
        gh("create", "v1.1.0", "--draft", "--notes", "x", "--target", "main")
        assert "draft:\ttrue" in gh("view", "v1.1.0")
        assert "One\tLatest\tv1.0.0" in gh("list")
        gh("edit", "v1.1.0", "--draft=false")
        gh("delete-asset", "v1.0.0", "a.bin", "--yes")
        assert [asset["name"] for asset in hub.releases[0]["assets"]] == ["b.bin"]
        gh("delete", "v1.0.0", "--yes", "--cleanup-tag")
        assert ([release["tag_name"] for release in hub.releases], "v1.0.0" in hub.repository.tags) == (
            ["v1.1.0"],
            False,
        )
