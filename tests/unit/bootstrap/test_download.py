"""The choice of a wheel on a page of the simple API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bootstrap.download import Unsuitable, download, wheel_url

if TYPE_CHECKING:
    from pathlib import Path

HASH = f" \\\n    --hash=sha256:{'0' * 64}\n"
ADDRESS = "https://index.example/simple/a-b/"


@pytest.mark.parametrize(
    ("page", "url"),
    [
        pytest.param(
            '{"files":[{"filename":"a_b-1.0-py3-none-any.whl","url":"https://files.example/x/a_b-1.0-py3-none-any.whl"}]}',
            "https://files.example/x/a_b-1.0-py3-none-any.whl",
            id="JSON",
        ),
        pytest.param(
            '<a href="../../f/A_b-1.0-py2.py3-none-any.whl#sha256=1">a</a>',
            "https://index.example/f/A_b-1.0-py2.py3-none-any.whl",
            id="HTML with a relative URL",
        ),
        pytest.param(
            '<a href="/f/a_b-1.0-py3-none-any.whl?x=1&amp;y=2">a</a>',
            "https://index.example/f/a_b-1.0-py3-none-any.whl?x=1&y=2",
            id="a signed URL",
        ),
    ],
)
def test_the_wheel_is_found(page: str, url: str) -> None:
    """Both forms of a page have the URL."""
    assert wheel_url(page, ADDRESS, name="a-b", version="1.0") == url


@pytest.mark.parametrize(
    "file",
    ["a_b-1.0.1-py3-none-any.whl", "aa_b-1.0-py3-none-any.whl", "a_b-1.0-cp311-cp311-win_amd64.whl", "a_b-1.0.tar.gz"],
)
def test_any_other_file_is_left_to_an_installer(file: str) -> None:
    """Another version, another project, a compiled wheel or an sdist."""
    with pytest.raises(Unsuitable):
        wheel_url(f'<a href="https://files.example/{file}">', ADDRESS, name="a-b", version="1.0")


@pytest.mark.parametrize(
    ("requirement", "index"),
    [
        pytest.param("a==1.0\n", "https://index.example/simple", id="no hash"),
        pytest.param(f"a==1.0 ; python_version < '3.12'{HASH}", "https://index.example/simple", id="a marker"),
        pytest.param(f"a==1.0{HASH}", "https://user:password@index.example/simple", id="an index with a password"),
        pytest.param(f"a==1.0{HASH}", "file:///simple", id="a folder"),
    ],
)
def test_what_only_an_installer_can_do_is_not_tried(requirement: str, index: str, tmp_path: Path) -> None:
    """No request is sent."""
    with pytest.raises(Unsuitable):
        download(requirement, tmp_path, {"UV_DEFAULT_INDEX": index})
