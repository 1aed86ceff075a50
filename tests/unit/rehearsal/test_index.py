"""The embedded index, as a real process."""

from __future__ import annotations

import io
import json
import os
import zipfile
from contextlib import ExitStack
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tagship.rehearsal.children import Children
from tagship.rehearsal.index import Index, others_of, serve_index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENVIRON = {"PATH": os.environ["PATH"]}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """Yield an empty index beside which there is another one."""
    with serve_index(tmp_path / "index", others="https://index.invalid/simple/", environ=ENVIRON) as served:
        yield served


def ask(url: str) -> tuple[int, str, str]:
    """Status, place and text of the answer, redirections not followed."""
    parts = urlsplit(url)
    with ExitStack() as stack:
        connection = HTTPConnection(parts.netloc, timeout=30)
        stack.callback(connection.close)
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("location") or "", answer.read().decode()


def wheel(folder: Path) -> Path:
    """Return a wheel with just enough in it to be uploaded."""
    path = folder / "hello-1.0.0-py3-none-any.whl"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("hello-1.0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: hello\nVersion: 1.0.0\n")
        archive.writestr("hello-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    path.write_bytes(data.getvalue())
    return path


def test_publishes_and_serves_what_was_published(index: Index, tmp_path: Path) -> None:
    """A file that twine uploaded is on both simple pages, whole; a second upload is refused."""
    path = wheel(tmp_path)
    lines: list[str] = []
    assert index.publish([path], children=Children(), environ=ENVIRON, on_line=lines.append) == 0, lines
    for base in (index.own, index.with_others):
        assert f">{path.name}</a>" in ask(f"{base}hello/")[2]
    assert [file.name for file in index.files()] == [path.name]
    assert index.publish([path], children=Children(), environ=ENVIRON, on_line=lines.append) == 1
    assert any("already exists" in line for line in lines), "\n".join(lines)


def test_knows_nothing_else_on_its_own(index: Index) -> None:
    """The index of what was published knows no other package, the one with others says where it is."""
    assert ask(f"{index.own}six/")[0] == 404
    assert ask(f"{index.with_others}six/")[:2] == (303, "https://index.invalid/simple/six/")


def test_notes_every_request(index: Index) -> None:
    """Method, path as it was asked, and the status that was answered are kept, in order."""
    ask(f"{index.own}six/")
    ask(f"{index.with_others}six/")
    noted = [(entry["method"], entry["path"], entry["status"]) for entry in index.requests()]
    assert noted == [("GET", "/simple/six/", 404), ("GET", "/with-others/simple/six/", 303)]
    assert json.dumps(index.requests())


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({}, "https://pypi.org/simple/", id="PyPI"),
        pytest.param({"PIP_INDEX_URL": "https://a.example/simple"}, "https://a.example/simple", id="what pip is told"),
        pytest.param({"UV_INDEX_URL": "https://b.example/simple"}, "https://b.example/simple", id="what uv is told"),
        pytest.param({"PIP_INDEX_URL": "https://u:p@c.example:8/s"}, "https://c.example:8/s", id="without an account"),
    ],
)
def test_finds_the_other_index(environ: dict[str, str], expected: str) -> None:
    """Other packages come from where this machine gets them, and no password is handed on."""
    assert others_of(environ) == expected
