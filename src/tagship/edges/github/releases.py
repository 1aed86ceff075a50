"""The client for a repository on GitHub: reads its releases, and sends the steps that change them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tagship.core.preflight.published import ReleaseAnswer
from tagship.core.release.answers import Answer
from tagship.core.release.assets import PART, asset_name
from tagship.core.release.body import is_ours
from tagship.core.release.error_messages import Operation, checksum_mismatch, problem_of
from tagship.core.release.state import CurrentReleases, release_of
from tagship.core.release.steps import (
    CreateDraft,
    DeleteAsset,
    DeleteDraft,
    Publish,
    RenameAsset,
    Step,
    UpdateRelease,
    Upload,
)
from tagship.edges.github.retrying import RetryingConnection
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.core.release.desired import DesiredRelease
    from tagship.core.release.state import Asset, Release
    from tagship.core.release.steps import FileStep
    from tagship.errors import Problem

_LAST_PAGE = re.compile(r'[?&]page=(\d+)[^>]*>;\s*rel="last"')
_NOT_FOUND = 404


@dataclass(slots=True, kw_only=True)
class GitHub(RetryingConnection):
    """The repository ``repository`` (owner and name). ``log`` gets one line per step and per wait.

    A tag's commit and the digest of an old asset are read once.
    """

    repository: str
    _commits: dict[str, str | None] = field(default_factory=dict)
    _digests: dict[int, str | None] = field(default_factory=dict)

    def read(self, desired: DesiredRelease) -> CurrentReleases:
        """Read everything that a plan for ``desired`` depends on. Raises Failure if a read fails."""
        releases = {release.id: release for release in self._listed()}
        exactly = desired.commit is not None
        published = any(release.tag == desired.tag and not release.draft for release in releases.values())
        return CurrentReleases(
            releases=tuple(self.with_digests(release, desired) for release in releases.values()),
            commit=self._commit(desired.tag, exactly=exactly) if exactly or not published else None,
            latest=self._latest() if published and desired.latest is not None else None,
        )

    def published(self, tag: str) -> ReleaseAnswer:
        """Read the published release of ``tag``, without retries; an unreachable GitHub is a result too."""
        answer = self.request("GET", self._path(f"releases/tags/{quote(tag, safe='/')}"))
        if answer.status == _NOT_FOUND:
            return ReleaseAnswer(state="absent")
        if not answer.ok or not isinstance(answer.data, dict):
            reason = f"HTTP {answer.status} ({answer.message})" if answer.status else "no response"
            return ReleaseAnswer(state="unreachable", reason=reason)
        immutable, url = answer.data.get("immutable") is True, str(answer.data.get("html_url", ""))
        return ReleaseAnswer(state="published", immutable=immutable, url=url)

    def release(self, tag: str) -> Release | None:
        """Read the published release of ``tag``, with the digest of every asset; None if there is none."""
        answer = self.get(self._path(f"releases/tags/{quote(tag, safe='/')}"))
        if answer.status == _NOT_FOUND:
            return None
        release = release_of(self._granted(answer, f"read the release {tag}"))
        return replace(
            release, assets=tuple(self._with_digest(asset, {asset.name: asset.size}) for asset in release.assets)
        )

    def commit_of(self, tag: str) -> str | None:
        """Return the SHA of the commit that ``tag`` points at; None if there is no such tag."""
        return self._commit(tag, exactly=True)

    def asset_content(self, asset: Asset) -> bytes | None:
        """Download a small asset; None if that fails."""
        return self.content(self._path(f"releases/assets/{asset.id}"))

    def attestations(self, digest: str) -> object:
        """Return the JSON of the attestations of a file by its ``sha256:`` digest; None if there are none."""
        answer = self.request("GET", self._path(f"attestations/{digest}"))
        return answer.data if answer.ok else None

    def run_jobs(self, run: str) -> Answer:
        """Read the jobs of the workflow run with this id, without retries: nothing depends on them."""
        return self.request("GET", self._path(f"actions/runs/{run}/jobs"), parameters={"per_page": "100"})

    def generated_notes(self, tag: str, *, previous: str, target: str | None) -> str:
        """Return GitHub's generated notes for ``tag``: the pull requests since ``previous``.

        GitHub chooses the previous release itself if ``previous`` is empty.
        """
        body = {"tag_name": tag}
        body |= {"previous_tag_name": previous} if previous else {}
        body |= {"target_commitish": target} if target else {}
        answer = self.query(self._path("releases/generate-notes"), body)
        return str(self._granted(answer, f"generate notes for {tag}", creates=True)["body"])

    def apply(self, step: Step, release: Release | None = None, asset: int | None = None) -> Answer:
        """Send the one write of ``step``.

        ``release`` is the release that uploads go to, ``asset`` the id of the asset just uploaded. Before an unfinished
        upload or a draft is deleted, it is read again to make sure that it is still one.
        """
        match step:
            case CreateDraft():
                return self.write("POST", self._path("releases"), step.fields.sent())
            case UpdateRelease() | Publish():
                return self.write("PATCH", self._path(f"releases/{step.release}"), step.fields.sent())
            case DeleteDraft():
                return self._delete_if(f"releases/{step.release}", "draft", value=True)
            case _:
                return self._apply_to_file(step, release, asset)

    def _apply_to_file(self, step: FileStep, release: Release | None, uploaded: int | None) -> Answer:
        match step:
            case DeleteAsset(unfinished=True):
                return self._delete_if(f"releases/assets/{step.asset}", "state", value="starter")
            case DeleteAsset():
                return self.write("DELETE", self._path(f"releases/assets/{step.asset}"))
            case RenameAsset():
                asset = uploaded if step.asset is None else step.asset
                body = {"name": step.name} | ({} if step.label is None else {"label": step.label})
                return self.write("PATCH", self._path(f"releases/assets/{asset}"), body)
            case Upload():
                return self._upload(step, release)

    def _upload(self, step: Upload, release: Release | None) -> Answer:
        if release is None:
            raise AssertionError("an upload needs a release that exists")
        parameters = {"name": step.name} | ({"label": step.label} if step.label else {})
        file = Path(step.file.path)
        return self.upload(release.upload_url, file, content_type=step.file.content_type, parameters=parameters)

    def _delete_if(self, path: str, name: str, *, value: object) -> Answer:
        """Delete what is at ``path`` if its field ``name`` has ``value``; else return a conflict."""
        found = self.get(self._path(path))
        if not found.ok:
            return found
        if found.data.get(name) != value:
            return Answer(status=409, text=f'{{"message": "{name} has changed"}}')
        return self.write("DELETE", self._path(path))

    def remember_digest(self, step: Step, answer: Answer) -> None:
        """Keep the digest of an uploaded file, for servers that do not compute one."""
        if isinstance(step, Upload):
            self._digests[answer.data["id"]] = step.file.digest

    def problem_with(self, step: Step, answer: Answer) -> Problem:
        """Return the problem that the response to ``step`` reports: a refusal, or a checksum mismatch."""
        if answer.ok and isinstance(step, Upload):
            return checksum_mismatch(step)
        discussion = step.fields.discussion_category_name if isinstance(step, (Publish, UpdateRelease)) else None
        creates = isinstance(step, (CreateDraft, Upload, Publish))
        return problem_of(
            answer, Operation(name=str(step), repository=self.repository, creates=creates, discussion=discussion)
        )

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
        if asset.id not in self._digests:
            self._digests[asset.id] = self.digest(self._path(f"releases/assets/{asset.id}"))
        return replace(asset, digest=self._digests[asset.id])

    def _listed(self) -> list[Release]:
        """Return every release and draft, page by page. A release created during the reads can appear twice."""
        found: list[Release] = []
        page, last = 1, 1
        while page <= last:
            answer = self.get(self._path("releases"), per_page="100", page=str(page))
            found += map(release_of, self._granted(answer, "read the releases", list))
            match = _LAST_PAGE.search(answer.headers.get("link", ""))
            last = int(match[1]) if match else page
            page += 1
        return found

    def _commit(self, tag: str, *, exactly: bool) -> str | None:
        """Return the SHA that ``tag`` points at, None if there is no such tag.

        For an annotated tag that is the commit if ``exactly``, else the tag object.
        """
        if tag not in self._commits:
            answer = self.get(self._path(f"git/ref/tags/{quote(tag, safe='/')}"))
            pointer = None if answer.status == _NOT_FOUND else self._granted(answer, f"read the tag {tag}")["object"]
            while exactly and pointer and pointer["type"] == "tag":
                answer = self.get(self._path(f"git/tags/{pointer['sha']}"))
                pointer = self._granted(answer, f"read the tag {tag}")["object"]
            self._commits[tag] = pointer["sha"] if pointer else None
        return self._commits[tag]

    def _latest(self) -> int | None:
        answer = self.get(self._path("releases/latest"))
        return None if answer.status == _NOT_FOUND else int(self._granted(answer, "read the latest release")["id"])

    def _granted(self, answer: Answer, name: str, kind: type = dict, *, creates: bool = False) -> Any:
        """Return the JSON of the response; Failure if the request was refused or the JSON is not a ``kind``."""
        if not answer.ok or not isinstance(answer.data, kind):
            raise Failure(problem_of(answer, Operation(name=name, repository=self.repository, creates=creates)))
        return answer.data

    def _path(self, rest: str) -> str:
        return f"/repos/{self.repository}/{rest}"
