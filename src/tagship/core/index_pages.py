"""The pages of a package index: JSON (PEP 691) or HTML (PEP 503), and the versions of the files they list."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename

from tagship.core.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.version import Version

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
"""What is asked for: JSON before HTML."""
_SIMPLE = {
    ("pypi.org", ""): "/simple/",
    ("pypi.org", "/pypi"): "/simple/",
    ("upload.pypi.org", "/legacy"): "/simple/",
    ("test.pypi.org", ""): "/simple/",
    ("test.pypi.org", "/legacy"): "/simple/",
}
_HOSTS = {"upload.pypi.org": "pypi.org"}


def simple_url(url: str) -> str:
    """The root of the index's simple pages, with a slash at its end.

    The addresses that PyPI and TestPyPI take uploads at, or are read at by people, lead to their simple pages.
    """
    parts = urlsplit(url.strip())
    path = _SIMPLE.get((parts.hostname or "", parts.path.rstrip("/")), f"{parts.path.rstrip('/')}/")
    host = _HOSTS.get(parts.netloc, parts.netloc)
    return urlunsplit((parts.scheme, host, path, "", ""))


def without_account(url: str) -> str:
    """``url`` without the user and password it may hold, for people to read."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def files_by_version(text: str, content_type: str) -> dict[Version, list[str]]:
    """The files that a project's page lists, by version; versions without any file are there with none.

    Raises ValueError where the page is neither JSON nor HTML of an index.
    """
    versions: list[str] = []
    if "json" in content_type:
        page = json.loads(text)
        if not isinstance(page, dict) or not isinstance(page.get("files"), list):
            raise ValueError("its page is not the JSON of an index")
        filenames = [str(file["filename"]) for file in page["files"] if isinstance(file, dict) and "filename" in file]
        listed = page.get("versions")
        versions = [str(item) for item in listed] if isinstance(listed, list) else []
    elif "html" in content_type:
        parser = _Links()
        parser.feed(text)
        filenames = parser.filenames
    else:
        raise ValueError(f"its page is {content_type or 'of no type'}")
    return _grouped(filenames, versions)


def _grouped(filenames: Iterable[str], versions: Iterable[str]) -> dict[Version, list[str]]:
    found: dict[Version, list[str]] = {}
    for filename in filenames:
        if (version := _version_of(filename)) is not None:
            found.setdefault(version, []).append(filename)
    for text in versions:
        if (version := parse_version(text)) is not None:
            found.setdefault(version, [])
    return found


def _version_of(filename: str) -> Version | None:
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[1]
        return parse_sdist_filename(filename)[1]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


class _Links(HTMLParser):
    """The last part of every link's address, which is the name of a file."""

    def __init__(self) -> None:
        super().__init__()
        self.filenames: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the file that a link leads to."""
        address = dict(attrs).get("href") if tag == "a" else None
        if address:
            self.filenames.append(unquote(urlsplit(address).path.rpartition("/")[2]))
