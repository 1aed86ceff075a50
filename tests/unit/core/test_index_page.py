"""Pages of the Simple API in JSON and HTML, and the pauses between retries."""

from __future__ import annotations

import json
from typing import Any

import pytest
from packaging.version import Version

from tagship.core.index_page import IndexFile, pauses, read_page, read_status, simple_url, without_account

URL = "https://example.invalid/simple/hello/"
NAME = "hello-1.0-py3-none-any.whl"
HTML = f"""<!DOCTYPE html><html><body><h1>hello</h1>
<a href="../../files/{NAME}#sha256=abc" data-requires-python="&gt;=3.8" >{NAME}</a>
<a href="https://cdn.invalid/hello%2B1-1.0.tar.gz" data-yanked="">x</a> <a name="top">no link</a>
</body></html>"""
FILES: list[dict[str, Any]] = [
    {"filename": NAME, "url": f"../../files/{NAME}", "hashes": {"sha256": "abc"}, "yanked": False},
    {
        "filename": "hello+1-1.0.tar.gz",
        "url": "https://cdn.invalid/hello%2B1-1.0.tar.gz",
        "hashes": {},
        "yanked": "why",
    },
]
EXPECTED = (
    IndexFile(filename=NAME, url=f"https://example.invalid/files/{NAME}", sha256="abc", yanked=False),
    IndexFile(filename="hello+1-1.0.tar.gz", url="https://cdn.invalid/hello%2B1-1.0.tar.gz", sha256="", yanked=True),
)


@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        (HTML, "text/html; charset=utf-8"),
        (HTML, "application/vnd.pypi.simple.v1+html"),
        (json.dumps({"meta": {"api-version": "1.4"}, "files": FILES}), "application/vnd.pypi.simple.v1+json"),
    ],
    ids=["plain HTML", "HTML by PEP 691", "JSON by PEP 691"],
)
def test_both_forms_have_the_same_files(text: str, content_type: str) -> None:
    """URLs are absolute; digests and yanked files are read."""
    assert read_page(text, content_type=content_type, url=URL) == EXPECTED


def test_a_file_can_have_attestations() -> None:
    """The URL of the provenance file is absolute."""
    page = json.dumps(
        {"files": [{**FILES[0], "provenance": "../../integrity/hello"}, {**FILES[1], "provenance": None}]}
    )
    found = read_page(page, content_type="application/json", url=URL)
    assert [file.provenance for file in found] == ["https://example.invalid/integrity/hello", ""]


@pytest.mark.parametrize(
    ("text", "content_type", "expected"),
    [
        pytest.param('{"project-status": {"status": "quarantined"}}', "application/json", "quarantined", id="a status"),
        pytest.param('{"project-status": "archived"}', "application/json", "", id="another form"),
        pytest.param("{}", "application/json", "", id="no status"),
        pytest.param(HTML, "text/html", "", id="HTML"),
    ],
)
def test_a_project_can_have_a_status(text: str, content_type: str, expected: str) -> None:
    """An index that does not state one says nothing about it."""
    assert read_status(text, content_type=content_type) == expected


@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        ("{", "application/json"),
        ("[]", "application/json"),
        ('{"files": 3}', "application/json"),
        ("x", "text/plain"),
        ("", ""),
    ],
)
def test_anything_else_is_refused(text: str, content_type: str) -> None:
    """An error page of a proxy is not an empty index."""
    with pytest.raises(ValueError, match=r".+"):
        read_page(text, content_type=content_type, url=URL)


def test_versions_and_tags_come_from_the_filename() -> None:
    """Files other than distributions have neither."""
    wheel, egg = (IndexFile(filename=name, url=URL, sha256="", yanked=False) for name in (NAME, "hello-1.0-py3.11.egg"))

    assert (wheel.version, {str(tag) for tag in wheel.tags}) == (Version("1.0"), {"py3-none-any"})
    assert (egg.version, egg.tags) == (None, frozenset())


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(0, []), (1, [1]), (10, [1, 2, 4, 3]), (95, [1, 2, 4, 8, 16, 30, 30, 4])],
)
def test_pauses_double_and_sum_to_the_limit(limit: float, expected: list[float]) -> None:
    """The last retry is exactly at the limit."""
    assert list(pauses(limit)) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://pypi.org/simple", "https://pypi.org/simple/"),
        ("https://pypi.org/simple/", "https://pypi.org/simple/"),
        ("https://pypi.org", "https://pypi.org/simple/"),
        ("https://pypi.org/pypi/", "https://pypi.org/simple/"),
        ("https://upload.pypi.org/legacy/", "https://pypi.org/simple/"),
        ("https://test.pypi.org/legacy/", "https://test.pypi.org/simple/"),
        ("https://user:word@index.example/root/+simple", "https://user:word@index.example/root/+simple/"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
    ],
)
def test_known_urls_become_the_simple_api(url: str, expected: str) -> None:
    """Upload URLs and home pages of PyPI are replaced."""
    assert simple_url(url) == expected


def test_a_password_is_not_shown() -> None:
    """User and password are removed from a URL in messages."""
    assert without_account("https://user:word@index.example/simple/") == "https://index.example/simple/"
    assert without_account("https://pypi.org/simple/") == "https://pypi.org/simple/"
