"""Make the links of a Markdown file absolute, at the tag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import dirname
from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.core.markdown.blocks import parse_blocks
from tagship.core.markdown.cut import Edit, apply_edits
from tagship.core.markdown.inlines import destinations

if TYPE_CHECKING:
    from tagship.core.markdown.spans import Kind

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UPWARDS = re.compile(r"(?:\.{0,2}/)*(?:\.{1,2}(?![^?#]))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The location of a file on GitHub: ``path`` relative to the root of ``repository`` (``owner/name``) at ``ref``."""

    server_url: str
    repository: str
    ref: str
    path: str

    def url(self, *, fragment: str = "") -> str:
        """Return the URL of the file's page, with ``fragment`` as anchor."""
        page = f"{self._root}/blob/{quote(self.ref)}/{quote(self.path)}"
        return f"{page}#{quote(fragment)}" if fragment else page

    def compare(self, earlier: str) -> str:
        """Return the URL that compares the tag ``earlier`` with this one."""
        return f"{self._root}/compare/{quote(earlier)}...{quote(self.ref)}"

    def absolute(self, href: str, kind: Kind) -> tuple[str, str]:
        """Resolve ``href`` in the file to a URL, split into a new beginning and the unchanged end of ``href``.

        Links resolve to pages and images to raw files, as on GitHub's page of the file: a leading slash is the root of
        the repository, and ``..`` can leave the tree, as in ``../../issues/1``. The beginning is empty if ``href`` is
        already absolute.
        """
        if not href or _SCHEME.match(href):
            return "", href
        if href.startswith("//"):
            return "https:", href
        if href[0] in "#?":
            return self.url(), href
        segments = [*self.repository.split("/"), "raw" if kind == "image" else "blob", quote(self.ref)]
        if not href.startswith("/"):
            segments += filter(None, quote(dirname(self.path)).split("/"))
        upwards = _UPWARDS.match(href)[0]  # type: ignore[index]
        for segment in upwards.split("/"):
            if segment == "..":
                del segments[-1:]
        return "/".join([self.server_url, *segments, ""]), href.removeprefix(upwards)

    @property
    def _root(self) -> str:
        return f"{self.server_url}/{self.repository}"


def absolute_links(text: str, place: Place) -> str:
    """Make every relative link and image in ``text``, the content of ``place``, absolute.

    Only the beginning of a destination changes, so that escapes and the surrounding text keep their meaning.
    """
    edits: list[Edit] = []
    for found in destinations(parse_blocks(text)):
        beginning, rest = place.absolute(found.href, found.kind)
        if beginning:
            replaced = found.href.removesuffix(rest)
            spelled_out = text.startswith(replaced, found.start)
            edits.append(Edit(found.start, found.start + (len(replaced) if spelled_out else 0), beginning))
    return apply_edits(text, edits)


def anchor(title: str) -> str:
    """Return the anchor that GitHub gives to the first heading with this text."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
