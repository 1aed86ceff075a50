"""Start of an action: ``python3 -I -S -X utf8 src ACTION [FLAGS]``.

Without ``-S`` every ``.pth`` file in site-packages could run code with access to the token.

An old Python parses only this file, so it uses only syntax of every Python 3, and reports the version before it imports
anything newer.
"""

import os
import sys


def refuse(title, found, remedy):
    # type: (str, str, str) -> None
    """Report why the action cannot start, and exit with status 1."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        sys.stdout.write("::error title=" + title + "::" + found + " " + remedy + "\n")
        sys.stdout.flush()
    sys.stderr.write("error: " + found + "\n" + remedy + "\n")
    sys.exit(1)


if __name__ == "__main__":
    place = " (" + str(sys.executable) + ")."
    setup = 'Add a step before this one: "uses: actions/setup-python" with "python-version: 3.12"'
    topic = "python-is-too-old"
    if sys.version_info < (3, 11):  # noqa: UP036 - the purpose of this file
        refuse(
            "Python is too old",
            "tagship requires Python 3.11 or newer; python3 is Python " + sys.version.split()[0] + place,
            setup + " (docs/troubleshooting.md#" + topic + ").",
        )
    try:
        from bootstrap.start import start
    except ImportError as error:
        # Debian's python3-minimal has only a part of the standard library.
        topic = "no-module-named-json"
        refuse(
            "Python is incomplete",
            "The standard library of python3 is incomplete: " + str(error) + place,
            "Run: apt-get install python3; or: " + setup + " (docs/troubleshooting.md#" + topic + ").",
        )
        raise

    start()
