"""The examples of the CommonMark specification, from the source distribution of markdown-it-py."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "4.3.0"
_SHA256 = "91a58fa5b72c71a40cf7177250fd767480d7a2bb3ac426ccfb76fb90305fdaaa"
_MEMBER = f"markdown_it_py-{VERSION}/tests/test_cmark_spec/commonmark.json"


def specification_examples(folder: Path) -> list[str]:
    """Return the Markdown of every example; pip downloads the distribution into ``folder`` if necessary.

    Raises OSError if the download fails.
    """
    archive = folder / f"markdown_it_py-{VERSION}.tar.gz"
    if not archive.exists():
        _fetch(folder)
    with tarfile.open(archive) as files:
        member = files.extractfile(_MEMBER)
        if member is None:
            raise OSError(f"{archive.name} has no {_MEMBER}")
        examples = json.load(member)
    return [example["markdown"] for example in examples]


def _fetch(folder: Path) -> None:
    desired = folder / "wanted.txt"
    desired.write_text(f"markdown-it-py=={VERSION} --hash=sha256:{_SHA256}\n", "utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-binary", "markdown-it-py", "--require-hashes", "--dest", str(folder), "-r", str(desired)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    if done.returncode:
        raise OSError(f"pip download of markdown-it-py {VERSION} failed: {done.stderr.strip()[-300:]}")
