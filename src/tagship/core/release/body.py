"""The text of a release: the notes, and the markers by which a later run recognizes them.

The markers are HTML comments, which GitHub does not render.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.release.desired import DesiredRelease

MAX_BODY_BYTES = 120_000
"""GitHub's limit is 125,000 characters, of an undocumented unit."""

_MIN_ROOM = 2000
_OPENING = "<!-- tagship:"
_END = f"{_OPENING} end of notes -->"
_BLOCK_MODES = ("append", "prepend")


def marker(tag: str) -> str:
    """Return the comment that marks a draft as one of tagship's, the same in every run for ``tag``."""
    return f"{_OPENING} release {_encoded(tag)} -->"


def is_ours(body: str, tag: str) -> bool:
    """Return True if a tagship run for ``tag`` created the release with this text."""
    return marker(tag) in body.splitlines()


def new_body(desired: DesiredRelease) -> str:
    """Return the text for a new release."""
    return _composed(desired, before="", after=marker(desired.tag))


def changed_body(desired: DesiredRelease, body: str, *, ours: bool) -> str | None:
    """Return the new text for a release with ``body``, or None if it is up to date or no notes are requested."""
    if desired.notes is None:
        return None
    text = normal(body)
    ending = marker(desired.tag) if ours else ""
    prose = text.replace(marker(desired.tag), "").strip()
    if prose and desired.notes_mode == "keep":
        return None
    before, after = _around(prose, desired) if desired.notes_mode in _BLOCK_MODES else ("", "")
    composed = _composed(desired, before=before, after="\n\n".join(filter(None, (after, ending))))
    return None if normal(composed) == text else composed


def length_remark(desired: DesiredRelease) -> tuple[str, ...]:
    """Return a sentence about notes that are longer than GitHub's limit, if they are."""
    size = len(normal(desired.notes or "").encode())
    if size <= MAX_BODY_BYTES:
        return ()
    return (f"The notes have {size:,} bytes. They are cut to GitHub's limit of {MAX_BODY_BYTES:,} bytes.",)


def normal(body: str) -> str:
    """Return ``body`` with LF line ends and without surrounding white space, for comparison."""
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def _around(prose: str, desired: DesiredRelease) -> tuple[str, str]:
    """Return the text before and after our block, from its begin marker to the next end marker.

    Without a block all of the text is on the side that ``notes_mode`` selects. A begin or end marker without the other
    is treated as ordinary text.
    """
    parts = prose.split(_END)
    for index, part in enumerate(parts[:-1]):
        head, found, _ = part.rpartition(_begin(desired.tag))
        if found:
            return _END.join((*parts[:index], head)).strip(), _END.join(parts[index + 1 :]).strip()
    return (prose, "") if desired.notes_mode == "append" else ("", prose)


def _composed(desired: DesiredRelease, *, before: str, after: str) -> str:
    """Return the notes with the text around them, cut if the whole exceeds the limit.

    Raises Failure if the text around them leaves no room.
    """
    notes = normal(desired.notes or "").replace(_OPENING, f"{_OPENING[:-1]} :")
    frame = (
        (f"{_begin(desired.tag)}\n\n", f"\n\n{_END}")
        if desired.notes and desired.notes_mode in _BLOCK_MODES
        else ("", "")
    )
    room = MAX_BODY_BYTES - len("\n\n".join(("", before, *frame, after, "")).encode())
    if room < _MIN_ROOM:
        raise Failure.of(
            found=f"The release {desired.tag} already has {len((before + after).encode()):,} bytes of notes, "
            f"which leaves no room for more below GitHub's limit of {MAX_BODY_BYTES:,} bytes.",
            remedy="Set notes-mode to replace or keep.",
            topic="release-notes-too-long",
        )
    if len(notes.encode()) > room:
        # The import takes longer than everything else here, and notes are rarely this long.
        from tagship.core.markdown.cut import cut_markdown

        notes = cut_markdown(notes, room, more=_more(desired))
    block = frame[0] + notes + frame[1]
    return "\n\n".join(part for part in (before, block, after) if part)


def _more(desired: DesiredRelease) -> str:
    """Return the last line of notes that were cut."""
    words = "These notes exceed GitHub's limit."
    return f"*{words} [Read the rest in the repository]({desired.notes_link}).*" if desired.notes_link else f"*{words}*"


def _begin(tag: str) -> str:
    return f"{_OPENING} notes of {_encoded(tag)} -->"


def _encoded(tag: str) -> str:
    """Return the tag without characters that could end the comment."""
    return quote(tag, safe="/+@").replace("--", "-%2D")
