"""The settings of the release workflow that ``tagship init`` writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from packaging.utils import canonicalize_name

from tagship.errors import SOURCE

DEFAULT_REFERENCE = "v1"
"""The tag of tagship to call without a known commit."""

Index = Literal["pypi", "none", "other"]
"""The package index: PyPI with trusted publishing, none, or another index with a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowSettings:
    """The settings for one project.

    ``package`` is the name in its metadata, ``folder`` its path in the repository. ``owner`` and ``repository`` are
    empty without a remote on GitHub, ``changelog`` is empty without one. ``version`` is the next version, or an
    example. ``inputs`` are the inputs of the workflow that differ from its defaults. ``compiled`` is true if the
    project contains compiled code, ``checked`` if it has checks. ``source`` is the repository of tagship,
    ``reference`` its tag to call, ``pin`` an optional commit SHA instead. ``host`` is the host of a remote that is not
    on github.com. ``rivals`` are the paths of other workflows that publish or release.
    """

    package: str
    folder: str = "."
    owner: str = ""
    repository: str = ""
    branch: str = "main"
    changelog: str = ""
    version: str = "1.2.0"
    inputs: Mapping[str, str] = field(default_factory=lambda: {"python-versions": "auto"})
    compiled: bool = False
    checked: bool = True
    tag_prefix: str = "v"
    index: Index = "pypi"
    index_url: str = ""
    testpypi: bool = False
    attestations: bool = False
    environment: str = "pypi"
    file: str = "release.yml"
    source: str = SOURCE
    reference: str = DEFAULT_REFERENCE
    pin: str = ""
    host: str = ""
    rivals: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The ref after ``@`` in calls of tagship."""
        return " # ".join(filter(None, [self.pin, self.reference]))

    @property
    def project(self) -> str:
        """The normalised package name, as in the URLs of an index."""
        return canonicalize_name(self.package)

    @property
    def tag_pattern(self) -> str:
        """The ``tags`` filter for this package, with special characters escaped."""
        return re.sub(r"([*?+\[\]!\\])", r"\\\1", self.tag_prefix) + ("*" if self.tag_prefix else "[0-9]*")
