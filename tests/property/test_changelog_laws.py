"""Laws of changelogs and release notes."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from support.changelogs import (
    BODIES,
    SCRAPS,
    Made,
    destinations_of,
    leaves_of,
    made_changelogs,
    shown,
    tokens_of,
)
from tagship.core.changelog.document import plain_text
from tagship.core.changelog.heading import read_heading
from tagship.core.changelog.parts import find_date
from tagship.core.changelog.reader import read_changelog
from tagship.core.markdown.blocks import parse_blocks, parser
from tagship.core.markdown.cut import byte_length, cut_markdown
from tagship.core.markdown.unwrap import unwrap
from tagship.core.notes import Place, absolute_links, fitted_notes, ready_notes, section_notes

PLACE = Place(server_url="https://github.com", repository="o/n", ref="v1.0.0", path="docs/CHANGELOG.md")
MORE = "[read on](https://example.com)"

# No deadline: the time of an example depends on the machine.
law = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
texts = SCRAPS | BODIES | made_changelogs().map(lambda made: made.text)


@law
@given(made_changelogs())
def test_every_release_is_found_and_none_invented(made: Made) -> None:
    """The releases are exactly the generated ones, in order, with any content in their sections."""
    assert tuple(str(release.version) for release in read_changelog(made.text).releases) == made.versions


@law
@given(texts)
def test_any_text_is_a_changelog(text: str) -> None:
    """Parsing never fails, and sections are ranges of lines below their headings that do not overlap."""
    lines = len(re.findall(r"\r\n?|\n", text)) + 1
    changelog = read_changelog(text)
    end = 1
    for release in changelog.releases:
        assert end <= release.line < release.body.start <= release.body.stop <= lines + 1
        assert changelog.body(release) in text
        end = release.body.stop


@law
@given(st.text() | st.from_regex(r"[\[(]?v?[0-9.x!,ab+-]{1,9}[\]) :(-]{0,3}[A-Za-z0-9 ,./-]{0,20}", fullmatch=True))
def test_any_heading_is_parsed(text: str) -> None:
    """Parsing a heading never fails, and the label is a part of the heading."""
    found = read_heading(text)
    assert found is None or found.label in " ".join(text.split())
    find_date(text)


@law
@given(texts)
def test_no_section_contains_the_heading_of_another_release(text: str) -> None:
    """The section of a release has no heading of another one."""
    changelog = read_changelog(text)
    for release in changelog.releases:
        body = read_changelog(f"## 0\n\n{changelog.body(release)}")
        inside = {other.title for other in body.releases[1:] if other.version}
        assert not inside & {other.title for other in changelog.releases if other.line not in release.body}


@law
@given(texts)
def test_notes_render_like_the_section_in_the_whole_file(text: str) -> None:
    """Rendering the notes equals rendering that section inside the whole document."""
    changelog = read_changelog(text)
    for release in changelog.releases:
        lines = range(release.body.start - 1, release.body.stop - 1)
        inside = tokens_of(changelog.blocks.text, lines)
        assert shown(tokens_of(section_notes(changelog, release))) == shown(inside)


@law
@given(texts)
def test_unwrapping_preserves_rendering_and_is_idempotent(text: str) -> None:
    """Soft breaks become spaces and nothing else changes; a second run changes nothing."""
    unwrapped = unwrap(text)
    assert shown(tokens_of(unwrapped)) == shown(tokens_of(text))
    assert unwrap(unwrapped) == unwrapped


@law
@given(BODIES)
def test_no_soft_break_is_left_in_ordinary_notes(text: str) -> None:
    """Notes have no soft breaks, which a release page shows as line breaks; alerts are exempt."""
    assume("[!NOTE]" not in text)
    inline = [child for token in tokens_of(unwrap(text)) for child in token.children or ()]
    assert [child.type for child in inline if child.type == "softbreak"] == []


@law
@given(texts)
@example("[a]\n\n> [a]:\n> b.md")
def test_every_link_is_absolute_and_nothing_else_changes(text: str) -> None:
    """No relative destination is left, the rendering is the same, and a second run changes nothing."""
    linked = absolute_links(text, PLACE)
    tokens = tokens_of(linked)
    assert [href for href in destinations_of(tokens) if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href)] == []
    without = re.compile(r"(href|src|srcset)=(\"[^\"]*\"|'[^']*'|[^\s>]+)")
    assert without.sub("", shown(tokens)) == without.sub("", shown(tokens_of(text)))
    assert absolute_links(linked, PLACE) == linked


@law
@given(texts, st.integers(len(MORE), 300))
def test_a_cut_text_is_made_of_whole_blocks(text: str, limit: int) -> None:
    """The kept blocks are the first ones, whole except code, and the final text is outside them."""
    cut = cut_markdown(text, limit, more=MORE)
    assert byte_length(cut) <= limit
    if cut == text:
        return
    *kept, (kind, content) = leaves_of(tokens_of(cut))
    assert (kind, content) == ("inline", MORE)
    assert tokens_of(cut)[-1].level == 0
    kept = [leaf for leaf in kept if leaf != ("html_block", "</details>\n")]
    blocks = [leaf for leaf in leaves_of(tokens_of(text)) if leaf != ("html_block", "</details>\n")]
    for (kept_kind, kept_content), (block_kind, block_content) in zip(kept, blocks, strict=False):
        assert kept_kind == block_kind
        if kept_kind in {"fence", "code_block", "html_block"}:
            # At most cut between lines; open HTML is closed.
            assert kept_content.splitlines()[:1] == block_content.splitlines()[:1]
        else:
            assert kept_content == block_content
    assert len(kept) <= len(blocks)


@law
@given(texts, st.integers(400, 600))
def test_the_whole_pipeline_makes_notes_within_the_limit(text: str, limit: int) -> None:
    """Every release of any text gets notes within the limit, with its links at the end."""
    changelog = read_changelog(text)
    for release in changelog.releases:
        notes = ready_notes(section_notes(changelog, release), unwrapped=True, place=PLACE)
        fitted = fitted_notes(notes, "[link](https://example.com)", max_bytes=limit, place=PLACE, fragment="100")
        assert byte_length(fitted) <= limit
        assert tokens_of(fitted)[-2].content == "[link](https://example.com)"


@law
@given(texts)
def test_the_parser_renders_like_markdown_it(text: str) -> None:
    """Recording positions does not change the rendering; footnotes are an addition."""
    assume("[^" not in text)
    stock = MarkdownIt("commonmark").enable("table")
    assert parser().render(text, {"references": {}, "definitions": []}) == stock.render(text)


@law
@given(st.lists(st.sampled_from(["[", "]", "(", ")", "a", "1.0", " ", "- ", "<b>", ":", "\\", "&amp;"])).map("".join))
def test_a_title_without_markup_needs_no_parser(content: str) -> None:
    """The shortcut for titles without markup gives the same text as the parser."""
    blocks = parse_blocks("[a]: u\n[1.0]: v\n")
    heading = parse_blocks(f"# {content}\n")
    assume(heading.tokens and heading.tokens[0].type == "heading_open")
    content = heading.tokens[1].content
    assert plain_text(content, blocks) == plain_text(f"<i></i>{content}", blocks)


@pytest.mark.parametrize(
    "text", ["[" * 30_000, "*a " * 10_000, "> " * 10_000, "- " * 10_000, "[^1]: " * 5_000, "<a " * 10_000]
)
def test_repeated_markers_are_parsed_in_linear_time(text: str) -> None:
    """Thousands of nested markers are parsed without quadratic time or deep recursion."""
    changelog = read_changelog(f"## 1.0.0\n\n{text}\n")
    ready_notes(section_notes(changelog, changelog.releases[0]), unwrapped=True, place=PLACE)
