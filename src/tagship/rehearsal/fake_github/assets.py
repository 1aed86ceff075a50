"""The rules of a release's files: upload, list, read, rename, delete."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github import schema
from tagship.rehearsal.fake_github.http import Answer, Outcome, coded, custom, invalid, not_found, refused
from tagship.rehearsal.fake_github.models import Asset, Drop, Put
from tagship.rehearsal.fake_github.permissions import reads_drafts
from tagship.rehearsal.fake_github.releases import shown
from tagship.rehearsal.fake_github.serializers import asset_view, paged

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.http import Call, Parcel
    from tagship.rehearsal.fake_github.models import Release

RESOURCE = "ReleaseAsset"
SPECIAL = re.compile(r"[^A-Za-z0-9_@+-]+")


def stored_name(name: str) -> str:
    """Return the name under which GitHub keeps a file: accents go, each run of special characters becomes one dot."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    dotted = SPECIAL.sub(".", plain)
    if dotted.startswith(".") and not name.startswith(".") and not SPECIAL.sub("", plain.rpartition(".")[0]):
        return f"default{dotted}"
    return dotted.strip(".") or "default"


def listed(call: Call) -> Outcome:
    """Return a page of the release's assets, starters too."""
    shown(call)
    release = call.release()
    views = [asset_view(call, release, asset) for asset in call.state.assets_of(release)]
    return Outcome(answer=paged(call, views))


def upload_begun(call: Call) -> Outcome:
    """Return an asset in the state ``starter`` that holds the name until the bytes are there; 422s and 400s say why
    not.
    """
    release = call.release()
    _refuse_immutable(release, "Cannot upload assets to an immutable release.")
    name = stored_name(call.request.query.get("name", ""))
    if errors := _objections(call, release, name):
        raise invalid(*errors)
    asset = Asset(
        id=call.identity(),
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
    return Outcome(answer=Answer(status=202, content={"id": asset.id}), changes=(Put(record=asset),))


def upload_ended(call: Call, asset: Asset, parcel: Parcel) -> Outcome:
    """Return the asset with its bytes; 404 where it was deleted while they came in."""
    release = call.release()
    if asset.id not in call.state.assets:
        raise not_found()
    whole = replace(
        asset,
        state="uploaded",
        size=parcel.size,
        content=parcel.sha256,
        digest=f"sha256:{parcel.sha256}",
        updated_at=call.request.now,
    )
    view = asset_view(call, release, whole)
    answer = Answer(status=201, content=view, headers={"location": str(view["url"])})
    return Outcome(answer=answer, changes=(Put(record=whole),))


def shown_or_sent(call: Call) -> Outcome:
    """Return the asset; or, to who accepts ``application/octet-stream``, the way to its bytes."""
    release, asset = _found(call)
    if release.draft and not reads_drafts(call.caller, call.repository):
        raise not_found()
    if call.request.headers.get("accept") != "application/octet-stream":
        return Outcome(answer=Answer(content=asset_view(call, release, asset)))
    if asset.content is None:
        raise not_found()
    location = f"{call.request.links.api}/_storage/{asset.id}/{asset.content}"
    return Outcome(answer=Answer(status=302, headers={"location": location}))


def changed(call: Call) -> Outcome:
    """Return the asset with another name or label."""
    fields = schema.fields_of(call.request.body, schema.ASSET)
    release, asset = _found(call)
    _refuse_immutable(release, "Cannot update asset of an immutable release")
    name = stored_name(fields.text("name") or asset.name)
    if name != asset.name and _taken(call, release, name):
        raise invalid(coded("already_exists", "name", resource=RESOURCE))
    label = fields.text("label") if "label" in fields else asset.label
    renamed = replace(asset, name=name, label=label, updated_at=call.request.now)
    return Outcome(answer=Answer(content=asset_view(call, release, renamed)), changes=(Put(record=renamed),))


def deleted(call: Call) -> Outcome:
    """Return the asset gone."""
    release, asset = _found(call)
    _refuse_immutable(release, "Cannot delete asset from an immutable release")
    return Outcome(answer=Answer(status=204), changes=(Drop(record=asset),))


def _found(call: Call) -> tuple[Release, Asset]:
    asset = call.state.assets.get(int(call.parts["id"]))
    release = call.state.releases.get(asset.release) if asset else None
    if asset is None or release is None or release.repository != call.repository.name:
        raise not_found()
    return release, asset


def _refuse_immutable(release: Release, message: str) -> None:
    if release.immutable:
        raise refused(422, message)


def _taken(call: Call, release: Release, name: str) -> bool:
    return any(asset.name == name for asset in call.state.assets_of(release))


def _length(call: Call) -> int:
    """Return the length that the request declares; raises the 400 for one that declares none."""
    text = call.request.headers.get("content-length", "")
    if not text.isdigit() or "transfer-encoding" in call.request.headers:
        raise refused(400, f"Bad Content-Length: {text}")
    return int(text)


def _objections(call: Call, release: Release, name: str) -> list[dict[str, str]]:
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
