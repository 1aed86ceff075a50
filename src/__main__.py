"""Start an action: ``python3 -I -S -X utf8 src ACTION [FLAGS]``.

Without ``-S`` every ``.pth`` file of the interpreter's packages could run code beside the token.

This file is all that an old Python gets to see, so it keeps to what every Python 3 can parse, and says what is missing
before anything newer is imported.
"""

import os
import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - the point of this file
        found = "tagship needs Python 3.11 or newer, and this is Python " + sys.version.split()[0]
        found += " (" + str(sys.executable) + ")."
        remedy = 'Add a step before this one: "uses: actions/setup-python" with "python-version: 3.12"'
        topic = "python-is-too-old"
        remedy += " (docs/troubleshooting.md#" + topic + ")."
        if os.environ.get("GITHUB_ACTIONS") == "true":
            sys.stdout.write("::error title=Python is too old::" + found + " " + remedy + "\n")
            sys.stdout.flush()
        sys.stderr.write("error: " + found + "\n" + remedy + "\n")
        sys.exit(1)
    from bootstrap.start import start

    start()
