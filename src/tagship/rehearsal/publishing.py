"""The stage that publishes to the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.errors import Failure, Problem
from tagship.rehearsal.result import file_at
from tagship.rehearsal.stage import Done

if TYPE_CHECKING:
    from tagship.rehearsal.scene import Scene
    from tagship.rehearsal.stage import Say


def publish(scene: Scene, say: Say) -> Done:
    """Upload what was built and hold what the index has against it. Raises Failure."""
    files = scene.folders.built()
    lines: list[str] = []

    def note(line: str) -> None:
        lines.append(line)
        say(line)

    status = scene.index.publish(files, children=scene.children, environ=scene.environ, on_line=note)
    if status:
        refusal = next((line for line in reversed(lines) if line.strip()), f"twine ended with status {status}.")
        raise Failure(
            Problem(
                found=f"The index refused the files: {refusal.strip()}",
                remedy="Run twine check --strict on the files, and see the log of this stage.",
                topic="index-refused",
            )
        )
    built, held = {file_at(path) for path in files}, set(scene.index.files())
    if built != held:
        raise Failure(
            Problem(
                found="The index holds other files than the ones that were built: "
                + ", ".join(sorted(file.name for file in built ^ held)),
                remedy="See the log of this stage for what was uploaded.",
                topic="index-refused",
            )
        )
    return Done(outputs={})
