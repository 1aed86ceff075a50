"""Whole changelogs, each with its notes of 1.2.0 in the same folder: a folder in ``cases`` is a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.restructuredtext import shown_by_github
from tagship.core.changelog.search import find_release
from tagship.core.notes import Place, ready_notes
from tagship.core.restructuredtext.notes import release_notes
from tagship.core.restructuredtext.outline import read_document
from tagship.core.sphinx.configuration import SphinxConfiguration, read_sphinx_configuration
from tagship.core.sphinx.markup import Roles

CASES = sorted((Path(__file__).parent / "cases").iterdir())


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_notes(folder: Path) -> None:
    """The notes are those of ``notes.md``, and what is done to notes of Markdown leaves them as they are shown."""
    (changelog,) = folder.glob("*.rst")
    conf = folder / "conf.py"
    sphinx = read_sphinx_configuration(conf.read_text("utf-8")) if conf.exists() else SphinxConfiguration()
    roles = Roles(repository_url="https://github.com/octo/hello", extlinks=sphinx.extlinks)
    document = read_document(changelog.read_text("utf-8"))
    release = find_release(document.changelog, "1.2.0", file=changelog.name)
    notes = release_notes(document, release, roles, extra=(sphinx.prolog, sphinx.epilog))
    remarks = "".join(f"\n<!-- line {remark.line}: {remark.text} -->" for remark in notes.remarks)
    assert f"{notes.text}\n{remarks}" == (folder / "notes.md").read_text("utf-8")
    place = Place(server_url="https://github.com", repository="octo/hello", ref="v1.2.0", path=changelog.name)
    assert shown_by_github(ready_notes(notes.text, unwrapped=True, place=None)) == shown_by_github(notes.text)
    assert "](docs/" not in ready_notes(notes.text, unwrapped=True, place=place)
