"""What is to be rehearsed, and the folder it goes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tagship.errors import Failure
from tagship.rehearsal.options import Folders, InputOverride, Options, read_override


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("draft=true", InputOverride(stage=None, name="draft", value="true")),
        ("gh-release.draft=true", InputOverride(stage="gh-release", name="draft", value="true")),
        ("quality-gate.command=a=b\nc", InputOverride(stage="quality-gate", name="command", value="a=b\nc")),
        ("gh-release.token=", InputOverride(stage="gh-release", name="token", value="")),
    ],
)
def test_reads_inputs(text: str, expected: InputOverride) -> None:
    """An input names its action or not, and its value may be anything."""
    assert read_override(text) == expected


@pytest.mark.parametrize("text", ["draft", "=true", "a.b.c=d", "a b=c"])
def test_refuses_what_is_no_input(text: str) -> None:
    """Anything else is refused with both forms."""
    with pytest.raises(ValueError, match=r"neither NAME=VALUE nor ACTION\.NAME=VALUE"):
        read_override(text)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(["word=a"], {"word": "a"}, id="an input of every action that has it"),
        pytest.param(["other=a"], {}, id="none of this action's"),
        pytest.param(["verify-wheel.other=a"], {"other": "a"}, id="one named for the action goes as it is"),
        pytest.param(["install.word=a"], {"word": "a"}, id="one named for the stage"),
        pytest.param(["gh-release.word=a"], {}, id="one named for another action"),
        pytest.param(["word=a", "word=b"], {"word": "a\nb"}, id="lines are put together"),
    ],
)
def test_gives_an_action_its_inputs(given: list[str], expected: dict[str, str]) -> None:
    """Inputs reach the actions and stages they are meant for."""
    options = Options(project=Path(), output=Path(), given=tuple(map(read_override, given)))
    assert options.inputs_of("install", "verify-wheel", ["word"]) == expected


def test_knows_the_prefix_of_tags() -> None:
    """The prefix is the one the actions get."""
    given = (read_override("tag-prefix=pkg-v"),)
    assert Options(project=Path(), output=Path(), given=given).prefix == "pkg-v"
    assert Options(project=Path(), output=Path()).prefix == "v"


def test_clears_what_an_earlier_rehearsal_left(tmp_path: Path) -> None:
    """Everything goes but the libraries that were installed."""
    folders = Folders(output=tmp_path / "out")
    folders.clear()
    kept = folders.temporary / "tagship-0123456789abcdef"
    for path in (kept, folders.temporary / "tagship-build-x1", folders.temporary / "tagship-verify-0123"):
        path.mkdir()
    (folders.dist / "old.whl").touch()
    (folders.output / "report.html").touch()
    folders.clear()
    assert list(folders.dist.iterdir()) == []
    assert list(folders.temporary.iterdir()) == [kept]
    assert not (folders.output / "report.html").exists()
    assert (folders.output / ".gitignore").read_text() == "*\n"


def test_touches_no_folder_of_somebody_else(tmp_path: Path) -> None:
    """A folder that holds anything no rehearsal wrote stays as it is."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "precious.whl").touch()
    with pytest.raises(Failure, match="--output"):
        Folders(output=tmp_path).clear()
    assert (tmp_path / "dist" / "precious.whl").exists()
