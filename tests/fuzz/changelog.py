"""Fuzz target for release notes: ``python tests/fuzz/changelog.py [CORPUS] [-runs=100000]``.

Requires atheris, libFuzzer for Python (``pip install -r tests/fuzz/requirements.txt``); for the options see
https://llvm.org/docs/LibFuzzer.html. A changelog that breaks a law is written to a file named ``crash-...``.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Fuzz until an option stops it or a law is broken."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["tagship", "markdown_it"]):
        check = importlib.import_module("support.changelog_check").check
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
