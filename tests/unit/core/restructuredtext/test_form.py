"""The form of a changelog."""

from __future__ import annotations

import pytest

from tagship.core.changelog_text import ChangelogText
from tagship.errors import Failure


@pytest.mark.parametrize(
    ("path", "text", "form"),
    [
        pytest.param("CHANGELOG.md", "anything", "markdown", id="the ending of Markdown"),
        pytest.param("docs/CHANGES.RST", "anything", "restructuredtext", id="the ending of reStructuredText"),
        pytest.param("CHANGES", "## 1.0.0\n\nx\n", "markdown", id="headings of Markdown"),
        pytest.param("NEWS.txt", "=====\n1.0.0\n=====\n\nx\n", "restructuredtext", id="titles between two lines"),
        pytest.param("CHANGES", "1.0.0\n=====\n\n- ``a`` :pr:`1`\n", "restructuredtext", id="underlines and roles"),
        pytest.param("CHANGES", "1.0.0\n=====\n\n- [a](b)\n", "markdown", id="underlines and links of Markdown"),
        pytest.param("CHANGES", "* 1.0.0 (June 1, 2020)\n    * x\n* 0.9.0\n    * y\n", None, id="a list of versions"),
        pytest.param("NEWS", "Wed Feb 1 2020 Somebody <a@b.c>\n\n\t* x.c: y\n", None, id="the log of GNU"),
        pytest.param("CHANGES", "", None, id="an empty file"),
    ],
)
def test_forms(path: str, text: str, form: str | None) -> None:
    """The name decides, then the headings, then the markup; a text that is neither is refused with its name."""
    changelog = ChangelogText(path=path, text=text)
    if form is None:
        with pytest.raises(Failure, match=f"No heading in {path} names a release"):
            changelog.parse()
    else:
        assert (changelog.parse().document is not None) == (form == "restructuredtext")
