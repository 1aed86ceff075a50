"""A package index, asked over HTTP which files it offers, and for one of them."""

from __future__ import annotations

import base64
import hashlib
import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name

from tagship.core.index_page import ACCEPT, IndexFile, pauses, read_page, simple_url, without_account
from tagship.core.preflight.published import IndexAnswer
from tagship.errors import SOURCE, Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from packaging.version import Version

_TIMEOUT = 30
_PATIENCE = 15
"""Seconds that a file is asked for again where the index does not answer."""
_AGENT = f"tagship (https://github.com/{SOURCE})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageIndex:
    """The index at ``url``, the address of its Simple API; user and password in it are sent and never shown.

    It asks by the standard library: requests is not among the libraries that verifying a wheel takes along.
    """

    url: str
    log: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep

    @property
    def shown(self) -> str:
        """The address without user and password."""
        return without_account(simple_url(self.url))

    def files(self, name: str) -> tuple[IndexFile, ...]:
        """Return the files on offer for the project with the normalised ``name``; none where the index does not know
        it.

        Raises Failure where the index does not answer, refuses, or answers with something else.
        """
        address = f"{self.shown}{name}/"
        try:
            with self._open(address, accept=ACCEPT) as answer:
                text = answer.read().decode("utf-8", "replace")
                return read_page(text, content_type=answer.headers.get("Content-Type", ""), url=answer.url)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 404:
                return ()
            raise self._refused(address, error.code) from error
        except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
            raise self._silent(address, error) from error

    def awaited(self, name: str, version: Version, limit: float) -> tuple[IndexFile, ...]:
        """Return the files of that version, waited for with growing pauses up to ``limit`` seconds in all.

        Files are uploaded one by one, so that an sdist alone may not be all: a wheel is waited for as well.
        Raises Failure where there are none by then; an index that does not answer is asked again until then, one that
        refuses is not.
        """
        waits = pauses(limit)
        while True:
            trouble: Failure | None = None
            offered: tuple[IndexFile, ...] = ()
            try:
                offered = self.files(name)
            except Failure as failure:
                if failure.problems[0].topic == "index-refuses":
                    raise
                trouble = failure
            found = tuple(file for file in offered if file.version == version)
            if any(file.filename.endswith(".whl") for file in found):
                return found
            pause = next(waits, None)
            if pause is None and found:
                return found
            if pause is None:
                raise trouble or self._missing(name, version, offered, limit)
            self.log(f"{name} {version} is not on {self.shown} yet; looking again in {pause:g} s.")
            self.sleep(pause)

    def download(self, file: IndexFile, into: Path) -> Path:
        """``file`` in the folder ``into``, with the digest that the index tells.

        Raises Failure where it cannot be had or has another digest.
        """
        path = into / file.filename
        path.write_bytes(self._content(file.url))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if file.sha256 and digest != file.sha256:
            raise Failure(
                Problem(
                    found=f"{file.filename} was served with the SHA-256 {digest}, but {file.sha256} is announced.",
                    remedy="Run the step again; if it stays so, tell whoever runs the index: its files are damaged.",
                    topic="checksum-mismatch-on-the-package-index",
                )
            )
        return path

    def _content(self, address: str) -> bytes:
        """What is served at ``address``, asked for again where there is no answer."""
        waits = pauses(_PATIENCE)
        while True:
            try:
                with self._open(address, accept="*/*") as answer:
                    return answer.read()
            except urllib.error.HTTPError as error:
                error.close()
                failure = self._refused(address, error.code)
            except (OSError, http.client.HTTPException) as error:
                failure = self._silent(address, error)
            pause = next(waits, None)
            if pause is None or failure.problems[0].topic == "index-refuses":
                raise failure
            self.log(f"{failure.problems[0].found} Asking again in {pause:g} s.")
            self.sleep(pause)

    def _open(self, address: str, *, accept: str) -> http.client.HTTPResponse:
        parts, asked = urlsplit(self.url), urlsplit(address)
        if asked.scheme not in ("http", "https"):
            raise ValueError("an index is reached by http or https")
        headers = {"Accept": accept, "User-Agent": _AGENT, "Cache-Control": "no-cache"}
        request = urllib.request.Request(address, headers=headers)  # noqa: S310
        # An index behind a proxy may link to itself by http, where anybody could read the password.
        if parts.username and (asked.scheme, asked.netloc) == (parts.scheme, parts.netloc.rpartition("@")[2]):
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            # Unlike other headers this one does not follow a redirect to another host.
            request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310
        return answer

    def _refused(self, address: str, code: int) -> Failure:
        if code >= 500 or code == 429:
            return self._silent(address, f"it answers with status {code}")
        return Failure(
            Problem(
                found=f"The index refuses {address} with status {code}.",
                remedy="Check the address: it is that of the Simple API, like https://pypi.org/simple/. A private "
                "index wants https://USER:PASSWORD@HOST/simple/, with the password from a secret.",
                topic="index-refuses",
            )
        )

    def _silent(self, address: str, reason: object) -> Failure:
        # urllib puts what the system said into brackets of its own.
        said = getattr(reason, "reason", None) or reason
        return Failure(
            Problem(
                found=f"The index does not answer at {address}: {said}.",
                remedy="Run the step again later; https://status.python.org shows whether PyPI is down.",
                topic="index-down",
            )
        )

    def _missing(self, name: str, version: Version, offered: tuple[IndexFile, ...], limit: float) -> Failure:
        versions = sorted({file.version for file in offered if file.version}, reverse=True)
        has = f"the newest there is {versions[0]}" if versions else "it knows no such project"
        return Failure(
            Problem(
                found=f"{name} {version} is not on {self.shown} after {limit:g} s; {has}.",
                remedy="Check that the publishing job ran and went to this index; raise wait if the index is slow.",
                topic="not-on-index",
            )
        )


_PAUSES = (0.5, 1.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The index whose Simple API is at ``url``.

    ``pauses`` are the seconds to wait before one that gives no answer is asked again.
    """

    url: str
    pauses: tuple[float, ...] = _PAUSES

    @property
    def shown(self) -> str:
        """The address without user and password."""
        return without_account(simple_url(self.url))

    def files(self, name: str) -> IndexAnswer:
        """What the index has of the project ``name``. That it cannot be asked is an answer as well."""
        index = PackageIndex(url=self.url, log=lambda _: None)
        waits = iter(self.pauses)
        while True:
            try:
                offered = index.files(canonicalize_name(name))
            except Failure as failure:
                problem, pause = failure.problems[0], next(waits, None)
                if pause is None or problem.topic == "index-refuses":
                    return IndexAnswer(state="unreachable", files={}, reason=problem.found)
                time.sleep(pause)
            else:
                return _answer(offered)


def _answer(offered: Iterable[IndexFile]) -> IndexAnswer:
    found: dict[Version, list[str]] = {}
    for file in offered:
        if file.version is not None:
            found.setdefault(file.version, []).append(file.filename)
    return IndexAnswer(state="known" if found else "unknown", files=found)
