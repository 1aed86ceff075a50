"""One upload: the form is read, the file is checked by the rules of PyPI, and stored or refused.

Source of the order and the words: https://github.com/pypi/warehouse/blob/main/warehouse/forklift/legacy.py
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from pathlib import Path

from packaging.utils import canonicalize_name

from tagship.core.distributions.distribution import Distribution, read_distribution
from tagship.core.index_rules.release import release_violations
from tagship.edges.archives import read_archive
from tagship.edges.index_rules import upload_of
from tagship.errors import Failure
from tagship.rehearsal.fake_index.models import Answer, Catalogue, PublishedFile, refused

OPEN_SECONDS = 14 * 24 * 3600
"""For how long after its creation a release takes new files."""
_AUTHENTICATION = (
    "Invalid or non-existent authentication information. See https://pypi.org/help/#invalid-auth for more information."
)
_REUSE = "See https://pypi.org/help/#file-name-reuse for more information."


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of an upload, and the file with its name."""

    fields: Mapping[str, str]
    filename: str
    content: bytes


def read_form(content_type: str, body: bytes) -> Form | None:
    """Return the form in a ``multipart/form-data`` body; None if there is none, or no file in it."""
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or header.get_content_type() != "multipart/form-data":
        return None
    fields: dict[str, str] = {}
    filename, content = "", b""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        disposition = re.search(rb'name="([^"]*)"(?:; *filename="([^"]*)")?', head)
        if disposition is None:
            return None
        if disposition[2] is None:
            fields[disposition[1].decode()] = data.decode("utf-8", "replace")
        else:
            filename, content = disposition[2].decode("utf-8", "replace"), data
    return Form(fields=fields, filename=filename, content=content) if filename else None


def receive(form: Form | None, *, authorization: str, catalogue: Catalogue, folder: Path, now: float) -> Answer:
    """Store the file of ``form`` in ``folder`` and in ``catalogue``, or return PyPI's refusal."""
    if form is None:
        return refused(HTTPStatus.BAD_REQUEST, "Upload payload does not have a file.")
    early = _not_allowed(form, authorization, catalogue) or _known(form, catalogue)
    if early is not None:
        return early
    path = folder / form.filename
    path.write_bytes(form.content)
    message, distribution = _checked(path, is_online=catalogue.is_online)
    if distribution is not None and not message:
        message = _against_release(distribution, catalogue, now)
    if message or distribution is None:
        path.unlink()
        return refused(HTTPStatus.BAD_REQUEST, message)
    _store(path, distribution, catalogue, now)
    return Answer()


def _not_allowed(form: Form, authorization: str, catalogue: Catalogue) -> Answer | None:
    """Return the refusal of a token that may not upload to the project, or of a name that is a path."""
    token = password_of(authorization)
    if token not in catalogue.tokens:
        return refused(HTTPStatus.FORBIDDEN, _AUTHENTICATION)
    project = canonicalize_name(form.fields.get("name", ""))
    if catalogue.tokens[token] not in (None, project):
        message = f"The given token isn't allowed to upload to project '{project}'. See "
        return refused(HTTPStatus.FORBIDDEN, message + "https://pypi.org/help/#project-name for more information.")
    if "/" in form.filename or "\\" in form.filename:
        return refused(HTTPStatus.BAD_REQUEST, "Cannot upload a file with '/' or '\\' in the name.")
    return None


def password_of(authorization: str) -> str:
    """Return the password of a Basic ``Authorization`` header for the user ``__token__``; else nothing."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return password if scheme.lower() == "basic" and user == "__token__" else ""


def _known(form: Form, catalogue: Catalogue) -> Answer | None:
    """Return the answer for a name that was used before: the same file is accepted again."""
    digest = hashlib.sha256(form.content).hexdigest()
    stated = form.fields.get("sha256_digest", "")
    if stated and stated.lower() != digest:
        message = "The digest supplied does not match a digest calculated from the uploaded file."
        return refused(HTTPStatus.BAD_REQUEST, message)
    held = catalogue.files.get(form.filename)
    if held is not None and held.sha256 == digest:
        return Answer()
    if held is not None:
        content = hashlib.blake2b(form.content, digest_size=32).hexdigest()
        message = f"File already exists ({form.filename!r}, with blake2_256 hash {content!r}). {_REUSE}"
        return refused(HTTPStatus.BAD_REQUEST, message)
    return None


def _checked(path: Path, *, is_online: bool) -> tuple[str, Distribution | None]:
    """Return PyPI's words for the first rule that the file breaks, or nothing, and what the file holds."""
    try:
        archive = read_archive(path)
        distribution = read_distribution(archive)
    except Failure as failure:
        return f"Invalid distribution file. {failure.problems[0].found}", None
    found = release_violations((upload_of(distribution, is_online=is_online),))
    errors = [item for item in found if item.level == "error"]
    return (errors[0].breach.phrase if errors else ""), distribution


def _against_release(distribution: Distribution, catalogue: Catalogue, now: float) -> str:
    """Return what is wrong with the file next to those of its release, or nothing."""
    release = [file for file in catalogue.of_project(distribution.name) if file.version == distribution.version]
    if release and now - min(file.created for file in release) > OPEN_SECONDS:
        return "Uploading new files to releases older than 14 days is not allowed."
    if distribution.kind == "sdist" and any(file.kind == "sdist" for file in release):
        return "Only one sdist may be uploaded per release."
    return ""


def _store(path: Path, distribution: Distribution, catalogue: Catalogue, now: float) -> None:
    release = [file for file in catalogue.of_project(distribution.name) if file.version == distribution.version]
    catalogue.files[path.name] = PublishedFile(
        project=distribution.name,
        version=distribution.version,
        kind=distribution.kind,
        path=path,
        sha256=distribution.archive.sha256,
        created=min((file.created for file in release), default=now),
        requires_python=distribution.metadata.get("requires_python", ""),
    )
