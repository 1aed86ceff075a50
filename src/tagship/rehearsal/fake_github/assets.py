"""Handlers of release assets: upload, list, get, rename, delete, and downloads of their bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tagship.core.release.assets import asset_name
from tagship.rehearsal.fake_github import schema
from tagship.rehearsal.fake_github.http import Answer, Call, Request, coded, custom, invalid, not_found, refused
from tagship.rehearsal.fake_github.models import Asset, Drop, Put, Release, State
from tagship.rehearsal.fake_github.permissions import bearer, level, reads_drafts
from tagship.rehearsal.fake_github.releases import get_release
from tagship.rehearsal.fake_github.serializers import asset_json, paged

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.store import StoredFile

RESOURCE = "ReleaseAsset"
STORAGE = re.compile(r"/_storage/(?P<id>\d+)/(?P<sha256>[0-9a-f]{64})")
PAGE = re.compile(r"/(?P<repository>[^/]+/[^/]+)/releases/tag/(?P<tag>.+)")
DOWNLOAD = re.compile(r"/(?P<repository>[^/]+/[^/]+)/releases/download/(?P<tag>.+)/(?P<name>[^/]+)")


def list_assets(call: Call) -> Answer:
    """Return a page of the release's assets, with unfinished uploads."""
    get_release(call)
    release = call.release()
    return paged(call, [asset_json(call, release, asset) for asset in call.state.assets_of(release)])


def begin_upload(call: Call) -> Answer:
    """Reserve the name with an asset in the state ``starter``; raise 400s and 422s."""
    release = call.release()
    _refuse_immutable(release, "Cannot upload assets to an immutable release.")
    name = asset_name(call.request.query.get("name", ""))
    if errors := _errors(call, release, name):
        raise invalid(*errors)
    asset = Asset(
        id=call.new_id,
        release=release.id,
        name=name,
        label=call.request.query.get("label"),
        state="starter",
        content_type=call.request.headers["content-type"],
        uploader=call.author,
        created_at=call.request.now,
        updated_at=call.request.now,
        size=_length(call),
    )
    return Answer(status=202, content={"id": asset.id}, changes=(Put(record=asset),))


def finish_upload(call: Call, asset: Asset, file: StoredFile) -> Answer:
    """Complete the asset; raise the 404 if it was deleted during the upload."""
    release = call.release()
    if asset.id not in call.state.assets:
        raise not_found()
    complete = replace(
        asset,
        state="uploaded",
        size=file.size,
        content=file.sha256,
        digest=f"sha256:{file.sha256}",
        updated_at=call.request.now,
    )
    content = asset_json(call, release, complete)
    headers = {"location": str(content["url"])}
    return Answer(status=201, content=content, headers=headers, changes=(Put(record=complete),))


def get_asset(call: Call) -> Answer:
    """Return the asset, or a redirect to its bytes if the client accepts only ``application/octet-stream``."""
    release, asset = _found(call)
    if release.draft and not reads_drafts(call.caller, call.repository):
        raise not_found()
    if call.request.headers.get("accept") != "application/octet-stream":
        return Answer(content=asset_json(call, release, asset))
    if asset.content is None:
        raise not_found()
    return _redirect(call.request.links.api, asset)


def update_asset(call: Call) -> Answer:
    """Change the name or the label."""
    fields = schema.fields_of(call.request.body, schema.ASSET)
    release, asset = _found(call)
    _refuse_immutable(release, "Cannot update asset of an immutable release")
    name = asset_name(fields.text("name") or asset.name)
    if name != asset.name and _taken(call, release, name):
        raise invalid(coded("already_exists", "name", resource=RESOURCE))
    label = fields.text("label") if "label" in fields else asset.label
    renamed = replace(asset, name=name, label=label, updated_at=call.request.now)
    return Answer(content=asset_json(call, release, renamed), changes=(Put(record=renamed),))


def delete_asset(call: Call) -> Answer:
    """Delete the asset."""
    release, asset = _found(call)
    _refuse_immutable(release, "Cannot delete asset from an immutable release")
    return Answer(status=204, changes=(Drop(record=asset),))


def download(state: State, request: Request) -> Answer | None:
    """Return the answer to a request for a release page or a download, or None if the path is neither.

    The ``browser_download_url`` of an asset redirects to a second address, which has the bytes.
    """
    if stored := STORAGE.fullmatch(request.path):
        asset = state.assets.get(int(stored["id"]))
        return Answer(file=asset.content) if asset and asset.content == stored["sha256"] else not_found().answer
    page = PAGE.fullmatch(request.path)
    found = page or DOWNLOAD.fullmatch(request.path)
    if found is None or request.method not in {"GET", "HEAD"}:
        return None
    repository = state.repositories.get(found["repository"].lower())
    caller = state.tokens.get(bearer(request.headers) or "")
    public = [
        release
        for release in (state.releases_of(repository) if repository else ())
        if repository and level(caller, repository, "contents") != "none"
        if release.tag_name == found["tag"] and not release.draft
    ]
    assets = [asset for release in public for asset in state.assets_of(release) if asset.content]
    if page:
        return Answer() if public else not_found().answer
    named = (_redirect(request.links.web, asset) for asset in assets if asset.name == found["name"])
    return next(named, not_found().answer)


def _redirect(base: str, asset: Asset) -> Answer:
    return Answer(status=302, headers={"location": f"{base}/_storage/{asset.id}/{asset.content}"})


def _found(call: Call) -> tuple[Release, Asset]:
    asset = call.state.assets.get(int(call.parameters["id"]))
    release = call.state.releases.get(asset.release) if asset else None
    if asset is None or release is None or release.repository.lower() != call.repository.key:
        raise not_found()
    return release, asset


def _refuse_immutable(release: Release, message: str) -> None:
    if release.immutable:
        raise refused(422, message)


def _taken(call: Call, release: Release, name: str) -> bool:
    return any(asset.name == name for asset in call.state.assets_of(release))


def _length(call: Call) -> int:
    """Return the Content-Length, or raise the 400 if there is none."""
    text = call.request.headers.get("content-length", "")
    if not text.isdigit() or "transfer-encoding" in call.request.headers:
        raise refused(400, f"Bad Content-Length: {text}")
    return int(text)


def _errors(call: Call, release: Release, name: str) -> list[dict[str, str]]:
    size, largest, most = _length(call), call.limits.asset_bytes, call.limits.assets
    checks = [
        (not call.request.query.get("name"), coded("missing_field", "name", resource=RESOURCE)),
        ("content-type" not in call.request.headers, coded("missing_field", "content_type", resource=RESOURCE)),
        (size < 1, custom("size must be greater than or equal to 1", field="size", resource=RESOURCE)),
        (size >= largest, custom(f"size must be less than {largest}", field="size", resource=RESOURCE)),
        (_taken(call, release, name), coded("already_exists", "name", resource=RESOURCE)),
        (
            len(call.state.assets_of(release)) >= most,
            custom(f"file_count limited to {most} assets per release", field="file_count"),
        ),
    ]
    return [error for wrong, error in checks if wrong]
