"""A package index, asked which versions of a project it has."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urljoin

import requests
from packaging.utils import canonicalize_name

from tagship.core.index_pages import ACCEPT, files_by_version, simple_url
from tagship.core.preflight.published import IndexAnswer

_TIMEOUT = (5.0, 10.0)
"""Seconds to connect, and to wait for an answer."""
_PAUSES = (0.5, 1.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The index whose simple pages stand below ``url``.

    ``pauses`` are the seconds to wait before it is asked again, where it gave no answer or one that blames itself.
    """

    url: str
    pauses: tuple[float, ...] = _PAUSES

    def files(self, name: str) -> IndexAnswer:
        """What the index has of the project ``name``. An index that is down is an answer as well, with the reason."""
        address = urljoin(simple_url(self.url), f"{canonicalize_name(name)}/")
        reason = ""
        for pause in (*self.pauses, None):
            try:
                answer = requests.get(address, headers={"Accept": ACCEPT}, timeout=_TIMEOUT)
            except requests.RequestException as error:
                reason = _reason(error)
            else:
                if answer.status_code < 500 and answer.status_code != 429:
                    return _read(answer)
                reason = f"it answered {answer.status_code}"
            if pause is not None:
                time.sleep(pause)
        return IndexAnswer(state="unreachable", files={}, reason=reason)


def _read(answer: requests.Response) -> IndexAnswer:
    if answer.status_code in (404, 410):
        return IndexAnswer(state="unknown", files={})
    if answer.status_code != 200:
        return IndexAnswer(state="unreachable", files={}, reason=f"it answered {answer.status_code}")
    try:
        return IndexAnswer(state="known", files=files_by_version(answer.text, answer.headers.get("Content-Type", "")))
    except ValueError as error:
        return IndexAnswer(state="unreachable", files={}, reason=str(error))


def _reason(error: requests.RequestException) -> str:
    match error:
        case (
            requests.exceptions.MissingSchema() | requests.exceptions.InvalidURL() | requests.exceptions.InvalidSchema()
        ):
            return "its address is not that of a web server"
        case requests.Timeout():
            return "it did not answer in time"
        case requests.exceptions.SSLError():
            return "its certificate is not trusted here"
        case requests.ConnectionError():
            return "no connection"
        case _:
            return type(error).__name__
