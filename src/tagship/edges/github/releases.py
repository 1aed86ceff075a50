"""The client for a repository on GitHub: reads its releases, their tags and their checks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from tagship.core.release.answers import UNLIKE_GITHUB, Answer, ReleaseAnswer
from tagship.core.release.assets import PART, asset_name
from tagship.core.release.body import is_ours
from tagship.core.release.state import CurrentReleases, field, release_of
from tagship.core.versions import tagged_version
from tagship.edges.github.retrying import RetryingConnection
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tagship.core.release.desired import DesiredRelease
    from tagship.core.release.state import Asset, Release
    from tagship.errors import Problem

T = TypeVar("T")
PAGE_SIZES = (100, 30, 10, 1)
_ENOUGH = 10
"""Number of releases to read at least: a draft is first in the list, unless reads lag behind writes."""
_MOST_RESULTS = 10_000
"""GitHub lists no more releases."""
_TOO_SLOW = (502, 503, 504)
_NOT_FOUND = 404
_NO_COMMIT = (404, 409, 422)


@dataclass(slots=True, kw_only=True)
class GitHub(RetryingConnection):
    """The repository ``repository`` (owner and name). ``log`` gets one line per step and per wait.

    A tag's commit, and the digest of an old asset by its id, are read once. ``page_size`` shrinks for repositories
    whose releases are so large that GitHub cannot list a hundred in time.
    """

    repository: str
    commits: dict[str, str | None] = attribute(default_factory=dict)
    digests: dict[int, str | None] = attribute(default_factory=dict)
    _page_size: int = PAGE_SIZES[0]

    def read(self, desired: DesiredRelease) -> CurrentReleases:
        """Read everything that a plan for ``desired`` depends on. Raises Failure if a read fails.

        GitHub lists drafts first, then the newest releases. The rest of a long list is not read: the release of the tag
        and the latest release have addresses of their own.
        """
        with ThreadPoolExecutor(max_workers=1) as pool:
            early = pool.submit(self.commit_of, desired.tag) if desired.commit else None
            listed, more = self._listed(_MOST_RESULTS if desired.keep_last else _ENOUGH)
        releases = {release.id: release for release in listed}
        published = _published(desired, releases.values())
        if more and published is None:
            published = self._tagged(desired.tag)
            releases |= {published.id: published} if published else {}
        commit = early.result() if early else None if published else self.commit_of(desired.tag)
        latest = None
        if self._needs_latest(desired, releases.values(), more=more):
            latest = self._single("releases/latest", "read the latest release")
            releases |= {latest.id: releases.get(latest.id, latest)} if latest else {}
        return CurrentReleases(
            releases=tuple(self.with_digests(release, desired) for release in releases.values()),
            commit=commit,
            latest=latest.id if latest else None,
        )

    def refresh(self, desired: DesiredRelease, current: CurrentReleases) -> CurrentReleases:
        """Read the releases of the tag in ``current`` again, by their ids."""
        mine = [one for one in current.releases if one.tag == desired.tag or is_ours(one.body, desired.tag)]
        found = [self._single(f"releases/{one.id}", "read the release") for one in mine]
        if not found or None in found:
            return self.read(desired)
        others = tuple(one for one in current.releases if one not in mine)
        commit = self.known_commit(desired.tag, current)
        again = tuple(self.with_digests(one, desired) for one in found if one)
        latest = current.latest
        if isinstance(desired.latest, bool) and _published(desired, again):
            marked = self._single("releases/latest", "read the latest release")
            latest = marked.id if marked else None
        return replace(current, releases=(*others, *again), commit=commit, latest=latest)

    def _needs_latest(self, desired: DesiredRelease, releases: Iterable[Release], *, more: bool) -> bool:
        """Return True if the plan depends on the latest release, and ``releases`` do not decide it."""
        published = _published(desired, releases) is not None
        if isinstance(desired.latest, bool):
            return published
        if published or desired.version is None or desired.latest is not None:
            return False
        final = (one for one in releases if not one.draft and not one.prerelease)
        versions = (tagged_version(one.tag, desired.tag_prefix) for one in final)
        return more and (self._page_size < PAGE_SIZES[0] or not any(versions))

    def published(self, tag: str) -> ReleaseAnswer:
        """Read the published release of ``tag``, without retries; an unreachable GitHub is a result too."""
        answer = self.request("GET", self.path(f"releases/tags/{quote(tag, safe='/')}"))
        if answer.status == _NOT_FOUND:
            return ReleaseAnswer(state="absent")
        if not answer.ok or not isinstance(answer.data, dict):
            reason = f"HTTP {answer.status} ({answer.message})" if answer.status else "no response"
            return ReleaseAnswer(state="unreachable", reason=reason)
        immutable, url = answer.data.get("immutable") is True, str(answer.data.get("html_url", ""))
        return ReleaseAnswer(state="published", immutable=immutable, url=url)

    def release(self, tag: str) -> Release | None:
        """Read the published release of ``tag``, with the digest of every asset; None if there is none."""
        release = self._tagged(tag)
        if release is None:
            return None
        assets = (self._with_digest(asset, {asset.name: asset.size}) for asset in release.assets)
        return replace(release, assets=tuple(assets))

    def asset_content(self, asset: Asset) -> bytes | None:
        """Download a small asset; None if that fails."""
        return self.content(self.path(f"releases/assets/{asset.id}"))

    def attestations(self, digest: str) -> object:
        """Return the JSON of the attestations of a file by its ``sha256:`` digest; None if there are none."""
        answer = self.request("GET", self.path(f"attestations/{digest}"))
        return answer.data if answer.ok else None

    def run_jobs(self, run: str) -> Answer:
        """Read the jobs of the workflow run with this id, without retries: nothing depends on them."""
        return self.request("GET", self.path(f"actions/runs/{run}/jobs"), parameters={"per_page": "100"})

    def checks(self, commit: str) -> tuple[list[Any], list[Any]]:
        """Return the check runs (at most 1,000) and the statuses of a commit. Raises Failure if GitHub refuses."""
        path, runs = self.path(f"commits/{commit}"), []
        for page in range(1, 11):
            answer = self.get(f"{path}/check-runs", per_page=str(PAGE_SIZES[0]), page=str(page))
            listed = self._field(answer, "check_runs", list, "read the checks of the commit", [])
            runs += listed
            if len(listed) < PAGE_SIZES[0]:
                break
        status = self.get(f"{path}/status")
        return runs, self._field(status, "statuses", list, "read the statuses of the commit", [])

    def is_private(self) -> bool:
        """Return True if only some accounts can read the repository, or if GitHub does not say so."""
        answer = self.get(self.path("").rstrip("/"))
        return answer.value("private") is not False

    def tag_object(self, tag: str) -> tuple[str, str]:
        """Return type and SHA of the object that ``tag`` points at; both empty for a missing tag."""
        answer = self.get(self.path(f"git/ref/tags/{quote(tag, safe='/')}"))
        return ("", "") if answer.status == _NOT_FOUND else self._parsed(answer, f"read the tag {tag}", _pointer)

    def tag_message(self, tag: str) -> str:
        """Return the message of an annotated tag without its signature; empty for a lightweight or missing tag."""
        kind, sha = self.tag_object(tag)
        if kind != "tag":
            return ""
        answer = self.get(self.path(f"git/tags/{sha}"))
        message = self._field(answer, "message", str, f"read the message of the tag {tag}", "")
        return message.partition("-----BEGIN ")[0].strip()

    def generated_notes(self, tag: str, *, previous: str, target: str | None, configuration: str = "") -> str:
        """Return GitHub's generated notes for ``tag``: the pull requests since ``previous``.

        GitHub chooses the previous release itself if ``previous`` is empty.
        """
        body = {"tag_name": tag}
        body |= {"previous_tag_name": previous} if previous else {}
        body |= {"target_commitish": target} if target else {}
        body |= {"configuration_file_path": configuration} if configuration else {}
        answer = self.query(self.path("releases/generate-notes"), body)
        return self._field(answer, "body", str, f"generate notes for {tag}", "", creates=True)

    def known_commit(self, tag: str, current: CurrentReleases) -> str | None:
        """Return the commit of ``tag`` after the steps so far."""
        return self.commits.get(tag, current.commit)

    def with_digests(self, release: Release, desired: DesiredRelease) -> Release:
        """Return the release with the digests that GitHub does not have, of assets from before 2025.

        Only assets that may be equal to a desired file are downloaded, once each.
        """
        if release.tag != desired.tag and not is_ours(release.body, desired.tag):
            return release
        sizes = {asset_name(file.name): file.size for file in desired.files}
        return replace(release, assets=tuple(self._with_digest(asset, sizes) for asset in release.assets))

    def _with_digest(self, asset: Asset, sizes: Mapping[str, int]) -> Asset:
        if asset.digest is not None or not asset.uploaded or sizes.get(asset.name.removesuffix(PART)) != asset.size:
            return asset
        if asset.id not in self.digests:
            self.digests[asset.id] = self.digest(self.path(f"releases/assets/{asset.id}"))
        return replace(asset, digest=self.digests[asset.id])

    def _listed(self, enough: int) -> tuple[list[Release], bool]:
        """Return all drafts and the newest releases, and True if there are more. A release can appear twice."""
        found: list[Release] = []
        page, more = 1, True
        while more and (len(found) < enough or found[-1].draft) and page * self._page_size <= _MOST_RESULTS:
            size = self._page_size
            answer = self._page(page)
            if size != self._page_size:
                found, page = [], 1
            found += self._parsed(answer, "read the releases", lambda data: list(map(release_of, data)), list)
            more = 'rel="next"' in answer.headers.get("link", "")
            page += 1
        return found, more

    def _page(self, page: int) -> Answer:
        """Return a page of releases, the first of a smaller size if GitHub cannot send that many in time."""
        while True:
            size = self._page_size
            fewer = next((smaller for smaller in PAGE_SIZES if smaller < size), None)
            enough = _TOO_SLOW if fewer else ()
            answer = self.get(self.path("releases"), enough=enough, per_page=str(size), page=str(page))
            if fewer is None or answer.status not in _TOO_SLOW:
                return answer
            self.log(f"GitHub does not list {size} releases in time (HTTP {answer.status}). Requesting {fewer}.")
            self._page_size, page = fewer, 1

    def _tagged(self, tag: str) -> Release | None:
        return self._single(f"releases/tags/{quote(tag, safe='/')}", f"read the release {tag}")

    def _single(self, path: str, name: str) -> Release | None:
        """Return the release at ``path``, None if there is none."""
        answer = self.get(self.path(path))
        return None if answer.status == _NOT_FOUND else self._parsed(answer, name, release_of)

    def commit_of(self, tag: str) -> str | None:
        """Return the SHA of the commit that ``tag`` points at, None if there is no such tag."""
        if tag not in self.commits:
            answer = self.get(self.path(f"commits/tags/{quote(tag, safe='/')}"), per_page="1")
            missing = answer.status in _NO_COMMIT
            self.commits[tag] = None if missing else self._field(answer, "sha", str, f"read the tag {tag}")
        return self.commits[tag]

    def _field(
        self, answer: Answer, key: str, kind: type[T], name: str, default: T | None = None, *, creates: bool = False
    ) -> T:
        """Return a field of the response, ``default`` if it is null or missing; else like ``_parsed``."""
        return self._parsed(answer, name, lambda data: field(data, key, kind, default), creates=creates)

    def _parsed(
        self, answer: Answer, name: str, parse: Callable[[Any], T], kind: type = dict, *, creates: bool = False
    ) -> T:
        """Return the value in the response; Failure if the request was refused or GitHub does not answer like that."""
        if not answer.ok or not isinstance(answer.data, kind):
            raise Failure(self.problem(answer, name, creates=creates))
        try:
            return parse(answer.data)
        except ValueError as error:
            unlike = Answer(status=UNLIKE_GITHUB, text=str(error))
            raise Failure(self.problem(unlike, name)) from error

    def problem(self, answer: Answer, name: str, **more: Any) -> Problem:
        """Return the problem that the response to a request reports; ``name`` completes "refused to"."""
        from tagship.core.release.error_messages import Operation, problem_of

        return problem_of(answer, Operation(name=name, repository=self.repository, api_url=self.api_url, **more))

    def path(self, rest: str) -> str:
        return f"/repos/{self.repository}/{rest}"


def _published(desired: DesiredRelease, releases: Iterable[Release]) -> Release | None:
    return next((one for one in releases if one.tag == desired.tag and not one.draft), None)


def _pointer(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return type and SHA of the object that a reference points at. Raises ValueError for other JSON."""
    pointer = field(data, "object", dict)
    return field(pointer, "type", str), field(pointer, "sha", str)
