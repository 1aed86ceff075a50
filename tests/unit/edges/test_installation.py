"""The repository that tagship came from."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from support.repositories import GitRepository, new_repository
from tagship.edges.installation import Origin, origin
from tagship.edges.processes import Processes

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PROCESSES = Processes(environ=dict(os.environ))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(
            {
                "url": "https://github.com/octo/tagship",
                "vcs_info": {"requested_revision": "v1.2.0", "commit_id": COMMIT},
            },
            Origin(repository="octo/tagship", commit=COMMIT, tag="v1.2.0"),
            id="a tag of a repository",
        ),
        pytest.param(
            {"url": "ssh://git@github.com/octo/tagship.git", "vcs_info": {"commit_id": COMMIT}},
            Origin(repository="octo/tagship", commit=COMMIT),
            id="the default branch",
        ),
        pytest.param(
            {"url": "https://github.com/octo/tagship", "vcs_info": {"requested_revision": "main", "commit_id": COMMIT}},
            Origin(repository="octo/tagship", commit=COMMIT),
            id="another branch, which is not a version",
        ),
        pytest.param({"url": "file:///src/tagship", "dir_info": {}}, Origin(), id="a folder"),
        pytest.param({"url": "https://example.com/a.git", "vcs_info": {}}, Origin(), id="a repository elsewhere"),
        pytest.param(None, Origin(), id="a file without a record"),
        pytest.param("{", Origin(), id="a broken record"),
    ],
)
def test_an_installer_records_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: object, expected: Origin
) -> None:
    """Both pip and uv record the URL, the ref and the commit (PEP 610)."""
    info = tmp_path / "tagship-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tagship\nVersion: 1.0\n")
    if record is not None:
        (info / "direct_url.json").write_text(record if isinstance(record, str) else json.dumps(record))
    monkeypatch.syspath_prepend(tmp_path)
    assert origin(PROCESSES, root=tmp_path) == expected


def test_a_clone_has_a_remote(tmp_path: Path) -> None:
    """The commit counts only if the remote has it: a workflow cannot call one that was not pushed."""
    upstream = new_repository(tmp_path / "upstream", tag="v1.2.0")
    clone = GitRepository(tmp_path / "clone")
    upstream.git("clone", "--quiet", upstream.path.as_uri(), str(clone.path))
    clone.git("remote", "set-url", "origin", "https://github.com/octo/tagship")
    pushed = Origin(repository="octo/tagship", commit=clone.git("rev-parse", "HEAD"), tag="v1.2.0")
    assert origin(PROCESSES, root=clone.path) == pushed

    clone.git("checkout", "--quiet", "--detach")
    clone.commit({"a": "1"})
    assert origin(PROCESSES, root=clone.path) == Origin(repository="octo/tagship")


def test_a_folder_of_another_repository_has_no_origin(tmp_path: Path) -> None:
    """A copy inside of a project does not come from the project's repository."""
    project = new_repository(tmp_path, {"vendor/tagship/a": ""})
    project.git("remote", "add", "origin", "https://github.com/octo/hello")
    assert origin(PROCESSES, root=tmp_path / "vendor" / "tagship") == Origin()
