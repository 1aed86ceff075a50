"""Protection of a start against other processes of the same user."""

from __future__ import annotations

import subprocess
import sys

import pytest

from support.starts import SOURCE

_ASK = """
import ctypes, sys
sys.path.insert(0, sys.argv[1])
from bootstrap.start import conceal
before = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
conceal()
print(before, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="works on Linux only")
def test_the_memory_and_initial_environment_are_protected() -> None:
    """The kernel refuses both to other processes, because both keep the inputs after their removal."""
    command = [sys.executable, "-I", "-c", _ASK, str(SOURCE)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["1", "0"]
