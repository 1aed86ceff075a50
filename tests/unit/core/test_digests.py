"""Digests that travel beside files."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tagship.core.digests import digest_lines, read_digests, refuse_other
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

A, B = "a" * 64, "b" * 64


def test_lines_stand_in_order_and_read_back() -> None:
    """What is written is read back, whatever the order it came in."""
    lines = digest_lines({"b.whl": B, "a.tar.gz": A})
    assert lines == f"{A}  a.tar.gz\n{B}  b.whl\n"
    assert read_digests(lines.splitlines()) == {"a.tar.gz": A, "b.whl": B}


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="this machine has no sha256sum")
def test_lines_are_those_of_sha256sum(tmp_path: Path) -> None:
    """The program that people check files with agrees with every line."""
    (tmp_path / "hello 1.whl").write_bytes(b"hello")
    lines = digest_lines({"hello 1.whl": hashlib.sha256(b"hello").hexdigest()})
    done = subprocess.run(["sha256sum", "hello 1.whl"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == lines


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        pytest.param([f"{A} *a.whl"], ["a.whl"], id="a star says the file was read as binary"),
        pytest.param([f"{A.upper()}  a.whl"], ["a.whl"], id="digits in capitals are the same digits"),
        pytest.param([], [], id="no lines, no digests"),
    ],
)
def test_every_form_that_sha256sum_prints_is_read(lines: list[str], names: list[str]) -> None:
    """Both marks and both cases are read, into digests in small letters."""
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
def test_another_form_is_refused(line: str) -> None:
    """A line that is not of the form is told, never skipped."""
    with pytest.raises(ValueError, match="is no SHA-256"):
        read_digests([line])


def test_a_file_listed_twice_is_refused() -> None:
    """Two digests for one name leave open which holds."""
    with pytest.raises(ValueError, match=r"a\.whl is listed twice"):
        read_digests([f"{A}  a.whl", f"{B}  a.whl"])


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param([("a.whl", A)], [f"{A}  a.whl"], id="the same"),
        pytest.param([("a.whl", A)], [f"{A}  a.whl", f"{B}  b.whl"], id="more was made than came"),
        pytest.param([("a.whl", A)], [], id="nothing was told"),
    ],
)
def test_files_that_are_what_was_told_pass(files: list[tuple[str, str]], told: list[str]) -> None:
    """What was told of and came as it was made is no problem, nor is silence."""
    refuse_other(files, told)


def test_every_other_file_is_named() -> None:
    """A changed file and one nobody told of are both refused, with their digests."""
    with pytest.raises(Failure) as caught:
        refuse_other([("a.whl", B), ("c.whl", A)], [f"{A}  a.whl"])
    assert [problem.found for problem in caught.value.problems] == [
        f"a.whl is not what was handed on: its SHA-256 is {B}, and where it was made it was {A}.",
        f"c.whl is not what was handed on: its SHA-256 is {A}, and no job said that it made it.",
    ]


def test_a_file_is_not_hidden_by_another_of_its_name() -> None:
    """Globs find files of one name in several folders; the last one found does not stand for all."""
    with pytest.raises(Failure, match=r"a\.whl is not what was handed on"):
        refuse_other([("a.whl", B), ("a.whl", A)], [f"{A}  a.whl"])


def test_lines_that_cannot_be_read_refuse_everything() -> None:
    """Digests in another form hold nothing, so nothing passes."""
    with pytest.raises(Failure, match="sha256sums: the line 'rubbish' is no SHA-256"):
        refuse_other([("a.whl", A)], ["rubbish"])
