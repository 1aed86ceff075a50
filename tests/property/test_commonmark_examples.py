"""The laws of notes for every example of the CommonMark specification, as the section of a release."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from support.changelogs import destinations_of, shown, tokens_of
from support.commonmark import specification_examples
from tagship.core.changelog.reader import read_changelog
from tagship.core.markdown.cut import byte_length, cut_markdown
from tagship.core.markdown.unwrap import unwrap
from tagship.core.notes import Place, absolute_links, section_notes

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = Place(server_url="https://github.com", repository="o/n", ref="v1.0.0", path="docs/CHANGELOG.md")
MORE = "[read on](https://example.com)"


@pytest.fixture(scope="module")
def examples(request: pytest.FixtureRequest) -> list[str]:
    """Return the examples, downloaded once into pytest's cache."""
    try:
        return specification_examples(request.config.cache.mkdir("commonmark"))
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(str(error))


def failing(examples: list[str], holds: Callable[[str], bool]) -> list[str]:
    """Return the examples that break a law."""
    assert len(examples) > 600
    return [text for text in examples if not holds(text)]


def test_notes_render_like_the_section(examples: list[str]) -> None:
    """Rendering the notes equals rendering that section inside the whole document."""

    def holds(text: str) -> bool:
        changelog = read_changelog(f"## 1.1.0\n\n{text}\n## 1.0.0\n\n[foo]\n\n[foo]: /first\n")
        return all(
            shown(tokens_of(section_notes(changelog, release)))
            == shown(tokens_of(changelog.blocks.text, range(release.body.start - 1, release.body.stop - 1)))
            for release in changelog.releases
        )

    assert failing(examples, holds) == []


def test_unwrapping_preserves_rendering_and_is_idempotent(examples: list[str]) -> None:
    """Soft breaks become spaces and nothing else changes."""

    def holds(text: str) -> bool:
        unwrapped = unwrap(text)
        return shown(tokens_of(unwrapped)) == shown(tokens_of(text)) and unwrap(unwrapped) == unwrapped

    assert failing(examples, holds) == []


def test_every_link_is_absolute(examples: list[str]) -> None:
    """No relative destination is left, and the rendering is the same."""
    without = re.compile(r"(href|src)=(\"[^\"]*\"|'[^']*'|[^\s>]+)")

    def holds(text: str) -> bool:
        linked = tokens_of(absolute_links(text, PLACE))
        relative = [href for href in destinations_of(linked) if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href)]
        return not relative and without.sub("", shown(linked)) == without.sub("", shown(tokens_of(text)))

    assert failing(examples, holds) == []


def test_cuts_fit_and_close_all_blocks(examples: list[str]) -> None:
    """The text after a cut is a top-level block."""

    def holds(text: str) -> bool:
        cut = cut_markdown(f"{text}\n\n" + "word " * 50, 200, more=MORE)
        *_, _opening, inline, closing = tokens_of(cut)
        return byte_length(cut) <= 200 and (inline.content, closing.level) == (MORE, 0)

    assert failing(examples, holds) == []
