"""The text of a release: the notes, and the marks by which a later run knows its own work.

The marks are HTML comments, which a release page does not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.core.markdown.cut import cut_markdown
from tagship.core.release.desired import NotesMode
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.release.desired import DesiredRelease

MAX_BODY_BYTES = 120_000
"""GitHub takes 125,000 characters, of a unit that it does not document."""

_LEAST_ROOM = 2000
_OPENING = "<!-- tagship:"
_END = f"{_OPENING} end of notes -->"
_BLOCK_MODES = (NotesMode.APPEND, NotesMode.PREPEND)


def mark(tag: str) -> str:
    """Return the comment that names a draft as ours: the same for every run, attempt and machine that releases
    ``tag``.
    """
    return f"{_OPENING} release {_spelled(tag)} -->"


def is_ours(body: str, tag: str) -> bool:
    """Return True if a run for ``tag`` wrote this text as a release of its own."""
    return mark(tag) in body.splitlines()


def new_body(desired: DesiredRelease) -> str:
    """Return the text of a release that does not exist yet."""
    return _composed(desired, before="", after=mark(desired.tag))


def changed_body(desired: DesiredRelease, body: str, *, ours: bool) -> str | None:
    """Return the text that ``body`` has to become, or None where it is right as it is or no notes were asked for."""
    if desired.notes is None:
        return None
    text = normal(body)
    ending = mark(desired.tag) if ours else ""
    prose = text.replace(mark(desired.tag), "").strip()
    if prose and desired.notes_mode is NotesMode.KEEP:
        return None
    before, after = _around(prose, desired) if desired.notes_mode in _BLOCK_MODES else ("", "")
    composed = _composed(desired, before=before, after="\n\n".join(filter(None, (after, ending))))
    return None if normal(composed) == text else composed


def cut_remark(desired: DesiredRelease) -> tuple[str, ...]:
    """Return a sentence about notes that are too long for a release page, if they are."""
    size = len(normal(desired.notes or "").encode())
    return (f"The notes have {size:,} bytes, and the page holds {MAX_BODY_BYTES:,}.",) if size > MAX_BODY_BYTES else ()


def normal(body: str) -> str:
    """``body`` with the line ends that git uses and without white space around: what two texts are compared by."""
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def _around(prose: str, desired: DesiredRelease) -> tuple[str, str]:
    """What stands before and behind our block, from an opening mark to the next end mark; or where a new one goes.

    A mark whose other half somebody has deleted is text like any other: what follows it is not ours.
    """
    parts = prose.split(_END)
    for index, part in enumerate(parts[:-1]):
        head, found, _ = part.rpartition(_begin(desired.tag))
        if found:
            return _END.join((*parts[:index], head)).strip(), _END.join(parts[index + 1 :]).strip()
    return (prose, "") if desired.notes_mode is NotesMode.APPEND else ("", prose)


def _composed(desired: DesiredRelease, *, before: str, after: str) -> str:
    """Our notes between what stands around them, cut where all of it would be too long.

    Raises Failure where what stands around them leaves no room.
    """
    notes = normal(desired.notes or "").replace(_OPENING, f"{_OPENING[:-1]} :")
    frame = (
        (f"{_begin(desired.tag)}\n\n", f"\n\n{_END}")
        if desired.notes and desired.notes_mode in _BLOCK_MODES
        else ("", "")
    )
    room = MAX_BODY_BYTES - len("\n\n".join(("", before, *frame, after, "")).encode())
    if room < _LEAST_ROOM:
        raise Failure(
            Problem(
                found=f"The release {desired.tag} has {len((before + after).encode()):,} bytes of notes already, "
                f"which leaves no room for more below GitHub's limit.",
                remedy="Set notes-mode to replace or keep.",
                topic="notes-too-long",
            )
        )
    block = frame[0] + cut_markdown(notes, room, more=_more(desired)) + frame[1]
    return "\n\n".join(part for part in (before, block, after) if part)


def _more(desired: DesiredRelease) -> str:
    """Return the line that ends notes that were cut."""
    words = "These notes are longer than GitHub allows."
    return f"*{words} [The rest is in the repository]({desired.notes_link}).*" if desired.notes_link else f"*{words}*"


def _begin(tag: str) -> str:
    return f"{_OPENING} notes of {_spelled(tag)} -->"


def _spelled(tag: str) -> str:
    """Return the tag in characters that cannot end a comment."""
    return quote(tag, safe="/+@").replace("--", "-%2D")
