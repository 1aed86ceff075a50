"""A fuzz target for reStructuredText changelogs: ``python tests/fuzz/restructuredtext.py [CORPUS] [-runs=100000]``.

It needs atheris, which is libFuzzer for Python (``pip install -r tests/fuzz/requirements.txt``): see
https://llvm.org/docs/LibFuzzer.html for the options. A changelog that breaks a law is written to a file named
``crash-...``.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Fuzz until an option says stop, or a law is broken."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["tagship", "docutils"]):
        check = importlib.import_module("support.restructuredtext_check").check
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
