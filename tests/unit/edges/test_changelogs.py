"""Finding and reading the changelog of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagship.core.changelog_text import ChangelogText
from tagship.core.project.changelog_search import ChangelogQuery, find_changelog
from tagship.edges.changelogs import CheckoutFiles
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "## 1.0.0\nA\n"


def written(top: Path, **files: str) -> Path:
    """Write ``files`` into ``top``; a double underscore in a name is a slash."""
    for name, text in files.items():
        path = top / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return top


def read(top: Path, named: str = "auto", inside: str = ".", version: str = "") -> ChangelogText:
    """Return the changelog found in ``top``."""
    return find_changelog(CheckoutFiles(workspace=top), ChangelogQuery(named=named, inside=inside, version=version))


def problem(top: Path, named: str = "auto", inside: str = ".", version: str = "") -> Problem:
    """Return the problem raised by reading the changelog."""
    with pytest.raises(Failure) as caught:
        read(top, named, inside, version)
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
def test_a_changelog_is_found_by_its_usual_name(tmp_path: Path, name: str) -> None:
    """Changelogs with a usual name need no input."""
    written(tmp_path, **{name: TEXT, "README.md": "# 1.0.0"})
    assert read(tmp_path) == ChangelogText(path=name, text=TEXT)


def test_the_preferred_name_wins(tmp_path: Path) -> None:
    """CHANGELOG.md at the top is preferred to HISTORY.md and docs/."""
    written(tmp_path, HISTORY__md="x", docs__CHANGELOG__md="x")
    written(tmp_path, **{"CHANGELOG.md": TEXT, "HISTORY.md": "x", "docs/CHANGELOG.md": "x"})
    assert read(tmp_path).path == "CHANGELOG.md"


@pytest.mark.parametrize(
    ("inside", "expected"), [("packages/a", "packages/a/CHANGES.md"), ("packages/b", "HISTORY.md")]
)
def test_a_package_uses_its_own_changelog_or_the_one_at_the_top(tmp_path: Path, inside: str, expected: str) -> None:
    """In a monorepo the changelog of the package is preferred."""
    written(tmp_path, **{"packages/a/CHANGES.md": TEXT, "packages/b/README.md": "x", "HISTORY.md": TEXT})
    assert read(tmp_path, inside=inside).path == expected


@pytest.mark.parametrize(
    ("named", "expected"), [("log.md", "pkg/log.md"), ("top.md", "top.md"), ("../top.md", "top.md")]
)
def test_a_path_is_relative_to_the_project_or_the_top(tmp_path: Path, named: str, expected: str) -> None:
    """A path is resolved in the project folder first, then at the top."""
    written(tmp_path, **{"pkg/log.md": TEXT, "top.md": TEXT})
    assert read(tmp_path, named, "pkg").path == expected


def test_symbolic_links_and_redirects_inside_the_checkout_are_followed(tmp_path: Path) -> None:
    """The final file is read, and the result has its path."""
    written(tmp_path, **{"docs/changes.md": "See [all](more/all.md)", "docs/more/all.md": TEXT})
    (tmp_path / "CHANGELOG.md").symlink_to("docs/changes.md")
    assert read(tmp_path) == ChangelogText(path="docs/more/all.md", text=TEXT)


def test_a_redirect_to_a_missing_file_is_not_followed(tmp_path: Path) -> None:
    """The text of a redirect is returned if its target does not exist."""
    written(tmp_path, **{"CHANGELOG.md": "missing.md"})
    assert read(tmp_path).text == "missing.md"


@pytest.mark.parametrize("how", ["symbolic link", "redirect", "path"])
def test_files_outside_the_checkout_are_not_read(tmp_path: Path, how: str) -> None:
    """A path outside the checkout is an error that does not quote the file."""
    top = written(tmp_path / "top", **{"README.md": "x"})
    written(tmp_path, **{"secret.md": "## 1.0.0\nhush\n"})
    if how == "symbolic link":
        (top / "CHANGELOG.md").symlink_to(tmp_path / "secret.md")
    elif how == "redirect":
        written(top, **{"CHANGELOG.md": "../secret.md"})
    told = problem(top, "../secret.md" if how == "path" else "auto")
    assert told.topic == "changelog-outside-the-checkout"
    assert "hush" not in str(told)


def test_circular_redirects_are_an_error(tmp_path: Path) -> None:
    """Two files that redirect to each other are reported with the last one."""
    written(tmp_path, **{"CHANGELOG.md": "CHANGES.md", "CHANGES.md": "CHANGELOG.md"})
    told = problem(tmp_path)
    assert told.topic == "no-changelog"
    assert told.found == "The changelog redirects more than 5 times, last to CHANGES.md."


def test_a_missing_changelog_is_an_error(tmp_path: Path) -> None:
    """The message has the folders searched and an unsupported file found there."""
    assert problem(tmp_path).found == "No changelog found in the checkout."
    written(tmp_path, **{"CHANGES.rst": "x", "a/x": ""})
    assert problem(tmp_path, inside="a").found == (
        "No changelog found in a or the top of the checkout. CHANGES.rst exists, but only Markdown is supported."
    )
    assert "changelog: none and generate-notes: true" in problem(tmp_path).remedy
    assert problem(tmp_path, "docs/log.md").found == "File docs/log.md not found in the checkout."


def test_a_folder_with_the_name_of_a_changelog_is_skipped(tmp_path: Path) -> None:
    """Only files are changelogs."""
    written(tmp_path, **{"CHANGELOG.md/x": "", "changes.md": TEXT})
    assert read(tmp_path).path == "changes.md"
    assert problem(tmp_path, "CHANGELOG.md").topic == "no-changelog"


def test_a_changelog_in_another_encoding_is_an_error(tmp_path: Path) -> None:
    """A file that is not UTF-8 is reported with line and byte."""
    (tmp_path / "CHANGELOG.md").write_bytes("\n## 1.0.0\nCafé\n".encode("latin-1"))
    told = problem(tmp_path)
    assert (told.topic, told.file, told.line) == ("changelog-is-not-utf-8", "CHANGELOG.md", 3)
    assert told.found == "CHANGELOG.md is not UTF-8: line 3 contains byte 0xe9."


def test_the_text_is_not_normalized(tmp_path: Path) -> None:
    """Carriage returns and the byte order mark stay."""
    (tmp_path / "CHANGELOG.md").write_bytes(b"\xef\xbb\xbf## 1.0.0\r\nA\r\n")
    assert read(tmp_path).text == "\ufeff## 1.0.0\r\nA\r\n"
