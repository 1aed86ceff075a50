"""The programs that tests start, as the locked test environment has them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def tool(name: str) -> str:
    """Return the program ``name`` next to this interpreter, or else on PATH.

    Raises LookupError with the line that installs it if it is missing.
    """
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise LookupError(f"{name} is missing: run make .venv/ready, which installs tests/requirements.txt")
    return found
