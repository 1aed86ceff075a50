"""Options, and the output folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tagship.errors import Failure
from tagship.rehearsal.options import InputOverride, Options, OutputFolders, read_override


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("draft=true", InputOverride(stage=None, name="draft", value="true")),
        ("gh-release.draft=true", InputOverride(stage="gh-release", name="draft", value="true")),
        ("quality-gate.command=a=b\nc", InputOverride(stage="quality-gate", name="command", value="a=b\nc")),
        ("gh-release.token=", InputOverride(stage="gh-release", name="token", value="")),
    ],
)
def test_parses_inputs(text: str, expected: InputOverride) -> None:
    """An input may name its action, and its value may be any text."""
    assert read_override(text) == expected


@pytest.mark.parametrize("text", ["draft", "=true", "a.b.c=d", "a b=c"])
def test_rejects_other_texts(text: str) -> None:
    """The error shows both valid formats."""
    with pytest.raises(ValueError, match=r"neither NAME=VALUE nor ACTION\.NAME=VALUE"):
        read_override(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["word=a"], {"word": "a"}, id="an input of every action that declares it"),
        pytest.param(["other=a"], {}, id="an input that the action does not declare"),
        pytest.param(["verify-wheel.other=a"], {"other": "a"}, id="an input set for the action is passed unchecked"),
        pytest.param(["install.word=a"], {"word": "a"}, id="an input set for the stage"),
        pytest.param(["gh-release.word=a"], {}, id="an input set for another action"),
        pytest.param(["word=a", "word=b"], {"word": "a\nb"}, id="repeated values are joined as lines"),
    ],
)
def test_an_action_gets_its_inputs(texts: list[str], expected: dict[str, str]) -> None:
    """An input is passed to the actions and stages it applies to."""
    options = Options(project=Path(), output=Path(), overrides=tuple(map(read_override, texts)))
    assert options.inputs_of("install", "verify-wheel", ["word"]) == expected


def test_has_the_tag_prefix() -> None:
    """The tag prefix is the input of the actions, by default that of the project."""
    overrides = (read_override("tag-prefix=pkg-v"),)
    assert Options(project=Path(), output=Path(), overrides=overrides).prefix == "pkg-v"
    assert Options(project=Path(), output=Path()).prefix is None


def test_deletes_the_output_of_an_earlier_rehearsal(tmp_path: Path) -> None:
    """Every file of it is deleted."""
    folders = OutputFolders(root=tmp_path / "out")
    folders.prepare()
    (folders.dist / "old.whl").touch()
    (folders.root / "report.html").touch()
    folders.prepare()
    assert list(folders.dist.iterdir()) == []
    assert not (folders.root / "report.html").exists()
    assert (folders.root / ".gitignore").read_text() == "*\n"


def test_keeps_a_folder_with_other_files(tmp_path: Path) -> None:
    """A folder with files that no rehearsal wrote is not changed."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "precious.whl").touch()
    with pytest.raises(Failure, match="--output"):
        OutputFolders(root=tmp_path).prepare()
    assert (tmp_path / "dist" / "precious.whl").exists()
