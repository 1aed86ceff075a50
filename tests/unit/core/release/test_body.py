"""The text of a release, combined with text of earlier runs and of people."""

from __future__ import annotations

import pytest

from tagship.core.release.body import MAX_BODY_BYTES, changed_body, is_ours, length_remark, marker, new_body
from tagship.core.release.desired import DesiredRelease, NotesMode
from tagship.errors import Failure

MARKER = marker("v1.2.0")
BLOCK = "<!-- tagship: notes of v1.2.0 -->\n\n{}\n\n<!-- tagship: end of notes -->"
TWO = BLOCK.format("Two.")


def desired(notes: str | None = "Two.", mode: NotesMode = "replace", tag: str = "v1.2.0") -> DesiredRelease:
    """Return a release with these notes."""
    return DesiredRelease(tag=tag, notes=notes, notes_mode=mode, notes_link="https://github.com/octo/hello")


CASES = {
    "no notes requested": (None, "replace", "One.", None),
    "other text": ("Two.", "replace", "One.", "Two."),
    "the same text": ("Two.", "replace", "Two.\r\n", None),
    "the same text with CR line ends": ("A\nB", "replace", "A\rB", None),
    "empty notes appended": ("", "append", "One.", None),
    "kept": ("Two.", "keep", "One.", None),
    "kept, but the release has no text": ("Two.", "keep", "  \n", "Two."),
    "appended": ("Two.", "append", "One.", f"One.\n\n{TWO}"),
    "prepended": ("Two.", "prepend", "One.", f"{TWO}\n\nOne."),
    "appended to an empty text": ("Two.", "append", "", TWO),
    "appended already": ("Two.", "append", f"One.\n\n{TWO}\n\nMore.", None),
    "appended before with other notes": (
        "Three.",
        "append",
        f"One.\n\n{TWO}\n\nMore.",
        f"One.\n\n{BLOCK.format('Three.')}\n\nMore.",
    ),
    "replaced after it was appended": ("Two.", "replace", f"One.\n\n{TWO}", "Two."),
    "a block without its end marker": (
        "Two.",
        "append",
        "One.\n\n<!-- tagship: notes of v1.2.0 -->",
        f"One.\n\n<!-- tagship: notes of v1.2.0 -->\n\n{TWO}",
    ),
}


@pytest.mark.parametrize(("notes", "mode", "body", "becomes"), CASES.values(), ids=CASES.keys())
def test_notes_are_combined_with_existing_text(
    notes: str | None, mode: NotesMode, body: str, becomes: str | None
) -> None:
    """Each mode has one result; None means no change."""
    assert changed_body(desired(notes, mode), body, ours=False) == becomes


@pytest.mark.parametrize("mode", ["replace", "append", "prepend"])
@pytest.mark.parametrize("body", ["", "One.", f"One.\n\n{MARKER}", f"{MARKER}\n\nBelow.", TWO])
def test_a_second_run_changes_nothing(mode: NotesMode, body: str) -> None:
    """A changed text is up to date, and keeps its marker."""
    ours = is_ours(body, "v1.2.0")
    changed = changed_body(desired(mode=mode), body, ours=ours)
    becomes = body if changed is None else changed
    assert changed_body(desired(mode=mode), becomes, ours=ours) is None
    assert is_ours(becomes, "v1.2.0") is ours


@pytest.mark.parametrize("mode", ["append", "prepend"])
@pytest.mark.parametrize(
    "left",
    ["<!-- tagship: notes of v1.2.0 -->", "<!-- tagship: end of notes -->"],
    ids=["the begin marker", "the end marker"],
)
def test_half_a_block_is_ordinary_text(mode: NotesMode, left: str) -> None:
    """If one of the two markers was deleted, the text around it is kept and our notes appear once."""
    body = f"Before.\n\n{left}\n\nBy hand."
    for notes in ("First.", "Second.", "Third."):
        asked = desired(notes, mode)
        body = changed_body(asked, body, ours=False) or body
        assert changed_body(asked, body, ours=False) is None
    assert "By hand." in body
    assert "Before." in body
    assert ("First." in body, "Second." in body, body.count("Third.")) == (False, False, 1)


@pytest.mark.parametrize("tag", ["v1.2.0", "pkg/v1", "a--b", "x-->y", "v1+local", "ü@1"])
def test_a_marker_is_one_comment_for_every_tag(tag: str) -> None:
    """No tag ends the comment early, and no two tags have the same marker."""
    comment = marker(tag).removeprefix("<!--").removesuffix("-->")
    assert "--" not in comment
    assert is_ours(new_body(desired(tag=tag)), tag)
    assert not is_ours(new_body(desired(tag=tag)), "v9")


def test_notes_cannot_contain_markers() -> None:
    """A marker in the notes is kept as text, but is not recognized."""
    body = new_body(desired(f"{marker('v9')}\n\n<!-- tagship: end of notes -->"))
    assert not is_ours(body, "v9")
    assert "release v9" in body


@pytest.mark.parametrize("mode", ["replace", "append"])
def test_long_notes_are_cut_with_a_link(mode: NotesMode) -> None:
    """The text is below the limit, has a link and its marker, and a second run changes nothing."""
    asked = desired(("A line of notes. " * 60 + "\n\n") * 130, mode)
    body = new_body(asked)
    assert 100_000 < len(body.encode()) <= MAX_BODY_BYTES
    assert "](https://github.com/octo/hello)" in body
    assert is_ours(body, "v1.2.0")
    assert changed_body(asked, body, ours=True) is None


def test_text_of_others_is_never_cut() -> None:
    """If it leaves no room for the notes, the run fails."""
    with pytest.raises(Failure, match="leaves no room"):
        changed_body(desired(mode="append"), "x" * 119_000, ours=False)


def test_a_marker_inside_of_a_line_is_not_recognized() -> None:
    """Tagship writes a marker on a line of its own."""
    assert is_ours(f"Text.\n\n{MARKER}", "v1.2.0")
    assert not is_ours(f"Text with {MARKER}", "v1.2.0")


def test_two_thousand_bytes_are_enough_room() -> None:
    """Less room for the notes fails the run."""
    longest = MAX_BODY_BYTES - 2000 - len("\n\n" * 5) - len(BLOCK.format(""))
    assert changed_body(desired(mode="append"), "x" * longest, ours=False)
    with pytest.raises(Failure, match="leaves no room"):
        changed_body(desired(mode="append"), "x" * (longest + 1), ours=False)


@pytest.mark.parametrize(("size", "remarks"), [(MAX_BODY_BYTES, 0), (MAX_BODY_BYTES + 1, 1)])
def test_a_remark_begins_past_the_limit(size: int, remarks: int) -> None:
    """Notes of exactly the limit are not cut."""
    assert len(length_remark(desired("x" * size))) == remarks
