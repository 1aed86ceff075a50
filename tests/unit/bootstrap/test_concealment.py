"""What other programs of the same user can see of a start."""

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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows how")
def test_its_memory_and_first_environment_are_its_own() -> None:
    """The kernel hands neither to another process of this user: the inputs stay in both after they were taken out."""
    command = [sys.executable, "-I", "-c", _ASK, str(SOURCE)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["1", "0"]
