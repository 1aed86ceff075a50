"""All that must hold for the notes of any reStructuredText, in one function that a fuzzer can call."""

from __future__ import annotations

from support.restructuredtext import shown_by_docutils, shown_by_github, titles_of_docutils
from tagship.core.restructuredtext.blocks import read_blocks, source_lines
from tagship.core.restructuredtext.notes import UnreadableError, release_notes
from tagship.core.restructuredtext.outline import read_document
from tagship.core.restructuredtext.states import parse
from tagship.core.restructuredtext.writer import write_markdown
from tagship.core.sphinx.markup import Roles

ROLES = Roles(repository_url="https://github.com/octo/hello")


def check(data: bytes) -> None:
    """Read ``data`` as a changelog and as the section of one; AssertionError where a law is broken."""
    text = data.decode("utf-8", "replace").replace("\0", "")
    titles = [(block.level, block.text) for block in read_blocks(source_lines(text)) if block.kind == "title"]
    assert titles == titles_of_docutils(text), "docutils finds other titles"
    document = read_document(text)
    try:
        for release in document.changelog.releases:
            release_notes(document, release, ROLES)
        tree, _ = parse(text, ROLES)
    except UnreadableError:
        return
    assert shown_by_github(write_markdown(tree, level=1)) == shown_by_docutils(tree), "GitHub shows something else"
