"""Rules about the archive of a wheel or sdist: its structure, its members, and the files that describe it."""

from __future__ import annotations

import base64
import configparser
import csv
import re
from collections import Counter
from email.parser import BytesHeaderParser
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packaging.tags import parse_tag
from packaging.utils import parse_wheel_filename

from tagship.core.index_rules.rule import Breach, Upload, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.distributions.distribution import Archive

_UPLOAD = "https://github.com/pypi/warehouse/blob/main/warehouse/forklift/legacy.py"
_ARCHIVES = "https://docs.pypi.org/archives/"
_WHEELS = "https://packaging.python.org/en/latest/specifications/binary-distribution-format/"
_AGAIN = "Build the file again with a current build backend, and do not change it afterwards."
RATIO_LIMIT = 50
RATIO_FROM = 64 * 1024 * 1024
"""Unpacked bytes from which PyPI compares the unpacked size to the size of the file."""
_SIGNATURES = ("RECORD.jws", "RECORD.p7s")
_SCRIPT_NAME = re.compile(r"[\w.-]+")
_SHOWN = 5


@rule(
    part="archive",
    summary="A zip file with trailing or prepended data, comments, several or wrong directories, duplicate or "
    "unprintable names, or sizes that differ between its headers.",
    source=_ARCHIVES,
    remedy=_AGAIN,
)
def archive_structure(upload: Upload) -> Iterator[Breach]:
    """Yield each fault in the structure of the archive."""
    for fault in _archive(upload).structure.faults:
        phrase = f"ZIP archive not accepted: {fault}. See {_ARCHIVES} for more information"
        yield Breach(place="archive", value="", phrase=phrase)


@rule(
    part="archive",
    is_pypi_only=True,
    summary="A member that is neither stored nor deflated (bzip2, LZMA, Zstandard), or a sparse one in an sdist.",
    source=_ARCHIVES,
    remedy=_AGAIN,
)
def compression_method(upload: Upload) -> Iterator[Breach]:
    """Yield members that are packed in a way PyPI does not accept."""
    structure = _archive(upload).structure
    for name in structure.compressed[:_SHOWN]:
        yield Breach(place="member", value=name, phrase="File does not use a supported compression type")
    for name in structure.sparse[:_SHOWN]:
        phrase = f"tar archive not accepted: Sparse members are not allowed. See {_ARCHIVES} for more information"
        yield Breach(place="member", value=name, phrase=phrase)


@rule(
    part="archive",
    is_pypi_only=True,
    summary=f"A wheel of more than {RATIO_FROM // 1024**2} MiB unpacked and {RATIO_LIMIT} times its packed size.",
    source=_UPLOAD,
    remedy="Leave generated or repetitive data out of the wheel, or pack it inside the package.",
)
def compression_ratio(upload: Upload) -> Iterator[Breach]:
    """Yield the unpacked size of a wheel if PyPI takes it for a decompression bomb."""
    archive = _archive(upload)
    unpacked = sum(member.size for member in archive.members)
    if upload.kind == "wheel" and is_decompression_bomb(unpacked, archive.size):
        phrase = f"File exceeds compression ratio of {RATIO_LIMIT}"
        yield Breach(place="archive", value=f"{unpacked} bytes in {archive.size}", phrase=phrase)


@rule(
    part="archive",
    summary="A member with an absolute path or a `..` in it, two members of one name, or a link in a wheel.",
    source=_ARCHIVES,
    remedy=_AGAIN,
)
def member_path(upload: Upload) -> Iterator[Breach]:
    """Yield members that would be unpacked outside of the folder, or over one another."""
    structure = _archive(upload).structure
    for name, count in Counter(structure.names).items():
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name):
            yield Breach(place="member", value=name, phrase="The path leads out of the archive.")
        elif count > 1 and not name.endswith("/"):
            yield Breach(place="member", value=name, phrase="Duplicate filename in the archive.")
    for name in structure.links[:_SHOWN] if upload.kind == "wheel" else ():
        yield Breach(place="member", value=name, phrase="Symbolic links are not supported in wheels.")


@rule(
    part="archive",
    summary="An sdist that does not have exactly one folder at its top, or no PKG-INFO in it.",
    source="https://packaging.python.org/en/latest/specifications/source-distribution-format/",
    remedy=_AGAIN,
)
def sdist_folder(upload: Upload) -> Iterator[Breach]:
    """Yield the folders at the top of an sdist unless there is one, and a missing PKG-INFO."""
    archive = _archive(upload)
    if upload.kind != "sdist":
        return
    tops = sorted({PurePosixPath(name).parts[0] for name in archive.structure.names if PurePosixPath(name).parts})
    if len(tops) != 1:
        phrase = "Incorrect number of top-level directories in sdist"
        yield Breach(place="archive", value=", ".join(tops[:_SHOWN]), phrase=phrase)
    elif f"{tops[0]}/PKG-INFO" not in archive.texts:
        yield Breach(place="archive", value="", phrase=f"PKG-INFO not found at {tops[0]}/PKG-INFO")


