"""Turn the changelog section of a release into notes for its GitHub page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.core.changelog.document import plain_text
from tagship.core.formatting import escaped
from tagship.core.links import Place, absolute_links, anchor
from tagship.core.markdown.cut import byte_length, contained, cut_markdown
from tagship.core.markdown.definitions import Definitions, complete, put_below
from tagship.core.markdown.unwrap import unwrap

if TYPE_CHECKING:
    from packaging.version import Version

    from tagship.core.changelog import Changelog, Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The released package on an index. ``index_url`` is the base URL of its pages, without a trailing slash."""

    name: str
    version: Version
    index_url: str = "https://pypi.org/project"

    @property
    def url(self) -> str:
        """The URL of this version's page."""
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
