"""The embedded index over HTTP."""

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

from tagship.edges.processes import Processes
from tagship.rehearsal.index import Index, fallback_index, serve_index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROCESSES = Processes(environ={"PATH": os.environ["PATH"]})


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """Serve an empty index with a fallback index."""
    with serve_index(tmp_path / "index", fallback="https://index.invalid/simple/") as served:
        yield served


def ask(url: str) -> tuple[int, str, str]:
    """Return status, location and text of a response, without following redirects."""
    parts = urlsplit(url)
    with ExitStack() as stack:
        connection = HTTPConnection(parts.netloc, timeout=30)
        stack.callback(connection.close)
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("location") or "", answer.read().decode()


def wheel(folder: Path) -> Path:
    """Return a minimal wheel that can be uploaded."""
    path = folder / "hello-1.0.0-py3-none-any.whl"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("hello-1.0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: hello\nVersion: 1.0.0\n")
        archive.writestr("hello-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    path.write_bytes(data.getvalue())
    return path


def test_serves_uploaded_files(index: Index, tmp_path: Path) -> None:
    """A file uploaded with twine is on both simple pages; a second upload of it is rejected."""
    path = wheel(tmp_path)
    lines: list[str] = []
    assert index.publish([path], PROCESSES, on_line=lines.append) == 0, lines
    for base in (index.simple_url, index.fallback_url):
        assert f">{path.name}</a>" in ask(f"{base}hello/")[2]
    assert [file.name for file in index.files()] == [path.name]
    assert index.publish([path], PROCESSES, on_line=lines.append) == 1
    assert any("already exists" in line for line in lines), "\n".join(lines)


def test_redirects_other_packages_to_the_fallback_index(index: Index) -> None:
    """The plain index returns 404 for another package; the one with a fallback redirects."""
    assert ask(f"{index.simple_url}six/")[0] == 404
    assert ask(f"{index.fallback_url}six/")[:2] == (303, "https://index.invalid/simple/six/")


def test_records_every_request(index: Index) -> None:
    """Method, path and status of each request are recorded in order."""
    ask(f"{index.simple_url}six/")
    ask(f"{index.fallback_url}six/")
    recorded = [(entry["method"], entry["path"], entry["status"]) for entry in index.requests]
    assert recorded == [("GET", "/simple/six/", 404), ("GET", "/with-fallback/simple/six/", 303)]
    assert json.dumps(index.requests)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({}, "https://pypi.org/simple/", id="PyPI"),
        pytest.param(
            {"PIP_INDEX_URL": "https://a.example/simple"}, "https://a.example/simple", id="the setting of pip"
        ),
        pytest.param({"UV_INDEX_URL": "https://b.example/simple"}, "https://b.example/simple", id="the setting of uv"),
        pytest.param({"PIP_INDEX_URL": "https://u:p@c.example:8/s"}, "https://c.example:8/s", id="without credentials"),
    ],
)
def test_finds_the_fallback_index(environ: dict[str, str], expected: str) -> None:
    """Other packages come from the index that this machine uses, without its credentials."""
    assert fallback_index(environ) == expected
