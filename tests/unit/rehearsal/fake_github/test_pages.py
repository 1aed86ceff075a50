"""Pages: there when what they show is there, and safe to look at."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from support.hub import NAME, WRITER, configuration
from support.repositories import new_repository
from tagship.rehearsal.fake_github.http import Answer, Links, Request
from tagship.rehearsal.fake_github.pages import answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.hub import Desk

LINKS = Links(api="http://hub", uploads="http://hub/uploads", web="http://hub")


def visit(desk: Desk, path: str, *, token: str | None = None, method: str = "GET") -> Answer:
    """Return the page at the path, or where its redirects lead."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    request = Request(method=method, path=path, links=LINKS, now=time.time(), headers=headers)
    found = answer(desk.hub, request)
    if found.status == 302:
        return visit(desk, found.headers["location"].removeprefix("http://hub").replace("%2F", "/"), token=token)
    return found


@pytest.fixture
def site(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Return a published release, a draft, a tag without a release; files in git."""
    repository = new_repository(tmp_path / "origin", {"docs/a.md": "# <A>\n"}, tag="v1.0.0")
    repository.git("tag", "pkg/v2")
    repository.git("branch", "fix/one")
    config = configuration({"git": str(repository.path), "branches": {}, "tags": {}})
    config["repositories"].append({"name": "octo/secret", "private": True, "branches": {"main": "a" * 40}})
    desk = open_desk(config)
    release = desk.create("v1.0.0", name="<One>", body="<script>alert(1)</script>")
    desk.upload(release["id"], "a b.whl", b"content")
    desk.ask("PATCH", f"/repos/{NAME}/releases/{release['id']}", {"draft": False})
    draft = desk.create("pkg/v2")
    desk.upload(draft["id"], "b.whl", b"content")
    return desk


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/octo",
        "/octo/hello",
        "/octo/hello.git",
        "/octo/hello/releases",
        "/octo/hello/releases/latest",
        "/octo/hello/releases/tag/v1.0.0",
        "/octo/hello/releases/tag/pkg/v2",
        "/octo/hello/releases/download/v1.0.0/a.b.whl",
        "/octo/hello/tags",
        "/octo/hello/archive/refs/tags/v1.0.0.tar.gz",
        "/octo/hello/archive/refs/tags/pkg/v2.zip",
        "/octo/hello/commits/v1.0.0",
        "/octo/hello/commit/main",
        "/octo/hello/compare/v1.0.0...main",
        "/octo/hello/tree/v1.0.0",
        "/octo/hello/tree/fix/one/docs",
        "/octo/hello/blob/v1.0.0/docs/a.md",
        "/octo/hello/blob/fix/one/docs/a.md",
        "/octo/hello/raw/pkg/v2/docs/a.md",
    ],
)
def test_what_is_there_has_a_page(site: Desk, path: str) -> None:
    """Each kind of link resolves for anybody."""
    assert visit(site, path).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nobody",
        "/octo/nothing",
        "/octo/secret",
        "/octo/hello/nothing",
        "/octo/hello/releases/tag/v9",
        "/octo/hello/releases/download/v1.0.0/c.whl",
        "/octo/hello/releases/download/pkg/v2/b.whl",
        "/octo/hello/archive/refs/tags/v9.zip",
        "/octo/hello/commit/no-such",
        "/octo/hello/compare/v1.0.0...v9",
        "/octo/hello/tree/v9",
        "/octo/hello/tree/v1.0.0/nothing",
        "/octo/hello/blob/v1.0.0/docs/b.md",
        "/octo/hello/blob/v1.0.0",
        "/octo/hello/raw/v9/docs/a.md",
        "/_storage/1/" + "0" * 64,
    ],
)
def test_what_is_not_there_has_none(site: Desk, path: str) -> None:
    """A link to something missing, hidden or still a draft is a 404."""
    assert visit(site, path).status == 404


def test_a_draft_has_its_page_for_who_may_write(site: Desk) -> None:
    """Under the name that nobody can guess, and not for others even then."""
    draft = next(release for release in site.content("GET", f"/repos/{NAME}/releases") if release["draft"])
    path = draft["html_url"].removeprefix("http://hub")
    assert visit(site, path).status == 404
    assert visit(site, path, token=WRITER).status == 200


def test_a_private_repository_shows_its_page_to_its_own(site: Desk) -> None:
    """Pages ask for the same permission as the API."""
    site.hub.configure({"tokens": [{"token": "insider", "permissions": {"octo/secret": {"contents": "read"}}}]})
    assert visit(site, "/octo/secret", token="insider").status == 200


def test_text_from_outside_is_shown_and_not_run(site: Desk) -> None:
    """Titles, notes and files are escaped; a raw file is plain text."""
    page = visit(site, "/octo/hello/releases/tag/v1.0.0").page or ""
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;One&gt;" in page
    assert "[Latest]" in page
    assert "# &lt;A&gt;" in (visit(site, "/octo/hello/blob/main/docs/a.md").page or "")
    assert visit(site, "/octo/hello/raw/main/docs/a.md").plain == b"# <A>\n"


def test_pages_are_only_looked_at(site: Desk) -> None:
    """Anything but GET and HEAD is a 404."""
    assert visit(site, "/octo/hello", method="POST").status == 404
