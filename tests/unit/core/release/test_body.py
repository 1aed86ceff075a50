"""The text of a release, whoever wrote to it before."""

from __future__ import annotations

import pytest

from tagship.core.release.body import MAX_BODY_BYTES, changed_body, is_ours, mark, new_body
from tagship.core.release.desired import DesiredRelease, NotesMode
from tagship.errors import Failure

MARK = mark("v1.2.0")
BLOCK = "<!-- tagship: notes of v1.2.0 -->\n\n{}\n\n<!-- tagship: end of notes -->"
TWO = BLOCK.format("Two.")


def desired(notes: str | None = "Two.", mode: str = "replace", tag: str = "v1.2.0") -> DesiredRelease:
    """Notes to bring to a release."""
    return DesiredRelease(tag=tag, notes=notes, notes_mode=NotesMode(mode), notes_link="https://github.com/octo/hello")


CASES = {
    "none asked for": (None, "replace", "One.", None),
    "other text": ("Two.", "replace", "One.", "Two."),
    "the same text": ("Two.", "replace", "Two.\r\n", None),
    "kept": ("Two.", "keep", "One.", None),
    "nothing to keep": ("Two.", "keep", "  \n", "Two."),
    "appended": ("Two.", "append", "One.", f"One.\n\n{TWO}"),
    "prepended": ("Two.", "prepend", "One.", f"{TWO}\n\nOne."),
    "appended to nothing": ("Two.", "append", "", TWO),
    "appended already": ("Two.", "append", f"One.\n\n{TWO}\n\nMore.", None),
    "appended before, with other words": (
        "Three.",
        "append",
        f"One.\n\n{TWO}\n\nMore.",
        f"One.\n\n{BLOCK.format('Three.')}\n\nMore.",
    ),
    "replaced after it was appended": ("Two.", "replace", f"One.\n\n{TWO}", "Two."),
    "a block that somebody broke": (
        "Two.",
        "append",
        "One.\n\n<!-- tagship: notes of v1.2.0 -->",
        f"One.\n\n<!-- tagship: notes of v1.2.0 -->\n\n{TWO}",
    ),
}


@pytest.mark.parametrize(("notes", "mode", "body", "becomes"), CASES.values(), ids=CASES.keys())
def test_notes_meet_the_text_that_is_there(notes: str | None, mode: str, body: str, becomes: str | None) -> None:
    """Each mode leads to one text, and None says that nothing has to change."""
    assert changed_body(desired(notes, mode), body, ours=False) == becomes


@pytest.mark.parametrize("mode", ["replace", "append", "prepend"])
@pytest.mark.parametrize("body", ["", "One.", f"One.\n\n{MARK}", f"{MARK}\n\nBelow.", TWO])
def test_a_text_that_was_changed_needs_no_change(mode: str, body: str) -> None:
    """Repeating is harmless, and a draft of ours stays ours."""
    ours = is_ours(body, "v1.2.0")
    changed = changed_body(desired(mode=mode), body, ours=ours)
    becomes = body if changed is None else changed
    assert changed_body(desired(mode=mode), becomes, ours=ours) is None
    assert is_ours(becomes, "v1.2.0") is ours


@pytest.mark.parametrize("mode", ["append", "prepend"])
@pytest.mark.parametrize(
    "left",
    ["<!-- tagship: notes of v1.2.0 -->", "<!-- tagship: end of notes -->"],
    ids=["the opening one", "the end mark"],
)
def test_half_a_block_belongs_to_who_left_it(mode: str, left: str) -> None:
    """Where somebody has deleted one of the two marks, their text stays and our notes stand there once."""
    body = f"Before.\n\n{left}\n\nBy hand."
    for notes in ("First.", "Second.", "Third."):
        asked = desired(notes, mode)
        body = changed_body(asked, body, ours=False) or body
        assert changed_body(asked, body, ours=False) is None
    assert "By hand." in body
    assert "Before." in body
    assert ("First." in body, "Second." in body, body.count("Third.")) == (False, False, 1)


@pytest.mark.parametrize("tag", ["v1.2.0", "pkg/v1", "a--b", "x-->y", "v1+local", "ü@1"])
def test_a_mark_is_a_comment_whatever_the_tag(tag: str) -> None:
    """No tag ends the comment early, and no two tags have one mark."""
    comment = mark(tag).removeprefix("<!--").removesuffix("-->")
    assert "--" not in comment
    assert is_ours(new_body(desired(tag=tag)), tag)
    assert not is_ours(new_body(desired(tag=tag)), "v9")


def test_notes_cannot_pretend_to_be_marks() -> None:
    """Notes that hold our comments lose their power, not their text."""
    body = new_body(desired(f"{mark('v9')}\n\n<!-- tagship: end of notes -->"))
    assert not is_ours(body, "v9")
    assert "release v9" in body


@pytest.mark.parametrize("mode", ["replace", "append"])
def test_long_notes_are_cut_with_a_link(mode: str) -> None:
    """The text stays below the limit, ends with a link and keeps its mark; doing it again changes nothing."""
    asked = desired(("A line of notes. " * 60 + "\n\n") * 130, mode)
    body = new_body(asked)
    assert 100_000 < len(body.encode()) <= MAX_BODY_BYTES
    assert "](https://github.com/octo/hello)" in body
    assert is_ours(body, "v1.2.0")
    assert changed_body(asked, body, ours=True) is None


def test_a_text_that_leaves_no_room_is_said() -> None:
    """What others wrote is never cut."""
    with pytest.raises(Failure, match="leaves no room"):
        changed_body(desired(mode="append"), "x" * 119_000, ours=False)
