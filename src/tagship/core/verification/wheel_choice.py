"""Choice of the wheel to verify, and of the Python for it if there are wheels for several."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from tagship.core.project.python_versions import admits
from tagship.core.versions import parse_version
from tagship.errors import Failure

if TYPE_CHECKING:
    from packaging.tags import Tag as PlatformTag

    from tagship.core.distributions.distribution import Distribution
    from tagship.core.index_page import IndexFile


T = TypeVar("T", "Distribution", "IndexFile")
"""A wheel: a built one, or a file on an index."""
NO_WHEEL_FITS = "no-compatible-wheel"
"""The topic of a problem."""


def best_wheel(wheels: Sequence[T], supported: Callable[[], Sequence[PlatformTag]], python: str) -> T:
    """Return the wheel that an installer would choose for an interpreter of the version ``python``.

    ``supported`` returns the interpreter's tags, best first; it is not called for a single universal wheel. Raises
    Failure if no wheel is compatible.
    """
    if len(wheels) == 1 and "py3-none-any" in map(str, wheels[0].tags):
        return wheels[0]
    ranks = {tag: position for position, tag in enumerate(supported())}

    def rank(wheel: T) -> int:
        return min((ranks[tag] for tag in wheel.tags if tag in ranks), default=len(ranks))

    # Between equal tags installers choose the highest build number: PEP 427.
    best = min(sorted(wheels, key=_build_number, reverse=True), key=rank)
    if rank(best) == len(ranks):
        raise Failure.of(
            found=f"No wheel is compatible with Python {python} on this platform: "
            f"{', '.join(item.filename for item in wheels)}.",
            remedy="Verify each wheel on a runner and with a Python that match the tags in its filename.",
            topic=NO_WHEEL_FITS,
        )
    return best


def _build_number(wheel: Distribution | IndexFile) -> tuple[int, str] | tuple[()]:
    return parse_wheel_filename(wheel.filename)[2]


def require_one_package(pattern: str, wheels: Sequence[Distribution]) -> None:
    """Raise Failure if the wheels that ``pattern`` matches are of several packages or versions."""
    packages = sorted({f"{wheel.name} {wheel.version}" for wheel in wheels})
    if len(packages) > 1:
        raise Failure.of(
            found=f"{pattern!r} matches wheels of several packages or versions: {', '.join(packages)}.",
            remedy="Set wheel to a glob for one package and version, for example wheel: dist/hello-1.2.0-*.whl",
            topic="multiple-packages",
        )


def require_equal(served: Distribution, built: Sequence[Distribution], digests: Mapping[str, str]) -> None:
    """Raise Failure if the index serves a file with another digest than the built file of that name.

    ``digests`` are the digests of the built files by filename. If there are any, every other file is refused.
    """
    expected = {wheel.filename: wheel.archive.sha256 for wheel in built} | dict(digests)
    digest = expected.get(served.filename, "" if digests else served.archive.sha256)
    if digest != served.archive.sha256:
        cause = f"but the built file has {digest}" if digest else "but sha256sums does not list the file"
        raise Failure.of(
            found=f"{served.filename} on the index has SHA-256 {served.archive.sha256}, {cause}.",
            remedy="Find out who uploaded this file. An index never replaces a file, so release a new version.",
            topic="checksum-mismatch-on-the-package-index",
        )


def release_to_take(
    name: str, version: str, *, built: Sequence[Distribution], project: str | None
) -> tuple[str, Version]:
    """Return the normalised name and the version to install from an index.

    The inputs ``name`` and ``version`` come first, then the built wheel, then the name of the ``project``. Raises
    Failure if one of the two is unknown or ``version`` is not valid.
    """
    name = name or (built[0].name if built else project or "")
    parsed = parse_version(version) if version else built[0].version if built else None
    if name and parsed:
        return canonicalize_name(name), parsed
    lacking = "version" if name else "name"
    cause = f"{version!r} is not a PEP 440 version" if name and version else "no built wheel was found"
    raise Failure.of(
        found=f"Unknown {lacking} of the package to install from the index: {cause}.",
        remedy=f"Set the input {lacking}, for example to the output {lacking} of build-dist.",
        topic="wrong-inputs",
    )


_INTERPRETER = re.compile(r"(?P<name>cp|pp|graalpy)(?P<major>\d)(?P<minor>\d+)")
_NAMES = {"cp": "", "pp": "pypy", "graalpy": "graalpy"}


def interpreters_of(wheel: Distribution) -> tuple[str, ...]:
    """Return the Pythons to verify ``wheel`` with, as uv names them; the first that is available is used.

    It is the lowest that the wheel is for, for example ``3.12``, ``3.14t`` (free-threaded) or ``pypy3.11``. An empty
    name is the running Python, for a wheel that is for every one, or for the stable ABI of one that is too old.
    """
    found = []
    for tag in wheel.tags:
        if match := _INTERPRETER.fullmatch(tag.interpreter):
            major, minor = int(match["major"]), int(match["minor"])
            threads = "t" if tag.abi.endswith("t") else ""
            if tag.abi == "abi3":
                minor = _admitted(wheel, major, minor)
            found.append(((major, minor), f"{_NAMES[match['name']]}{major}.{minor}{threads}"))
    stable = ("",) if any(tag.abi == "abi3" for tag in wheel.tags) else ()
    return (min(found)[1], *stable) if found else ("",)


def _admitted(wheel: Distribution, major: int, minor: int) -> int:
    """Return the lowest minor version from ``minor`` on that the Requires-Python of ``wheel`` admits."""
    required = wheel.metadata.get("requires_python")
    return next((each for each in range(minor, minor + 40) if admits(required, f"{major}.{each}")), minor)


def fits(wheel: Distribution, platforms: Collection[str]) -> bool:
    """Return True if ``wheel`` is for one of ``platforms`` or for every platform."""
    return any(tag.platform == "any" or tag.platform in platforms for tag in wheel.tags)
