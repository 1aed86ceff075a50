"""What a checkout holds of a tag and of the branches that releases come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.preflight.history import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.edges.git import Repository


def read_history(repository: Repository, tag: str | None, branches: Sequence[str]) -> History | None:
    """What the checkout holds; None where it is none. Without ``tag`` it is about the commit checked out.

    A branch counts as the remote has it and as the clone has it: a runner has the first, a laptop may have only the
    second.
    """
    if not repository.directory.is_dir() or not repository.is_repository():
        return None
    head = repository.commit_of("HEAD")
    tagged = repository.commit_of(f"refs/tags/{tag}") if tag else None
    commit = tagged or head
    return History(
        head=head,
        tagged=tagged,
        shallow=repository.is_shallow(),
        tags=repository.tags(),
        merged=repository.tags(merged_into=commit) if commit else (),
        branches={name: _merged(repository, tagged, name) for name in branches},
    )


def _merged(repository: Repository, commit: str | None, branch: str) -> bool | None:
    places = (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}")
    tips = [tip for place in places if commit and (tip := repository.commit_of(place))]
    return any(repository.is_ancestor(commit or "", tip) for tip in tips) if tips else None
