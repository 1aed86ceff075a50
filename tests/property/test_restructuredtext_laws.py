"""Laws of reStructuredText changelogs and the notes written from them."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from support.restructuredtext import (
    BODIES,
    SCRAPS,
    made_documents,
    shown_by_docutils,
    shown_by_github,
    titles_of_docutils,
    whole_notes,
)
from tagship.core.markdown.dialects import github_markdown
from tagship.core.restructuredtext.blocks import read_blocks, source_lines
from tagship.core.restructuredtext.notes import UnreadableError, release_notes
from tagship.core.restructuredtext.outline import read_document
from tagship.core.restructuredtext.states import parse
from tagship.core.restructuredtext.writer import write_markdown
from tagship.core.sphinx.configuration import read_sphinx_configuration
from tagship.core.sphinx.markup import Roles

ROLES = Roles(repository_url="https://github.com/octo/hello")
law = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
texts = SCRAPS | BODIES | made_documents().map(lambda made: made[0])


@law
@given(texts)
def test_titles_are_those_that_docutils_finds(text: str) -> None:
    """The scan without docutils finds the same titles at the same levels."""
    ours = [(block.level, block.text) for block in read_blocks(source_lines(text)) if block.kind == "title"]
    assert ours == titles_of_docutils(text)


@law
@given(made_documents())
def test_every_release_is_found_and_none_invented(made: tuple[str, tuple[str, ...]]) -> None:
    """With any content in the sections, the releases are those that were written, in their order."""
    text, versions = made
    assert tuple(str(release.version) for release in read_document(text).changelog.releases) == versions


@law
@given(texts)
def test_github_shows_what_docutils_shows(text: str) -> None:
    """The text, the links and the footnotes of the notes are those of the page that docutils makes."""
    try:
        tree, _ = parse(text, ROLES)
    except UnreadableError:
        assume(False)
    assert shown_by_github(write_markdown(tree, level=2)) == shown_by_docutils(tree)


@law
@given(made_documents())
def test_a_section_alone_is_read_as_in_the_whole_document(made: tuple[str, tuple[str, ...]]) -> None:
    """The notes of a section and the definitions that it uses equal those out of the parsed document."""
    document = read_document(made[0])
    for release in document.changelog.releases:
        assert whole_notes(document, release, ROLES) in {release_notes(document, release, ROLES).text, None}


@law
@given(texts)
def test_any_text_is_read(text: str) -> None:
    """Nothing makes the reader fail but what it refuses, and no file is read."""
    document = read_document(f"1.0\n===\n\n{text}")
    for release in document.changelog.releases:
        try:
            notes = release_notes(document, release, ROLES)
        except UnreadableError:
            continue
        assert "root:" not in notes.text
        assert all(0 < remark.line <= len(document.lines) for remark in notes.remarks)


@law
@given(st.text() | SCRAPS)
def test_any_text_of_a_dialect_is_converted(text: str) -> None:
    """Nothing makes the conversion of MyST and Material fail, and plain Markdown stays as it is."""
    converted = github_markdown(text, ROLES)
    assert converted.text == text or any(sign in text for sign in ("{", "!!!", "???", "===", ")=", "8<", ":"))


@law
@given(
    st.text()
    | st.lists(
        st.sampled_from(["extlinks", " = ", "{", "}", '"a"', ": ", "(", ")", ",", "+", "\n", "f'{a}'", "a"])
    ).map("".join)
)
def test_any_configuration_is_read(source: str) -> None:
    """No ``conf.py`` makes its reader fail."""
    read_sphinx_configuration(source)
