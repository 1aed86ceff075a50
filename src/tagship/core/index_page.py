"""A project's page on a package index, in the JSON (PEP 691) or HTML (PEP 503) form of the Simple API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

from packaging.utils import parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

if TYPE_CHECKING:
    from packaging.tags import Tag as PlatformTag

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
"""The ``Accept`` header for the forms that ``read_page`` parses, JSON first."""

_NAME = re.compile(r"[A-Za-z0-9_][\w.+!-]{0,254}", re.ASCII)
_SIMPLE = {
    ("pypi.org", ""): "pypi.org",
    ("pypi.org", "/pypi"): "pypi.org",
    ("upload.pypi.org", "/legacy"): "pypi.org",
    ("test.pypi.org", ""): "test.pypi.org",
    ("test.pypi.org", "/legacy"): "test.pypi.org",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFile:
    """A file of a project. ``url`` is absolute; ``sha256`` is empty if the page does not contain it.

    ``provenance`` is the absolute URL of its attestations (PEP 740), empty without any.
    """

    filename: str
    url: str
    sha256: str
    yanked: bool
    provenance: str = ""

    @property
    def tags(self) -> frozenset[PlatformTag]:
        """The tags of a wheel; none for another file."""
        try:
            return parse_wheel_filename(self.filename)[3]
        except ValueError:
            return frozenset()

    @property
    def version(self) -> Version | None:
        """The version in the file's name, or None if it is not the name of a wheel or sdist."""
        try:
            if self.filename.endswith(".whl"):
                return parse_wheel_filename(self.filename)[1]
            return parse_sdist_filename(self.filename)[1]
        except ValueError:
            # Also for a version of more digits than Python converts.
            return None


def read_page(text: str, *, content_type: str, url: str) -> tuple[IndexFile, ...]:
    """Return the files on the page at ``url``, without those whose name or URL could be a path on this machine.

    Raises ValueError if it is not a page of the Simple API.
    """
    if "json" in content_type:
        return tuple(filter(_is_safe, _from_json(json.loads(text), url)))
    if "html" in content_type:
        page = _Page()
        page.feed(text)
        return tuple(filter(_is_safe, (_from_link(link, url) for link in page.links if link.get("href"))))
    raise ValueError(f"the content type {content_type!r} is neither JSON nor HTML")


def _is_safe(file: IndexFile) -> bool:
    urls = {urlsplit(url).scheme for url in (file.url, file.provenance) if url}
    return bool(_NAME.fullmatch(file.filename)) and urls <= {"http", "https"}


def read_status(text: str, *, content_type: str) -> str:
    """Return the status of the project (PEP 792), such as ``quarantined``; empty if the page has none."""
    page = json.loads(text) if "json" in content_type else None
    status = page.get("project-status") if isinstance(page, dict) else None
    return str(status.get("status", "")) if isinstance(status, dict) else ""


def _from_json(page: Any, url: str) -> Iterator[IndexFile]:
    if not isinstance(page, dict) or not isinstance(page.get("files"), list):
        raise ValueError("the JSON has no list 'files'")
    for file in page["files"]:
        if not isinstance(file, dict) or not {"filename", "url"} <= file.keys():
            raise ValueError("a file in the JSON has no filename or url")
        hashes = file.get("hashes")
        yield IndexFile(
            filename=str(file["filename"]),
            url=urljoin(url, str(file["url"])),
            sha256=str(hashes.get("sha256", "")) if isinstance(hashes, dict) else "",
            yanked=bool(file.get("yanked", False)),
            provenance=urljoin(url, str(file["provenance"])) if file.get("provenance") else "",
        )


def _from_link(link: dict[str, str | None], url: str) -> IndexFile:
    address, fragment = urldefrag(urljoin(url, link["href"] or ""))
    return IndexFile(
        filename=unquote(address.rpartition("/")[2]),
        url=address,
        sha256=fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else "",
        yanked="data-yanked" in link,
    )


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs))


def simple_url(url: str) -> str:
    """Return the URL of the Simple API, with a trailing slash.

    The upload URLs and home pages of PyPI and TestPyPI are replaced by their Simple API.
    """
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/")
    known = _SIMPLE.get((parts.netloc, path))
    if known:
        return f"https://{known}/simple/"
    return urlunsplit(parts._replace(path=f"{path}/", query="", fragment=""))


def without_account(url: str) -> str:
    """Return ``url`` without user and password, for messages."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def pauses(limit: float) -> Iterator[float]:
    """Yield the pauses between retries: seconds from 1 doubling to 30, with a sum of ``limit``."""
    pause, waited = 1.0, 0.0
    while waited < limit:
        pause = min(pause, limit - waited)
        yield pause
        waited += pause
        pause = min(pause * 2, 30.0)
