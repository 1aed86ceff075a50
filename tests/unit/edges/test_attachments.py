"""What globs find in a real folder."""

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
    """Return a checkout whose own path looks like a glob."""
    checkout = tmp_path / "check[o]ut"
    for name in FILES:
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    return Folder(path=checkout, home=checkout / "home")


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        pytest.param(
            "dist/*", ["[x].txt", "a.whl", "b.tar.gz", "one, two.txt"], id="hidden files and folders are left"
        ),
        pytest.param("dist/*.{whl,tar.gz}", ["a.whl", "b.tar.gz"], id="braces"),
        pytest.param("dist/**/*.txt", ["[x].txt", "one, two.txt", "c.txt"], id="at any depth"),
        pytest.param("'dist/one, two.txt'", ["one, two.txt"], id="quotes"),
        pytest.param("dist/[x].txt", ["[x].txt"], id="a file that is called like a glob"),
        pytest.param("dist/[ab].*", ["a.whl", "b.tar.gz"], id="a class of characters"),
        pytest.param(r"dist\a.whl", ["a.whl"], id="the separators of Windows"),
        pytest.param("~/out/*", ["app"], id="the home folder"),
        pytest.param("dist/*\n!dist/*.txt", ["a.whl", "b.tar.gz"], id="an exclusion"),
        pytest.param("!dist/*.txt, dist/*", ["a.whl", "b.tar.gz"], id="an exclusion before"),
        pytest.param("dist/a.whl\ndist/../dist/a.whl\n./dist/*.whl", ["a.whl"], id="one file, three spellings"),
        pytest.param("dist/.gitignore", [".gitignore"], id="a hidden file by name"),
        pytest.param("dist/*.whl => wheel # The wheel", ["wheel"], id="another name"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_globs_find_files(folder: Folder, lines: str, names: list[str]) -> None:
    """Each file once, in the order of the globs."""
    assert [file.name for file in folder.attachments(patterns_of(tuple(lines.splitlines())))] == names


def test_a_file_comes_with_what_is_sent(folder: Folder) -> None:
    """Size and digest are those of its bytes; name and label what the last line that gives one says."""
    (file,) = folder.attachments(patterns_of(("dist/*.whl", "dist/a.whl => b.whl # Label")))
    assert file.path == str(folder.path / "dist" / "a.whl")
    assert (file.size, file.digest) == (10, f"sha256:{hashlib.sha256(b'dist/a.whl').hexdigest()}")
    assert (file.name, file.label, file.content_type) == ("b.whl", "Label", "application/zip")


def test_an_absolute_path_is_found(folder: Folder) -> None:
    """Earlier steps may give whole paths."""
    (file,) = folder.attachments(patterns_of((f"'{folder.path}/dist/a.whl'",)))
    assert file.name == "a.whl"


def test_everything_that_is_wrong_is_told_at_once(folder: Folder) -> None:
    """Each glob that finds nothing, or finds several for one name, has its sentence."""
    lines = ("dist/*.zip", "dist/a.whl", "dist/sub", "dist/*.txt => same.txt")
    with pytest.raises(Failure) as failure:
        folder.attachments(patterns_of(lines))
    assert [problem.topic for problem in failure.value.problems] == [
        "no-file-matches",
        "no-file-matches",
        "same-asset-name",
    ]
    assert "write dist/sub/*" in str(failure.value)
