"""Rules about the archive of a wheel or sdist: its structure, its members, and the files that describe it."""

from __future__ import annotations

import base64
import configparser
import csv
import re
from collections import Counter
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packaging.tags import parse_tag
from packaging.utils import parse_wheel_filename

from tagship.core.formatting import some
from tagship.core.index_rules.rule import Breach, Upload, rules_about, rules_of

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Archive

_UPLOAD = "https://github.com/pypi/warehouse/blob/main/warehouse/forklift/legacy.py"
_ARCHIVES = "https://docs.pypi.org/archives/"
_WHEELS = "https://packaging.python.org/en/latest/specifications/binary-distribution-format/"
_AGAIN = "Build the file again with a current build backend, and do not change it afterwards."
_SIGNATURES = (".jws", ".p7s")
_SCRIPT_NAME = re.compile(r"[\w.-]+")
_SHOWN = 5
_rule = rules_about("archive")


@_rule(
    summary="A zip file with trailing or prepended data, comments, several or wrong directories, duplicate or "
    "unprintable names, or sizes that differ between its headers.",
    source=_ARCHIVES,
    remedy=_AGAIN,
)
def _archive_structure(upload: Upload) -> Iterator[Breach]:
    for fault in _archive(upload).structure.faults:
        phrase = f"ZIP archive not accepted: {fault}. See {_ARCHIVES} for more information"
        yield Breach(place="archive", value="", phrase=phrase)


@_rule(
    is_pypi_only=True,
    summary="A member that is neither stored nor deflated (bzip2, LZMA, Zstandard), or a sparse one in an sdist.",
    source=_ARCHIVES,
    remedy=_AGAIN,
)
def _compression_method(upload: Upload) -> Iterator[Breach]:
    structure = _archive(upload).structure
    for name in structure.compressed[:_SHOWN]:
        yield Breach(place="member", value=name, phrase="File does not use a supported compression type")
    for name in structure.sparse[:_SHOWN]:
        phrase = f"tar archive not accepted: Sparse members are not allowed. See {_ARCHIVES} for more information"
        yield Breach(place="member", value=name, phrase=phrase)


@_rule(
    summary="A member with an absolute path or a `..` in it, two members of one name, or a link in a wheel.",
    source=_ARCHIVES,
    remedy=_AGAIN,
)
def _member_path(upload: Upload) -> Iterator[Breach]:
    structure = _archive(upload).structure
    for name, count in Counter(structure.names).items():
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name):
            yield Breach(place="member", value=name, phrase="The path leads out of the archive.")
        elif count > 1 and not name.endswith("/"):
            yield Breach(place="member", value=name, phrase="Duplicate filename in the archive.")
    for name in structure.links[:_SHOWN] if upload.kind == "wheel" else ():
        yield Breach(place="member", value=name, phrase="Symbolic links are not supported in wheels.")


@_rule(
    kind="sdist",
    summary="An sdist that does not have exactly one folder at its top, or no PKG-INFO in it.",
    source="https://packaging.python.org/en/latest/specifications/source-distribution-format/",
    remedy=_AGAIN,
)
def _sdist_folder(upload: Upload) -> Iterator[Breach]:
    archive = _archive(upload)
    tops = sorted({PurePosixPath(name).parts[0] for name in archive.structure.names if PurePosixPath(name).parts})
    if len(tops) != 1:
        phrase = "Incorrect number of top-level directories in sdist"
        yield Breach(place="archive", value=", ".join(tops[:_SHOWN]), phrase=phrase)
    elif f"{tops[0]}/PKG-INFO" not in archive.texts:
        yield Breach(place="archive", value="", phrase=f"PKG-INFO not found at {tops[0]}/PKG-INFO")


@_rule(
    kind="wheel",
    summary="A wheel without METADATA, WHEEL or RECORD in its .dist-info folder.",
    source=_WHEELS,
    remedy=_AGAIN,
)
def _wheel_files(upload: Upload) -> Iterator[Breach]:
    for name in ("WHEEL", "RECORD", "METADATA"):
        path, text = _info_file(upload, name)
        if text is None:
            required = f"Wheel '{upload.filename}' does not contain the required {name} file: {path}"
            phrase = f"WHEEL not found at {path}" if name == "WHEEL" else required
            yield Breach(place="archive", value="", phrase=phrase)


@_rule(
    kind="wheel",
    summary="A wheel whose RECORD lacks a file, lists one that is not there, or has another digest or size for it.",
    source=_WHEELS + "#signed-wheel-files",
    remedy="Build the wheel again. A tool that changes a wheel must rewrite its RECORD: `wheel unpack`, change, "
    "`wheel pack`.",
)
def _record(upload: Upload) -> Iterator[Breach]:
    place, text = _info_file(upload, "RECORD")
    if text is None:
        return
    try:
        rows = {row[0].replace("\\", "/"): row[1:] for row in csv.reader(text.decode().splitlines()) if row}
    except (UnicodeError, csv.Error) as error:
        yield Breach(place=place, value="", phrase=f"RECORD cannot be read: {error}")
        return
    members = {member.path: member for member in _archive(upload).members}
    missing = sorted(members.keys() - rows.keys() - {f"{place}{ending}" for ending in _SIGNATURES})
    absent = sorted(rows.keys() - members.keys())
    if missing:
        yield Breach(place=place, value=some(missing), phrase=f"Record is missing {some(missing)}")
    if absent:
        yield Breach(place=place, value=some(absent), phrase=f"Wheel is missing {some(absent)}")
    for path in sorted(rows.keys() & members.keys()):
        stated = rows[path] + ["", ""]
        if stated[0].startswith("sha256=") and stated[0] != f"sha256={_urlsafe(members[path].sha256)}":
            phrase = f"The digest in RECORD is {stated[0]}, and the file's is sha256={_urlsafe(members[path].sha256)}."
            yield Breach(place=place, value=path, phrase=phrase)
        elif stated[1].strip().isdecimal() and int(stated[1]) != members[path].size:
            phrase = f"The size in RECORD is {stated[1]} bytes, and the file's is {members[path].size}."
            yield Breach(place=place, value=path, phrase=phrase)


