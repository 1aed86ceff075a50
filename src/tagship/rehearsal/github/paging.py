"""One page of a list, with the Link header that leads to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tagship.rehearsal.github.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.rehearsal.github.messages import Call

LARGEST_PAGE = 100
PAGE = 30


def paged(call: Call, items: Sequence[object]) -> Answer:
    """The items of the page that the query asks for; ``per_page`` is at most 100, 30 where it is no number."""
    query = call.request.query
    size = min(_number(query.get("per_page"), PAGE), LARGEST_PAGE)
    page = _number(query.get("page"), 1)
    last = max(1, -(-len(items) // size))
    others: dict[str, int] = {}
    if page > 1:
        others |= {"prev": min(page - 1, last)}
    if page < last:
        others |= {"next": page + 1, "last": last}
    if page > 1:
        others |= {"first": 1}
    links = ", ".join(f'<{_address(call, number)}>; rel="{name}"' for name, number in others.items())
    content = list(items[(page - 1) * size : page * size])
    return Answer(content=content, headers={"link": links} if links else {})


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and int(text) > 0 else otherwise


def _address(call: Call, page: int) -> str:
    """The address by the repository's number, as GitHub gives it: no client may count on the one it asked for."""
    path = call.request.path.removeprefix(f"/repos/{call.parts['repository']}")
    query = urlencode({**call.request.query, "page": page})
    return f"{call.request.links.api}/repositories/{call.repository.id}{path}?{query}"
