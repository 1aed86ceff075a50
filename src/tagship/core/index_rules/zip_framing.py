"""Faults in the structure of a zip file that make two readers see different members.

Source: https://docs.pypi.org/archives/ and sections 4.3 and 4.5 of the ZIP specification (APPNOTE.TXT).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmap import mmap

_LOCAL, _CENTRAL, _END, _END64, _LOCATOR64 = (b"PK" + kind for kind in (b"\3\4", b"\1\2", b"\5\6", b"\6\6", b"\6\7"))
_ZIP64 = 0x0001
"""The extra field with the sizes of a member of more than 4 GiB."""
_MAX32 = 0xFFFFFFFF
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


class _Fault(Exception):
    """The first fault in a file, in PyPI's words."""


def framing_faults(data: bytes | mmap, sizes: Mapping[str, tuple[int, int]]) -> tuple[str, ...]:
    """Return PyPI's words for the first fault in the structure of the zip file ``data``, or nothing.

    ``sizes`` are the compressed and the whole size of every member by its name, as a reader of the central directory
    sees them. Only headers are read, so the time is linear in the number of members.
    """
    try:
        _check(data, sizes)
    except _Fault as fault:
        return (str(fault),)
    except struct.error:
        # A header leaves the file.
        return ("Malformed zip file",)
    return ()


def _check(data: bytes | mmap, sizes: Mapping[str, tuple[int, int]]) -> None:
    """Read the members, the central directory and the end, which must be the end of the file."""
    members, start = _names(data, 0, _LOCAL, partial(_local_member, data, sizes))
    directory, position = _names(data, start, _CENTRAL, partial(_central_member, data))
    found = {"records": len(directory), "size": position - start, "offset": start}
    stated, position = _end(data, position)
    for kind, number in found.items():
        if stated[kind] != number:
            raise _Fault(f"Mismatched central directory {kind}")
    if directory != members:
        raise _Fault("Mis-matched local headers and central directory")
    if position != len(data):
        raise _Fault("Trailing data")


def _names(
    data: bytes | mmap, at: int, signature: bytes, read: Callable[[int], tuple[bytes, int]]
) -> tuple[set[bytes], int]:
    """Return the names in the headers with ``signature`` from a position on, and the position behind the last one."""
    names: set[bytes] = set()
    while data[at : at + 4] == signature:
        name, at = read(at)
        if name in names:
            raise _Fault(f"Duplicate filename in {'local headers' if signature == _LOCAL else 'central directory'}")
        names.add(name)
    return names, at


def _local_member(data: bytes | mmap, sizes: Mapping[str, tuple[int, int]], at: int) -> tuple[bytes, int]:
    """Return the name in the local header at a position, and the position behind the member's content."""
    flags, packed, size, name_size, extra_size = struct.unpack_from("<6xH10xLLHH", data, at)
    name = _name(data, at + 30, name_size)
    content = at + 30 + name_size + extra_size
    if flags & 0x08:
        raise _Fault("ZIP contains a data descriptor")
    try:
        expected = sizes[name.decode()]
    except UnicodeError:
        raise _Fault("Filename not unicode") from None
    except KeyError:
        raise _Fault("Filename not in central directory") from None
    if _MAX32 in (packed, size):
        size, packed = _zip64_sizes(data[at + 30 + name_size : content])
    if expected[0] != packed:
        raise _Fault("Mis-matched data size")
    if expected[1] != size:
        raise _Fault("Mis-matched file size")
    return name, content + packed


def _zip64_sizes(extra: bytes) -> tuple[int, int]:
    """Return the whole and the compressed size in the ZIP64 field among the ``extra`` fields."""
    while extra:
        number, length = struct.unpack_from("<HH", extra)
        if number == _ZIP64:
            whole, packed = struct.unpack_from("<QQ", extra, 4)
            return whole, packed
        extra = extra[4 + length :]
    raise _Fault("Malformed zip file")


def _central_member(data: bytes | mmap, at: int) -> tuple[bytes, int]:
    """Return the name in the central directory's header at a position, and the position behind the header."""
    name_size, extra_size, comment_size = struct.unpack_from("<28xHHH12x", data, at)
    if comment_size:
        raise _Fault("Comment in central directory")
    return _name(data, at + 46, name_size), at + 46 + name_size + extra_size


def _name(data: bytes | mmap, at: int, size: int) -> bytes:
    name = data[at : at + size]
    if _CONTROL.search(name):
        raise _Fault("Invalid character in filename")
    return name


def _end(data: bytes | mmap, at: int) -> tuple[dict[str, int], int]:
    """Return the end record's numbers of the central directory, and the position behind the record."""
    stated64 = None
    if data[at : at + 4] == _END64:
        length, here, *stated64 = struct.unpack_from("<4xQ12xQQQQ", data, at)
        if length != 44:
            raise _Fault("ZIP64 extensible data not allowed")
        if data[at + 56 : at + 60] != _LOCATOR64 or here != stated64[0]:
            raise _Fault("Malformed zip file")
        at += 76
    if data[at : at + 4] != _END:
        raise _Fault("Unknown record signature")
    here, *stated, comment = struct.unpack_from("<8xHHLLH", data, at)
    if here != stated[0]:
        raise _Fault("Malformed zip file")
    return dict(zip(("records", "size", "offset"), stated64 or stated, strict=True)), at + 22 + comment
