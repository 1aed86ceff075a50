"""The fuzz target of changelogs, run for a short time."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from support.changelog_check import check, check_treatments
from support.changelogs import PIECES

TARGET = Path(__file__).parents[1] / "fuzz" / "changelog.py"
SEEDS = [
    b"",
    b"\xef\xbb\xbf---\na: b\n---\n## 1.0.0\n\xff[a]\n\n[a]: b\n",
    b"## 1.1.0\n```\n## 1.0.0\n",
    b"## 1.0.0\r\n- a\r\n  b [c](d)\r\n\r\n<!--\r\n",
    b"1.0.0\n=====\n> a\nb  \nc\\\nd\n\n[^1]: x\n\n[^1]\n",
    "".join(PIECES).encode(),
]


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_the_fuzz_target_accepts_its_seeds(seed: bytes) -> None:
    """The seeds of the fuzzer break no law."""
    check(seed)


def test_the_fuzz_target_detects_a_fault() -> None:
    """A treatment that loses a word fails the check."""
    with pytest.raises(AssertionError, match="unwrapping changes more than soft breaks"):
        check_treatments("a word\n", lambda text: text.replace("word", ""))


def test_a_short_fuzzing_run_finds_nothing(tmp_path: Path) -> None:
    """1000 coverage-guided texts break no law."""
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed: pip install -r tests/fuzz/requirements.txt")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(SEEDS):
        (corpus / str(number)).write_bytes(seed)
    command = [sys.executable, str(TARGET), str(corpus), "-runs=1000", "-max_len=300", "-seed=1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
