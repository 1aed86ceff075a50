"""Benchmark extract-changelog on files of 1, 4 and 16 MB: extract the notes of one version in the middle.

``python benchmarks/changelog.py`` prints ratios of CPU time, which other processes hardly change.
"""

from __future__ import annotations

import argparse
import gc
import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from tagship.core.changelog.reader import read_changelog
from tagship.core.changelog.search import find_release
from tagship.core.notes import Place, fitted_notes, ready_notes, section_notes
from tagship.core.restructuredtext.notes import release_notes
from tagship.core.restructuredtext.outline import read_document
from tagship.core.sphinx.markup import Roles

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = Place(server_url="https://github.com", repository="octo/hello", ref="v1.2.0", path="CHANGELOG.md")
SECTION = """\
## [{version}] - 2026-02-19

### Added

- A first thing, of which there is a bit more to say than fits on one line of the file,
  with a [link](docs/guide.md), `code` and a reference to [#{number}].
- A second thing by @somebody in https://github.com/octo/hello/pull/{number}

### Fixed

- A mistake that showed like this:

  ```text
  ## not a heading
  Traceback (most recent call last):
  ```

- **Another** one. ([#{number}])

[#{number}]: https://github.com/octo/hello/issues/{number}

"""
RESTRUCTUREDTEXT = """\
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
    """CPU times in seconds for one file size."""

    ours: float
    parse: float
    sed: float
    awk: float


def main() -> None:
    """Measure each size and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[1, 4, 16])
    options = parser.parse_args()
    before: tuple[int, Times] | None = None
    for size in options.megabytes:
        times = measure(size)
        print(
            f"{size} MB: {times.ours:.2f} s; relative to markdown-it {times.ours / times.parse:.2f}, "
            f"sed {times.ours / times.sed:.0f}, awk {times.ours / times.awk:.0f}"
        )
        if before is not None:
            growth = (times.ours / before[1].ours) / (size / before[0])
            print(f"{size} MB: time per megabyte relative to {before[0]} MB: {growth:.2f}")
        before = size, times
        outline, notes = measure_restructuredtext(size)
        print(f"{size} MB of reStructuredText: {outline:.2f} s to find the section, {notes:.3f} s for its notes")


def measure_restructuredtext(megabytes: int) -> tuple[float, float]:
    """Measure the search of the section in the middle of a file of that size, and the conversion of that section."""
    count = megabytes * 1_000_000 // len(RESTRUCTUREDTEXT)
    text = "".join(RESTRUCTUREDTEXT.format(version=_version(number), number=number) for number in range(count, 0, -1))
    document = read_document(text)
    release = find_release(document.changelog, _version(count // 2), file="CHANGES.rst")
    roles = Roles(repository_url="https://github.com/octo/hello")
    return _best(lambda: read_document(text)), _best(lambda: release_notes(document, release, roles))


def measure(megabytes: int) -> Times:
    """Measure each way to extract the section in the middle of a file of that size, the best of two runs."""
    count = megabytes * 1_000_000 // len(SECTION)
    text = "# Changelog\n\n" + "".join(
        SECTION.format(version=_version(number), number=number) for number in range(count, 0, -1)
    )
    wanted = _version(count // 2)
    pattern = rf"^## \[{wanted}\]".replace(".", r"\.")
    with TemporaryDirectory() as folder:
        path = Path(folder, "CHANGELOG.md")
        path.write_text(text, "utf-8")
        return Times(
            ours=_best(lambda: notes(path, wanted)),
            parse=_best(lambda: MarkdownIt("commonmark").parse(path.read_text("utf-8"))),
            sed=_best(lambda: _run(["sed", "-n", rf"/{pattern}/,/^## /p", str(path)])),
            awk=_best(lambda: _run(["awk", rf"/^## /{{inside = 0}} /{pattern}/{{inside = 1}} inside", str(path)])),
        )


def notes(path: Path, wanted: str) -> str:
    """Return the notes of version ``wanted``, as the action does."""
    changelog = read_changelog(path.read_text("utf-8"))
    release = find_release(changelog, wanted, file=path.name)
    ready = ready_notes(section_notes(changelog, release), unwrapped=True, place=PLACE)
    return fitted_notes(ready, "", max_bytes=120_000, place=PLACE)


def _version(number: int) -> str:
    return f"{number // 100}.{number % 100 // 10}.{number % 10}"


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _best(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(2):
        gc.collect()
        start = _spent()
        work()
        seconds.append(_spent() - start)
    return min(seconds)


def _spent() -> float:
    """Return the CPU time of this process and its finished children."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
