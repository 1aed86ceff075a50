"""A repository's releases: read as a state, changed step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tagship.core.preflight.published import ReleaseAnswer
from tagship.core.release.assets import PART, asset_name
from tagship.core.release.body import is_ours
from tagship.core.release.error_messages import Doing, explain, other_bytes
from tagship.core.release.state import State, release_of
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
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.core.release.answers import Answer
    from tagship.core.release.desired import DesiredRelease
    from tagship.core.release.state import Asset, Release
    from tagship.core.release.steps import FileStep
    from tagship.edges.github.retrying import Requests
    from tagship.errors import Problem

_LAST_PAGE = re.compile(r'[?&]page=(\d+)[^>]*>;\s*rel="last"')
_GONE = 404


@dataclass(slots=True, kw_only=True)
class Releases:
    """The releases of ``repository`` (owner and name). A tag's commit and an old asset's digest are read once."""

    repository: str
    requests: Requests
    _commits: dict[str, str | None] = field(default_factory=dict)
    _digests: dict[int, str | None] = field(default_factory=dict)

    def read(self, desired: DesiredRelease) -> State:
        """Return all that a plan for ``desired`` depends on. Raises Failure where GitHub does not let itself be
        read.
        """
        releases = {release.id: release for release in self._listed()}
        exactly = desired.commit is not None
        published = any(release.tag == desired.tag and not release.draft for release in releases.values())
        return State(
            releases=tuple(self.with_digests(release, desired) for release in releases.values()),
            commit=self._commit(desired.tag, exactly=exactly) if exactly or not published else None,
            latest=self._latest() if published and desired.latest is not None else None,
        )

    def published(self, tag: str) -> ReleaseAnswer:
        """Return the published release of ``tag``, asked for once: a GitHub that is down is an answer as well."""
        answer = self.requests.connection.request("GET", self._path(f"releases/tags/{quote(tag, safe='/')}"))
        if answer.status == _GONE:
            return ReleaseAnswer(state="absent")
        if not answer.ok or not isinstance(answer.data, dict):
            said = f"it answered {answer.status} ({answer.message})" if answer.status else "no answer came"
            return ReleaseAnswer(state="unreachable", reason=said)
        immutable, url = answer.data.get("immutable") is True, str(answer.data.get("html_url", ""))
        return ReleaseAnswer(state="published", immutable=immutable, url=url)

    def generated_notes(self, tag: str, *, previous: str, target: str | None) -> str:
        """Return the notes that GitHub writes from the pull requests since ``previous``, or since what it takes for
        that.
        """
        body = {"tag_name": tag}
        body |= {"previous_tag_name": previous} if previous else {}
        body |= {"target_commitish": target} if target else {}
        answer = self.requests.ask(self._path("releases/generate-notes"), body)
        return str(self._granted(answer, f"write notes for {tag}", creates=True)["body"])

    def apply(self, step: Step, release: Release | None = None, asset: int | None = None) -> Answer:
        """Return the answer to the one write that ``step`` is. ``release`` takes uploads; ``asset`` is what was just
        uploaded.

        Before something is removed for being unfinished, one more look makes sure that it still is.
        """
        match step:
            case CreateDraft():
                return self.requests.write("POST", self._path("releases"), step.fields.sent())
            case UpdateRelease() | Publish():
                return self.requests.write("PATCH", self._path(f"releases/{step.release}"), step.fields.sent())
            case DeleteDraft():
                return self._delete_if(f"releases/{step.release}", "draft", value=True)
            case _:
                return self._apply_to_file(step, release, asset)

    def _apply_to_file(self, step: FileStep, release: Release | None, uploaded: int | None) -> Answer:
        match step:
            case DeleteAsset(unfinished=True):
                return self._delete_if(f"releases/assets/{step.asset}", "state", value="starter")
            case DeleteAsset():
                return self.requests.write("DELETE", self._path(f"releases/assets/{step.asset}"))
            case RenameAsset():
                asset = uploaded if step.asset is None else step.asset
                body = {"name": step.name} | ({} if step.label is None else {"label": step.label})
                return self.requests.write("PATCH", self._path(f"releases/assets/{asset}"), body)
            case Upload():
                return self._upload(step, release)

    def note(self, step: Step, answer: Answer) -> None:
        """Keep the digest of a file that was sent, for servers that do not compute one."""
        if isinstance(step, Upload):
            self._digests[answer.data["id"]] = step.file.digest

    def explained(self, answer: Answer, step: Step) -> Problem:
        """Return the problem that an answer to ``step`` tells of: a refusal, or a confirmation of something else."""
        if answer.ok and isinstance(step, Upload):
            return other_bytes(step)
        discussion = step.fields.discussion_category_name if isinstance(step, (Publish, UpdateRelease)) else None
        creates = isinstance(step, (CreateDraft, Upload, Publish))
        doing = Doing(what=str(step), repository=self.repository, creates=creates, discussion=discussion)
        return explain(answer, doing)

    def _upload(self, step: Upload, release: Release | None) -> Answer:
        if release is None:
            raise AssertionError("an upload needs a release that exists")
        parameters = {"name": step.name} | ({"label": step.label} if step.label else {})
        return self.requests.upload(
            release.upload_url,
            Path(step.file.path),
            content_type=step.file.content_type,
            parameters=parameters,
        )

    def _delete_if(self, path: str, name: str, *, value: object) -> Answer:
        found = self.requests.get(self._path(path))
        if not found.ok:
            return found
        if found.data.get(name) != value:
            return _overtaken(found)
        return self.requests.write("DELETE", self._path(path))

    def _listed(self) -> list[Release]:
        """Return every release and draft, page by page. A page that shifts while it is read may show one twice."""
        found: list[Release] = []
        page, last = 1, 1
        while page <= last:
            answer = self.requests.get(self._path("releases"), per_page="100", page=str(page))
            listed = self._granted(answer, "read the releases")
            if not isinstance(listed, list):
                raise Failure(explain(answer, Doing(what="read the releases", repository=self.repository)))
            found += map(release_of, listed)
            match = _LAST_PAGE.search(answer.headers.get("link", ""))
            last = int(match[1]) if match else page
            page += 1
        return found

    def _commit(self, tag: str, *, exactly: bool) -> str | None:
        """Return where ``tag`` points, None where there is none; of an annotated tag its own object unless
        ``exactly``.
        """
        if tag not in self._commits:
            answer = self.requests.get(self._path(f"git/ref/tags/{quote(tag, safe='/')}"))
            pointer = None if answer.status == _GONE else self._granted(answer, f"read the tag {tag}")["object"]
            while exactly and pointer and pointer["type"] == "tag":
                answer = self.requests.get(self._path(f"git/tags/{pointer['sha']}"))
                pointer = self._granted(answer, f"read the tag {tag}")["object"]
            self._commits[tag] = pointer["sha"] if pointer else None
        return self._commits[tag]

    def with_digests(self, release: Release, desired: DesiredRelease) -> Release:
        """Return the release with the digests that a plan needs and that GitHub does not know, of assets from before
        2025.

        Only files that may be the same are downloaded for it, and once.
        """
        if release.tag != desired.tag and not is_ours(release.body, desired.tag):
            return release
        sizes = {asset_name(file.name): file.size for file in desired.files}
        return replace(release, assets=tuple(self._with_digest(asset, sizes) for asset in release.assets))

    def _with_digest(self, asset: Asset, sizes: Mapping[str, int]) -> Asset:
        if asset.digest is not None or not asset.uploaded or sizes.get(asset.name.removesuffix(PART)) != asset.size:
            return asset
        if asset.id not in self._digests:
            self._digests[asset.id] = self.requests.connection.digest(self._path(f"releases/assets/{asset.id}"))
        return replace(asset, digest=self._digests[asset.id])

    def _latest(self) -> int | None:
        answer = self.requests.get(self._path("releases/latest"))
        return None if answer.status == _GONE else int(self._granted(answer, "read the latest release")["id"])

    def _granted(self, answer: Answer, what: str, *, creates: bool = False) -> Any:
        if not answer.ok or not isinstance(answer.data, (dict, list)):
            raise Failure(explain(answer, Doing(what=what, repository=self.repository, creates=creates)))
        return answer.data

    def _path(self, rest: str) -> str:
        return f"/repos/{self.repository}/{rest}"


def _overtaken(found: Answer) -> Answer:
    """Return the answer to a removal that was not asked for, because what was to be removed has become something
    else.
    """
    return type(found)(status=409, text='{"message": "changed meanwhile"}')
