"""The facts of one project: what its files, its git history and its workflows declare."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.preflight.history import History, released_versions
from tagship.core.project.content import Content
from tagship.core.project.declaration import Declaration, is_compiled
from tagship.core.project.development import Development
from tagship.core.versions import parse_version, tagged_version
from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.changelog_text import ChangelogText
    from tagship.core.gate.detection import Detected
    from tagship.core.index_rules.rule import Index
    from tagship.core.preflight.changelog import OnMissing


@dataclass(frozen=True, kw_only=True)
class ProjectFacts:
    """A project in a checkout, and the release that it is examined for.

    From its files: ``folder`` is relative to the top of the checkout. ``files`` maps the names of its project files to
    their text, ``modules`` the paths of modules that may contain its version. ``problems`` are errors in the project
    files. ``changelog`` is the Problem if it cannot be read, and None if the release has no notes. ``checks`` are the
    commands that the quality gate detects. ``workflows`` maps the paths of the workflow files to their text.

    From git: ``history``, ``release_branches``, ``default_branch``, the tags at the commit checked out (``here``),
    ``repository`` (owner/name) and ``remote`` (its URL), ``uncommitted``, the paths of project files with uncommitted
    changes, and ``content``, its submodules and Git LFS files.

    ``tag`` is the tag to release, or empty. ``prefix`` is the tag prefix, ``heading_prefix`` the package name before
    the version in the headings of a shared changelog, ``on_missing`` the policy for a release without notes,
    ``index_rules`` the index whose rules the files must follow.
    """

    # Without slots, so that ``released`` is computed once: a project may have thousands of tags.

    folder: str = "."
    files: Mapping[str, str] = field(default_factory=dict)
    declaration: Declaration = field(default_factory=lambda: Declaration(file=""))
    modules: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    changelog: ChangelogText | Problem | None = None
    checks: Detected | None = None
    development: Development = field(default_factory=Development)
    lock: str = ""
    lock_text: str = field(default="", repr=False)
    workflows: Mapping[str, str] = field(default_factory=dict)
    history: History | None = None
    release_branches: tuple[str, ...] = ()
    default_branch: str = ""
    here: tuple[str, ...] = ()
    repository: str = ""
    remote: str = ""
    uncommitted: tuple[str, ...] = ()
    content: Content = field(default_factory=Content)
    tag: str = ""
    prefix: str = "v"
    heading_prefix: str = ""
    on_missing: OnMissing = "error"
    index_rules: Index = "pypi"

    @cached_property
    def released(self) -> Mapping[Version, str]:
        return released_versions(self.history.tags, self.prefix) if self.history else {}

    @property
    def written(self) -> Version | None:
        """The version in the project files, or None if the build computes it."""
        return None if self.declaration.version_source == "git" else parse_version(self.declaration.version or "")

    @property
    def version(self) -> Version | None:
        """The next version: that of the tag, else the written one unless it is released, else None."""
        if self.tag:
            return tagged_version(self.tag, self.prefix)
        return self.written if self.written not in self.released else None

    @property
    def is_compiled(self) -> bool:
        """True if building the project runs a compiler, so that its wheels are specific to a platform."""
        return is_compiled(self.files)

    @property
    def publishing_workflows(self) -> tuple[str, ...]:
        """The paths of the workflows that publish to an index or create a release."""
        # ruamel.yaml is not a requirement of every action that reads facts.
        from tagship.core.workflows.jobs import publishes
        from tagship.core.workflows.reading import read_workflows

        return tuple(workflow.path for workflow in read_workflows(self.workflows) if publishes(workflow))

    def path(self, name: str) -> str:
        """Return the path of the project's file ``name``, relative to the top of the checkout."""
        return name if self.folder == "." else f"{self.folder}/{name}"


_FILES = ("__init__.py", "__about__.py", "__version__.py", "_version.py", "version.py")
_LITERAL = re.compile(r"""^__version__\s*(?::.*?)?=\s*(?P<quote>["'])(?P<version>[^"'\n]+)(?P=quote)""", re.MULTILINE)


def version_modules(name: str, packages: Sequence[str]) -> list[str]:
    """Return the paths of the modules that usually contain the version of the distribution ``name``.

    ``packages`` are the folders of the import packages. The only one may have another name than the distribution.
    """
    module = re.sub(r"[-_.]+", "_", name).lower()
    named = [module, f"src/{module}"] if module else []
    folders = packages if len(packages) == 1 else named
    return [*(f"{path}.py" for path in named), *(f"{path}/{file}" for path in folders for file in _FILES)]


def version_literal(text: str) -> tuple[str, int] | None:
    """Return the literal ``__version__`` of a module and its line, counted from 1, or None."""
    found = _LITERAL.search(text)
    return (found["version"], text.count("\n", 0, found.start()) + 1) if found else None
