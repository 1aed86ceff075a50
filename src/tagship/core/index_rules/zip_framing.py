"""Faults in the structure of a zip file that make two readers see different members.

Source: https://docs.pypi.org/archives/ and sections 4.3 and 4.5 of the ZIP specification (APPNOTE.TXT).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_END = b"PK\x05\x06"
_MAX32 = 0xFFFFFFFF
_ZIP64, _UNICODE_PATH = 0x0001, 0x7075
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


class Bytes(Protocol):
    """The bytes of a file, such as ``bytes`` or a memory map."""

    def __len__(self) -> int: ...

    def __getitem__(self, key: slice, /) -> bytes: ...


class _Fault(Exception):
    """The first fault in a file, in PyPI's words."""


@dataclass(slots=True)
class _Cursor:
    """A position in ``data`` that never leaves it."""

    data: Bytes
    at: int = 0

    def take(self, size: int) -> bytes:
        """Return the next ``size`` bytes."""
        found = self.data[self.at : self.at + size]
        if len(found) != size:
            raise _Fault("Malformed zip file")
        self.at += size
        return found


@dataclass(frozen=True, slots=True)
class _Directory:
    """What an end record states of the central directory: the number of records, their length, their position."""

    records: int
    size: int
    offset: int


def framing_faults(data: Bytes, sizes: Mapping[str, tuple[int, int]]) -> tuple[str, ...]:
    """Return PyPI's words for the first fault in the structure of the zip file ``data``, or nothing.

    ``sizes`` are the compressed and the whole size of every member by its name, as a reader of the central directory
    sees them. Only headers are read, so the time is linear in the number of members.
    """
    try:
        _Scan(_Cursor(data), sizes).run()
    except _Fault as fault:
        return (str(fault),)
    return ()


@dataclass(slots=True)
class _Scan:
    """One pass over all records of a zip file, which raises its first fault."""

    cursor: _Cursor
    sizes: Mapping[str, tuple[int, int]]
    local: set[bytes] = field(default_factory=set)
    central: set[bytes] = field(default_factory=set)
    start: int | None = None
    length: int = 0
    end64: _Directory | None = None
    located: bool = False

    def run(self) -> None:
        """Read records up to the end of the archive, which must be the end of the file."""
        while (signature := self.cursor.take(4)) != _END:
            self._record(signature)
        self._finish()
        if self.cursor.at != len(self.cursor.data):
            raise _Fault("Trailing data")

    def _record(self, signature: bytes) -> None:
        match signature:
            case b"PK\x03\x04":
                name = _local_member(self.cursor, self.sizes)
                if name in self.local:
                    raise _Fault("Duplicate filename in local headers")
                self.local.add(name)
            case b"PK\x01\x02":
                self._central(self.cursor.at - 4)
            case b"PK\x06\x06":
                self.end64 = _end64(self.cursor)
            case b"PK\x06\x07":
                self.cursor.take(16)
                self.located = True
            case _:
                raise _Fault("Unknown record signature")

    def _central(self, at: int) -> None:
        self.start = at if self.start is None else self.start
        name, size = _central_member(self.cursor)
        self.length += size
        if name in self.central:
            raise _Fault("Duplicate filename in central directory")
        if name not in self.local:
            raise _Fault("Missing filename in local headers")
        self.central.add(name)

    def _finish(self) -> None:
        if self.end64 is not None and not self.located:
            raise _Fault("Malformed zip file")
        start = self.cursor.at - 4 if self.start is None else self.start
        end = _end(self.cursor)
        stated = self.end64 or end
        if stated.records != len(self.central):
            raise _Fault("Mismatched central directory records")
        if stated.offset != start:
            raise _Fault("Mismatched central directory offset")
        if stated.size != self.length:
            raise _Fault("Mismatched central directory size")
        if self.central != self.local:
            raise _Fault("Mis-matched local headers and central directory")


def _local_member(cursor: _Cursor, sizes: Mapping[str, tuple[int, int]]) -> bytes:
    """Return the name in a local file header, and move behind the member's content."""
    flags, method, packed, size, name_size, extra_size = struct.unpack("<xxHHxxxxxxxxLLHH", cursor.take(26))
    name, extra = cursor.take(name_size), cursor.take(extra_size)
    _check_name(name)
    packed, size = _sizes(tuple(_extras(extra)), method, packed, size)
    if flags & 0x08:
        raise _Fault("ZIP contains a data descriptor")
    try:
        expected = sizes[name.decode()]
    except UnicodeError:
        raise _Fault("Filename not unicode") from None
    except KeyError:
        raise _Fault("Filename not in central directory") from None
    if expected[0] != packed:
        raise _Fault("Mis-matched data size")
    if expected[1] != size:
        raise _Fault("Mis-matched file size")
    cursor.at += packed
    return name


def _sizes(extras: tuple[tuple[int, bytes], ...], method: int, packed: int, size: int) -> tuple[int, int]:
    """Return the compressed and the whole size, from the ZIP64 field if there is one."""
    for number, content in extras:
        if number == _UNICODE_PATH:
            _check_unicode_path(content[5:])
        elif number == _ZIP64:
            packed, size = _zip64_sizes(content, method, packed, size)
    return packed, size


def _zip64_sizes(content: bytes, method: int, packed: int, size: int) -> tuple[int, int]:
    if len(content) not in (0, 8, 16, 24, 28) or (len(content) == 8 and method != 0):
        raise _Fault("Malformed zip file")
    if not content:
        if _MAX32 in (packed, size):
            raise _Fault("Malformed zip file")
        return packed, size
    whole = int.from_bytes(content[:8], "little")
    packed = whole if len(content) == 8 else int.from_bytes(content[8:16], "little")
    return packed, whole if size == _MAX32 else size


def _check_unicode_path(path: bytes) -> None:
    _check_name(path)
    try:
        path.decode()
    except UnicodeError:
        raise _Fault("Filename not valid UTF-8") from None


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    seen: set[int] = set()
    while extra:
        if len(extra) < 4:
            raise _Fault("Malformed zip file")
        number, size = struct.unpack("<HH", extra[:4])
        if size + 4 > len(extra):
            raise _Fault("Malformed zip file")
        if number in seen and number in (_ZIP64, _UNICODE_PATH):
            raise _Fault("Invalid duplicate extra in local file")
        seen.add(number)
        yield number, extra[4 : 4 + size]
        extra = extra[4 + size :]


def _central_member(cursor: _Cursor) -> tuple[bytes, int]:
    """Return the name in a central directory header, and the header's length."""
    name_size, extra_size, comment_size = struct.unpack("<24xHHH12x", cursor.take(42))
    if comment_size:
        raise _Fault("Comment in central directory")
    name = cursor.take(name_size)
    cursor.take(extra_size)
    _check_name(name)
    return name, 46 + name_size + extra_size


def _end(cursor: _Cursor) -> _Directory:
    here, records, size, offset, comment = struct.unpack("<xxxxHHLLH", cursor.take(18))
    if here != records:
        raise _Fault("Malformed zip file")
    cursor.at += comment
    return _Directory(records, size, offset)


def _end64(cursor: _Cursor) -> _Directory:
    length, here, records, size, offset = struct.unpack("<Q12xQQQQ", cursor.take(52))
    if here != records:
        raise _Fault("Malformed zip file")
    if length != 44:
        raise _Fault("ZIP64 extensible data not allowed")
    return _Directory(records, size, offset)


def _check_name(name: bytes) -> None:
    if _CONTROL.search(name):
        raise _Fault("Invalid character in filename")
