"""Records as JSON, in the form of GitHub's published schema."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlencode

from tagship.rehearsal.fake_github.http import Answer, Call, Links, refused

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.models import Asset, Release, Repository

Json = dict[str, object]


def timestamp(seconds: float) -> str:
    """Return the time in GitHub's format, ``2026-01-31T12:00:00Z``."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def node_id(kind: str, identity: object) -> str:
    """Return a GraphQL id."""
    return f"{kind}_{base64.urlsafe_b64encode(str(identity).encode()).decode().rstrip('=')}"


def repository_api(links: Links, repository: Repository) -> str:
    """Return the API address of the repository."""
    return f"{links.api}/repos/{repository.name}"


def user_json(links: Links, login: str) -> Json:
    """Return the short form of an account."""
    number = int.from_bytes(hashlib.sha256(login.encode()).digest()[:4], "big")
    api = f"{links.api}/users/{quote(login)}"
    parts = ("followers", "subscriptions", "orgs", "repos", "received_events")
    lists = {f"{'organizations' if part == 'orgs' else part}_url": f"{api}/{part}" for part in parts}
    return {
        "login": login,
        "id": number,
        "node_id": node_id("U", number),
        "avatar_url": f"{links.web}/avatars/{number}",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{links.web}/{quote(login)}",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "events_url": f"{api}/events{{/privacy}}",
        **lists,
        "type": "Bot" if login.endswith("[bot]") else "User",
        "site_admin": False,
    }


def asset_json(call: Call, release: Release, asset: Asset) -> Json:
    """Return an asset of the release."""
    links = call.request.links
    folder = f"{links.web}/{release.repository}/releases/download/{quote(release.page_name, safe='')}"
    return {
        "url": f"{repository_api(links, call.repository)}/releases/assets/{asset.id}",
        "id": asset.id,
        "node_id": node_id("RA", asset.id),
        "name": asset.name,
        "label": asset.label,
        "uploader": user_json(links, asset.uploader),
        "content_type": asset.content_type,
        "state": asset.state,
        "size": asset.size,
        "digest": asset.digest,
        "download_count": 0,
        "created_at": timestamp(asset.created_at),
        "updated_at": timestamp(asset.updated_at),
        "browser_download_url": f"{folder}/{quote(asset.name)}",
    }


def release_json(call: Call, release: Release, assets: list[Asset]) -> Json:
    """Return a release with its assets."""
    links = call.request.links
    api = repository_api(links, call.repository)
    number = f"{api}/releases/{release.id}"
    archive = None if release.draft else quote(f"refs/tags/{release.tag_name}")
    page = f"{links.web}/{release.repository}/releases/tag/{quote(release.page_name, safe='')}"
    discussion = {"discussion_url": f"{links.web}/{release.repository}/discussions/{release.id}"}
    return {
        "url": number,
        "assets_url": f"{number}/assets",
        "upload_url": f"{links.uploads}/repos/{release.repository}/releases/{release.id}/assets{{?name,label}}",
        "html_url": page,
        "id": release.id,
        "author": user_json(links, release.author),
        "node_id": node_id("RE", release.id),
        "tag_name": release.tag_name,
        "target_commitish": release.target_commitish,
        "name": release.name,
        "draft": release.draft,
        "immutable": release.immutable,
        "prerelease": release.prerelease,
        "created_at": timestamp(release.created_at),
        "updated_at": timestamp(release.updated_at),
        "published_at": None if release.published_at is None else timestamp(release.published_at),
        "assets": [asset_json(call, release, asset) for asset in assets],
        "tarball_url": archive and f"{api}/tarball/{archive}",
        "zipball_url": archive and f"{api}/zipball/{archive}",
        "body": release.body,
        **(discussion if release.discussion and not release.draft else {}),
    }


LARGEST_PAGE = 100
PAGE = 30


MOST_RESULTS = 10_000
T = TypeVar("T")


def paged(call: Call, items: Sequence[T], form: Callable[[T], object] = lambda item: item) -> Answer:
    """Return the page that the query names, in its ``form``, with links to the others.

    ``per_page`` is 30, and at most 100. Raises the 422 after 10,000 results, and the 504 for a page of more releases
    than the server can list in time.
    """
    query = call.request.query
    size = min(_number(query.get("per_page"), PAGE), LARGEST_PAGE)
    page = _number(query.get("page"), 1)
    if page * size > MOST_RESULTS:
        raise refused(422, f"Only the first {MOST_RESULTS} results are available.")
    if min(size, len(items)) > call.limits.page:
        raise refused(504, "We couldn't respond to your request in time. Sorry about that.")
    last = max(1, -(-len(items) // size))
    others: dict[str, int] = {}
    if page > 1:
        others |= {"prev": min(page - 1, last)}
    if page < last:
        others |= {"next": page + 1, "last": last}
    if page > 1:
        others |= {"first": 1}
    links = ", ".join(f'<{_address(call, number)}>; rel="{name}"' for name, number in others.items())
    content = [form(item) for item in items[(page - 1) * size : page * size]]
    return Answer(content=content, headers={"link": links} if links else {})


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and int(text) > 0 else default


def _address(call: Call, page: int) -> str:
    """Return the address of the page, with the id of the repository as on GitHub."""
    path = call.request.path.removeprefix(f"/repos/{call.parameters['repository']}")
    query = urlencode({**call.request.query, "page": page})
    return f"{call.request.links.api}/repositories/{call.repository.id}{path}?{query}"