@_rule(
    kind="wheel",
    summary="An entry_points.txt that is not UTF-8, not an INI file, or names a script with a path.",
    source="https://packaging.python.org/en/latest/specifications/entry-points/",
    remedy="Correct [project.scripts], [project.gui-scripts] or [project.entry-points] in pyproject.toml.",
)
def _entry_points(upload: Upload) -> Iterator[Breach]:
    place, text = _info_file(upload, "entry_points.txt")
    if text is None:
        return
    phrase = f"Wheel '{upload.filename}' has invalid entry points defined in the entry_points.txt file"
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    try:
        parser.read_string(text.decode())
    except (UnicodeError, configparser.Error) as error:
        first = str(error).splitlines()[0]
        yield Breach(place=place, value="", phrase=f"{phrase}: {first}")
        return
    for section in ("console_scripts", "gui_scripts"):
        for name in parser[section] if parser.has_section(section) else ():
            if not _SCRIPT_NAME.fullmatch(name):
                yield Breach(place=place, value=f"{section}: {name}", phrase=phrase)


@_rule(
    summary="A License-File in the metadata that is not in the archive.",
    source="https://peps.python.org/pep-0639/#add-license-file-field",
    remedy="Commit the file, and list it in `license-files` of pyproject.toml by its path below the project's folder.",
)
def _license_file(upload: Upload) -> Iterator[Breach]:
    names = set(_archive(upload).structure.names)
    folder = f"{_info_folder(upload)}/licenses" if upload.kind == "wheel" else _top(upload)
    for path in upload.metadata.get("license_files", []):
        if f"{folder}/{path}" not in names:
            phrase = f"License-File {path} does not exist in distribution file {upload.filename} at {folder}/{path}"
            yield Breach(place="License-File", value=path, phrase=phrase)


@_rule(
    kind="wheel",
    summary="A WHEEL file whose Tag lines contradict the file name.",
    source=_WHEELS + "#file-contents",
    remedy="Do not rename a wheel: `wheel tags --python-tag ... --abi-tag ... --platform-tag ... FILE` changes both.",
)
def _wheel_tags(upload: Upload) -> Iterator[Breach]:
    _, text = _info_file(upload, "WHEEL")
    if text is None:
        return
    try:
        expected = parse_wheel_filename(upload.filename)[3]
    except ValueError:
        return
    lines = BytesHeaderParser().parsebytes(text).get_all("Tag", [])
    stated = {tag for line in lines if line.count("-") == 2 for tag in parse_tag(line.strip())}
    if stated and stated != expected:
        phrase = f"The file name says {some(sorted(map(str, expected)))}."
        yield Breach(place="WHEEL: Tag", value=some(sorted(map(str, stated))), phrase=phrase)


@_rule(
    kind="wheel",
    summary="A Wheel-Version other than 1.x, which installers refuse.",
    source=_WHEELS + "#installing-a-wheel-distribution-1-0-py32-none-any-whl",
    remedy=_AGAIN,
)
def _wheel_version(upload: Upload) -> Iterator[Breach]:
    _, text = _info_file(upload, "WHEEL")
    if text is None:
        return
    version = str(BytesHeaderParser().parsebytes(text).get("Wheel-Version", "")).strip()
    if not version.startswith("1."):
        phrase = "Installers accept Wheel-Version 1.x only."
        yield Breach(place="WHEEL: Wheel-Version", value=version, phrase=phrase)


@_rule(
    summary="A member that is a Git LFS pointer instead of the file.",
    source="https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md",
    remedy="Check out with Git LFS before the build: `lfs: true` for actions/checkout, or `git lfs pull`.",
)
def _lfs_pointer(upload: Upload) -> Iterator[Breach]:
    for path in _archive(upload).pointers[:_SHOWN]:
        yield Breach(place="member", value=path, phrase="The file is a Git LFS pointer, not its content.")


def _archive(upload: Upload) -> Archive:
    if upload.archive is None:
        raise ValueError(f"{upload.filename} is not built, so no rule about its archive applies")
    return upload.archive


def _info_folder(upload: Upload) -> str:
    return "-".join(upload.filename.split("-")[:2]) + ".dist-info"


def _info_file(upload: Upload, name: str) -> tuple[str, bytes | None]:
    """Return the path of a file in the .dist-info folder of a wheel, and its text, or None without it."""
    path = f"{_info_folder(upload)}/{name}"
    return path, _archive(upload).texts.get(path)


def _top(upload: Upload) -> str:
    names = _archive(upload).structure.names
    return PurePosixPath(names[0]).parts[0] if names and PurePosixPath(names[0]).parts else ""


def _urlsafe(hexadecimal: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(hexadecimal)).rstrip(b"=").decode()


ARCHIVE_RULES = rules_of(globals())
