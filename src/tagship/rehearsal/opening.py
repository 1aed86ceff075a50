"""The first stage: the checkout, the embedded GitHub that knows of it, and the Python that steps find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagship.core.versions import is_prerelease, tagged_version
from tagship.edges.processes import Processes
from tagship.rehearsal.checkout import Source, Wanted, check_out
from tagship.rehearsal.pythons import running_interpreter
from tagship.rehearsal.stage import Done

if TYPE_CHECKING:
    from tagship.rehearsal.checkout import Checkout
    from tagship.rehearsal.plan import Plan
    from tagship.rehearsal.scene import Scene
    from tagship.rehearsal.stage import Say

_RELEASES = 100
"""How many of the project's earlier tags the embedded GitHub is given releases for: the highest versions."""


def open_scene(scene: Scene, say: Say) -> Done:
    """Check out, and fill the scene with what the later stages start from. Raises Failure."""
    plan = scene.plan
    source = Source(project=plan.project, left_out=scene.folders.output, processes=Processes(environ=scene.environ))
    wanted = Wanted(tag=plan.tag, prefix=plan.prefix, inside=plan.inside)
    scene.checkout = checkout = check_out(
        source, wanted, workspace=scene.scratch / "workspace", server=scene.github.url
    )
    for remark in checkout.remarks:
        say(remark)
    say(f"{checkout.repository} at {checkout.tag} ({checkout.commit[:12]})")
    scene.github.configure(github_of(checkout, plan))
    scene.programs = scene.environments().make(running_interpreter(), scene.scratch / "python")
    return Done(outputs={"tag": checkout.tag, "commit": checkout.commit})


def github_of(checkout: Checkout, plan: Plan) -> dict[str, object]:
    """The embedded GitHub's configuration: the repository, with a release for every other tag that is a version.

    What the plan says of repositories comes in place of it, key by key.
    """
    others = [(version, tag) for tag in checkout.tags if (version := tagged_version(tag, plan.prefix))]
    known = {
        "name": checkout.repository,
        "default_branch": checkout.branch,
        "git": str(checkout.workspace),
        "releases": [
            {"tag_name": tag, "name": tag, "prerelease": is_prerelease(version)}
            for version, tag in sorted(others)[-_RELEASES:]
            if tag != checkout.tag
        ],
    }
    entries: Any = plan.github.get("repositories") or [{}]
    return {**plan.github, "repositories": [known | entry for entry in entries]}
