"""The console script."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from packaging.version import Version

from hello_tagship.greetings import LANGUAGES, greet


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a greeting and return 0; a wrong command line ends in argparse's own way."""
    parser = argparse.ArgumentParser(prog="hello-tagship", description="Say hello.")
    parser.add_argument("name", nargs="?", default="world", help="who is greeted")
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="en", help="in which language")
    parser.add_argument("--version", action="version", version=release_name(version("hello-tagship")))
    chosen = parser.parse_args(arguments)
    print(greet(chosen.name, chosen.language))
    return 0


def release_name(text: str) -> str:
    """The version with a word for what kind of release it is."""
    return f"{text} (pre-release)" if Version(text).is_prerelease else text


if __name__ == "__main__":
    sys.exit(main())
