"""The structure of a zip file is checked record by record, with PyPI's words for the first fault."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagship.core.index_rules.zip_framing import framing_faults

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = b"hello/module.py"


def packed(*, force_zip64: bool = False, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file of two members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        with archive.open(NAME.decode(), "w", force_zip64=force_zip64) as member:
            member.write(b"x = 1\n" * 50)
        archive.writestr("hello/__init__.py", "")
    return file.getvalue()


def faults(data: bytes) -> tuple[str, ...]:
    """Return the faults in ``data``, with the sizes that Python's own reader sees."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sizes = {item.orig_filename: (item.compress_size, item.file_size) for item in archive.infolist()}
    return framing_faults(data, sizes)


def central(data: bytes) -> int:
    """Return the position of the first record of the central directory."""
    return data.index(b"PK\x01\x02")


def renamed(data: bytes) -> bytes:
    """Return ``data`` with another name in a local header."""
    at = data.index(NAME)
    return data[:at] + b"hello/another.p" + data[at + len(NAME) :]


def unprintable(data: bytes) -> bytes:
    """Return ``data`` with a line break in both names of a member."""
    return data.replace(NAME, b"hello/modul\n.py")


def smaller(data: bytes) -> bytes:
    """Return ``data`` whose local header states another size than its central directory."""
    return data[:22] + struct.pack("<L", 1) + data[26:]


def streamed() -> bytes:
    """Return a zip file that was written to a pipe, with a data descriptor behind each member."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise io.UnsupportedOperation

    file = Pipe()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(NAME.decode(), "x = 1\n")
    return file.getvalue()


def commented(data: bytes) -> bytes:
    """Return ``data`` with a comment for its first member in the central directory."""
    at = central(data)
    end = data.index(b"PK\x05\x06")
    head = data[:at] + data[at : at + 32] + struct.pack("<H", 2) + data[at + 34 : at + 46 + len(NAME)] + b"no"
    size = struct.unpack("<L", data[end + 12 : end + 16])[0] + 2
    rest = data[at + 46 + len(NAME) : end] + data[end : end + 12] + struct.pack("<L", size) + data[end + 16 :]
    return head + rest


def counted(data: bytes) -> bytes:
    """Return ``data`` whose end record states different counts of records."""
    end = data.index(b"PK\x05\x06")
    return data[: end + 8] + struct.pack("<H", 1) + data[end + 10 :]


GOOD = [
    pytest.param(packed(), id="deflated"),
    pytest.param(packed(method=zipfile.ZIP_STORED), id="stored"),
    pytest.param(packed(force_zip64=True), id="zip64"),
]
BAD: list[tuple[str, Callable[[], bytes], str]] = [
    ("trailing data", lambda: packed() + b"junk", "Trailing data"),
    ("prepended data", lambda: b"#!/bin/sh\n" + packed(), "Unknown record signature"),
    ("two zip files", lambda: packed() + packed(), "Trailing data"),
    ("another local name", lambda: renamed(packed()), "Filename not in central directory"),
    ("an unprintable name", lambda: unprintable(packed()), "Invalid character in filename"),
    ("another local size", lambda: smaller(packed()), "Mis-matched file size"),
    ("a data descriptor", streamed, "ZIP contains a data descriptor"),
    ("a comment", lambda: commented(packed()), "Comment in central directory"),
    ("two counts", lambda: counted(packed()), "Malformed zip file"),
]


@pytest.mark.parametrize("data", GOOD)
def test_a_sound_file_has_no_fault(data: bytes) -> None:
    """What Python's zipfile writes is accepted."""
    assert faults(data) == ()


@pytest.mark.parametrize(("make", "fault"), [pytest.param(m, f, id=title) for title, m, f in BAD])
def test_a_fault_is_found(make: Callable[[], bytes], fault: str) -> None:
    """Every byte that makes two readers see different members is a fault."""
    data = make()
    try:
        (found,) = faults(data)
    except zipfile.BadZipFile:
        (found,) = framing_faults(data, {NAME.decode(): (0, 0)})
    assert found.startswith(fault)


def test_a_duplicate_name_is_found() -> None:
    """A name may occur once."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.py", "x")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.py", "x")
    assert faults(file.getvalue()) == ("Duplicate filename in local headers",)


@given(st.binary(max_size=400), st.dictionaries(st.text(max_size=5), st.tuples(st.integers(0, 99), st.integers(0, 99))))
def test_no_bytes_make_it_crash(data: bytes, sizes: dict[str, tuple[int, int]]) -> None:
    """Any bytes give one fault, or none."""
    assert len(framing_faults(b"PK\x03\x04" + data, sizes)) <= 1


@given(st.integers(0, len(packed()) - 1), st.integers(0, 255))
def test_a_changed_byte_is_never_an_endless_scan(at: int, value: int) -> None:
    """A damaged file gives an answer."""
    data = packed()
    damaged = data[:at] + bytes([value]) + data[at + 1 :]
    assert len(framing_faults(damaged, {NAME.decode(): (0, 300), "hello/__init__.py": (0, 0)})) <= 1
