"""The form of a changelog: Markdown, reStructuredText, or text that is neither."""

from __future__ import annotations

import re
from posixpath import splitext
from typing import Literal

from tagship.core.changelog.reader import read_changelog
from tagship.core.restructuredtext.outline import read_document

Form = Literal["markdown", "restructuredtext"]

_ENDINGS: dict[str, Form] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".rst": "restructuredtext",
    ".rest": "restructuredtext",
}
_MARKDOWN = re.compile(r"^#{1,6} |^(?:```|~~~)|\]\(", re.MULTILINE)
_RESTRUCTUREDTEXT = re.compile(r"^\.\. |``[^`]|`__?(?!\w)|(?<!\w):[\w:+.-]{1,60}:`|::$", re.MULTILINE)


def changelog_form(path: str, text: str, *, heading_prefix: str = "") -> Form | None:
    """Return the form of the file at ``path``, or None for a text that names no release in a heading of either form.

    The ending of the name decides, if it is one of a form. In other files, such as ``CHANGES`` or ``NEWS.txt``, the
    headings decide, and for underlined headings, which both forms have, the rest of the markup.
    """
    ending = splitext(path)[1].lower()
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    markdown = bool(read_changelog(text, heading_prefix=heading_prefix).releases)
    other = bool(read_document(text, heading_prefix=heading_prefix).changelog.releases)
    if markdown and other:
        return "markdown" if len(_MARKDOWN.findall(text)) > len(_RESTRUCTUREDTEXT.findall(text)) else "restructuredtext"
    return "markdown" if markdown else "restructuredtext" if other else None


def unknown_form(path: str) -> str:
    """Return the sentence about a file whose form is None."""
    return f"{path} is neither Markdown nor reStructuredText: no heading in it names a release."
