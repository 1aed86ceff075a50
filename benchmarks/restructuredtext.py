"""Notes out of reStructuredText changelogs of 1 and 4 MB: one section out of the middle, against a parse of the whole.

``python benchmarks/restructuredtext.py`` prints seconds of processor time, and ratios, which a busy machine does not
change.
"""

from __future__ import annotations

import argparse
import gc
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.changelog import find_release
from tagship.core.restructuredtext.notes import release_notes
from tagship.core.restructuredtext.outline import read_document
from tagship.core.restructuredtext.states import parse
from tagship.core.sphinx.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Callable

ROLES = Roles(repository_url="https://github.com/octo/hello")
SECTION = """\
{version} (2026-02-19)
--------------------

Added
~~~~~

- A first thing, of which there is a bit more to say than fits on one line of the file,
  with a `link <docs/guide.rst>`_, ``code`` and a reference to :issue:`{number}`.
- A second thing by @somebody in https://github.com/octo/hello/pull/{number}

Fixed
~~~~~

- A mistake that showed like this::

    not a heading
    -------------
    Traceback (most recent call last):

- **Another** one, see `ticket {number}`_.

.. _ticket {number}: https://github.com/octo/hello/issues/{number}

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds of processor time for one size of file."""

    outline: float
    notes: float
    whole: float


def main() -> None:
    """Measure each size, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[1, 4])
    before: tuple[int, Times] | None = None
    for size in parser.parse_args().megabytes:
        times = measure(size)
        print(
            f"{size} MB: {times.outline:.2f} s for the outline, {times.notes:.3f} s for the notes, {times.whole:.1f} s "
            f"for a parse of the whole; against that {(times.outline + times.notes) / times.whole:.3f}"
        )
        if before is not None:
            growth = (times.outline + times.notes) / (before[1].outline + before[1].notes) / (size / before[0])
            print(f"{size} MB: time for a megabyte against that of {before[0]} MB: {growth:.2f}")
        before = size, times


def measure(megabytes: int) -> Times:
    """How long it takes to get the section in the middle of a file of that size, the best of two."""
    count = megabytes * 1_000_000 // len(SECTION)
    text = "Changes\n=======\n\n" + "".join(
        SECTION.format(version=_version(number), number=number) for number in range(count, 0, -1)
    )
    document = read_document(text)
    release = find_release(document.changelog, _version(count // 2), file="CHANGES.rst")
    assert "ticket" in release_notes(document, release, ROLES).text
    return Times(
        outline=_best(lambda: read_document(text)),
        notes=_best(lambda: release_notes(document, release, ROLES)),
        whole=_best(lambda: parse(text, ROLES), times=1),
    )


def _version(number: int) -> str:
    return f"{number // 100}.{number % 100 // 10}.{number % 10}"


def _best(work: Callable[[], object], times: int = 2) -> float:
    seconds = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


if __name__ == "__main__":
    main()
