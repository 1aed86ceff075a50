"""A response of the GitHub API as a value, and its meaning for the caller."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


UNLIKE_GITHUB = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP response; ``headers`` have lower-case names. Status 0 means no response, with the reason in ``text``.

    Without a response it is unknown if the request had its effect. Status ``UNLIKE_GITHUB`` means a response that
    GitHub never sends, such as an endless one; ``text`` describes it.
    """

    status: int
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Any:
        """The parsed JSON, or None if the text is not JSON or is cut short."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    def value(self, name: str) -> Any:
        """Return the field of the JSON object; None without one."""
        data = self.data
        return data.get(name) if isinstance(data, dict) else None

    @property
    def message(self) -> str:
        """GitHub's error message on one line, at most 300 characters; the start of a text that is not JSON."""
        words = [str(self.value("message") or "")] if isinstance(self.data, dict) else [self.text]
        words += [error.get("message") or " ".join(error.values()) for error in self.errors]
        return " ".join(" | ".join(filter(None, words)).split())[:300]

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """The ``errors`` of a refusal with status 422: their ``resource``, ``field``, ``code`` and ``message``."""
        listed = self.value("errors")
        listed = listed if isinstance(listed, list) else []
        items = (item if isinstance(item, dict) else {"message": item} for item in listed)
        names = ("resource", "field", "code", "message")
        return tuple({name: str(item[name]) for name in names if item.get(name)} for item in items)

    @property
    def ok(self) -> bool:
        """True if the request succeeded and the response is whole."""
        return 200 <= self.status < 300 and (not self.text or self.data is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """The response to an anonymous request: its status, 0 without one, and the size of its content.

    ``digest`` is None for a large file, of which only the size was read.
    """

    status: int
    size: int = 0
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAnswer:
    """The published release of a tag, if any. ``reason`` is the cause if the request to GitHub failed."""

    state: Literal["published", "absent", "unreachable"]
    immutable: bool = False
    url: str = ""
    reason: str = ""


class Meaning(Enum):
    """The meaning of a response for the next request."""

    DONE = "done"
    LIMITED = "limited"
    """Refused by a rate limit, without effect: wait, then repeat the request."""
    LOST = "lost"
    """The effect is unknown: read before the request is repeated."""
    STALE = "stale"
    """The state has changed since it was read: read and plan again."""
    REFUSED = "refused"


_STALE_STATUSES = frozenset({404, 409, 410, 412})


def meaning(answer: Answer, *, writes: bool) -> Meaning:
    """Classify ``answer``. ``writes`` is True if the request changes something that existed when it was read.

    Source for rate limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.
    """
    if answer.ok:
        return Meaning.DONE
    if is_limited(answer):
        return Meaning.LIMITED
    if answer.status == 0 or answer.status >= 500 or answer.status in (408, 425) or 200 <= answer.status < 300:
        return Meaning.LOST
    if writes and (answer.status in _STALE_STATUSES or _is_overtaken(answer)):
        return Meaning.STALE
    return Meaning.REFUSED


def is_limited(answer: Answer) -> bool:
    """Return True if a primary or secondary rate limit refused the request."""
    if answer.status == 429:
        return True
    message = answer.message.lower()
    limited = "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"
    return answer.status == 403 and (limited or "rate limit" in message or "abuse detection" in message)


def _is_overtaken(answer: Answer) -> bool:
    """Return True if another run was faster: a free name or tag is taken, or a draft has become immutable."""
    message = answer.message.lower()
    taken = any(error.get("code") == "already_exists" for error in answer.errors)
    return answer.status == 422 and (taken or ("asset" in message and "immutable release" in message))
