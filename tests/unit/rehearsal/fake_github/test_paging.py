"""Pagination of lists, and the Link header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from support.fake_github import REPOSITORY, settings_of
from tagship.rehearsal.fake_github.http import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client

COUNT = 65


@pytest.fixture
def crowded(connect: Callable[..., Client]) -> Client:
    """Return a repository with 65 releases."""
    releases = [{"tag_name": f"v0.{number}", "draft": number % 2 == 0} for number in range(COUNT)]
    return connect({"releases": releases})


def links(header: str) -> dict[str, str]:
    """Return the addresses in a Link header by their relation."""
    return {name: address for address, name in re.findall(r'<([^>]+)>; rel="(\w+)"', header)}


@pytest.mark.parametrize(
    ("query", "count", "relations"),
    [
        pytest.param({}, 30, {"next", "last"}, id="30 items by default"),
        pytest.param({"per_page": "100"}, COUNT, set(), id="one page without links"),
        pytest.param({"per_page": "1000"}, COUNT, set(), id="at most 100 items"),
        pytest.param({"per_page": "10", "page": "3"}, 10, {"prev", "next", "first", "last"}, id="a page in the middle"),
        pytest.param({"per_page": "30", "page": "3"}, 5, {"prev", "first"}, id="the last page"),
        pytest.param({"per_page": "30", "page": "9"}, 0, {"prev", "first"}, id="a page after the last"),
        pytest.param({"per_page": "0", "page": "x"}, 30, {"next", "last"}, id="invalid numbers"),
    ],
)
def test_the_query_selects_the_page(crowded: Client, query: dict[str, Any], count: int, relations: set[str]) -> None:
    """The query has the size and number of the page, and the Link header names the others."""
    answer = crowded.ask("GET", f"{REPOSITORY}/releases", **query)
    assert isinstance(answer.content, list)
    assert len(answer.content) == count
    assert set(links(answer.headers.get("link", ""))) == relations


def test_the_links_lead_through_all_pages(crowded: Client) -> None:
    """Every release is on one page, and the links have the id of the repository as on GitHub."""
    seen: list[Any] = []
    path, query = f"{REPOSITORY}/releases", dict[str, Any](per_page="20")
    while path:
        answer = crowded.ask("GET", path, **query)
        assert isinstance(answer.content, list)
        seen += [release["tag_name"] for release in answer.content]
        following = links(answer.headers.get("link", "")).get("next", "")
        path, _, text = following.removeprefix("http://hub").partition("?")
        query = dict(pair.split("=") for pair in text.split("&") if pair)
        assert path.startswith("/repositories/") or not path
    assert sorted(seen) == sorted(f"v0.{number}" for number in range(COUNT))


def test_assets_are_paginated(crowded: Client) -> None:
    """The 31st asset is on the second page, but the release itself lists all."""
    release = int(crowded.create("v1.0.0")["id"])
    for number in range(31):
        assert crowded.upload(release, f"{number}.whl").status == 201
    path = f"{REPOSITORY}/releases/{release}/assets"
    assert [len(crowded.content("GET", path, page=page)) for page in ("1", "2")] == [30, 1]
    assert len(crowded.content("GET", f"{REPOSITORY}/releases/{release}")["assets"]) == 31


@pytest.mark.parametrize(
    ("query", "page", "status"),
    [
        pytest.param({"per_page": "100", "page": "100"}, 100, 200, id="the last of 10,000 results"),
        pytest.param({"per_page": "100", "page": "101"}, 100, 422, id="results beyond 10,000"),
        pytest.param({"per_page": "100"}, 30, 504, id="more releases than the server lists in time"),
        pytest.param({"per_page": "30"}, 30, 200, id="as many releases as it lists in time"),
    ],
)
def test_large_lists_are_refused(crowded: Client, query: dict[str, Any], page: int, status: int) -> None:
    """The statuses are those of GitHub."""
    crowded.app.settings = settings_of(limits=Limits(page=page))
    assert crowded.ask("GET", f"{REPOSITORY}/releases", **query).status == status
