"""The steps that change a release, one write each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.core.release.answers import Answer
from tagship.core.release.error_messages import checksum_mismatch
from tagship.core.release.state import release_of
from tagship.core.release.steps import (
    CreateDraft,
    DeleteAsset,
    DeleteRelease,
    MoveTag,
    Publish,
    RenameAsset,
    Step,
    UpdateRelease,
    Upload,
)

if TYPE_CHECKING:
    from collections.abc import Container

    from tagship.core.release.state import Release
    from tagship.core.release.steps import FileStep
    from tagship.edges.github.releases import GitHub
    from tagship.errors import Problem


def send(github: GitHub, step: Step, release: Release | None = None, asset: int | None = None) -> Answer:
    """Send the one write of ``step``.

    ``release`` is the release that uploads go to, ``asset`` the id of the asset just uploaded. Before an unfinished
    upload or a draft is deleted, it is read again to make sure that it is still one.
    """
    match step:
        case CreateDraft():
            return github.write("POST", github.path("releases"), step.fields.sent())
        case UpdateRelease() | Publish():
            return github.write("PATCH", github.path(f"releases/{step.release}"), step.fields.sent())
        case MoveTag():
            return _move_tag(github, step)
        case DeleteRelease():
            return _delete_if(github, f"releases/{step.release}", step.state, value=True)
        case _:
            return _send_to_file(github, step, release, asset)


def _move_tag(github: GitHub, step: MoveTag) -> Answer:
    name = f"tags/{step.tag}"
    if step.new:
        answer = github.write("POST", github.path("git/refs"), {"ref": f"refs/{name}", "sha": step.commit})
    else:
        path = github.path(f"git/refs/{quote(name, safe='/')}")
        answer = github.write("PATCH", path, {"sha": step.commit, "force": True})
    if answer.ok:
        github.commits[step.tag] = step.commit
    else:
        github.commits.pop(step.tag, None)
    return answer


def _send_to_file(github: GitHub, step: FileStep, release: Release | None, uploaded: int | None) -> Answer:
    match step:
        case DeleteAsset(unfinished=True):
            return _delete_if(github, f"releases/assets/{step.asset}", "state", value="starter")
        case DeleteAsset():
            return github.write("DELETE", github.path(f"releases/assets/{step.asset}"))
        case RenameAsset():
            asset = uploaded if step.asset is None else step.asset
            body = {"name": step.name} | ({} if step.label is None else {"label": step.label})
            return github.write("PATCH", github.path(f"releases/assets/{asset}"), body)
        case Upload():
            return _upload(github, step, release)


def _upload(github: GitHub, step: Upload, release: Release | None) -> Answer:
    if release is None:
        raise AssertionError("an upload needs a release that exists")
    parameters = {"name": step.name} | ({"label": step.label} if step.label else {})
    file = Path(step.file.path)
    return github.upload(release.upload_url, file, content_type=step.file.content_type, parameters=parameters)


def _delete_if(github: GitHub, path: str, name: str, *, value: object) -> Answer:
    """Delete what is at ``path`` if its field ``name`` has ``value``; else return a conflict.

    A read can lag behind the publication of a draft by another run, and an answer to a write does not. So the title of
    a draft is written once more.
    """
    path = github.path(path)
    found = github.get(path)
    if found.ok and name == "draft":
        found = github.write("PATCH", path, {"name": found.value("name") or ""})
    if not found.ok:
        return found
    if found.value(name) != value:
        return Answer(status=409, text=f'{{"message": "{name} has changed"}}')
    return github.write("DELETE", path)


def discard(github: GitHub, draft: int, names: Container[str]) -> bool:
    """Delete a draft, unless it is published or has assets with other names. Return True if it is deleted."""
    path = github.path(f"releases/{draft}")
    found = github.request("GET", path)
    try:
        if not found.ok or any(asset.name not in names for asset in release_of(found.data).assets):
            return False
    except ValueError:
        return False
    again = github.request("PATCH", path, body={"name": found.value("name") or ""})
    return again.ok and again.value("draft") is True and github.request("DELETE", path).ok


def remember_digest(github: GitHub, step: Step, answer: Answer) -> None:
    """Keep the digest of an uploaded file, for servers that do not compute one."""
    if isinstance(step, Upload):
        github.digests[answer.data["id"]] = step.file.digest


def problem_with(github: GitHub, step: Step, answer: Answer) -> Problem:
    """Return the problem that the response to ``step`` reports: a refusal, or a checksum mismatch."""
    if answer.ok and isinstance(step, Upload):
        return checksum_mismatch(step)
    discussion = step.fields.discussion_category_name if isinstance(step, (Publish, UpdateRelease)) else None
    creates = isinstance(step, (CreateDraft, Upload, Publish))
    target = step.fields.target_commitish if isinstance(step, (CreateDraft, Publish)) else None
    target = step.commit if isinstance(step, MoveTag) else target
    return github.problem(answer, str(step), creates=creates, discussion=discussion, target=target)
