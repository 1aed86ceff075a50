"""What the embedded index stores: files, publishers, tokens, and its answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

if TYPE_CHECKING:
    from packaging.utils import NormalizedName

    from tagship.core.distributions.distribution import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A file of a project. ``created`` is the time of its release in seconds since 1970."""

    project: NormalizedName
    version: Version
    kind: Kind
    path: Path
    sha256: str
    created: float
    requires_python: str = ""

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A trusted publisher of ``project``. ``environment`` is empty if any environment may publish."""

    project: NormalizedName
    repository: str
    workflow: str
    environment: str = ""


@dataclass(slots=True, kw_only=True)
class Catalogue:
    """The contents of the index: files by name.

    ``tokens`` are the upload tokens with their project; None if one may upload to every project. ``used`` are identity
    tokens that were exchanged once. Classifiers that the installed list lacks are looked up on PyPI if ``is_online``.
    """

    files: dict[str, PublishedFile] = field(default_factory=dict)
    publishers: tuple[Publisher, ...] = ()
    tokens: dict[str, NormalizedName | None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    is_online: bool = False

    def of_project(self, project: str) -> tuple[PublishedFile, ...]:
        """Return the files of ``project``, by name."""
        return tuple(file for _, file in sorted(self.files.items()) if file.project == project)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP response. ``location`` is where a redirect leads."""

    status: HTTPStatus = HTTPStatus.OK
    content_type: str = "text/plain; charset=utf-8"
    body: bytes = b""
    location: str = ""


def json_answer(content: object, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """Return ``content`` as a JSON response."""
    return Answer(status=status, content_type="application/json", body=json.dumps(content).encode())


_REASONS = {
    HTTPStatus.BAD_REQUEST: "The server could not comply with the request since it is either malformed or otherwise "
    "incorrect.",
    HTTPStatus.FORBIDDEN: "Access was denied to this resource.",
}


def refused(status: HTTPStatus, message: str) -> Answer:
    """Return a refusal as PyPI's upload API words it: an HTML page with the reason and ``message``."""
    head = f"{status.value} {status.phrase}"
    body = (
        f"<html>\n <head>\n  <title>{head}</title>\n </head>\n <body>\n  <h1>{head}</h1>\n"
        f"  {_REASONS[status]}<br/><br/>\n{message}\n\n\n </body>\n</html>"
    )
    return Answer(status=status, content_type="text/html; charset=UTF-8", body=body.encode())
