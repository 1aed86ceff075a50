"""The stage that publishes to the index."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from tagship.errors import Failure, Problem
from tagship.rehearsal.result import file_at
from tagship.rehearsal.stage import Done

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.rehearsal.scene import Scene
    from tagship.rehearsal.stage import Say

_PAGE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)


def publish(scene: Scene, say: Say) -> Done:
    """Upload what was built and hold what the index has against it. Raises Failure."""
    files = scene.folders.built()
    lines: list[str] = []

    def note(line: str) -> None:
        lines.append(line.rstrip())
        say(line.rstrip())

    if scene.index.publish(files, children=scene.children, environ=scene.environ, on_line=note):
        raise Failure(
            Problem(
                found=f"The index refused the files: {refusal(lines)}",
                remedy="Run twine check --strict on the files, and see the log of this stage.",
                topic="index-refused",
            )
        )
    apart = {file_at(path) for path in files} ^ set(scene.index.files())
    if apart:
        raise Failure(
            Problem(
                found="The index holds other files than the ones that were built: "
                + ", ".join(sorted({file.name for file in apart})),
                remedy="See the log of this stage for what was uploaded.",
                topic="index-refused",
            )
        )
    return Done(outputs={})


def refusal(lines: Sequence[str]) -> str:
    """The reason for a refusal out of twine's log: what the index answered, else what twine ended with."""
    text = "\n".join(lines)
    answered = _PAGE.search(text)
    reason = html.unescape(answered[1]) if answered else text.rpartition("ERROR")[2]
    return " ".join(reason.split()) or "twine gave no reason."
