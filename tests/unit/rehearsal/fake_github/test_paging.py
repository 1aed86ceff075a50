"""Pages of lists, and the links between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from support.hub import REPOSITORY, configuration

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk

COUNT = 65


@pytest.fixture
def crowded(open_desk: Callable[..., Desk]) -> Desk:
    """Return a repository with 65 releases."""
    releases = [{"tag_name": f"v0.{number}", "draft": number % 2 == 0} for number in range(COUNT)]
    return open_desk(configuration({"releases": releases}))


def links(header: str) -> dict[str, str]:
    """Return the addresses of a Link header by relation."""
    return {name: address for address, name in re.findall(r'<([^>]+)>; rel="(\w+)"', header)}


@pytest.mark.parametrize(
    ("query", "count", "relations"),
    [
        pytest.param({}, 30, {"next", "last"}, id="30 a page unless told"),
        pytest.param({"per_page": "100"}, COUNT, set(), id="all on one page: no links"),
        pytest.param({"per_page": "1000"}, COUNT, set(), id="never more than 100 a page"),
        pytest.param({"per_page": "10", "page": "3"}, 10, {"prev", "next", "first", "last"}, id="one in the middle"),
        pytest.param({"per_page": "30", "page": "3"}, 5, {"prev", "first"}, id="the last one"),
        pytest.param({"per_page": "30", "page": "9"}, 0, {"prev", "first"}, id="one beyond the last"),
        pytest.param({"per_page": "0", "page": "x"}, 30, {"next", "last"}, id="no numbers"),
    ],
)
def test_a_page_has_so_many_items_and_links(
    crowded: Desk, query: dict[str, Any], count: int, relations: set[str]
) -> None:
    """Size and number come from the query; the Link header names the other pages there are."""
    answer = crowded.ask("GET", f"{REPOSITORY}/releases", **query)
    assert isinstance(answer.content, list)
    assert len(answer.content) == count
    assert set(links(answer.headers.get("link", ""))) == relations


def test_following_the_links_shows_every_release_once(crowded: Desk) -> None:
    """The links go by the repository's number, as GitHub's do, and lead through all pages."""
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


def test_assets_come_in_pages_too(crowded: Desk) -> None:
    """More than 30 assets of one release take a second page."""
    release = int(crowded.create("v1.0.0")["id"])
    for number in range(31):
        assert crowded.upload(release, f"{number}.whl").status == 201
    path = f"{REPOSITORY}/releases/{release}/assets"
    assert [len(crowded.content("GET", path, page=page)) for page in ("1", "2")] == [30, 1]
    assert len(crowded.content("GET", f"{REPOSITORY}/releases/{release}")["assets"]) == 31
