"""The repository that this tagship came from: that of its installation, or of the clone it runs from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagship.core.versions import tagged_version
from tagship.edges.context import repository_of
from tagship.edges.git import Repository
from tagship.errors import SOURCE

if TYPE_CHECKING:
    from tagship.edges.processes import Processes

PACKAGE = Path(__file__).resolve().parents[1]
"""The package tagship."""
_CLONE = PACKAGE.parents[1]
ROOT = _CLONE if (_CLONE / "src" / "bootstrap").is_dir() else PACKAGE / "_clone"
"""The clone of tagship; in an installed package the copy of it, which has no package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A repository on GitHub (owner/name), with a commit in it and a version tag of that commit, if they are known."""

    repository: str = ""
    commit: str = ""
    tag: str = ""


def origin(processes: Processes, *, root: Path = ROOT) -> Origin:
    """Return the origin of the running code, in the clone ``root``; its repository is empty if nothing names one."""
    return _installed() or _cloned(processes, root) or Origin(repository="" if SOURCE.startswith("OWNER/") else SOURCE)


def _installed() -> Origin | None:
    """Return the repository that the package was installed from, as its installer recorded it (PEP 610)."""
    try:
        record: dict[str, Any] = json.loads(distribution("tagship").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    vcs = record.get("vcs_info", {})
    repository, revision = repository_of(record.get("url", "")), vcs.get("requested_revision", "")
    if not vcs or not repository:
        return None
    return Origin(repository=repository, commit=vcs.get("commit_id", ""), tag=_version_tag(revision))


def _cloned(processes: Processes, root: Path) -> Origin | None:
    """Return the remote of the clone that the code is in. Its commit is known if the remote has it."""
    clone = Repository(directory=root, processes=processes)
    repository = repository_of(clone.remote_url() or "") if clone.top() == str(root) else ""
    if not repository:
        return None
    head = clone.commit_of("HEAD") or ""
    tags = [tag for tag in clone.tags(at="HEAD") if _version_tag(tag)]
    return Origin(
        repository=repository, commit=head if head and clone.branches(containing=head) else "", tag="".join(tags[-1:])
    )


def _version_tag(name: str) -> str:
    return name if tagged_version(name, "v") else ""
