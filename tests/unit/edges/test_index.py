"""An index, asked over HTTP."""

from __future__ import annotations

import json
import socket

import pytest
from packaging.version import Version

from support.pages import Page, pages
from tagship.edges.index import Index

FILES = json.dumps({"files": [{"filename": "hello_world-1.0.tar.gz"}]})
PATH = "/simple/hello-world/"


def test_versions_are_read_by_the_normalised_name() -> None:
    """JSON is asked for first, and HTML is accepted."""
    with pages({PATH: [Page(FILES)]}) as index:
        answer = Index(url=f"{index.url}/simple").files("Hello_World")

    assert (answer.state, answer.files) == ("known", {Version("1.0"): ["hello_world-1.0.tar.gz"]})
    ((path, headers),) = index.asked
    assert path == PATH
    assert headers["Accept"].startswith("application/vnd.pypi.simple.v1+json,")
    assert "text/html" in headers["Accept"]


def test_an_index_of_html_is_read() -> None:
    """Older indexes have no JSON."""
    page = Page('<a href="/files/hello_world-1.0.tar.gz">x</a>', content_type="text/html")
    with pages({PATH: [page]}) as index:
        answer = Index(url=f"{index.url}/simple/").files("hello-world")

    assert answer.files == {Version("1.0"): ["hello_world-1.0.tar.gz"]}


@pytest.mark.parametrize(
    ("page", "state", "reason"),
    [
        pytest.param(Page(status=404), "unknown", "", id="no such project"),
        pytest.param(Page(status=401), "unreachable", "it answered 401", id="an account is wanted"),
        pytest.param(Page("hello", content_type="text/plain"), "unreachable", "its page is text/plain", id="no index"),
        pytest.param(Page("{"), "unreachable", "", id="broken JSON"),
    ],
)
def test_what_an_index_may_answer(page: Page, state: str, reason: str) -> None:
    """Only 404 says that there is no such project; anything else that is no page is no answer."""
    with pages({PATH: [page]}) as index:
        answer = Index(url=f"{index.url}/simple").files("hello-world")

    assert answer.state == state
    assert reason in answer.reason
    assert len(index.asked) == 1


def test_an_index_that_stumbles_is_asked_again() -> None:
    """One bad moment is not taken for an answer."""
    with pages({PATH: [Page(status=503), Page(FILES)]}) as index:
        answer = Index(url=f"{index.url}/simple", pauses=(0.0, 0.0)).files("hello-world")

    assert (answer.state, len(index.asked)) == ("known", 2)


def test_an_index_that_stays_down_is_told() -> None:
    """After three tries the reason is handed on."""
    with pages({PATH: [Page(status=503)]}) as index:
        answer = Index(url=f"{index.url}/simple", pauses=(0.0, 0.0)).files("hello-world")

    assert (answer.state, answer.reason, len(index.asked)) == ("unreachable", "it answered 503", 3)


def test_an_index_that_is_not_there_is_told() -> None:
    """No connection is an answer as well."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = Index(url=f"http://127.0.0.1:{taken.getsockname()[1]}/simple", pauses=()).files("hello")

    assert (answer.state, answer.reason) == ("unreachable", "no connection")


def test_an_address_that_is_none_is_told() -> None:
    """A mistyped input ends in a sentence."""
    answer = Index(url="pypi.org/simple", pauses=()).files("hello")

    assert (answer.state, answer.reason) == ("unreachable", "its address is not that of a web server")
