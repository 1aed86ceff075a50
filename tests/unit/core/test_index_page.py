"""Pages of the Simple API are read in JSON and in HTML, and waited for with growing pauses."""

from __future__ import annotations

import json

import pytest
from packaging.version import Version

from tagship.core.index_page import IndexFile, pauses, read_page, simple_url, without_account

URL = "https://example.invalid/simple/hello/"
NAME = "hello-1.0-py3-none-any.whl"
HTML = f"""<!DOCTYPE html><html><body><h1>hello</h1>
<a href="../../files/{NAME}#sha256=abc" data-requires-python="&gt;=3.8" >{NAME}</a>
<a href="https://cdn.invalid/hello%2B1-1.0.tar.gz" data-yanked="">x</a> <a name="top">no link</a>
</body></html>"""
FILES = [
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
def test_both_forms_say_the_same(text: str, content_type: str) -> None:
    """Addresses are absolute, digests and yanks are read."""
    assert read_page(text, content_type=content_type, url=URL) == EXPECTED


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
    """A proxy's error page in plain text is no empty index."""
    with pytest.raises(ValueError, match=r".+"):
        read_page(text, content_type=content_type, url=URL)


def test_versions_and_tags_come_from_the_filename() -> None:
    """Files that are no distributions have neither."""
    wheel, egg = (IndexFile(filename=name, url=URL, sha256="", yanked=False) for name in (NAME, "hello-1.0-py3.11.egg"))

    assert (wheel.version, {str(tag) for tag in wheel.tags}) == (Version("1.0"), {"py3-none-any"})
    assert (egg.version, egg.tags) == (None, frozenset())


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(0, []), (1, [1]), (10, [1, 2, 4, 3]), (95, [1, 2, 4, 8, 16, 30, 30, 4])],
)
def test_pauses_grow_and_add_up_to_the_limit(limit: float, expected: list[float]) -> None:
    """The last look is at the limit, no later."""
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
def test_the_address_leads_to_the_simple_api(url: str, expected: str) -> None:
    """The addresses people copy from upload settings lead to where an index is read."""
    assert simple_url(url) == expected


def test_an_account_is_not_shown() -> None:
    """A password in the address stays out of what people read."""
    assert without_account("https://user:word@index.example/simple/") == "https://index.example/simple/"
    assert without_account("https://pypi.org/simple/") == "https://pypi.org/simple/"
