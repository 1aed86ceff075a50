"""A package index over HTTP: the files of a project, and the content of one file."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name
from packaging.version import Version

from tagship.core.index_page import ACCEPT, IndexFile, pauses, read_page, read_status, simple_url, without_account
from tagship.core.preflight.published import IndexAnswer
from tagship.errors import SOURCE, Failure, Problem

_Result = TypeVar("_Result")
_TIMEOUT = 30
_SECONDS_FOR_PAGE = 2
"""Seconds of pauses between retries of a project's page."""
_MOST_OF_PAGE = 32 << 20
"""Maximum size of a page in bytes; the largest of PyPI have a fifth of it."""
_MOST_OF_FILE = 4 << 30
_MOST_SECONDS = 120
"""Seconds in which a response has to end."""
_PIECE = 1 << 18
_SECONDS_FOR_FILE = 15
"""Seconds of pauses between retries of a download."""
_USER_AGENT = f"tagship (https://github.com/{SOURCE})"


class _Retryable(Failure):
    """A failure that may be gone at the next request: no response, a server error, a missing version."""


class _NotFound(Failure):
    """A failure by status 404."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageIndex:
    """The index at ``url``, the address of its Simple API. A user and password in it are sent, but never shown.

    The client is the standard library's, because the tier of verify-wheel does not contain requests.
    """

    url: str
    log: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep

    @property
    def shown(self) -> str:
        return without_account(simple_url(self.url))

    def files(self, name: str) -> tuple[IndexFile, ...]:
        """Return the files of the project with the normalized ``name``; none if the index has no such project.

        Raises Failure if the index does not respond, refuses the request, or returns something else than a page.
        """
        return self._project(name)[0]

    def project(self, name: str) -> tuple[tuple[IndexFile, ...], str]:
        """Return the files of the project ``name`` and its status (PEP 792), with retries. Raises Failure."""
        return self._retried(lambda: self._project(canonicalize_name(name)), _SECONDS_FOR_PAGE)

    def provenance(self, file: IndexFile) -> object:
        """Return the JSON of the attestations of ``file``; None if it cannot be parsed. Raises Failure."""
        try:
            return json.loads(self._retried(lambda: self._content(file.provenance), _SECONDS_FOR_PAGE))
        except (ValueError, RecursionError):
            return None

    def _project(self, name: str) -> tuple[tuple[IndexFile, ...], str]:
        address = f"{self.shown}{name}/"
        try:
            with self._answer(address, accept=ACCEPT) as response:
                text = b"".join(_pieces(response, limit=_MOST_OF_PAGE)).decode("utf-8", "replace")
                content_type = response.headers.get("Content-Type", "")
                files = read_page(text, content_type=content_type, url=response.url)
                return files, read_status(text, content_type=content_type)
        except _NotFound:
            return (), ""

    def answer(self, name: str) -> IndexAnswer:
        """Return the files of the project ``name`` by version, or the reason why the index could not be read."""
        try:
            offered = self._retried(lambda: self.files(canonicalize_name(name)), _SECONDS_FOR_PAGE)
        except Failure as failure:
            return IndexAnswer(state="unreachable", files={}, reason=failure.problems[0].found)
        found: dict[Version, list[str]] = {}
        for file in offered:
            if file.version is not None:
                found.setdefault(file.version, []).append(file.filename)
        return IndexAnswer(state="known" if found else "unknown", files=found)

    def awaited(self, name: str, version: Version, limit: float) -> tuple[IndexFile, ...]:
        """Poll with exponential back-off until the version has a wheel, for at most ``limit`` seconds.

        Returns its files. They are uploaded one by one, so an sdist alone is returned at the end only. Raises Failure
        if the version has no file by then, and at once if the index refuses the request.
        """
        found: tuple[IndexFile, ...] = ()

        def read() -> tuple[IndexFile, ...]:
            nonlocal found
            found = ()
            offered = self.files(name)
            found = tuple(file for file in offered if file.version == version)
            if not any(file.filename.endswith(".whl") for file in found):
                raise self._missing(name, version, offered)
            return found

        try:
            return self._retried(read, limit)
        except _Retryable:
            if found:
                return found
            raise

    def download(self, file: IndexFile, into: Path) -> Path:
        """Download ``file`` into the folder ``into``.

        Raises Failure if that fails or its checksum is not the one on the page.
        """
        path = into / file.filename
        digest = self._retried(lambda: self._saved(file.url, path), _SECONDS_FOR_FILE)
        if file.sha256 and digest != file.sha256:
            raise Failure.of(
                found=f"Checksum mismatch for {file.filename} from the index: the page has SHA-256 {file.sha256}, "
                f"the file has {digest}.",
                remedy="Run the step again. If it fails again, report the damaged file to the index's operator.",
                topic="checksum-mismatch-on-the-package-index",
            )
        return path

    def _content(self, address: str) -> bytes:
        with self._answer(address) as response:
            return b"".join(_pieces(response, limit=_MOST_OF_PAGE))

    def _saved(self, address: str, path: Path) -> str:
        """Write the file at ``address`` to ``path`` and return its SHA-256."""
        digest = hashlib.sha256()
        with self._answer(address) as response, path.open("wb") as target:
            for piece in _pieces(response, limit=_MOST_OF_FILE):
                digest.update(piece)
                target.write(piece)
        return digest.hexdigest()

    @contextmanager
    def _answer(self, address: str, *, accept: str = "*/*") -> Iterator[http.client.HTTPResponse]:
        """Open ``address``. Raises Failure if that or the ``with`` block fails."""
        try:
            with self._open(address, accept=accept) as response:
                yield response
        except urllib.error.HTTPError as error:
            error.close()
            raise _http_error(address, error.code) from error
        except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
            raise _unreachable(address, error) from error

    def _retried(self, request: Callable[[], _Result], limit: float) -> _Result:
        """Repeat ``request`` after growing pauses of at most ``limit`` seconds in all, as long as it is retryable."""
        waits = pauses(limit)
        while True:
            try:
                return request()
            except _Retryable as failure:
                pause = next(waits, None)
                if pause is None:
                    raise
                self.log(f"{failure.problems[0].found} Retrying in {pause:g} s.")
                self.sleep(pause)

    def _open(self, address: str, *, accept: str) -> http.client.HTTPResponse:
        index, target = urlsplit(self.url), urlsplit(address)
        if target.scheme not in ("http", "https"):
            raise ValueError("the URL of an index must begin with http:// or https://")
        headers = {"Accept": accept, "User-Agent": _USER_AGENT, "Cache-Control": "no-cache"}
        request = urllib.request.Request(address, headers=headers)  # noqa: S310
        # An index behind a proxy may link to itself by http, which would expose the password.
        if index.username and (target.scheme, target.netloc) == (index.scheme, index.netloc.rpartition("@")[2]):
            pair = f"{unquote(index.username)}:{unquote(index.password or '')}"
            # Unlike other headers this one does not follow a redirect to another host.
            request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310
        return response

    def _missing(self, name: str, version: Version, offered: tuple[IndexFile, ...]) -> Failure:
        versions = sorted({file.version for file in offered if file.version}, reverse=True)
        newest = f"the newest version is {versions[0]}" if versions else "the index has no such project"
        return _Retryable(
            Problem(
                found=f"{name} {version} is not on {self.shown}: {newest}.",
                remedy="Check that the publishing job uploaded to this index. If the index is slow, raise wait.",
                topic="version-not-on-the-package-index",
            )
        )


def _pieces(response: http.client.HTTPResponse, *, limit: int) -> Iterator[bytes]:
    """Yield the content. Raises Failure if it has more than ``limit`` bytes or does not end in time."""
    end, size = time.monotonic() + _MOST_SECONDS, 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        late = time.monotonic() > end
        if size > limit or late:
            reason = f"does not end within {_MOST_SECONDS} s" if late else f"has more than {limit >> 20} MiB"
            raise Failure.of(
                found=f"The package index sent a response that {reason} from {response.url}.",
                remedy="Check the URL of the index, and the proxy or mirror between the runner and it.",
                topic="package-index-unreachable",
            )
        yield piece


def _http_error(address: str, code: int) -> Failure:
    if code >= 500 or code == 429:
        return _unreachable(address, f"HTTP {code}")
    return (_NotFound if code == 404 else Failure)(
        Problem(
            found=f"The package index returned HTTP {code} for {address}.",
            remedy="Use the URL of the Simple API, for example https://pypi.org/simple/. For a private index use "
            "https://USER:PASSWORD@HOST/simple/ with the password from a secret.",
            topic="401-or-403-from-the-package-index",
        )
    )


def _unreachable(address: str, error: object) -> Failure:
    # urllib wraps the system's own message.
    reason = getattr(error, "reason", None) or error
    if "CERTIFICATE_VERIFY_FAILED" in str(reason):
        return Failure.of(
            found=f"TLS certificate verification failed for {address} ({reason}).",
            remedy="Behind a corporate proxy set SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt for the step.",
            topic="certificate_verify_failed--unknownissuer",
        )
    return _Retryable(
        Problem(
            found=f"The package index did not respond at {address}: {reason}.",
            remedy="Run the step again later. https://status.python.org shows outages of PyPI.",
            topic="package-index-unreachable",
        )
    )
