"""The pages that an answer's links lead to: small, but there exactly when what they show is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.rehearsal.fake_github.http import Answer
from tagship.rehearsal.fake_github.permissions import bearer, level, reads_drafts
from tagship.rehearsal.fake_github.publishing import latest
from tagship.rehearsal.fake_github.serializers import instant, release_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagship.rehearsal.fake_github.app import App
    from tagship.rehearsal.fake_github.git import Commit, Commits
    from tagship.rehearsal.fake_github.http import Request
    from tagship.rehearsal.fake_github.models import Release, Repository, State, Token

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap}"
)
NOT_FOUND = Answer(status=404, page="<!doctype html><title>Not found</title><h1>404</h1>")
REPOSITORY = re.compile(r"/(?P<name>[^/]+/[^/]+?)(?:\.git)?(?:/(?P<rest>.*))?")
STORAGE = re.compile(r"/_storage/(?P<id>\d+)/(?P<sha256>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Someone looks at a page of a repository."""

    request: Request
    state: State
    repository: Repository
    commits: Commits
    caller: Token | None

    @property
    def web(self) -> str:
        """Where the pages of the repository begin."""
        return f"{self.request.links.web}/{self.repository.name}"

    def releases(self) -> list[Release]:
        """Return the releases that the visitor may see."""
        drafts = reads_drafts(self.caller, self.repository)
        return [release for release in self.state.releases_of(self.repository) if drafts or not release.draft]


def answer(app: App, request: Request) -> Answer:
    """Return the page at the request's path, or the file, or the way to another page."""
    state = app.visible(request.now)
    if request.method not in {"GET", "HEAD"}:
        return NOT_FOUND
    if stored := STORAGE.fullmatch(request.path):
        asset = state.assets.get(int(stored["id"]))
        return Answer(file=asset.content) if asset and asset.content == stored["sha256"] else NOT_FOUND
    found = REPOSITORY.fullmatch(request.path)
    repository = state.repositories.get(found["name"].lower()) if found else None
    if repository is None or found is None:
        return _front(request, state)
    caller = state.tokens.get(bearer(request.headers) or "")
    if level(caller, repository, "contents") == "none":
        return NOT_FOUND
    commits = app.rules.commits_of(repository)
    visit = Visit(request=request, state=state, repository=repository, commits=commits, caller=caller)
    return _repository_page(visit, found["rest"] or "")


def _front(request: Request, state: State) -> Answer:
    """Return the list of public repositories; the page of an account that something here belongs to."""
    name = request.path.strip("/")
    owners = {repository.name.partition("/")[0] for repository in state.repositories.values()}
    logins = {token.login for token in state.tokens.values()} | {release.author for release in state.releases.values()}
    if name and name not in owners | logins:
        return NOT_FOUND
    shown = [repository.name for repository in state.repositories.values() if not repository.private]
    links = [_link(f"{request.links.web}/{other}", other) for other in shown if other.startswith(name)]
    return _page(name or "Repositories", _list(links))


def _repository_page(visit: Visit, rest: str) -> Answer:
    for pattern, page in PAGES:
        if found := re.fullmatch(pattern, rest):
            return page(visit, *found.groups())
    return NOT_FOUND


def _home(visit: Visit) -> Answer:
    parts = [_link(f"{visit.web}/{name}", name) for name in ("releases", "tags")]
    return _page(visit.repository.name, _list(parts))


def _releases(visit: Visit) -> Answer:
    links = [
        _link(release_page(visit.request.links, release), release.name or release.tag_name)
        for release in visit.releases()
    ]
    return _page("Releases", _list(links))


def _latest(visit: Visit) -> Answer:
    release = latest(visit.state, visit.repository)
    return (
        Answer(status=302, headers={"location": release_page(visit.request.links, release)}) if release else NOT_FOUND
    )


def _tag(visit: Visit, name: str) -> Answer:
    """Return the release of a tag, the draft behind an ``untagged-...``, or the tag alone."""
    for release in visit.releases():
        if name == (release.draft_name if release.draft else release.tag_name):
            return _release(visit, release)
    return _page(name, "<p>A tag without a release.</p>") if name in visit.commits.tags() else NOT_FOUND


