"""What the Makefile hands to the programs it starts."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_what_make_is_given_stays_with_it(tmp_path: Path) -> None:
    """A project under rehearsal may have a makefile that knows variables of the same names."""
    (tmp_path / "Makefile").write_text(f"include {ROOT / 'Makefile'}\nprobe: ; @env\n")
    given = ["REPO=../x", "TAG=v1", "PYTHON=python3.13", "PYTHONS=3.13"]
    done = subprocess.run(
        ["make", "--silent", "probe", *given], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    seen = {line.partition("=")[0] for line in done.stdout.splitlines()}
    assert seen & {"REPO", "TAG", "PYTHON", "PYTHONS"} == set()
