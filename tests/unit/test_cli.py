"""Wrong command lines: status 2, the value, the valid words, and one suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagship.main import main

if TYPE_CHECKING:
    from pathlib import Path


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what ``tagship ARGUMENTS`` writes to standard error, after a check that its status is 2."""
    try:
        status: object = main(arguments, {"PATH": "/usr/bin:/bin"})
    except SystemExit as exit_:
        status = exit_.code
    captured = capsys.readouterr()
    assert (status, captured.out) == (2, "")
    return captured.err


@pytest.mark.parametrize(
    ("line", "found", "near"),
    [
        ("docter", "'docter' is not one of preflight,", "doctor"),
        ("Doctor", "'Doctor' is not one of preflight,", "doctor"),
        ("gh_release", "'gh_release' is not one of", "gh-release"),
        ("buil-dist", "'buil-dist' is not one of", "build-dist"),
        ("--versoin", "unrecognized arguments: --versoin", "--version"),
        ("-v", "unrecognized arguments: -v", "-V"),
        ("release --tga v1", "unrecognized arguments: --tga v1", "--tag"),
        ("preflight --index_url x", "unrecognized arguments: --index_url x", "--index-url"),
        ("preflight extra", "unrecognized arguments: extra", ""),
        ("preflight --on-published=fial", "--on-published: 'fial' is not one of fail, warn.", "fail"),
        ("build-dist --sdist flase", "--sdist: 'flase' is not one of true, false.", "false"),
        ("gh-release --latest flse", "--latest: 'flse' is not one of auto, true, false, legacy.", "false"),
        ("gh-release --draft maybe", "--draft: 'maybe' is not one of true, false.", ""),
        ("quality-gate --timeout 5x", "--timeout: '5x' is not a duration;", ""),
        ("preflight --tag ..", "--tag: '..' is not a valid git tag name;", ""),
        ("verify OWNER", "--repository: 'OWNER' is not OWNER/NAME;", ""),
        ("doctor --formt json", "unrecognized arguments: --formt", "--format"),
        ("doctor --format jsn", "--format: 'jsn' is not one of text, json, sarif, github", "json"),
        ("doctor --history x", "--history: 'x' is not a whole number;", ""),
        ("doctor --history -3", "--history: '-3' is not a whole number;", ""),
        ("doctor --tag ..", "--tag: '..' is not a valid git tag name;", ""),
        ("rehearse --tag v1..2", "--tag: 'v1..2' is not a valid git tag name;", ""),
        ("doctor a b", "unrecognized arguments: b", ""),
        ("init --nme x", "unrecognized arguments: --nme", "--name"),
        ("init --index pypy", "Invalid value for --index: 'pypy'.", "pypi"),
        ("init --pin abc", "Invalid value for --pin: 'abc'.", ""),
        ("rehearse --tga v1", "unrecognized arguments: --tga", "--tag"),
        ("explain mising-section", "No topic 'mising-section'.", "missing-section"),
    ],
)
def test_a_wrong_command_line_names_the_value_and_the_nearest_word(
    line: str,
    found: str,
    near: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """One line has the value and the valid words, and at most one word is suggested, once."""
    monkeypatch.chdir(tmp_path)
    said = refused(line.split(), capsys)
    assert f"error: {found}" in said
    assert said.count("Did you mean") == bool(near)
    assert f"Did you mean {near}?" in said or not near


def test_a_flag_without_its_value_shows_the_choices(capsys: pytest.CaptureFixture[str]) -> None:
    """The suggestion can be typed."""
    said = refused(["preflight", "--on-published"], capsys)
    assert said.startswith("error: --on-published: expected one argument\n   → Set it: --on-published fail|warn\n")


def test_an_example_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The message and the description of the input do not repeat each other."""
    assert refused(["preflight", "--tag", ".."], capsys).count("v1.2.0") == 1


@pytest.mark.parametrize(("arguments", "shown"), [(["help"], "COMMAND"), (["help", "init"], "--testpypi")])
def test_help_is_a_command_too(arguments: list[str], shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is the same as the flag of the command."""
    with pytest.raises(SystemExit) as caught:
        main(arguments, {})
    assert (caught.value.code, shown in capsys.readouterr().out) == (0, True)
