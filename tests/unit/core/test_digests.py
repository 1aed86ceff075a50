"""Checksums of files are passed between jobs and compared."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tagship.core.digests import digest_lines, read_digests, refuse_missing, refuse_other
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

A, B = "a" * 64, "b" * 64


def test_lines_are_sorted_and_read_back() -> None:
    """Checksums are written in order of file names and read back unchanged."""
    lines = digest_lines({"b.whl": B, "a.tar.gz": A})
    assert lines == f"{A}  a.tar.gz\n{B}  b.whl\n"
    assert read_digests(lines.splitlines()) == {"a.tar.gz": A, "b.whl": B}


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="this machine has no sha256sum")
def test_lines_are_those_of_sha256sum(tmp_path: Path) -> None:
    """The program sha256sum prints the same line."""
    (tmp_path / "hello 1.whl").write_bytes(b"hello")
    lines = digest_lines({"hello 1.whl": hashlib.sha256(b"hello").hexdigest()})
    done = subprocess.run(["sha256sum", "hello 1.whl"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == lines


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        pytest.param([f"{A} *a.whl"], ["a.whl"], id="a star for binary mode"),
        pytest.param([f"{A.upper()}  a.whl"], ["a.whl"], id="digits in upper case"),
        pytest.param([], [], id="no lines, no digests"),
    ],
)
def test_every_form_that_sha256sum_prints_is_read(lines: list[str], names: list[str]) -> None:
    """Both modes and both cases are read, and digests become lower case."""
    assert read_digests(lines) == dict.fromkeys(names, A)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("a.whl", id="no digest"),
        pytest.param(f"{A[:40]}  a.whl", id="a digest of another kind"),
        pytest.param(f"{A}  dist/a.whl", id="a path"),
        pytest.param(f"{A}  ", id="no name"),
    ],
)
def test_a_malformed_line_is_refused(line: str) -> None:
    """A malformed line is an error and never skipped."""
    with pytest.raises(ValueError, match="not in sha256sum format"):
        read_digests([line])


def test_a_file_listed_twice_is_refused() -> None:
    """Two digests for one name are ambiguous."""
    with pytest.raises(ValueError, match=r"a\.whl is listed twice"):
        read_digests([f"{A}  a.whl", f"{B}  a.whl"])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param([("a.whl", A)], [f"{A}  a.whl"], id="the same"),
        pytest.param([("a.whl", A)], [f"{A}  a.whl", f"{B}  b.whl"], id="a listed file is absent"),
        pytest.param([("a.whl", A)], [], id="nothing is expected"),
    ],
)
def test_unchanged_files_pass(files: list[tuple[str, str]], expected: list[str]) -> None:
    """A file with its expected checksum passes, and so does any file if no checksums are expected."""
    refuse_other(files, expected)


def test_every_mismatch_is_reported() -> None:
    """A changed file and an unlisted file are both refused, with their checksums."""
    with pytest.raises(Failure) as caught:
        refuse_other([("a.whl", B), ("c.whl", A)], [f"{A}  a.whl"])
    assert [problem.found for problem in caught.value.problems] == [
        f"Checksum mismatch for a.whl: its SHA-256 is {B}, expected {A}.",
        f"Checksum mismatch for c.whl: its SHA-256 is {A}, but sha256sums does not list it.",
    ]


def test_a_file_is_not_hidden_by_another_of_its_name() -> None:
    """Of several files with the same name in different folders, each is checked."""
    with pytest.raises(Failure, match=r"Checksum mismatch for a\.whl"):
        refuse_other([("a.whl", B), ("a.whl", A)], [f"{A}  a.whl"])


def test_lines_that_cannot_be_read_refuse_everything() -> None:
    """With malformed checksums no file passes."""
    with pytest.raises(Failure, match="sha256sums: line 'rubbish' is not in sha256sum format"):
        refuse_other([("a.whl", A)], ["rubbish"])


def test_every_missing_file_is_named() -> None:
    """A file that another job built and that did not arrive is a problem of its own."""
    refuse_missing({"a.whl", "b.whl"}, [f"{A}  a.whl"])
    with pytest.raises(Failure) as failed:
        refuse_missing({"b.whl"}, [f"{A}  a.whl", f"{B}  b.whl", f"{B}  .c.whl"])
    assert [problem.found.split()[0] for problem in failed.value.problems] == ["a.whl", ".c.whl"]
