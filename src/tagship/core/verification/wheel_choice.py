"""Which of several wheels is verified: the one an interpreter would install."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from packaging.utils import canonicalize_name, parse_wheel_filename

from tagship.core.versions import parse_version
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from packaging.tags import Tag as PlatformTag
    from packaging.version import Version

    from tagship.core.distributions.distribution import Distribution


class Offered(Protocol):
    """Anything with a wheel's filename and tags: a file on an index, or one that was built."""

    @property
    def filename(self) -> str:
        """The file's name without its folder."""

    @property
    def tags(self) -> frozenset[PlatformTag]:
        """Where it can be installed."""


T = TypeVar("T", bound=Offered)


def best_wheel(wheels: Sequence[T], supported: Callable[[], Sequence[PlatformTag]], python: str) -> T:
    """Return the wheel that an interpreter of the version ``python`` would install.

    ``supported`` gives the tags it supports, best first; it is asked only where the answer can differ. Raises Failure
    where it takes none of the wheels.
    """
    if len(wheels) == 1 and "py3-none-any" in map(str, wheels[0].tags):
        return wheels[0]
    ranks = {tag: position for position, tag in enumerate(supported())}

    def rank(wheel: T) -> int:
        return min((ranks[tag] for tag in wheel.tags if tag in ranks), default=len(ranks))

    # Of wheels that fit equally well installers take the highest build number: PEP 427.
    best = min(sorted(wheels, key=_build_number, reverse=True), key=rank)
    if rank(best) == len(ranks):
        raise Failure(
            Problem(
                found=f"Python {python} on this machine takes none of: {', '.join(item.filename for item in wheels)}.",
                remedy="Verify each wheel on a runner and with a Python that its name says it is for.",
                topic="no-fitting-wheel",
            )
        )
    return best


def _build_number(wheel: Offered) -> tuple[int, str] | tuple[()]:
    return parse_wheel_filename(wheel.filename)[2]


def require_one_package(pattern: str, wheels: Sequence[Distribution]) -> None:
    """Raise Failure where the wheels that ``pattern`` matches are of several packages or versions."""
    packages = sorted({f"{wheel.name} {wheel.version}" for wheel in wheels})
    if len(packages) > 1:
        raise Failure(
            Problem(
                found=f"{pattern!r} matches wheels of {', '.join(packages)}.",
                remedy="Verify one package and version at a time: set wheel to a glob that matches only its wheels.",
                topic="several-packages",
            )
        )


def require_equal(served: Distribution, built: Sequence[Distribution], told: Mapping[str, str]) -> None:
    """Raise Failure where the index serves another file than was built under the same name.

    ``told`` has digests of what was built by name. Unless it is empty, a file that it does not tell of is refused.
    """
    expected = {wheel.filename: wheel.archive.sha256 for wheel in built} | dict(told)
    was = expected.get(served.filename, "" if told else served.archive.sha256)
    if was != served.archive.sha256:
        origin = f"what was built has {was}" if was else "no job said that it built it"
        raise Failure(
            Problem(
                found=f"{served.filename} on the index has the SHA-256 {served.archive.sha256}, but {origin}.",
                remedy="Find out who published it and from what: a version on an index is never replaced.",
                topic="index-differs",
            )
        )


def release_to_take(
    name: str, version: str, *, built: Sequence[Distribution], project: str | None
) -> tuple[str, Version]:
    """Return the normalised name and the version to take from an index: as told, else as built, else the project's
    name.

    Raises Failure where they are not known, or ``version`` is none.
    """
    name = name or (built[0].name if built else project or "")
    parsed = parse_version(version) if version else built[0].version if built else None
    if name and parsed:
        return canonicalize_name(name), parsed
    lacking = "version" if name else "name"
    why = f"{version!r} is no version by PEP 440" if name and version else "no built wheel is here to tell it"
    raise Failure(
        Problem(
            found=f"The {lacking} to take from the index is not known: {why}.",
            remedy=f"Set the input {lacking}, such as to the output {lacking} of build-dist.",
            topic="wrong-inputs",
        )
    )
