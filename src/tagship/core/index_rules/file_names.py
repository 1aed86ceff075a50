"""Rules about the name and size of a distribution file, and about the name of a project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from sys import stdlib_module_names

from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

from tagship.core.index_rules.rule import Breach, Upload, rules_about, rules_of
from tagship.core.versions import parse_version

_REMOVED = (
    "aifc asynchat asyncore audioop binhex cgi cgitb chunk crypt distutils dummy-threading formatter imghdr imp "
    "lib2to3 macpath macurl2path mailcap msilib nis nntplib ossaudiodev parser pipes smtpd sndhdr spwd sunau symbol "
    "telnetlib uu xdrlib"
)
"""Modules of Python 3 that a later version removed."""
# Source: https://github.com/pypi/warehouse/blob/main/warehouse/packaging/services.py
_NAMES = frozenset({*_REMOVED.split(), *(canonicalize_name(name.strip("_")) for name in stdlib_module_names)})


def is_standard_module(name: str) -> bool:
    """Return True if ``name`` is that of a module of the standard library, of this or an older Python."""
    return canonicalize_name(name) in _NAMES


def look_alikes(name: str) -> tuple[str, ...]:
    """Return other spellings of ``name`` that PyPI takes for it: without separators, with 0 for o, 1 for l and i.

    They are the likely ones: PyPI compares a new name with every project.
    """
    whole = canonicalize_name(name)
    bare = whole.replace("-", "")
    swapped = (bare.replace(old, new) for old, new in ("o0", "0o", "l1", "1l", "i1", "1i", "il", "li"))
    return tuple(other for other in dict.fromkeys((bare, *swapped)) if other != whole)


_UPLOAD = "https://github.com/pypi/warehouse/blob/main/warehouse/forklift/legacy.py"
_rule = rules_about("file name")
SIZE_LIMIT = 100 * 1024 * 1024
NAME_LIMIT = 255 - len(".metadata")
"""Characters of a file name that leave room for the suffix PyPI stores a wheel's metadata under."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LINUX = frozenset({"x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64"})
_MACOS = frozenset(
    {"ppc", "ppc64", "i386", "x86_64", "arm64", "intel", "fat", "fat3", "fat64", "universal", "universal2"}
)
_PLATFORMS = frozenset(
    {
        *("any", "win32", "win_arm64", "win_amd64", "win_ia64", "linux_armv6l", "linux_armv7l"),
        *(f"{name}_{arch}" for name in ("manylinux1", "manylinux2010") for arch in ("x86_64", "i686")),
        *(f"manylinux2014_{arch}" for arch in _LINUX - {"riscv64"} | {"ppc64"}),
    }
)
_MACOS_MAJORS = frozenset({"11", "12", "13", "14", "15", "26"})
_PATTERNS = (
    (re.compile(r"macosx_10_\d+_(?P<arch>.*)"), _MACOS),
    (re.compile(rf"macosx_(?:{'|'.join(sorted(_MACOS_MAJORS))})_0_(?P<arch>.*)"), _MACOS),
    (re.compile(r"manylinux_\d+_\d+_(?P<arch>.*)"), _LINUX | {"ppc64"}),
    (re.compile(r"musllinux_\d+_\d+_(?P<arch>.*)"), _LINUX),
    (re.compile(r"ios_\d+_\d+_(?P<arch>.*)_(?:iphoneos|iphonesimulator)"), frozenset({"arm64", "x86_64"})),
    (re.compile(r"android_\d+_(?P<arch>.*)"), frozenset({"armeabi_v7a", "arm64_v8a", "x86", "x86_64"})),
    (re.compile(r"pyemscripten_\d+_\d+_(?P<arch>wasm32)"), frozenset({"wasm32"})),
)


def is_accepted_platform(tag: str) -> bool:
    """Return True if PyPI accepts wheels with the platform tag ``tag``."""
    if tag in _PLATFORMS:
        return True
    matches = ((pattern.fullmatch(tag), arches) for pattern, arches in _PATTERNS)
    return any(match is not None and match["arch"] in arches for match, arches in matches)


@_rule(
    is_pypi_only=True,
    summary="A file that is not a .whl or .tar.gz: .egg, .exe, .rpm and .zip are not accepted.",
    source="https://peps.python.org/pep-0527/",
    remedy="Build with `python -m build` and keep only the .whl and .tar.gz files.",
)
def _file_type(upload: Upload) -> Iterator[Breach]:
    name = upload.filename
    if _CONTROL.search(name) or "/" in name or "\\" in name:
        yield _misnamed(upload, "Cannot upload a file with non-printable characters or '/' or '\\' in the name.")
    elif not name.endswith((".whl", ".tar.gz")):
        yield _misnamed(upload, "Invalid file extension: Use .tar.gz or .whl extension.")


