"""GraphQL as ``gh release`` uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.fake_github import NAME, Client, standard_app

if TYPE_CHECKING:
    from pathlib import Path

LIST = """query RepositoryReleaseList($endCursor:String$name:String!$owner:String!$perPage:Int!){
repository(owner: $owner, name: $name){releases(first: $perPage, after: $endCursor)
{nodes{name,tagName,isDraft,isLatest},pageInfo{hasNextPage,endCursor}}}}"""
SINGLE = """query RepositoryReleaseByTag($owner:String!$name:String!$tagName:String!){
repository(owner: $owner, name: $name){release(tagName: $tagName){databaseId,isDraft}}}"""

TAG = """query RepositoryFindRef($name:String!$owner:String!$tagName:String!){
repository(owner: $owner, name: $name){ref(qualifiedName: $tagName){id}}}"""


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


def test_a_tag_exists_or_is_null(tmp_path: Path) -> None:
    """``gh release create --verify-tag`` reads the reference."""
    client = Client(standard_app(tmp_path))
    assert asked(client, TAG, tagName="refs/tags/v1.0.0")["ref"]["id"]
    assert asked(client, TAG, tagName="refs/tags/v9") == {"ref": None}


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