@rule(
    part="archive",
    summary="A wheel without METADATA, WHEEL or RECORD in its .dist-info folder.",
    source=_WHEELS,
    remedy=_AGAIN,
)
def wheel_files(upload: Upload) -> Iterator[Breach]:
    """Yield each file that a wheel must contain and does not."""
    if upload.kind != "wheel":
        return
    folder = _info_folder(upload)
    for name in ("WHEEL", "RECORD", "METADATA"):
        if f"{folder}/{name}" not in _archive(upload).texts:
            phrase = (
                f"WHEEL not found at {folder}/WHEEL"
                if name == "WHEEL"
                else f"Wheel '{upload.filename}' does not contain the required {name} file: {folder}/{name}"
            )
            yield Breach(place="archive", value="", phrase=phrase)


@rule(
    part="archive",
    summary="A wheel whose RECORD lacks a file, lists one that is not there, or has another digest or size for it.",
    source=_WHEELS + "#signed-wheel-files",
    remedy="Build the wheel again. A tool that changes a wheel must rewrite its RECORD: `wheel unpack`, change, "
    "`wheel pack`.",
)
def record(upload: Upload) -> Iterator[Breach]:
    """Yield each difference between RECORD and the members, whose digests are known from reading them once."""
    folder = _info_folder(upload)
    text = _archive(upload).texts.get(f"{folder}/RECORD")
    if upload.kind != "wheel" or text is None:
        return
    try:
        rows = {row[0].replace("\\", "/"): row[1:] for row in csv.reader(text.decode().splitlines()) if row}
    except (UnicodeError, csv.Error) as error:
        yield Breach(place=f"{folder}/RECORD", value="", phrase=f"RECORD cannot be read: {error}")
        return
    members = {member.path: member for member in _archive(upload).members}
    exempt = {f"{folder}/{name}" for name in _SIGNATURES}
    missing = sorted(members.keys() - rows.keys() - exempt)
    absent = sorted(rows.keys() - members.keys())
    if missing:
        yield Breach(place=f"{folder}/RECORD", value=_some(missing), phrase=f"Record is missing {_some(missing)}")
    if absent:
        yield Breach(place=f"{folder}/RECORD", value=_some(absent), phrase=f"Wheel is missing {_some(absent)}")
    for path in sorted(rows.keys() & members.keys()):
        stated = rows[path] + ["", ""]
        if stated[0].startswith("sha256=") and stated[0] != f"sha256={_urlsafe(members[path].sha256)}":
            phrase = f"The digest in RECORD is {stated[0]}, and the file's is sha256={_urlsafe(members[path].sha256)}."
            yield Breach(place=f"{folder}/RECORD", value=path, phrase=phrase)
        elif stated[1].strip().isdecimal() and int(stated[1]) != members[path].size:
            phrase = f"The size in RECORD is {stated[1]} bytes, and the file's is {members[path].size}."
            yield Breach(place=f"{folder}/RECORD", value=path, phrase=phrase)


@rule(
    part="archive",
    summary="An entry_points.txt that is not UTF-8, not an INI file, or names a script with a path.",
    source="https://packaging.python.org/en/latest/specifications/entry-points/",
    remedy="Correct [project.scripts], [project.gui-scripts] or [project.entry-points] in pyproject.toml.",
)
def entry_points(upload: Upload) -> Iterator[Breach]:
    """Yield what is wrong with the entry points of a wheel."""
    folder = _info_folder(upload)
    text = _archive(upload).texts.get(f"{folder}/entry_points.txt")
    if upload.kind != "wheel" or text is None:
        return
    phrase = f"Wheel '{upload.filename}' has invalid entry points defined in the entry_points.txt file"
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    try:
        parser.read_string(text.decode())
    except (UnicodeError, configparser.Error) as error:
        first = str(error).splitlines()[0]
        yield Breach(place=f"{folder}/entry_points.txt", value="", phrase=f"{phrase}: {first}")
        return
    for section in ("console_scripts", "gui_scripts"):
        for name in parser[section] if parser.has_section(section) else ():
            if not _SCRIPT_NAME.fullmatch(name):
                yield Breach(place=f"{folder}/entry_points.txt", value=f"{section}: {name}", phrase=phrase)


