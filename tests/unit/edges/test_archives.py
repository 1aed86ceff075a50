"""Wheels and sdists are read in place, and sdists unpacked safely."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from support.wheels import write_sdist, write_wheel
from tagship.core.distributions.distribution import Member
from tagship.edges.archives import normalise_sdist, read_archive, unpack_sdist
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_every_member_of_a_wheel_is_read(tmp_path: Path) -> None:
    """Every member has size, time and digest; only metadata files are kept as text."""
    path = write_wheel(tmp_path, "hello", "1.0", {"hello/__init__.py": "x = 1\n", "hello/METADATA": "not this one\n"})

    archive = read_archive(path)

    first = archive.members[0]
    assert (first.path, first.size, first.time) == ("hello/__init__.py", 6, 1714979290)
    assert b"Name: hello" in archive.texts["hello-1.0.dist-info/METADATA"]
    assert archive.size == path.stat().st_size


def test_a_wheel_without_times_is_read(tmp_path: Path) -> None:
    """An invalid time is read as 0."""
    path = write_wheel(tmp_path, "hello", "1.0", {"hello.py": ""})
    data = path.read_bytes()
    time = data[10:14]
    path.write_bytes(data.replace(time, bytes(4)))

    assert {member.time for member in read_archive(path).members} == {0}


def test_every_member_of_an_sdist_is_read(tmp_path: Path) -> None:
    """Folders and links are skipped; times come from the archive."""
    path = write_sdist(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"})

    archive = read_archive(path)

    assert [(member.path, member.time) for member in archive.members] == [
        ("hello-1.0/hello.py", 1_700_000_000),
        ("hello-1.0/PKG-INFO", 1_700_000_000),
    ]
    assert list(archive.texts) == ["hello-1.0/PKG-INFO"]


def _encrypted() -> bytes:
    """Return a zip file with one member that is marked as encrypted."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", "b")
    data = bytearray(file.getvalue())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1
    return bytes(data)


ENCRYPTED = _encrypted()


@pytest.mark.parametrize("name", ["hello-1.0.tar.gz", "hello-1.0-py3-none-any.whl", "hello-1.0.zip"])
@pytest.mark.parametrize("data", [b"", b"not an archive", b"\x1f\x8b\x08\x00broken", b"PK\x03\x04broken", ENCRYPTED])
def test_damaged_files_are_refused(tmp_path: Path, name: str, data: bytes) -> None:
    """A truncated download or another kind of file is reported by name."""
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(Failure, match=f"Reading {name} as an archive failed"):
        read_archive(path)


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    """An interrupted upload is not a distribution."""
    path = write_sdist(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n" * 10_000})
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(Failure, match="as an archive failed"):
        read_archive(path)


def test_an_sdist_is_unpacked_into_its_folder(tmp_path: Path) -> None:
    """The folder is the source of the wheel."""
    folder = unpack_sdist(write_sdist(tmp_path, "hello", "1.0", {"a/b.py": "x"}), tmp_path / "into")

    assert (folder.name, (folder / "a/b.py").read_text()) == ("hello-1.0", "x")


def test_a_zip_sdist_is_unpacked_too(tmp_path: Path) -> None:
    """Some projects still build zip sdists."""
    path = tmp_path / "hello-1.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello-1.0/PKG-INFO", "Name: hello\nVersion: 1.0\n")

    assert (unpack_sdist(path, tmp_path / "into") / "PKG-INFO").is_file()
    assert list(read_archive(path).texts) == ["hello-1.0/PKG-INFO"]


