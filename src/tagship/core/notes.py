"""The notes of a release for its GitHub page, out of its changelog section, with links that lead to the tag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from posixpath import dirname
from urllib.parse import quote

from packaging.version import Version

from tagship.core.changelog.document import Changelog, Release, plain_text
from tagship.core.formatting import escaped
from tagship.core.markdown.blocks import Kind, parse_blocks
from tagship.core.markdown.cut import Edit, apply_edits, byte_length, contained, cut_markdown
from tagship.core.markdown.definitions import Definitions, complete, put_below
from tagship.core.markdown.inlines import destinations
from tagship.core.markdown.unwrap import unwrap

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The released package on an index. ``index_url`` is the base URL of its pages, without a trailing slash."""

    name: str
    version: Version
    index_url: str = "https://pypi.org/project"

    @property
    def url(self) -> str:
        return f"{self.index_url}/{quote(self.name, safe='')}/{quote(str(self.version), safe='!+')}/"


def section_notes(changelog: Changelog, release: Release) -> str:
    """Return the exact source of the section below its heading, followed by the definitions that it uses."""
    return complete(changelog.body(release), Definitions.of(changelog.blocks))


def ready_notes(notes: str, *, unwrapped: bool, place: Place | None) -> str:
    """Join the lines of paragraphs if ``unwrapped``, and make links absolute if ``place`` is given."""
    if place is not None:
        notes = absolute_links(notes, place)
    return unwrap(notes) if unwrapped else notes


def section_anchor(changelog: Changelog, release: Release) -> str:
    """Return the anchor of the release's heading on GitHub, with a number if earlier headings have the same."""
    own = anchor(release.title)
    blocks = changelog.blocks
    earlier = 0
    for token, content in pairwise(blocks.tokens):
        if token.type != "heading_open" or not token.map:
            continue
        if token.map[0] + 1 >= release.line:
            break
        earlier += anchor(plain_text(content.content, blocks)) == own
    return f"{own}-{earlier}" if earlier else own


def links_section(
    *, fragment: str, package: Package | None, place: Place | None, changelog: bool = True, previous_tag: str = ""
) -> str:
    """Return a paragraph of links to the package, the changelog at the tag and the changes since the previous tag.

    ``fragment`` is the anchor of the section in the changelog. Unknown or unwanted links are left out, possibly all.
    """
    links: list[str] = []
    if package is not None:
        links.append(f"[{package.name} {package.version}]({package.url})")
    if place is not None:
        if changelog:
            links.append(f"[Changelog]({place.url(fragment=fragment)})")
        if previous_tag:
            links.append(f"[Changes since {escaped(previous_tag)}]({place.compare(previous_tag)})")
    return " \u00b7 ".join(links)


def fitted_notes(notes: str, links: str, *, max_bytes: int, place: Place | None, fragment: str = "") -> str:
    """Put ``links`` below a rule under ``notes``, and truncate the notes to ``max_bytes`` bytes of UTF-8 in total.

    Truncated notes link to the rest at ``place``, at the anchor ``fragment``. Links that do not fit are left out.
    Raises ValueError if the limit is too low even for the sentence about truncation; 100 bytes are enough.
    """
    tail = f"---\n\n{links}" if links else ""
    whole = put_below(contained(notes), tail) if tail else notes
    if byte_length(whole) <= max_bytes:
        return whole
    more = _CUT_OFF
    if place is not None:
        more = f"{_CUT_OFF[:-1]}: [read on in the changelog]({place.url(fragment=fragment)})."
    more = more if byte_length(more) <= max_bytes else _CUT_OFF
    room = max_bytes - byte_length(tail) - 2
    if not tail or room < byte_length(more):
        return cut_markdown(notes, max_bytes, more=more)
    return put_below(cut_markdown(contained(notes), room, more=more), tail)


_CUT_OFF = "The notes are cut off here."
