"""What the doctor looks at, gathered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagship.core.preflight.history import released_versions
from tagship.core.project.declaration import Declaration
from tagship.core.versions import parse_version, tagged_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packaging.version import Version

    from tagship.core.preflight.finding import Finding as Looked
    from tagship.core.preflight.history import History
    from tagship.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A project in a clone.

    ``folder`` is where it stands from the top of the checkout, ``files`` the text of its project files by name and
    ``workflows`` that of the files in ``.github/workflows`` by path. ``tag`` is the one to release, empty where nobody
    said; ``here`` are the tags of the commit checked out. ``heading_prefix`` is the package whose headings count in the
    changelog. ``changelog`` is its path and text, or what kept it from being read. ``uncommitted`` are those of these
    files that are not as in the commit checked out, as paths from the top. ``problems`` are what is wrong with the
    project files; ``answers`` what was asked online.
    """

    folder: str = "."
    files: Mapping[str, str] = field(default_factory=dict)
    declaration: Declaration = field(default_factory=lambda: Declaration(file=""))
    problems: tuple[Problem, ...] = ()
    history: History | None = None
    here: tuple[str, ...] = ()
    tag: str = ""
    prefix: str = "v"
    heading_prefix: str = ""
    changelog: tuple[str, str] | Problem | None = None
    uncommitted: tuple[str, ...] = ()
    workflows: Mapping[str, str] = field(default_factory=dict)
    repository: str = ""
    answers: tuple[Looked, ...] = ()

    @property
    def released(self) -> dict[Version, str]:
        """The versions that tags carry, with their tags."""
        return released_versions(self.history.tags, self.prefix) if self.history else {}

    @property
    def written(self) -> Version | None:
        """The version that stands in the project's files, or None where it comes from elsewhere."""
        return None if self.declaration.versioned_by_git else parse_version(self.declaration.version or "")

    @property
    def version(self) -> Version | None:
        """The next version: that of the tag; else the one written down, unless it was released; else None."""
        if self.tag:
            return tagged_version(self.tag, self.prefix)
        return self.written if self.written not in self.released else None

    def path(self, name: str) -> str:
        """Return the path of the project's file ``name`` from the top of the checkout."""
        return name if self.folder == "." else f"{self.folder}/{name}"
