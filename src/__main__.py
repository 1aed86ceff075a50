"""Start of an action: ``python3 -I -S -X utf8 src ACTION [FLAGS]``.

Without ``-S`` every ``.pth`` file in site-packages could run code with access to the token.

An old Python parses only this file, so it uses only syntax of every Python 3, and reports the version before it imports
anything newer.
"""

import os
import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - the purpose of this file
        found = "tagship requires Python 3.11 or newer; python3 is Python " + sys.version.split()[0]
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
