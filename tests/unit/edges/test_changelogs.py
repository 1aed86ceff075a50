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


def test_a_file_may_have_the_name_of_the_project(tmp_path: Path) -> None:
    """In a folder of changelogs, each package of a repository has its own file."""
    written(tmp_path, **{"docs/history/tool.md": "x", "docs/history/my-pkg.md": TEXT, "docs/my-pkg.md": "x"})
    query = ChangelogQuery(project="my_pkg")
    assert find_changelog(CheckoutFiles(workspace=tmp_path), query).path == "docs/history/my-pkg.md"


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
    """A redirect to a file that does not exist has no release."""
    written(tmp_path, **{"CHANGELOG.md": "missing.md"})
    assert ": CHANGELOG.md has no release headings" in problem(tmp_path).found


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
    assert told.topic == "path-outside-the-checkout"
    assert "hush" not in str(told)


def test_circular_redirects_are_an_error(tmp_path: Path) -> None:
    """Two files that redirect to each other are reported with the last one."""
    written(tmp_path, **{"CHANGELOG.md": "CHANGES.md", "CHANGES.md": "CHANGELOG.md"})
    told = problem(tmp_path)
    assert told.topic == "changelog-not-found"
    assert told.found == "The changelog redirects more than 5 times, last to CHANGES.md."


def test_a_missing_changelog_is_an_error(tmp_path: Path) -> None:
    """The message has the folders searched, and what the release has without a changelog."""
    assert problem(tmp_path).found == "No changelog found in the checkout."
    written(tmp_path, **{"a/x": "", "docs/contributing/release-notes.md": "# How to write release notes\n"})
    assert problem(tmp_path, inside="a").found.startswith("No changelog found in a or the top of the checkout: docs/")
    assert "notes that GitHub generates" in problem(tmp_path).remedy
    assert problem(tmp_path, "docs/log.md").found == "File docs/log.md not found in the checkout."


@pytest.mark.parametrize(
    "name",
    [
        "CHANGES.rst",
        "NEWS.txt",
        "ChangeLog",
        "docs/about/release-notes.md",
        "docs/en/docs/release-notes.md",
        "docs/source/history.rst",
        "docs/versionhistory.rst",
        "doc/source/whatsnew.rst",
        "docs/release_notes.md",
    ],
)
def test_a_changelog_is_found_in_either_form_and_deep_in_the_documentation(tmp_path: Path, name: str) -> None:
    """The ending and the depth do not matter."""
    written(tmp_path, **{name: TEXT if name.endswith("md") else "1.0.0\n-----\n\n* A\n"})
    assert read(tmp_path, version="1.0.0").path == name


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[tool.towncrier]\nfilename = "notes/all.md"\n'),
        ("towncrier.toml", '[tool.towncrier]\nfilename = "notes/all.md"\n'),
        ("pyproject.toml", '[tool.scriv]\nchangelog = "notes/all.md"\n'),
        ("setup.cfg", "[tool:scriv]\nchangelog = notes/all.md\n"),
        ("pyproject.toml", '[tool.commitizen]\nchangelog_file = "notes/all.md"\n'),
        ("pyproject.toml", '[project.urls]\nChangelog = "https://github.com/a/b/blob/main/notes/all.md"\n'),
        ("setup.py", 'project_urls={"Changes": "https://github.com/a/b/blob/main/notes/all.md"}\n'),
    ],
)
def test_the_configured_changelog_is_found(tmp_path: Path, file: str, text: str) -> None:
    """Towncrier, scriv, commitizen and the URLs of the project name it."""
    written(tmp_path, **{file: text, "notes/all.md": TEXT})
    assert read(tmp_path).path == "notes/all.md"


