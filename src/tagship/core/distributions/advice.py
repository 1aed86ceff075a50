"""What is worth mending about built files, though it need not stop a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.distributions.mismatches import is_fallback
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagship.core.distributions.distribution import Distribution
    from tagship.core.distributions.mismatches import Tagged
    from tagship.core.project.build_system import Project


def advice(distributions: Sequence[Distribution], project: Project, tagged: Tagged | None) -> Iterator[Problem]:
    """Yield each of them as a problem; ``tagged`` is None where no tag is released."""
    if not project.has_build_system:
        yield Problem(
            found="pyproject.toml has no [build-system] table, so the newest setuptools built this in its legacy way.",
            remedy='Add [build-system] with requires = ["setuptools>=77"] and build-backend = "setuptools.build_meta".',
            topic="no-build-system",
        )
    for item in distributions:
        yield from _about_wheel(item) if item.kind == "wheel" else _about_sdist(item)
    version = distributions[0].version
    if tagged is None and (is_fallback(version) or version.local is not None):
        yield Problem(
            found=f"The version {version} could not be released: it does not come from a tag.",
            remedy="Nothing to do on a branch; a run for a tag must check it out with fetch-depth: 0.",
            topic="version-mismatch",
        )


def _about_wheel(item: Distribution) -> Iterator[Problem]:
    foreign = sorted({tag.platform for tag in item.tags if tag.platform.startswith("linux_")})
    if foreign:
        yield Problem(
            found=f"{item.filename} is for {foreign[0]}, which PyPI does not take: it may need libraries of this "
            "machine.",
            remedy="Build wheels for PyPI with cibuildwheel (manylinux), or set wheel: false and publish the sdist.",
            topic="platform-wheel",
        )


def _about_sdist(item: Distribution) -> Iterator[Problem]:
    expected = f"{item.name.replace('-', '_')}-{item.version}.tar.gz"
    if item.filename != expected:
        yield Problem(
            found=f"{item.filename} has an old name: PEP 625 wants {expected}.",
            remedy="Use a newer build backend (setuptools 69.3 or later); PyPI is about to refuse old names.",
            topic="old-sdist-name",
        )
