"""What of a README does not come through on the index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_SHOWN = 5


def relative_links(item: Distribution) -> str:
    """A sentence about the links and images of the Markdown description that lead nowhere on the index, or nothing.

    An index shows the description away from the repository, so that only absolute addresses and anchors hold.
    """
    readme = item.metadata.get("description") or ""
    if not (item.metadata.get("description_content_type") or "").startswith("text/markdown"):
        return ""
    from tagship.core.markdown.blocks import parse_blocks
    from tagship.core.markdown.destinations import destinations

    found = list(dict.fromkeys(link.href for link in destinations(parse_blocks(readme)) if link.href))
    relative = [href for href in found if not _SCHEME.match(href)]
    if not relative:
        return ""
    more = f" and {len(relative) - _SHOWN} more" if relative[_SHOWN:] else ""
    return f"Links of the README that lead nowhere on the index: {', '.join(relative[:_SHOWN])}{more}."