@_rule(
    is_pypi_only=True,
    summary="An sdist that is not called NAME-VERSION.tar.gz with the normalised name and version (PEP 625).",
    source="https://peps.python.org/pep-0625/",
    remedy='Build with a backend that follows PEP 625: `requires = ["setuptools>=69.3"]`, or a current hatchling, '
    "flit, poetry or pdm.",
)
def _sdist_name(upload: Upload) -> Iterator[Breach]:
    if not upload.filename.endswith(".tar.gz"):
        return
    try:
        parse_sdist_filename(upload.filename)
    except ValueError:
        yield _misnamed(upload, f"Invalid source distribution filename: {upload.filename}")
        return
    version = parse_version(upload.metadata.get("version", ""))
    if "name" not in upload.metadata or version is None:
        return
    expected = f"{_normalised(upload.metadata['name'])}-{version}.tar.gz"
    if upload.filename != expected:
        yield _misnamed(upload, f"Filename {upload.filename!r} is invalid, should be {expected!r}.")


@_rule(
    summary="A wheel whose file name is malformed, or whose name or version is not the normalised one of its metadata.",
    source="https://packaging.python.org/en/latest/specifications/binary-distribution-format/",
    remedy="Build the wheel again with a current build backend, and do not rename it.",
)
def _wheel_name(upload: Upload) -> Iterator[Breach]:
    if not upload.filename.endswith(".whl"):
        return
    try:
        name, version, _, _ = parse_wheel_filename(upload.filename)
    except ValueError as error:
        yield _misnamed(upload, str(error))
        return
    first = upload.filename.partition("-")[0]
    declared = upload.metadata.get("name", first)
    if canonicalize_name(declared) != name:
        yield _misnamed(upload, f"Start filename for {declared!r} with {_normalised(declared)!r}.")
    elif first != _normalised(declared):
        phrase = (
            f"Filename {upload.filename!r} should contain the normalized project name {_normalised(declared)!r}, not "
            f"{first!r}."
        )
        yield _misnamed(upload, phrase)
    expected = parse_version(upload.metadata.get("version", ""))
    if expected is not None and expected != version:
        yield _misnamed(upload, f"Version in filename should be {str(expected)!r} not {str(version)!r}.")


@_rule(
    is_pypi_only=True,
    summary="A wheel for a platform that PyPI does not accept, such as `linux_x86_64`. `linux_armv6l` and "
    "`linux_armv7l` are accepted.",
    source=_UPLOAD,
    remedy="Build the wheel with cibuildwheel, or repair it: `auditwheel repair dist/*.whl` on Linux, "
    "`delocate-wheel dist/*.whl` on macOS.",
)
def _platform_tag(upload: Upload) -> Iterator[Breach]:
    if not upload.filename.endswith(".whl"):
        return
    try:
        tags = parse_wheel_filename(upload.filename)[3]
    except ValueError:
        return
    for platform in sorted({tag.platform for tag in tags}):
        if not is_accepted_platform(platform):
            phrase = f"Binary wheel '{upload.filename}' has an unsupported platform tag '{platform}'."
            yield Breach(place="platform tag", value=platform, phrase=phrase)


@_rule(
    is_pypi_only=True,
    summary="A file of more than 100 MiB, unless PyPI has raised the project's limit. A warning, since the limit of a "
    "project is not public.",
    source="https://docs.pypi.org/project-management/storage-limits/",
    remedy="Leave large data out of the distribution, or request a higher limit: "
    "https://docs.pypi.org/project-management/storage-limits/",
    level="warning",
)
def _file_size(upload: Upload) -> Iterator[Breach]:
    if upload.archive is not None and upload.archive.size > SIZE_LIMIT:
        phrase = f"File too large. Limit is {SIZE_LIMIT // 1024**2} MB."
        yield Breach(place="size", value=f"{upload.archive.size} bytes", phrase=phrase)


@_rule(
    is_pypi_only=True,
    summary=f"A file name of more than {NAME_LIMIT} bytes.",
    source=_UPLOAD,
    remedy="Shorten the name or version of the project, or the wheel's build tag.",
)
def _long_file_name(upload: Upload) -> Iterator[Breach]:
    if len(upload.filename.encode()) > NAME_LIMIT:
        yield _misnamed(upload, f"Filename is too long: '{upload.filename}'")


def _misnamed(upload: Upload, phrase: str) -> Breach:
    return Breach(place="file name", value=upload.filename, phrase=phrase)


def _normalised(name: str) -> str:
    return canonicalize_name(name).replace("-", "_")


FILE_NAME_RULES = rules_of(globals())
