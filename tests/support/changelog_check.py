"""The laws of release notes in one function, for a fuzzer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from support.changelogs import destinations_of, shown, tokens_of
from tagship.core.changelog.reader import read_changelog
from tagship.core.markdown.cut import byte_length, cut_markdown
from tagship.core.markdown.definitions import closed
from tagship.core.markdown.unwrap import unwrap
from tagship.core.notes import Place, absolute_links, fitted_notes, section_notes

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = Place(server_url="https://github.com", repository="o/n", ref="v1.0.0", path="docs/CHANGELOG.md")
MORE = "[read on](https://example.com)"


def check(data: bytes) -> None:
    """Parse ``data`` as a changelog and as notes. Raises AssertionError if a law is broken."""
    text = data.decode("utf-8", "replace")
    check_treatments(text)
    changelog = read_changelog(text)
    for release in changelog.releases:
        lines = range(release.body.start - 1, release.body.stop - 1)
        section = shown(tokens_of(changelog.blocks.text, lines))
        # An HTML block open at the end of the section is closed before definitions.
        closing = closed(changelog.body(release)).removeprefix(changelog.body(release).rstrip(" \t\r\n"))
        notes = shown(tokens_of(section_notes(changelog, release)))
        assert notes in {section, f"{section} {closing.strip()}"}, "the notes render differently"


def check_treatments(notes: str, unwrap: Callable[[str], str] = unwrap) -> None:
    """Unwrap, link and cut ``notes``. Raises AssertionError if a treatment breaks its law."""
    unwrapped = unwrap(notes)
    assert shown(tokens_of(unwrapped)) == shown(tokens_of(notes)), "unwrapping changes more than soft breaks"
    assert unwrap(unwrapped) == unwrapped, "unwrapping is not idempotent"
    linked = absolute_links(unwrapped, PLACE)
    relative = [href for href in destinations_of(tokens_of(linked)) if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href)]
    assert not relative, f"relative links are left: {relative}"
    for limit in (40, 120):
        assert byte_length(cut_markdown(linked, limit, more=MORE)) <= limit, "the cut is too long"
    fitted = fitted_notes(linked, MORE, max_bytes=400, place=PLACE)
    assert byte_length(fitted) <= 400, "the notes are too long"
    assert tokens_of(fitted)[-2].content == MORE, "the links are inside another block"