def test_of_several_candidates_the_one_with_the_version_is_read(tmp_path: Path) -> None:
    """If none has the version, the message lists all files that were searched."""
    written(tmp_path, **{"CHANGELOG.md": TEXT, "docs/news.md": "## 2.0.0\n\nB\n", "HISTORY.md": "## 0.1\n\nC\n"})
    assert read(tmp_path, version="2.0.0").path == "docs/news.md"
    file = read(tmp_path, version="3.0.0")
    assert (file.path, file.others) == ("CHANGELOG.md", ("HISTORY.md", "docs/news.md"))
    with pytest.raises(Failure, match=r"Also searched: HISTORY\.md, docs/news\.md"):
        file.parse().release("3.0.0")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("docs/changelog.rst", "Changes\n=======\n\n.. include:: ../notes/all.md\n"),
        ("docs/changelog.md", "# Changes\n\n```{include} ../notes/all.md\n```\n"),
        ("docs/changelog.md", '--8<-- "notes/all.md"\n'),
        ("CHANGELOG.md", "See [all](notes/all.md).\n"),
    ],
)
def test_a_page_that_includes_another_file_is_followed(tmp_path: Path, page: str, text: str) -> None:
    """The included file is the changelog."""
    written(tmp_path, **{page: text, "notes/all.md": TEXT})
    assert read(tmp_path, version="1.0.0").path == "notes/all.md"


@pytest.mark.parametrize(
    ("named", "path"),
    [
        ("auto", "docs/releases/1.2.0.md"),
        ("auto", "docs/release-notes/v1.2.0.md"),
        ("auto", "changelog/release-1-2-0.md"),
        ("notes/{version}.md", "notes/1.2.0.md"),
        ("notes/{major}.{minor}/{version}.md", "notes/1.2/1.2.0.md"),
    ],
)
def test_the_file_of_a_version_is_its_section(tmp_path: Path, named: str, path: str) -> None:
    """The whole file without its title is the notes."""
    written(tmp_path, **{path: "# Hello 1.2.0\n\nA\n\n## From 1.1\n\nB\n", "docs/releases/1.1.0.md": "# 1.1.0\n\nC\n"})
    parsed = read(tmp_path, named, version="1.2.0").parse()
    release = parsed.release("1.2.0")
    assert (release.title, release.line) == ("Hello 1.2.0", 1)
    assert parsed.changelog.body(release) == "A\n\n## From 1.1\n\nB"


def test_a_file_of_several_versions_has_a_section_for_each(tmp_path: Path) -> None:
    """The file of a minor version has the sections of its patches."""
    written(tmp_path, **{"doc/whats_new/v1.2.rst": "1.2.1\n-----\n\n* B\n\n1.2\n---\n\n* A\n"})
    for version, line in (("1.2.1", 1), ("1.2.0", 6)):
        file = read(tmp_path, version=version)
        assert (file.path, file.parse().release(version).line) == ("doc/whats_new/v1.2.rst", line)


@pytest.mark.parametrize("version", ["1.2.0", ""])
def test_a_missing_file_of_a_version_is_an_error(tmp_path: Path, version: str) -> None:
    """The message has the path for the version."""
    told = problem(tmp_path, "notes/{version}.md", version=version)
    assert told.topic == ("missing-section" if version else "changelog-not-found")
    assert f"notes/{version or '{version}'}.md" in told.found


@pytest.mark.parametrize("text", ["# Changelog\n", "# Changelog\n\n##1.0.0\n\n- A\n"])
def test_a_changelog_without_releases_lacks_the_section(tmp_path: Path, text: str) -> None:
    """The first release of a project has no other notes because its section is missing or its heading misspelled."""
    written(tmp_path, **{"CHANGELOG.md": text})
    with pytest.raises(Failure, match=r"no section for 1\.0\.0\. It has no release headings\."):
        read(tmp_path, version="1.0.0").parse().release("1.0.0")


