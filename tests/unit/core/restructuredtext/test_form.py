"""The form of a changelog."""

from __future__ import annotations

import pytest

from tagship.core.changelog_text import ChangelogText


@pytest.mark.parametrize(
    ("path", "text", "form"),
    [
        pytest.param("CHANGELOG.md", "anything", "markdown", id="the ending of Markdown"),
        pytest.param("docs/CHANGES.RST", "anything", "restructuredtext", id="the ending of reStructuredText"),
        pytest.param("CHANGES", "## 1.0.0\n\nx\n", "markdown", id="headings of Markdown"),
        pytest.param("NEWS.txt", "=====\n1.0.0\n=====\n\nx\n", "restructuredtext", id="titles between two lines"),
        pytest.param("CHANGES", "1.0.0\n=====\n\n- ``a`` :pr:`1`\n", "restructuredtext", id="underlines and roles"),
        pytest.param("CHANGES", "1.0.0\n=====\n\n- [a](b)\n", "markdown", id="underlines and links of Markdown"),
        pytest.param("NEWS", "1.0.0\n\n- x\n", "restructuredtext", id="plain text"),
        pytest.param("NEWS", "Wed Feb 1 2020 Somebody <a@b.c>\n\n\t* x.c: y\n", "markdown", id="the log of GNU"),
    ],
)
def test_forms(path: str, text: str, form: str) -> None:
    """The name decides, then the headings, then the markup."""
    parsed = ChangelogText(path=path, text=text).parse()
    assert (parsed.document is not None) == (form == "restructuredtext")
