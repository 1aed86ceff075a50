"""``python -m tagship``."""

import sys

if not sys.flags.safe_path:
    # The working directory is first, and a checkout may have a build.py or another module with the name of a library.
    del sys.path[0]

from tagship.main import console

console()
