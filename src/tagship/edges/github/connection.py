"""One request over PyGithub's requester, one answer; nothing is sent twice, slept on or raised behind our back.

PyGithub's own objects repeat POST requests after a 502, send fields nobody set and wait for a rate limit without a
word. Its requester does none of that when it is told to. It keeps the request under way on the connection, though,
so that two threads must never share one: each thread gets its own.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from github import Auth, GithubException
from github.Requester import Requester
from requests import RequestException, Session

from tagship.core.release.answers import Answer
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_TIMEOUT = 60
_USER_AGENT = "tagship"
_API_VERSION = "2022-11-28"


@dataclass(slots=True, kw_only=True)
class Connection:
    """A repository's API at ``api_url``. The token travels in the header of requests to that host and its uploads."""

    api_url: str
    token: str = field(repr=False)
    _local: threading.local = field(default_factory=threading.local, repr=False)
    _all: list[Requester] = field(default_factory=list, repr=False)

    def request(
        self, method: str, path: str, *, parameters: Mapping[str, str] | None = None, body: object = None
    ) -> Answer:
        """Return the answer to one request; ``path`` begins behind ``api_url``."""
        requester = self._requester(self.api_url)
        return _answered(lambda: _plain(requester.requestJson(method, path, dict(parameters or {}), _headers(), body)))

    def upload(self, url: str, file: Path, *, content_type: str, parameters: Mapping[str, str]) -> Answer:
        """Return the answer to a file sent to ``url``, read from disk as it goes."""
        parts = urlsplit(url)
        requester = self._requester(_upload_base(self.api_url, url))
        headers = {**_headers(), "Content-Type": content_type, "Content-Length": str(file.stat().st_size)}

        def send() -> Answer:
            with file.open("rb") as stream:
                _, data = requester.requestMemoryBlobAndCheck("POST", parts.path, dict(parameters), headers, stream)
            granted = isinstance(data, dict) and "id" in data
            return Answer(status=201 if granted else 0, text=json.dumps(data) if granted else "no asset in the answer")

        return _answered(send)

    def digest(self, path: str) -> str | None:
        """``sha256:`` and hex of the asset behind ``path``, downloaded piece by piece; None where that does not work.

        The address leads to a storage host. Requests takes the token off on the way there; PyGithub's requester would
        read the whole file into memory.
        """
        session = Session()
        session.auth = Requester.noopAuth
        token = {"Authorization": f"token {self.token}"} if self.token else {}
        headers = {**token, "Accept": "application/octet-stream", "User-Agent": _USER_AGENT}
        found = hashlib.sha256()
        try:
            with session, session.get(self.api_url + path, headers=headers, stream=True, timeout=_TIMEOUT) as answer:
                answer.raise_for_status()
                for piece in answer.iter_content(1 << 20):
                    found.update(piece)
        except RequestException:
            return None
        return f"sha256:{found.hexdigest()}"

    def close(self) -> None:
        """End every connection that is open."""
        for requester in self._all:
            requester.close()

    def _requester(self, base_url: str) -> Requester:
        mine: dict[str, Requester] = self._local.__dict__.setdefault("requesters", {})
        if base_url not in mine:
            mine[base_url] = Requester(
                auth=Auth.Token(self.token) if self.token else None,
                base_url=base_url,
                timeout=_TIMEOUT,
                user_agent=_USER_AGENT,
                per_page=100,
                verify=True,
                retry=None,
                pool_size=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                api_version=_API_VERSION,
            )
            self._all.append(mine[base_url])
        return mine[base_url]


def _headers() -> dict[str, str]:
    return {"Accept": "application/vnd.github+json"}


def _plain(answer: tuple[int, dict[str, Any], str]) -> Answer:
    status, headers, text = answer
    return Answer(status=status, headers=headers, text=text)


def _answered(send: Callable[[], Answer]) -> Answer:
    """What ``send`` gets, or the status 0 where no whole answer came: the effect is then unknown."""
    try:
        return send()
    except GithubException as refusal:
        return Answer(status=refusal.status, headers=refusal.headers or {}, text=json.dumps(refusal.data))
    except (RequestException, RuntimeError, ValueError) as error:
        return Answer(status=0, text=_reason(error))


def _reason(error: Exception) -> str:
    """Return the words of the innermost error, behind the host they are about: what is put around them only repeats
    it.
    """
    inner: object = error
    while isinstance(inner, Exception):
        error = inner
        inner = getattr(error, "reason", None) or next((part for part in error.args if isinstance(part, Exception)), "")
    said = re.sub(r"^HTTPS?Connection(?:Pool)?\(host='(.*?)', port=(\d+)\): ", r"\1:\2: ", str(error))
    return said or type(error).__name__


def _upload_base(api_url: str, url: str) -> str:
    """Return the root of the host that takes uploads, where that is the API's own host or its sibling ``uploads.``.

    Raises Failure for any other host: the token would be sent there.
    """
    api, uploads = urlsplit(api_url), urlsplit(url)
    same = uploads.netloc == api.netloc
    sibling = uploads.netloc.removeprefix("uploads.") == api.netloc.removeprefix("api.")
    if uploads.scheme != api.scheme or not (same or sibling):
        raise Failure(
            Problem(
                found=f"The API at {api_url} wants files to be uploaded to {uploads.scheme}://{uploads.netloc}, "
                "a host that does not belong to it.",
                remedy="Look at the input api-url: the token is sent to no other host.",
                topic="foreign-upload-host",
            )
        )
    return f"{uploads.scheme}://{uploads.netloc}"