def _release(visit: Visit, release: Release) -> Answer:
    marks = {
        "Draft": release.draft,
        "Pre-release": release.prerelease,
        "Latest": latest(visit.state, visit.repository) == release,
        "Immutable": release.immutable,
    }
    badges = "".join(f" <small>[{name}]</small>" for name, shown in marks.items() if shown)
    folder = f"{visit.web}/releases/download/{quote(release.tag_name, safe='')}"
    files = [
        f"{_link(f'{folder}/{quote(asset.name)}', asset.label or asset.name)}"
        f" {asset.size} bytes <code>{escape(asset.digest or '')}</code>"
        for asset in visit.state.assets_of(release)
        if asset.state == "uploaded"
    ]
    when = instant(release.published_at or release.created_at)
    about = f"<p>{escape(release.tag_name)}{badges} by {escape(release.author)}, {when}</p>"
    return _page(release.name or release.tag_name, f"{about}<pre>{escape(release.body or '')}</pre>{_list(files)}")


def _download(visit: Visit, tag: str, name: str) -> Answer:
    """Return the way to an asset of a published release."""
    for release in visit.releases():
        for asset in visit.state.assets_of(release):
            if (release.tag_name, asset.name) == (tag, name) and asset.content and not release.draft:
                return _elsewhere(f"{visit.request.links.web}/_storage/{asset.id}/{asset.content}")
    return NOT_FOUND


def _tags(visit: Visit) -> Answer:
    folder = f"{visit.web}/releases/tag"
    return _page("Tags", _list([_link(f"{folder}/{quote(name, safe='')}", name) for name in visit.commits.tags()]))


def _archive(visit: Visit, tag: str) -> Answer:
    return _page(tag, "<p>An archive of the sources.</p>") if tag in visit.commits.tags() else NOT_FOUND


def _commit(visit: Visit, reference: str) -> Answer:
    commit = visit.commits.commit(reference)
    return _page(commit.sha, f"<pre>{escape(commit.message)}</pre>") if commit else NOT_FOUND


def _compare(visit: Visit, base: str, head: str) -> Answer:
    comparison = visit.commits.comparison(base, head)
    if comparison is None:
        return NOT_FOUND
    return _page(f"{base}...{head}", _list([escape(commit.message) for commit in comparison.ahead]))


def _tree(visit: Visit, rest: str) -> Answer:
    reference, path = _split(visit.commits, rest)
    if reference is None or (path and visit.commits.file(reference.sha, path) is None):
        return NOT_FOUND
    return _page(path or rest, f"<p>At {reference.sha}</p>")


def _blob(visit: Visit, rest: str) -> Answer:
    found = _raw(visit, rest)
    return found if found.plain is None else _page(rest, f"<pre>{escape(found.plain.decode(errors='replace'))}</pre>")


def _raw(visit: Visit, rest: str) -> Answer:
    reference, path = _split(visit.commits, rest)
    content = visit.commits.file(reference.sha, path) if reference and path else None
    return NOT_FOUND if content is None else Answer(plain=content)


def _split(commits: Commits, rest: str) -> tuple[Commit | None, str]:
    """Return the commit and the path of ``reference/path``, where the reference may hold slashes itself."""
    parts = rest.split("/")
    for count in range(1, len(parts) + 1):
        if commit := commits.commit("/".join(parts[:count])):
            return commit, "/".join(parts[count:])
    return None, ""


PAGES: tuple[tuple[str, Callable[..., Answer]], ...] = (
    (r"", _home),
    (r"releases", _releases),
    (r"releases/latest", _latest),
    (r"releases/tag/(.+)", _tag),
    (r"releases/download/(.+)/([^/]+)", _download),
    (r"tags", _tags),
    (r"archive/refs/tags/(.+)\.(?:tar\.gz|zip)", _archive),
    (r"commits?/(.+)", _commit),
    (r"compare/(.+)\.\.\.(.+)", _compare),
    (r"tree/(.+)", _tree),
    (r"blob/(.+)", _blob),
    (r"raw/(.+)", _raw),
)


def _page(title: str, body: str) -> Answer:
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return Answer(page=f"{head}<h1>{escape(title)}</h1>{body}")


def _elsewhere(location: str) -> Answer:
    return Answer(status=302, headers={"location": location})


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}' for item in items)}</ul>"


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>'
