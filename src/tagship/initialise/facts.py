"""What a project's workflow is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from packaging.utils import canonicalize_name

Index = Literal["pypi", "none", "other"]
"""Where the package is published: PyPI by trusted publishing, nowhere, or an index of one's own with a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One project to release.

    ``package`` is its name as its metadata spells it, ``folder`` where it stands in the repository. ``owner`` and
    ``repository`` name it on GitHub and are empty where no remote says so; ``changelog`` is empty where there is none
    yet. ``version`` is the one to release next, or an example. ``declares_pythons`` says whether its metadata tells the
    Pythons it supports. ``reference`` is the tag of tagship that is called, ``pin`` the commit to call it by instead,
    if any. ``host`` is that of the remote where it is not github.com's; ``rivals`` are the paths of other workflows
    that publish or release already.
    """

    package: str
    folder: str = "."
    owner: str = ""
    repository: str = ""
    branch: str = "main"
    changelog: str = ""
    version: str = "1.2.0"
    declares_pythons: bool = True
    tag_prefix: str = "v"
    index: Index = "pypi"
    index_url: str = ""
    testpypi: bool = False
    attestations: bool = False
    environment: str = "pypi"
    file: str = "release.yml"
    reference: str = "v1"
    pin: str = ""
    host: str = ""
    rivals: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """What stands behind ``@`` where tagship is called."""
        return f"{self.pin} # {self.reference}" if self.pin else self.reference

    @property
    def project(self) -> str:
        """The package's name as the addresses of an index spell it."""
        return canonicalize_name(self.package)

    @property
    def tag_pattern(self) -> str:
        """The filter that GitHub matches tags of this package by, its special characters escaped."""
        return re.sub(r"([*?+\[\]!\\])", r"\\\1", self.tag_prefix) + ("*" if self.tag_prefix else "[0-9]*")
