"""PyGithub's requester, imported fast, with limits on the time and the size of a response."""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec, module_from_spec
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from requests import Request
from requests.exceptions import ConnectionError as ResponseLost
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.machinery import ModuleSpec

    from github.Requester import Requester
    from requests import Response, Session

SILENCE = 120.0
"""Seconds without a byte after which a response counts as lost."""
_CONNECT_SECONDS = 30.0
_BYTES_PER_SECOND = 1 << 20
"""Bytes of a request that prolong ``SILENCE`` by a second. GitHub Enterprise Server needs over 300 s for 1.7 GB."""
_MAX_BYTES = 32 << 20
_MAX_SECONDS = 60.0
_ACCEPTED = 202
_PIECE = 1 << 18


class UnlikeGitHub(Exception):
    """A response that GitHub never sends."""


def _import_requester() -> tuple[type[Requester], tuple[type, type]]:
    """Import PyGithub's requester without running ``github/__init__.py``.

    That file imports 170 modules in 0.3 s, some of which need PyNaCl and PyJWT; the locks leave both out. The package
    is removed from ``sys.modules`` afterwards, so that a later ``import github`` imports all of it.
    """
    whole = "github" in sys.modules
    if not whole:
        sys.modules["github"] = module_from_spec(cast("ModuleSpec", find_spec("github")))
    from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester

    if not whole:
        for name in [name for name in sys.modules if name.partition(".")[0] == "github"]:
            del sys.modules[name]
    return Requester, (HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass)


_REQUESTER, _CONNECTIONS = _import_requester()


def _limited(connection: type) -> type:
    """Return PyGithub's connection class with our reading of a response."""

    class Limited(connection):  # type: ignore[misc]  # one class for each of PyGithub's two
        session: Session

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.address = f"{self.protocol}://{self.host}:{self.port}"
            # Reading proxies and certificates from the environment takes longer than all else of a request.
            self.settings = self.session.merge_environment_settings(self.address, {}, True, self.verify, None)

        def getresponse(self) -> SimpleNamespace:
            size = int(self.headers.get("Content-Length") or 0)
            request = Request(self.verb, self.address + self.url, headers=self.headers, data=self.input).prepare()
            timeout = (_CONNECT_SECONDS, patience(size))
            with self.session.send(request, timeout=timeout, allow_redirects=False, **self.settings) as response:
                if response.status_code == _ACCEPTED and self.verb == "GET":
                    raise UnlikeGitHub("it answers 202 to a GET")
                text = _text(response)
                return SimpleNamespace(
                    status=response.status_code, getheaders=response.headers.items, read=lambda: text
                )

    return Limited


def patience(size: int) -> float:
    """Return the seconds to wait for the response to a request of ``size`` bytes."""
    return SILENCE + size / _BYTES_PER_SECOND


def pieces(response: Response) -> Iterator[bytes]:
    """Yield the content as it arrives, so that a slow server does not delay a check of the time."""
    try:
        while piece := response.raw.read1(_PIECE, decode_content=True):
            yield piece
    except HTTPError as error:
        raise ResponseLost(error) from error


def _text(response: Response) -> str:
    """Return the body. Raises UnlikeGitHub for one that is too large or does not end."""
    end = time.monotonic() + _MAX_SECONDS
    received = bytearray()
    for piece in pieces(response):
        received += piece
        if len(received) > _MAX_BYTES:
            raise UnlikeGitHub(f"a response has more than {_MAX_BYTES >> 20} MiB")
        if time.monotonic() > end:
            raise UnlikeGitHub(f"a response does not end within {_MAX_SECONDS:.0f} s")
    return received.decode("utf-8", "replace")


class LimitedRequester(_REQUESTER):  # type: ignore[valid-type, misc]  # imported under another name
    """PyGithub's requester over the limited connections. It returns the response to an upload without a check."""

    def _Requester__check(self, status: int, headers: dict[str, str], text: str) -> tuple[dict[str, str], object]:  # noqa: N802  # the name is mangled
        return headers, (status, headers, text)


LimitedRequester.injectConnectionClasses(*map(_limited, _CONNECTIONS))
# Injecting classes makes the requester open a connection for each request.
LimitedRequester._Requester__persist = True
