"""One HTTP request to GitHub through PyGithub's requester, sent once and returned as a value.

PyGithub's own objects repeat POST requests after a 502, send fields nobody set and wait for a rate limit without
logging it. Its requester does none of that with the settings used here. It keeps the pending request on the
connection, so two threads must not use one at a time: a thread takes an idle connection, or opens one.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from requests import RequestException, Session

from tagship.core.release.answers import UNLIKE_GITHUB, Answer, Download
from tagship.edges.confinement import opened
from tagship.edges.github.requester import SILENCE, LimitedRequester, UnlikeGitHub, patience, pieces
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_USER_AGENT = "tagship"
_API_VERSION = "2022-11-28"
_BYTES = "application/octet-stream"
_OK = 200
_SMALL = 1 << 20
"""Maximum size in bytes of an asset that is read as text."""
_LARGEST = 2 << 30
"""Maximum size in bytes of any asset."""


@dataclass(slots=True, kw_only=True)
class Connection:
    """The API at ``api_url``. The token is sent to that host and its upload host only."""

    api_url: str
    token: str = field(repr=False)
    _idle: dict[str, list[LimitedRequester]] = field(default_factory=dict, repr=False)
    _all: list[LimitedRequester] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.api_url = self.api_url.rstrip("/")

    def request(
        self, method: str, path: str, *, parameters: Mapping[str, str] | None = None, body: object = None
    ) -> Answer:
        """Send one request; ``path`` is appended to ``api_url``."""
        headers = self._headers("application/vnd.github+json")
        with self._requester(self.api_url) as requester:
            return _answered(lambda: requester.requestJson(method, path, dict(parameters or {}), headers, body))

    def send_file(self, url: str, file: Path, *, content_type: str, parameters: Mapping[str, str]) -> Answer:
        """Send a file to ``url`` once, streamed from disk."""

        def send() -> tuple[int, dict[str, str], str]:
            path = urlsplit(url).path
            with self._requester(_upload_base(self.api_url, url)) as requester, opened(file) as stream:
                headers = self._headers("application/vnd.github+json")
                headers |= {"Content-Type": content_type, "Content-Length": str(os.fstat(stream.fileno()).st_size)}
                _, found = requester.requestMemoryBlobAndCheck("POST", path, dict(parameters), headers, stream)
            status, received, text = found
            return status, received, text

        return _answered(send)

    def digest(self, path: str) -> str | None:
        """Download the asset at ``path`` in pieces and return its ``sha256:`` digest; None if that fails.

        The URL redirects to a storage host. Requests drops the token on that redirect; PyGithub's requester would read
        the whole file into memory.
        """
        return self._downloaded(self.api_url + path, self._headers(_BYTES)).digest

    def download(self, url: str, *, whole: bool) -> Download:
        """Send an anonymous request and return its result, without the digest unless ``whole`` is set."""
        return self._downloaded(url, {}, whole=whole)

    def content(self, path: str) -> bytes | None:
        """Download the small asset at ``path``; None if that fails."""
        read: list[bytes] = []
        found = self._downloaded(self.api_url + path, self._headers(_BYTES), read.append, limit=_SMALL)
        return b"".join(read) if found.digest else None

    @staticmethod
    def _downloaded(
        url: str,
        headers: Mapping[str, str],
        keep: Callable[[bytes], object] = len,
        *,
        whole: bool = True,
        limit: int = _LARGEST,
    ) -> Download:
        """Return the download; without an answer, if it has more than ``limit`` bytes or takes too long for them."""
        found, size, end = hashlib.sha256(), 0, time.monotonic() + patience(10 * limit)
        session = Session()
        session.auth = LimitedRequester.noopAuth
        headers = {**headers, "User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
        try:
            with session, session.get(url, headers=headers, stream=True, timeout=SILENCE) as response:
                if response.status_code != _OK or not whole:
                    return Download(status=response.status_code, size=int(response.headers.get("Content-Length", 0)))
                for piece in pieces(response):
                    keep(piece)
                    found.update(piece)
                    size += len(piece)
                    if size > limit or time.monotonic() > end:
                        return Download(status=0)
        except RequestException:
            return Download(status=0)
        return Download(status=_OK, size=size, digest=f"sha256:{found.hexdigest()}")

    def close(self) -> None:
        """Close every open connection."""
        for requester in self._all:
            requester.close()

    def _headers(self, accept: str) -> dict[str, str]:
        token = {"Authorization": f"token {self.token}"} if self.token else {}
        return {**token, "Accept": accept, "Accept-Encoding": "gzip, deflate"}

    @contextmanager
    def _requester(self, base_url: str) -> Iterator[LimitedRequester]:
        """Yield an idle requester for this address, or a new one."""
        idle = self._idle.setdefault(base_url, [])
        try:
            requester = idle.pop()
        except IndexError:
            requester = LimitedRequester(
                auth=None,
                base_url=base_url,
                timeout=SILENCE,
                user_agent=_USER_AGENT,
                per_page=100,
                verify=True,
                retry=None,
                pool_size=None,
                api_version=_API_VERSION,
            )
            self._all.append(requester)
        try:
            yield requester
        finally:
            idle.append(requester)


def _answered(send: Callable[[], tuple[int, dict[str, str], str]]) -> Answer:
    """Return the response, or status 0 if none arrived whole: the request may or may not have had its effect."""
    try:
        status, headers, text = send()
        return Answer(status=status, headers=headers, text=text)
    except UnlikeGitHub as error:
        return Answer(status=UNLIKE_GITHUB, text=str(error))
    except (RequestException, RuntimeError, ValueError) as error:
        return Answer(status=0, text=_reason(error))


def _reason(error: Exception) -> str:
    """Return the message of the innermost error after its host; the outer errors only repeat it."""
    inner: object = error
    while isinstance(inner, Exception):
        error = inner
        inner = getattr(error, "reason", None) or next((part for part in error.args if isinstance(part, Exception)), "")
    message = re.sub(r"^HTTPS?Connection(?:Pool)?\(host='(.*?)', port=(\d+)\): ", r"\1:\2: ", str(error))
    return message or type(error).__name__


def _upload_base(api_url: str, url: str) -> str:
    """Return the root URL of the upload host: the API's own host or its sibling ``uploads.``.

    Raises Failure for any other host, because the token would be sent there.
    """
    api, uploads = urlsplit(api_url), urlsplit(url)
    same = uploads.netloc == api.netloc
    sibling = uploads.netloc.removeprefix("uploads.") == api.netloc.removeprefix("api.")
    if uploads.scheme != api.scheme or not (same or sibling):
        raise Failure.of(
            found=f"The API at {api_url} named the upload host {uploads.scheme}://{uploads.netloc}, "
            "which does not belong to it.",
            remedy="Check the input api-url. The token is not sent to any other host.",
            topic="unexpected-upload-host",
        )
    return f"{uploads.scheme}://{uploads.netloc}"
