"""An index, asked before a release."""

from __future__ import annotations

import json

import pytest
from packaging.version import Version

from support.pages import Page, pages
from tagship.edges.package_index import Index

FILES = json.dumps(
    {"files": [{"filename": name, "url": name} for name in ("hello_world-1.0.tar.gz", "hello_world-1.0.exe")]}
)
KNOWN = {Version("1.0"): ["hello_world-1.0.tar.gz"]}
PATH = "/simple/hello-world/"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(Page(FILES), id="JSON"),
        pytest.param(Page('<a href="/files/hello_world-1.0.tar.gz">x</a>', content_type="text/html"), id="HTML"),
    ],
)
def test_versions_are_read_by_the_normalised_name(page: Page) -> None:
    """Both forms of the page are read, and JSON is asked for first."""
    with pages({PATH: [page]}) as index:
        answer = Index(url=f"{index.url}/simple").files("Hello_World")

    assert (answer.state, answer.files) == ("known", KNOWN)
    ((_, headers),) = index.asked
    assert headers["Accept"].startswith("application/vnd.pypi.simple.v1+json,")


@pytest.mark.parametrize(
    ("page", "state", "reason"),
    [
        pytest.param(Page(status=404), "unknown", "", id="no such project"),
        pytest.param(Page(json.dumps({"files": []})), "unknown", "", id="a project without files"),
        pytest.param(Page(status=401), "unreachable", "with status 401", id="an account is wanted"),
    ],
)
def test_what_an_index_may_answer_at_once(page: Page, state: str, reason: str) -> None:
    """A refusal is no answer about the project, and asking again would not change it."""
    with pages({PATH: [page]}) as index:
        answer = Index(url=f"{index.url}/simple").files("hello-world")

    assert answer.state == state
    assert reason in answer.reason
    assert len(index.asked) == 1


def test_an_index_that_stumbles_is_asked_again() -> None:
    """One bad moment is not taken for an answer."""
    with pages({PATH: [Page(status=503), Page(FILES)]}) as index:
        answer = Index(url=f"{index.url}/simple", pauses=(0.0, 0.0)).files("hello-world")

    assert (answer.files, len(index.asked)) == (KNOWN, 2)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param(Page(status=503), "status 503", id="it is down"),
        pytest.param(Page("hello", content_type="text/plain"), "text/plain", id="it is no index"),
        pytest.param(Page('{"files": [{}]}'), "without a name", id="its page is broken"),
    ],
)
def test_an_index_that_cannot_be_asked_is_told(page: Page, reason: str) -> None:
    """After as many tries as there are pauses the reason is handed on."""
    with pages({PATH: [page]}) as index:
        answer = Index(url=f"{index.url}/simple", pauses=(0.0, 0.0)).files("hello-world")

    assert (answer.state, len(index.asked)) == ("unreachable", 3)
    assert reason in answer.reason


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/simple", "pypi.org/simple", "file:///etc"])
def test_an_address_where_nothing_answers_is_told(url: str) -> None:
    """A mistyped input ends in a sentence."""
    assert Index(url=url, pauses=()).files("hello").state == "unreachable"


def test_an_account_is_sent_and_not_shown() -> None:
    """User and password stay out of what people read."""
    with pages({PATH: [Page(FILES)]}) as index:
        private = Index(url=index.url.replace("http://", "http://user:s3cret@") + "/simple/")
        answer = private.files("hello-world")

    assert answer.state == "known"
    assert index.asked[0][1]["Authorization"].startswith("Basic ")
    assert private.shown == f"{index.url}/simple/"
