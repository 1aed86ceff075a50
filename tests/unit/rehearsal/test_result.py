"""The content of ``result.json``."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from support.rehearsals import a_result, a_stage
from tagship.rehearsal.result import as_json, file_at
from tagship.rehearsal.steps import Annotation

if TYPE_CHECKING:
    from pathlib import Path


def test_has_stages_release_index_and_requests() -> None:
    """The object has all parts of the result, and only the fields that a stage uses."""
    shown = as_json(a_result())
    assert shown["stages"][0] == {"name": "checkout", "outcome": "passed", "seconds": 0.4}
    assert shown["stages"][2] == {"name": "quality-gate", "outcome": "passed", "seconds": 4.2, "python": "3.11"}
    assert set(shown["release"]) == {"tag", "name", "draft", "prerelease", "latest", "body", "assets"}
    assert set(shown["release"]["assets"][0]) == {"name", "size", "digest"}
    assert set(shown["index"]["files"][0]) == {"name", "size", "digest"}
    assert shown["requests"][0] == {"to": "index", "method": "GET", "path": "/simple/hello/", "status": 404}
    assert (shown["passed"], shown["tag"], shown["version"]) == (True, "v1.2.0", "1.2.0")


def test_has_the_message_of_a_failure() -> None:
    """A failed stage has a message."""
    failed = a_stage("build-dist", outcome="failed", message="The build failed.\nFix it.")
    shown = as_json(a_result(stages=(failed,), release=None))
    assert shown["stages"][0]["message"] == "The build failed.\nFix it."
    assert (shown["passed"], shown["release"]) == (False, None)


def test_lists_each_warning_once() -> None:
    """A warning of several stages has the name of the first one, and no output of programs."""
    warning = Annotation(level="warning", title="x", text="The sdist does not build.\ngcc: error")
    notice = Annotation(level="note", title="x", text="For information.")
    stages = [a_stage(name, annotations=(warning, notice)) for name in ("build-dist", "install")]
    assert a_result(stages=tuple(stages)).warnings == ("build-dist: The sdist does not build.",)


def test_measures_a_file(tmp_path: Path) -> None:
    """A file has a name, a size, and a digest in GitHub's format."""
    path = tmp_path / "a.whl"
    path.write_bytes(b"wheel")
    file = file_at(path)
    assert (file.name, file.size, file.digest) == ("a.whl", 5, f"sha256:{hashlib.sha256(b'wheel').hexdigest()}")