@rule(
    part="archive",
    summary="A License-File in the metadata that is not in the archive.",
    source="https://peps.python.org/pep-0639/#add-license-file-field",
    remedy="Commit the file, and list it in `license-files` of pyproject.toml by its path below the project's folder.",
)
def license_file(upload: Upload) -> Iterator[Breach]:
    """Yield each license file that the metadata names and the archive lacks."""
    names = set(_archive(upload).structure.names)
    folder = f"{_info_folder(upload)}/licenses" if upload.kind == "wheel" else _top(upload)
    for path in upload.metadata.get("license_files", []):
        if f"{folder}/{path}" not in names:
            phrase = f"License-File {path} does not exist in distribution file {upload.filename} at {folder}/{path}"
            yield Breach(place="License-File", value=path, phrase=phrase)


@rule(
    part="archive",
    summary="A WHEEL file whose Tag lines contradict the file name.",
    source=_WHEELS + "#file-contents",
    remedy="Do not rename a wheel: `wheel tags --python-tag ... --abi-tag ... --platform-tag ... FILE` changes both.",
)
def wheel_tags(upload: Upload) -> Iterator[Breach]:
    """Yield the Tag lines of a WHEEL file if they differ from the tags in the file name."""
    text = _archive(upload).texts.get(f"{_info_folder(upload)}/WHEEL")
    if upload.kind != "wheel" or text is None:
        return
    try:
        expected = parse_wheel_filename(upload.filename)[3]
    except ValueError:
        return
    lines = BytesHeaderParser().parsebytes(text).get_all("Tag", [])
    stated = {tag for line in lines if line.count("-") == 2 for tag in parse_tag(line.strip())}
    if stated and stated != expected:
        phrase = f"The file name says {_some(map(str, expected))}."
        yield Breach(place="WHEEL: Tag", value=_some(map(str, stated)), phrase=phrase)


@rule(
    part="archive",
    summary="A Wheel-Version other than 1.x, which installers refuse.",
    source=_WHEELS + "#installing-a-wheel-distribution-1-0-py32-none-any-whl",
    remedy=_AGAIN,
)
def wheel_version(upload: Upload) -> Iterator[Breach]:
    """Yield the version of the wheel format if installers do not know it."""
    text = _archive(upload).texts.get(f"{_info_folder(upload)}/WHEEL")
    if upload.kind != "wheel" or text is None:
        return
    version = str(BytesHeaderParser().parsebytes(text).get("Wheel-Version", "")).strip()
    if not version.startswith("1."):
        phrase = "Installers accept Wheel-Version 1.x only."
        yield Breach(place="WHEEL: Wheel-Version", value=version, phrase=phrase)


@rule(
    part="archive",
    summary="A member that is a Git LFS pointer instead of the file.",
    source="https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md",
    remedy="Check out with Git LFS before the build: `lfs: true` for actions/checkout, or `git lfs pull`.",
)
def lfs_pointer(upload: Upload) -> Iterator[Breach]:
    """Yield each member that holds a Git LFS pointer."""
    for path in _archive(upload).pointers[:_SHOWN]:
        yield Breach(place="member", value=path, phrase="The file is a Git LFS pointer, not its content.")


def is_decompression_bomb(unpacked: int, size: int) -> bool:
    """Return True if PyPI takes a zip file of ``size`` bytes with ``unpacked`` bytes in it for a decompression bomb."""
    return unpacked > RATIO_FROM and unpacked > RATIO_LIMIT * size


def _archive(upload: Upload) -> Archive:
    if upload.archive is None:
        raise ValueError(f"{upload.filename} is not built, so no rule about its archive applies")
    return upload.archive


def _info_folder(upload: Upload) -> str:
    return "-".join(upload.filename.split("-")[:2]) + ".dist-info"


def _top(upload: Upload) -> str:
    names = _archive(upload).structure.names
    return PurePosixPath(names[0]).parts[0] if names and PurePosixPath(names[0]).parts else ""


def _urlsafe(hexadecimal: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(hexadecimal)).rstrip(b"=").decode()


def _some(names: Iterator[str] | list[str]) -> str:
    listed = sorted(names)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more


ARCHIVE_RULES = (
    archive_structure,
    compression_method,
    compression_ratio,
    member_path,
    sdist_folder,
    wheel_files,
    record,
    entry_points,
    license_file,
    wheel_tags,
    wheel_version,
    lfs_pointer,
)
