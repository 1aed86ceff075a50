"""The release in the step summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tagship.core.formatting import escaped, human_size
from tagship.core.summary import digests_folded, fenced, files_table, folded, listed, page

if TYPE_CHECKING:
    from tagship.core.release.state import Release
    from tagship.core.release.steps import Plan


def release_page(title: str, release: Release, *, done: str, plan: Plan, remarks: Sequence[str] = ()) -> str:
    """Return Markdown with the release and its files, sizes and digests; ``done`` is what this run did to it."""
    kind = "Draft" if release.draft else "Pre-release" if release.prerelease else "Release"
    name = escaped(release.name or release.tag)
    files = [
        (asset.name, human_size(asset.size), (asset.digest or "").removeprefix("sha256:")) for asset in release.assets
    ]
    return page(
        "warned" if remarks else "passed",
        title,
        f"{kind} of {escaped(release.tag)}, {done}.",
        files_table(files),
        listed(remarks, verdict="warned"),
        digests_folded(files),
        folded("The plan", fenced(str(plan))),
        subject=f"[{name}]({release.url})" if release.url else name,
    )


def plan_page(title: str, tag: str, plan: Plan) -> str:
    """Return Markdown with the steps of a dry run."""
    return page("skipped", title, "Dry run: none of these steps was sent.", fenced(str(plan)), subject=escaped(tag))
