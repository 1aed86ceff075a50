"""Pages of an index, in both of their forms."""

from __future__ import annotations

import json

import pytest
from packaging.version import Version

from tagship.core.index_pages import files_by_version, simple_url, without_account

JSON = "application/vnd.pypi.simple.v1+json"
FILES = [
    "hello-1.0.tar.gz",
    "hello-1.0-py3-none-any.whl",
    "hello_world-1.0rc1.zip",
    "hello-1.0-1-cp311-cp311-manylinux_2_17_x86_64.whl",
    "hello-0.1-py2.7.egg",
    "index.html",
]
EXPECTED = {
    Version("1.0"): ["hello-1.0.tar.gz", "hello-1.0-py3-none-any.whl", FILES[3]],
    Version("1.0rc1"): ["hello_world-1.0rc1.zip"],
}


def test_json_is_read() -> None:
    """Versions come from the names of files, and from the list of versions where there is one (PEP 700)."""
    page = {"files": [{"filename": name, "url": "x"} for name in FILES], "versions": ["1.0", "0.9", "what"]}

    assert files_by_version(json.dumps(page), JSON) == {**EXPECTED, Version("0.9"): []}


def test_html_is_read() -> None:
    """The address says the file, with or without a digest, encoded or not."""
    links = "".join(f'<a href="../../files/{name.replace("-", "%2D")}#sha256=0">{name}</a><br>\n' for name in FILES)

    assert files_by_version(f"<!DOCTYPE html><html><body><a>none</a>{links}", "text/html; charset=utf-8") == EXPECTED


@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        pytest.param("{", JSON, id="broken JSON"),
        pytest.param("[]", JSON, id="JSON of something else"),
        pytest.param('{"files": 1}', JSON, id="JSON without files"),
        pytest.param("hello", "text/plain", id="another type"),
        pytest.param("hello", "", id="no type"),
    ],
)
def test_what_is_no_page_of_an_index_is_an_error(text: str, content_type: str) -> None:
    """A sign-in page or a proxy's message is not an empty project."""
    with pytest.raises(ValueError, match=r"."):
        files_by_version(text, content_type)


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
def test_the_address_leads_to_simple_pages(url: str, expected: str) -> None:
    """The addresses people copy from upload settings lead to where an index is read."""
    assert simple_url(url) == expected


def test_an_account_is_not_shown() -> None:
    """A password in the address stays out of what people read."""
    assert without_account("https://user:word@index.example/simple/") == "https://index.example/simple/"
    assert without_account("https://pypi.org/simple/") == "https://pypi.org/simple/"
