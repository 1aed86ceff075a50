"""The changelog of a project, found and read, and nothing outside of the checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagship.edges.changelogs import ChangelogFile, Changelogs
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "## 1.0.0\nA\n"


def written(top: Path, **files: str) -> Path:
    """``top`` with ``files`` in it; a double underscore in a name stands for a slash."""
    for name, text in files.items():
        path = top / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return top


def read(top: Path, named: str = "", inside: str = ".") -> ChangelogFile:
    """Return the changelog found in ``top``."""
    return Changelogs(workspace=top, inside=inside).read(named)


def problem(top: Path, named: str = "", inside: str = ".") -> Problem:
    """Return the problem told where there is none."""
    with pytest.raises(Failure) as caught:
        read(top, named, inside)
    (told,) = caught.value.problems
    return told


@pytest.mark.parametrize(
    "name",
    [
        "CHANGELOG.md",
        "Changelog.md",
        "CHANGES.markdown",
        "HISTORY.md",
        "NEWS.md",
        "MILESTONES.md",
        ".planning/MILESTONES.md",
        "docs/changelog.md",
        "docs/release-notes.md",
    ],
)
def test_a_changelog_is_found_by_its_usual_names(tmp_path: Path, name: str) -> None:
    """Whatever a project calls its changelog, nobody has to say so."""
    written(tmp_path, **{name: TEXT, "README.md": "# 1.0.0"})
    assert read(tmp_path) == ChangelogFile(path=name, text=TEXT)


def test_the_likeliest_name_wins(tmp_path: Path) -> None:
    """The changelog at the top comes before history and docs."""
    written(tmp_path, HISTORY__md="x", docs__CHANGELOG__md="x")
    written(tmp_path, **{"CHANGELOG.md": TEXT, "HISTORY.md": "x", "docs/CHANGELOG.md": "x"})
    assert read(tmp_path).path == "CHANGELOG.md"


@pytest.mark.parametrize(
    ("inside", "expected"), [("packages/a", "packages/a/CHANGES.md"), ("packages/b", "HISTORY.md")]
)
def test_a_package_has_its_own_or_the_one_at_the_top(tmp_path: Path, inside: str, expected: str) -> None:
    """In a repository of several packages the nearest changelog counts."""
    written(tmp_path, **{"packages/a/CHANGES.md": TEXT, "packages/b/README.md": "x", "HISTORY.md": TEXT})
    assert read(tmp_path, inside=inside).path == expected


@pytest.mark.parametrize(
    ("named", "expected"), [("log.md", "pkg/log.md"), ("top.md", "top.md"), ("../top.md", "top.md")]
)
def test_a_path_counts_from_the_project_and_then_from_the_top(tmp_path: Path, named: str, expected: str) -> None:
    """Both ways to write the path of a file are understood."""
    written(tmp_path, **{"pkg/log.md": TEXT, "top.md": TEXT})
    assert read(tmp_path, named, "pkg").path == expected


def test_links_and_pointers_inside_the_checkout_are_followed(tmp_path: Path) -> None:
    """The file that holds the notes is read, and its path is told."""
    written(tmp_path, **{"docs/changes.md": "See [all](more/all.md)", "docs/more/all.md": TEXT})
    (tmp_path / "CHANGELOG.md").symlink_to("docs/changes.md")
    assert read(tmp_path) == ChangelogFile(path="docs/more/all.md", text=TEXT)


def test_a_pointer_to_a_file_that_is_not_there_is_read_as_it_is(tmp_path: Path) -> None:
    """Only what can be followed is followed."""
    written(tmp_path, **{"CHANGELOG.md": "missing.md"})
    assert read(tmp_path).text == "missing.md"


@pytest.mark.parametrize("how", ["link", "pointer", "path"])
def test_nothing_outside_of_the_checkout_is_read(tmp_path: Path, how: str) -> None:
    """Whatever leads out is refused, and what stands there is not told."""
    top = written(tmp_path / "top", **{"README.md": "x"})
    written(tmp_path, **{"secret.md": "## 1.0.0\nhush\n"})
    if how == "link":
        (top / "CHANGELOG.md").symlink_to(tmp_path / "secret.md")
    elif how == "pointer":
        written(top, **{"CHANGELOG.md": "../secret.md"})
    told = problem(top, "../secret.md" if how == "path" else "")
    assert told.topic == "changelog-outside"
    assert "hush" not in str(told)


def test_pointers_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    """Two files that name each other are no changelog."""
    written(tmp_path, **{"CHANGELOG.md": "CHANGES.md", "CHANGES.md": "CHANGELOG.md"})
    assert problem(tmp_path).topic == "no-changelog"


def test_a_changelog_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The message says where was looked, and what else is there."""
    assert problem(tmp_path).found == "No changelog was found in the checkout."
    written(tmp_path, **{"CHANGES.rst": "x", "a/x": ""})
    assert problem(tmp_path, inside="a").found == (
        "No changelog was found in a and the top of the checkout. CHANGES.rst is there, but only Markdown can be read."
    )
    assert "changelog: none, and generate-notes: true" in problem(tmp_path).remedy
    assert problem(tmp_path, "docs/log.md").found == "There is no file docs/log.md in the checkout."


def test_a_folder_called_like_a_changelog_is_none(tmp_path: Path) -> None:
    """Only files are read."""
    written(tmp_path, **{"CHANGELOG.md/x": "", "changes.md": TEXT})
    assert read(tmp_path).path == "changes.md"
    assert problem(tmp_path, "CHANGELOG.md").topic == "no-changelog"


def test_a_changelog_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """No wrong character gets onto a release page by guessing."""
    (tmp_path / "CHANGELOG.md").write_bytes("## 1.0.0\nCafé\n".encode("latin-1"))
    told = problem(tmp_path)
    assert (told.topic, told.file, told.line) == ("changelog-encoding", "CHANGELOG.md", 2)
    assert told.found == "CHANGELOG.md is not UTF-8: line 2 has the byte 0xe9."


def test_the_bytes_of_the_file_stay(tmp_path: Path) -> None:
    """Carriage returns and the byte order mark are the reader's to deal with."""
    (tmp_path / "CHANGELOG.md").write_bytes(b"\xef\xbb\xbf## 1.0.0\r\nA\r\n")
    assert read(tmp_path).text == "\ufeff## 1.0.0\r\nA\r\n"
