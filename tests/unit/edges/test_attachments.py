"""Files that globs match in a real folder."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tagship.core.release.patterns import patterns_of
from tagship.edges.attachments import Folder
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

FILES = (
    "dist/a.whl",
    "dist/b.tar.gz",
    "dist/.gitignore",
    "dist/sub/deep/c.txt",
    "dist/one, two.txt",
    "dist/[x].txt",
    "home/out/app",
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a checkout with a path that looks like a glob."""
    checkout = tmp_path / "check[o]ut"
    for name in FILES:
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    return Folder(path=checkout, home=checkout / "home")


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        pytest.param("dist/*", ["[x].txt", "a.whl", "b.tar.gz", "one, two.txt"], id="no hidden files or folders"),
        pytest.param("dist/*.{whl,tar.gz}", ["a.whl", "b.tar.gz"], id="braces"),
        pytest.param("dist/**/*.txt", ["[x].txt", "one, two.txt", "c.txt"], id="at any depth"),
        pytest.param("'dist/one, two.txt'", ["one, two.txt"], id="quotes"),
        pytest.param("dist/[x].txt", ["[x].txt"], id="a filename that looks like a glob"),
        pytest.param("dist/[ab].*", ["a.whl", "b.tar.gz"], id="a character class"),
        pytest.param(r"dist\a.whl", ["a.whl"], id="Windows separators"),
        pytest.param("~/out/*", ["app"], id="the home folder"),
        pytest.param("dist/*\n!dist/*.txt", ["a.whl", "b.tar.gz"], id="an exclusion"),
        pytest.param("!dist/*.txt, dist/*", ["a.whl", "b.tar.gz"], id="an exclusion first"),
        pytest.param("dist/a.whl\ndist/../dist/a.whl\n./dist/*.whl", ["a.whl"], id="three spellings of one path"),
        pytest.param("dist/.gitignore", [".gitignore"], id="a hidden file by name"),
        pytest.param("dist/*.whl => wheel # The wheel", ["wheel"], id="another name"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_globs_match_files(folder: Folder, lines: str, names: list[str]) -> None:
    """Each file is found once, in the order of the globs."""
    assert [file.name for file in folder.attachments(patterns_of(tuple(lines.splitlines())))] == names


def test_a_file_has_everything_for_the_upload(folder: Folder) -> None:
    """Size and digest come from its contents, name and label from the last line that sets them."""
    (file,) = folder.attachments(patterns_of(("dist/*.whl", "dist/a.whl => b.whl # Label")))
    assert file.path == str(folder.path / "dist" / "a.whl")
    assert (file.size, file.digest) == (10, f"sha256:{hashlib.sha256(b'dist/a.whl').hexdigest()}")
    assert (file.name, file.label, file.content_type) == ("b.whl", "Label", "application/zip")


def test_an_absolute_path_is_found(folder: Folder) -> None:
    """Earlier steps may pass absolute paths."""
    (file,) = folder.attachments(patterns_of((f"'{folder.path}/dist/a.whl'",)))
    assert file.name == "a.whl"


def test_all_problems_are_reported_at_once(folder: Folder) -> None:
    """Each glob without a file, or with several for one name, is a problem."""
    lines = ("dist/*.zip", "dist/a.whl", "dist/sub", "dist/*.txt => same.txt")
    with pytest.raises(Failure) as failure:
        folder.attachments(patterns_of(lines))
    assert [problem.topic for problem in failure.value.problems] == [
        "no-file-matches",
        "no-file-matches",
        "same-asset-name",
    ]
    assert "use dist/sub/*" in str(failure.value)