@pytest.mark.parametrize(
    "names",
    [["../evil"], ["/evil"], ["a/x", "b/x"], ["a/../../evil"], []],
    ids=["parent", "absolute", "two folders", "parent inside", "empty"],
)
def test_an_sdist_that_would_write_elsewhere_is_refused(tmp_path: Path, names: list[str]) -> None:
    """Nothing is written before every path is checked."""
    path = tmp_path / "hello-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())

    with pytest.raises(Failure, match="must contain exactly one top-level folder"):
        unpack_sdist(path, tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


def test_a_link_out_of_the_archive_is_refused(tmp_path: Path) -> None:
    """A link to a file of the machine is not unpacked."""
    path = tmp_path / "hello-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("hello-1.0/passwords")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)

    with pytest.raises(Failure, match="as an archive failed"):
        unpack_sdist(path, tmp_path / "into")


@pytest.mark.skipif(not hasattr(tarfile, "LinkOutsideDestinationError"), reason="an older Python")
def test_a_link_to_a_licence_of_the_repository_has_a_command(tmp_path: Path) -> None:
    """The command that replaces the link by a copy can be pasted."""
    path = tmp_path / "hello-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("hello-1.0/my docs/LICENSE")
        entry.type, entry.linkname = tarfile.SYMTYPE, "../../../LICENSE"
        archive.addfile(entry)

    with pytest.raises(Failure) as caught:
        unpack_sdist(path, tmp_path / "into")
    assert caught.value.problems[0].remedy.endswith(
        """ cp --remove-destination "$(readlink -f 'my docs/LICENSE')" 'my docs/LICENSE'"""
    )


def packed(folder: Path, members: list[tuple[str, int]], *, headers: dict[str, str] | None = None) -> Path:
    """Return an sdist with members of zeros, and extended headers of the first."""
    path = folder / "hello-1.0.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT, compresslevel=1) as archive:
        for number, (name, size) in enumerate(members):
            entry = tarfile.TarInfo(name)
            entry.size = size
            entry.pax_headers = headers or {} if number == 0 else {}
            archive.addfile(entry, io.BytesIO(bytes(size)))
    return path


@pytest.mark.parametrize("use", [read_archive, lambda path: unpack_sdist(path, path.parent / "into")])
@pytest.mark.parametrize("where", ["members", "headers"])
def test_an_sdist_that_is_a_decompression_bomb_is_not_unpacked(
    tmp_path: Path, use: Callable[[Path], object], where: str
) -> None:
    """All unpacked bytes count, those of headers too, and the reading ends at the limit."""
    bomb = 70 << 20
    headers = {"comment": "x" * bomb} if where == "headers" else None
    path = packed(tmp_path, [("hello-1.0/a", 1 if headers else bomb)], headers=headers)
    with pytest.raises(Failure, match="compression ratio"):
        use(path)
    assert not list(tmp_path.rglob("hello-1.0/a"))


def test_a_wheel_that_is_a_decompression_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A wheel of more than 64 MiB unpacked must not be 50 times its packed size."""
    path = tmp_path / "hello-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("zeros.bin", bytes(70 << 20))
    with pytest.raises(Failure, match="compression ratio of 50"):
        read_archive(path)


def test_an_archive_with_too_many_members_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of members is limited, because each takes memory."""
    monkeypatch.setattr("tagship.edges.archives._MOST_MEMBERS", 3)
    assert len(read_archive(packed(tmp_path, [(f"hello-1.0/{n}", 1) for n in range(3)])).members) == 3
    with pytest.raises(Failure, match="more than 3 members"):
        read_archive(packed(tmp_path, [(f"hello-1.0/{n}", 1) for n in range(5)]))


def test_a_normalised_sdist_depends_on_its_contents_only(tmp_path: Path) -> None:
    """Two archives of the same files with other times, owners and permissions become equal."""
    digests, members = set(), tuple[Member, ...]()
    for number in range(2):
        path = tmp_path / str(number) / "hello-1.0.tar.gz"
        path.parent.mkdir()
        with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT, compresslevel=1) as archive:
            for name, mode in (("hello-1.0/PKG-INFO", 0o600 + number), ("hello-1.0/run", 0o700 + number)):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime, entry.uid, entry.uname, entry.mode = 2, 1.5 + number, number, str(number), mode
                archive.addfile(entry, io.BytesIO(b"ab"))
        normalise_sdist(path, 1_700_000_000)
        digests.add(path.read_bytes())
        members = read_archive(path).members

    assert len(digests) == 1
    assert [(item.path, item.time, item.mode) for item in members] == [
        ("hello-1.0/PKG-INFO", 1_700_000_000, 0o644),
        ("hello-1.0/run", 1_700_000_000, 0o755),
    ]
