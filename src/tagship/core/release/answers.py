"""What GitHub answers, and what an answer means."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer: ``headers`` by lower-case name. Status 0 is no answer at all, with the reason for it in ``text``.

    A lost answer says nothing about whether the request had its effect.
    """

    status: int
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Any:
        """The JSON of the answer, or None where it is none, or cut short."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def message(self) -> str:
        """GitHub's own words on one line, at most 300 characters; of an answer that is not GitHub's JSON, its start."""
        data = self.data
        words = [str(data.get("message", ""))] if isinstance(data, dict) else [self.text]
        words += [error.says for error in self.errors]
        return " ".join(" | ".join(filter(None, words)).split())[:300]

    @property
    def errors(self) -> tuple[Complaint, ...]:
        """The single complaints of a refusal."""
        data = self.data
        listed = data.get("errors", []) if isinstance(data, dict) else []
        return tuple(_complaint(item) for item in listed) if isinstance(listed, list) else ()

    @property
    def ok(self) -> bool:
        """Whether the request was granted and the answer is whole."""
        return 200 <= self.status < 300 and (not self.text or self.data is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One of the ``errors`` of a refusal with status 422."""

    resource: str = ""
    field: str = ""
    code: str = ""
    message: str = ""

    @property
    def says(self) -> str:
        """The complaint in words."""
        return self.message or " ".join(filter(None, (self.resource, self.field, self.code)))


class Meaning(Enum):
    """What to make of an answer."""

    DONE = "done"
    LIMITED = "limited"
    """Refused without effect because too much was asked: wait, then ask again."""
    LOST = "lost"
    """Whether it had an effect is unknown: look before asking again."""
    STALE = "stale"
    """What was read is not what is there any more: look again and plan anew."""
    REFUSED = "refused"


_STALE_STATUSES = frozenset({404, 409, 410, 412})


def meaning(answer: Answer, *, writes: bool) -> Meaning:
    """What ``answer`` means for what comes next. ``writes`` says that the request was to change something there was.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api for what a limit looks like.
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
    """Return True if a rate limit, primary or secondary, refused the request."""
    if answer.status == 429:
        return True
    said = answer.message.lower()
    told = "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"
    return answer.status == 403 and (told or "rate limit" in said or "abuse detection" in said)


def _is_overtaken(answer: Answer) -> bool:
    """Return True if somebody else was faster: a name or tag that was free is taken, or a draft has become
    immutable.
    """
    said = answer.message.lower()
    taken = any(complaint.code == "already_exists" for complaint in answer.errors)
    return answer.status == 422 and (taken or ("asset" in said and "immutable release" in said))


def _complaint(item: object) -> Complaint:
    if not isinstance(item, dict):
        return Complaint(message=str(item))
    known = {name: str(item[name]) for name in ("resource", "field", "code", "message") if item.get(name)}
    return Complaint(**known)
