"""The client of a package index: pages, polling, retries, downloads by checksum."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from support.indexes import ScriptedIndex, serving
from support.pages import Page, pages
from support.wheels import write_sdist, write_wheel
from tagship.core.index_page import IndexFile
from tagship.edges.package_index import PackageIndex
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE = Version("1.0")


@contextmanager
def client(index: ScriptedIndex, slept: list[float] | None = None, *, account: str = "") -> Iterator[PackageIndex]:
    """Yield a client of the scripted index, which records pauses instead of sleeping."""
    pauses_slept = [] if slept is None else slept
    with serving(index):
        yield PackageIndex(
            url=index.url.replace("http://", f"http://{account}"), log=lambda text: None, sleep=pauses_slept.append
        )


@pytest.mark.parametrize("html", [False, True], ids=["JSON", "HTML"])
def test_files_are_listed_and_downloaded(tmp_path: Path, html: bool) -> None:
    """Both forms of the Simple API are supported."""
    wheel, sdist = write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1"}), write_sdist(tmp_path, "hello", "1.0")
    with client(ScriptedIndex([[wheel, sdist]], html=html)) as index:
        files = index.files("hello")
        (tmp_path / "got").mkdir()
        path = index.download(files[0], tmp_path / "got")

    assert [file.filename for file in files] == [wheel.name, sdist.name]
    assert path.read_bytes() == wheel.read_bytes()


def test_an_unknown_project_has_no_files() -> None:
    """HTTP 404 means that the project does not exist."""
    with client(ScriptedIndex([404])) as index:
        assert index.files("hello") == ()


def test_polling_for_a_version_backs_off(tmp_path: Path) -> None:
    """Polling continues after 404, older versions only, or a server error."""
    old, new = write_wheel(tmp_path, "hello", "0.9"), write_wheel(tmp_path, "hello", "1.0")
    slept: list[float] = []

    with client(ScriptedIndex([404, [old], 503, [old, new]]), slept) as index:
        found = index.awaited("hello", ONE, 60)

    assert ([file.filename for file in found], slept) == ([new.name], [1, 2, 4])


def test_an_sdist_alone_is_returned_only_at_the_end(tmp_path: Path) -> None:
    """The page may have been read between two uploads, so a wheel is awaited until the limit."""
    wheel, sdist = write_wheel(tmp_path, "hello", "1.0"), write_sdist(tmp_path, "hello", "1.0")

    with client(ScriptedIndex([[sdist], [sdist, wheel]])) as index:
        assert [file.filename for file in index.awaited("hello", ONE, 60)] == [sdist.name, wheel.name]
    with client(ScriptedIndex([[sdist]])) as index:
        assert [file.filename for file in index.awaited("hello", ONE, 3)] == [sdist.name]


def test_polling_has_a_limit(tmp_path: Path) -> None:
    """After the limit the message has the newest version."""
    slept: list[float] = []
    older = [write_wheel(tmp_path, "hello", version) for version in ("0.9", "0.10")]

    with client(ScriptedIndex([older]), slept) as index, pytest.raises(Failure) as caught:
        index.awaited("hello", ONE, 10)

    assert sum(slept) == 10
    assert "is not on http://127.0.0.1" in caught.value.problems[0].found
    assert caught.value.problems[0].found.endswith("the newest version is 0.10.")


def test_polling_reports_an_unknown_project() -> None:
    """The name may be wrong, or the upload went to another index."""
    with client(ScriptedIndex([404])) as index, pytest.raises(Failure, match="has no such project"):
        index.awaited("hello", ONE, 0)


@pytest.mark.parametrize(
    ("answer", "topic", "requests"),
    [
        (503, "package-index-unreachable", 3),
        (429, "package-index-unreachable", 3),
        (403, "401-or-403-from-the-package-index", 1),
        (401, "401-or-403-from-the-package-index", 1),
        (400, "401-or-403-from-the-package-index", 1),
    ],
)
def test_a_refusal_ends_polling_and_a_server_error_does_not(answer: int, topic: str, requests: int) -> None:
    """HTTP 4xx other than 429 is reported at once."""
    scripted = ScriptedIndex([answer])
    with client(scripted) as index, pytest.raises(Failure) as caught:
        index.awaited("hello", ONE, 3)

    assert caught.value.problems[0].topic == topic
    assert len(scripted.requests) == requests


def test_a_refused_connection_is_reported() -> None:
    """The message has the URL and the reason."""
    index = PackageIndex(url="http://127.0.0.1:9/simple/", log=lambda text: None)

    with pytest.raises(Failure, match=r"did not respond at http://127\.0\.0\.1:9/simple/hello/: \[.*refused"):
        index.files("hello")


@pytest.mark.parametrize("url", ["file:///etc/", "ftp://127.0.0.1/simple/"])
def test_only_http_urls_are_accepted(url: str) -> None:
    """The URL of an index cannot be used to read local files."""
    with pytest.raises(Failure, match="must begin with http"):
        PackageIndex(url=url, log=lambda text: None).files("hello")


def test_a_page_of_another_type_is_reported() -> None:
    """For example the welcome page of a proxy."""

    class Welcome(ScriptedIndex):
        def page(self) -> tuple[int, str, bytes]:
            return 200, "text/plain", b"Welcome!"

    with client(Welcome([[]])) as index, pytest.raises(Failure, match="neither JSON nor HTML"):
        index.files("hello")


def test_a_file_with_another_checksum_is_refused(tmp_path: Path) -> None:
    """The checksum on the page is compared with the downloaded file."""
    wheel = write_wheel(tmp_path, "hello", "1.0")
    (tmp_path / "got").mkdir()
    with (
        client(ScriptedIndex([[wheel]], wrong_digest=True)) as index,
        pytest.raises(Failure, match=r"Checksum mismatch for hello-1\.0"),
    ):
        index.download(index.files("hello")[0], tmp_path / "got")


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    """A file that is on the page but missing on the server is a failure."""
    wheel = write_wheel(tmp_path, "hello", "1.0")
    with client(ScriptedIndex([[wheel]])) as index:
        file = index.files("hello")[0]
        gone = type(file)(filename="x.whl", url=file.url.replace(wheel.name, "gone"), sha256="", yanked=False)
        with pytest.raises(Failure, match="HTTP 404"):
            index.download(gone, tmp_path)


@pytest.mark.parametrize(
    ("answers", "requests"),
    [
        pytest.param([503, []], 2, id="a server error is retried"),
        pytest.param([403, []], 1, id="a refusal is not retried"),
    ],
)
def test_a_download_is_retried(tmp_path: Path, answers: list[int | list[Path]], requests: int) -> None:
    """Server errors are common right after an upload."""
    with client(ScriptedIndex(answers)) as index:
        file = IndexFile(filename="a.whl", url=f"{index.url}a.whl", sha256="", yanked=False)
        with nullcontext() if requests > 1 else pytest.raises(Failure, match="HTTP 403"):
            index.download(file, tmp_path)

    assert (tmp_path / "a.whl").exists() == (requests > 1)


def test_a_password_is_sent_and_not_logged(tmp_path: Path) -> None:
    """The password is in the Authorization header, but not in the log or a message."""
    said: list[str] = []
    scripted = ScriptedIndex([404, [write_wheel(tmp_path, "hello", "1.0")]])
    with serving(scripted):
        url = scripted.url.replace("http://", "http://me:s%40cret@")
        index = PackageIndex(url=url, log=said.append, sleep=lambda seconds: None)
        file = index.awaited("hello", ONE, 9)[0]
        index.download(file, tmp_path)

    assert {authorization for _, authorization in scripted.requests} == {"Basic bWU6c0BjcmV0"}
    assert "cret" not in "".join(said) + file.url


def test_a_password_is_sent_to_its_own_host_only(tmp_path: Path) -> None:
    """A file on another host is downloaded without it."""
    wheel = write_wheel(tmp_path, "hello", "1.0")
    with serving(ScriptedIndex([[wheel]])) as elsewhere, client(ScriptedIndex([[wheel]]), account="me:x@") as index:
        file = index.files("hello")[0]
        moved = type(file)(
            filename=file.filename, url=elsewhere.url.replace("simple/", f"files/{wheel.name}"), sha256="", yanked=False
        )
        index.download(moved, tmp_path)

    assert elsewhere.requests == [(f"/files/{wheel.name}", None)]


def test_a_password_of_an_https_index_is_not_sent_over_http(tmp_path: Path) -> None:
    """If the page of an https index links to http, the file is downloaded without the password."""
    wheel = write_wheel(tmp_path, "hello", "1.0")
    with serving(ScriptedIndex([[wheel]])) as plain:
        index = PackageIndex(url=plain.url.replace("http://", "https://me:x@"), log=lambda text: None)
        address = plain.url.replace("simple/", f"files/{wheel.name}")
        index.download(IndexFile(filename=wheel.name, url=address, sha256="", yanked=False), tmp_path)

    assert plain.requests == [(f"/files/{wheel.name}", None)]


PROJECT = json.dumps(
    {"files": [{"filename": name, "url": name} for name in ("hello_world-1.0.tar.gz", "hello_world-1.0.exe")]}
)
KNOWN = {ONE: ["hello_world-1.0.tar.gz"]}
PATH = "/simple/hello-world/"


def checked(url: str) -> PackageIndex:
    """Return a client that neither logs nor sleeps."""
    return PackageIndex(url=url, log=lambda _: None, sleep=lambda _: None)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(Page(PROJECT), id="JSON"),
        pytest.param(Page('<a href="/files/hello_world-1.0.tar.gz">x</a>', content_type="text/html"), id="HTML"),
    ],
)
def test_versions_are_read_by_the_normalized_name(page: Page) -> None:
    """Files are grouped by version, files of other kinds are ignored, and JSON is preferred."""
    with pages({PATH: [page]}) as index:
        answer = checked(f"{index.url}/simple").answer("Hello_World")
    assert (answer.state, answer.files) == ("known", KNOWN)
    ((_, headers),) = index.asked
    assert headers["Accept"].startswith("application/vnd.pypi.simple.v1+json,")


@pytest.mark.parametrize(
    ("page", "state", "reason", "requests"),
    [
        pytest.param(Page(status=404), "unknown", "", 1, id="no such project"),
        pytest.param(Page(json.dumps({"files": []})), "unknown", "", 1, id="a project without files"),
        pytest.param(Page(status=401), "unreachable", "HTTP 401", 1, id="a missing password"),
        pytest.param(Page(status=503), "unreachable", "HTTP 503", 3, id="a server error"),
        pytest.param(Page("hello", content_type="text/plain"), "unreachable", "text/plain", 3, id="not an index"),
        pytest.param(Page('{"files": [{}]}'), "unreachable", "no filename", 3, id="a broken page"),
    ],
)
def test_the_answer_has_a_state_and_a_reason(page: Page, state: str, reason: str, requests: int) -> None:
    """An unreachable index is an answer too, after three attempts; a refusal is not retried."""
    with pages({PATH: [page]}) as index:
        answer = checked(f"{index.url}/simple").answer("hello-world")
    assert (answer.state, len(index.asked)) == (state, requests)
    assert reason in answer.reason


def test_one_server_error_is_retried() -> None:
    """The second page is the answer."""
    with pages({PATH: [Page(status=503), Page(PROJECT)]}) as index:
        answer = checked(f"{index.url}/simple").answer("hello-world")
    assert (answer.files, len(index.asked)) == (KNOWN, 2)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/simple", "pypi.org/simple", "file:///etc"])
def test_a_wrong_url_is_unreachable(url: str) -> None:
    """A mistyped input is an answer, not an exception."""
    assert checked(url).answer("hello").state == "unreachable"


def test_a_failed_tls_verification_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the variable to set, and the request is not retried."""

    def refuse(request: urllib.request.Request, timeout: float) -> None:
        raise urllib.error.URLError("[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer certificate")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    with pytest.raises(Failure, match="SSL_CERT_FILE") as caught:
        checked("https://pypi.org/simple/").awaited("hello", ONE, 10)
    assert caught.value.problems[0].found.startswith("TLS certificate verification failed for https://pypi.org/simple/")


@pytest.mark.parametrize(
    ("limit", "value"), [("_MOST_OF_PAGE", 1 << 20), ("_MOST_SECONDS", 0)], ids=["bytes", "seconds"]
)
def test_a_page_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    """A page has a maximum size and a maximum time; one over it is not requested again."""
    monkeypatch.setattr(f"tagship.edges.package_index.{limit}", value)
    said: list[str] = []
    with pages({"/simple/hello/": [Page(" " * (2 << 20))]}) as server:
        answer = PackageIndex(url=f"{server.url}/simple/", log=said.append).answer("hello")
    assert answer.state == "unreachable"
    assert ("more than 1 MiB" if value else "does not end within 0 s") in answer.reason
    assert said == []
