"""All that must hold for the notes of any text, in one function that a fuzzer can call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from support.changelogs import destinations_of, shown, tokens_of
from tagship.core.changelog import read_changelog
from tagship.core.links import Place, absolute_links
from tagship.core.markdown.cut import byte_length, cut_markdown
from tagship.core.markdown.definitions import closed
from tagship.core.markdown.unwrap import unwrap
from tagship.core.notes import fitted_notes, section_notes

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = Place(server_url="https://github.com", repository="o/n", ref="v1.0.0", path="docs/CHANGELOG.md")
MORE = "[read on](https://example.com)"


def check(data: bytes) -> None:
    """Read ``data`` as a changelog and as notes; AssertionError where a law is broken."""
    text = data.decode("utf-8", "replace")
    check_treatments(text)
    changelog = read_changelog(text)
    for release in changelog.releases:
        lines = range(release.body.start - 1 - changelog.skipped, release.body.stop - 1 - changelog.skipped)
        section = shown(tokens_of(changelog.blocks.text, lines))
        # What a block of HTML has open at the end of the section is closed where definitions follow.
        closing = closed(changelog.body(release)).removeprefix(changelog.body(release).rstrip(" \t\r\n"))
        notes = shown(tokens_of(section_notes(changelog, release)))
        assert notes in {section, f"{section} {closing.strip()}"}, "the notes show something else"


def check_treatments(notes: str, unwrap: Callable[[str], str] = unwrap) -> None:
    """Unwrap, link and cut ``notes``; AssertionError where that changes what it must not."""
    unwrapped = unwrap(notes)
    assert shown(tokens_of(unwrapped)) == shown(tokens_of(notes)), "unwrapping changes more than soft breaks"
    assert unwrap(unwrapped) == unwrapped, "unwrapping twice is not unwrapping once"
    linked = absolute_links(unwrapped, PLACE)
    relative = [href for href in destinations_of(tokens_of(linked)) if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href)]
    assert not relative, f"relative links are left: {relative}"
    for limit in (40, 120):
        assert byte_length(cut_markdown(linked, limit, more=MORE)) <= limit, "the cut is too long"
    fitted = fitted_notes(linked, MORE, max_bytes=400, place=PLACE)
    assert byte_length(fitted) <= 400, "the notes are too long"
    assert tokens_of(fitted)[-2].content == MORE, "the links are swallowed"
