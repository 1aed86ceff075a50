"""Links that hold wherever the text is shown: absolute, at the tag."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from posixpath import dirname
from typing import TYPE_CHECKING, assert_never
from urllib.parse import quote

from tagship.core.markdown.blocks import parse_blocks
from tagship.core.markdown.destinations import destinations
from tagship.core.markdown.edits import Edit, apply_edits

if TYPE_CHECKING:
    from tagship.core.markdown.destinations import Destination
    from tagship.core.markdown.spans import Kind

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]+;)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a file stands on GitHub: ``path`` from the root of ``repository`` (``owner/name``) at ``ref``."""

    server_url: str
    repository: str
    ref: str
    path: str

    def url(self, *, fragment: str = "") -> str:
        """The page that shows the file, at the heading whose anchor is ``fragment``."""
        page = f"{self._root}/blob/{quote(self.ref)}/{quote(self.path)}"
        return f"{page}#{quote(fragment)}" if fragment else page

    def compare(self, earlier: str) -> str:
        """The page that compares the tag ``earlier`` with this one."""
        return f"{self._root}/compare/{quote(earlier)}...{quote(self.ref)}"

    def absolute(self, href: str, kind: Kind) -> str:
        """What ``href`` leads to when it stands in the file: pages for links, the bytes themselves for images.

        Resolved as GitHub does on the page of the file: a leading slash is the root of the repository, and enough
        ``..`` lead out of the tree, as in ``../../issues/1``. Absolute links come back as they are.
        """
        if not href or _SCHEME.match(href):
            return href
        if href.startswith("//"):
            return f"https:{href}"
        if href[0] in "#?":
            return f"{self.url()}{href}"
        path, tail = re.fullmatch(r"([^?#]*)(.*)", href, re.DOTALL).groups()  # type: ignore[union-attr]
        segments = [*self.repository.split("/"), "raw" if kind == "image" else "blob", quote(self.ref)]
        folder = "" if path.startswith("/") else quote(dirname(self.path))
        for segment in f"{folder}/{path}".split("/"):
            if segment == "..":
                del segments[-1:]
            elif segment not in {"", "."}:
                segments.append(segment)
        return f"{self.server_url}/{'/'.join(segments)}{'/' if path.endswith('/') else ''}{tail}"

    @property
    def _root(self) -> str:
        return f"{self.server_url}/{self.repository}"


def absolute_links(text: str, place: Place) -> str:
    """``text``, which stands in the file at ``place``, with every relative link and image made absolute."""
    edits: list[Edit] = []
    for found in destinations(parse_blocks(text)):
        url = place.absolute(found.href, found.kind)
        if url != found.href:
            edits.append(Edit(found.start, found.end, _spelled(url, found)))
    return apply_edits(text, edits)


def anchor(title: str) -> str:
    """The anchor that GitHub gives to a heading of this text, unless an earlier one has it already."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def _spelled(url: str, found: Destination) -> str:
    match found.syntax:
        case "markdown":
            return _ENTITY.sub("&amp;", url.replace("(", "%28").replace(")", "%29"))
        case "html":
            return f'"{html.escape(url)}"'
        case "srcset":
            return html.escape(url.replace(",", "%2C").replace(" ", "%20"))
        case _:
            assert_never(found.syntax)