def test_prose_with_the_name_of_a_changelog_is_none(tmp_path: Path) -> None:
    """A description of the release process does not stop a release."""
    written(tmp_path, **{"RELEASE.md": "# How to release\n\nRun `make release`.\n"})
    told = problem(tmp_path, version="1.0.0")
    assert told.topic == "no-changelog"
    assert told.found.endswith("checkout: RELEASE.md has no release headings, or refers to the releases on GitHub.")


@pytest.mark.parametrize("text", ["Version one\n\n - it works\n", "* 1.0.0\n  * A\n"])
def test_a_text_without_headings_is_not_published(tmp_path: Path, text: str) -> None:
    """The section is missing if the file is set, else the release has the notes that GitHub generates."""
    written(tmp_path, NEWS=text)
    assert problem(tmp_path, version="1.0.0").topic == "no-changelog"
    with pytest.raises(Failure, match=r"NEWS has no section for 1\.0\.0\. It has no release headings\."):
        read(tmp_path, "NEWS", version="1.0.0").parse().release("1.0.0")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("See https://github.com/octo/hello/releases\n", "no-changelog"),
        ("Changes\n=======\n\nNow in https://github.com/o/h/releases\n\n0.9\n---\n\nx\n", "no-changelog"),
        ("All: https://github.com/o/h/releases\n\nUnreleased\n----------\n\nx\n\n0.9\n---\n\nx\n", "missing-section"),
    ],
)
def test_a_page_that_refers_to_github_is_not_a_changelog(tmp_path: Path, text: str, topic: str) -> None:
    """The release then has the notes that GitHub generates, unless the file has changes that are not released."""
    written(tmp_path, **{"CHANGELOG.rst": text})
    with pytest.raises(Failure) as caught:
        read(tmp_path, version="1.0.0").parse().release("1.0.0")
    assert caught.value.problems[0].topic == topic


@pytest.mark.parametrize(
    ("configuration", "fragment", "command"),
    [
        ({"pyproject.toml": "[tool.towncrier]\n"}, "newsfragments/12.feature.rst", "towncrier build --yes"),
        ({"pyproject.toml": '[project]\nname = "pkg"\n[tool.towncrier]\n'}, "pkg/newsfragments/1.bugfix", "towncrier"),
        ({"towncrier.toml": '[tool.towncrier]\ndirectory = "news"\n'}, "news/+a.fix.md", "towncrier build --yes"),
        ({"pyproject.toml": "[tool.scriv]\n"}, "changelog.d/2026_a.md", "scriv collect"),
        ({".changie.yaml": "changesDir: .changes\n"}, ".changes/unreleased/a.yaml", "changie batch"),
    ],
)
@pytest.mark.parametrize("changelog", [True, False])
def test_fragments_that_are_not_built_are_in_the_message(
    tmp_path: Path, configuration: dict[str, str], fragment: str, command: str, *, changelog: bool
) -> None:
    """The message of a missing section has the command that builds them."""
    folder = fragment.rpartition("/")[0]
    ignored = {f"{folder}/.gitignore": "x", f"{folder}/README.md": "x"}
    written(tmp_path, **configuration, **ignored, **({"CHANGELOG.md": TEXT} if changelog else {}))
    if changelog:
        assert read(tmp_path, version="2.0.0").fragments is None
    else:
        assert problem(tmp_path, version="2.0.0").topic == "no-changelog"
    written(tmp_path, **{fragment: "A fix."})
    with pytest.raises(Failure) as caught:
        read(tmp_path, version="2.0.0").parse().release("2.0.0")
    assert f" in {folder} that are not built yet: " in caught.value.problems[0].found
    assert command in caught.value.problems[0].remedy


def test_a_folder_with_the_name_of_a_changelog_is_skipped(tmp_path: Path) -> None:
    """Only files are changelogs."""
    written(tmp_path, **{"CHANGELOG.md/x": "", "changes.md": TEXT})
    assert read(tmp_path).path == "changes.md"
    assert problem(tmp_path, "CHANGELOG.md").topic == "changelog-not-found"


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
