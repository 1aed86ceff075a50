"""An index is asked for files, waited for within a limit, and believed only by digest."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from support.indexes import ScriptedIndex, serving
from support.wheels import write_sdist, write_wheel
from tagship.core.index_page import IndexFile
from tagship.edges.package_index import PackageIndex
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE = Version("1.0")


@contextmanager
def asked(index: ScriptedIndex, slept: list[float] | None = None, *, account: str = "") -> Iterator[PackageIndex]:
    """Return the scripted index behind its client; pauses are written down and not slept."""
    pauses = [] if slept is None else slept
    with serving(index):
        yield PackageIndex(
            url=index.url.replace("http://", f"http://{account}"), log=lambda text: None, sleep=pauses.append
        )


@pytest.mark.parametrize("html", [False, True], ids=["JSON", "HTML"])
def test_files_are_listed_and_fetched(tmp_path: Path, html: bool) -> None:
    """In either form of the Simple API."""
    wheel, sdist = write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1"}), write_sdist(tmp_path, "hello", "1.0")
    with asked(ScriptedIndex([[wheel, sdist]], html=html)) as index:
        files = index.files("hello")
        (tmp_path / "got").mkdir()
        path = index.download(files[0], tmp_path / "got")

    assert [file.filename for file in files] == [wheel.name, sdist.name]
    assert path.read_bytes() == wheel.read_bytes()


def test_an_unknown_project_has_no_files() -> None:
    """404 is an answer."""
    with asked(ScriptedIndex([404])) as index:
        assert index.files("hello") == ()


def test_a_version_is_waited_for_with_growing_pauses(tmp_path: Path) -> None:
    """Through an index that does not know it yet, has only older ones, or stumbles."""
    old, new = write_wheel(tmp_path, "hello", "0.9"), write_wheel(tmp_path, "hello", "1.0")
    slept: list[float] = []

    with asked(ScriptedIndex([404, [old], 503, [old, new]]), slept) as index:
        found = index.awaited("hello", ONE, 60)

    assert ([file.filename for file in found], slept) == ([new.name], [1, 2, 4])


def test_an_sdist_alone_may_not_be_all(tmp_path: Path) -> None:
    """The page may be read between two uploads; at the end of the wait what is there is what there is."""
    wheel, sdist = write_wheel(tmp_path, "hello", "1.0"), write_sdist(tmp_path, "hello", "1.0")

    with asked(ScriptedIndex([[sdist], [sdist, wheel]])) as index:
        assert [file.filename for file in index.awaited("hello", ONE, 60)] == [sdist.name, wheel.name]
    with asked(ScriptedIndex([[sdist]])) as index:
        assert [file.filename for file in index.awaited("hello", ONE, 3)] == [sdist.name]


def test_waiting_has_a_limit(tmp_path: Path) -> None:
    """After which the newest version there is named."""
    slept: list[float] = []
    older = [write_wheel(tmp_path, "hello", version) for version in ("0.9", "0.10")]

    with asked(ScriptedIndex([older]), slept) as index, pytest.raises(Failure) as caught:
        index.awaited("hello", ONE, 10)

    assert sum(slept) == 10
    assert "is not on http://127.0.0.1" in caught.value.problems[0].found
    assert caught.value.problems[0].found.endswith("after 10 s; the newest there is 0.10.")


def test_an_unknown_project_is_told_as_such() -> None:
    """The name may be wrong, or the upload went elsewhere."""
    with asked(ScriptedIndex([404])) as index, pytest.raises(Failure, match="it knows no such project"):
        index.awaited("hello", ONE, 0)


@pytest.mark.parametrize(
    ("answer", "topic", "asks"),
    [
        (503, "index-down", 3),
        (429, "index-down", 3),
        (403, "index-refuses", 1),
        (401, "index-refuses", 1),
        (400, "index-refuses", 1),
    ],
)
def test_refusals_end_the_wait_and_troubles_do_not(answer: int, topic: str, asks: int) -> None:
    """What will not change by waiting is told at once."""
    scripted = ScriptedIndex([answer])
    with asked(scripted) as index, pytest.raises(Failure) as caught:
        index.awaited("hello", ONE, 3)

    assert caught.value.problems[0].topic == topic
    assert len(scripted.requests) == asks


def test_an_index_that_is_not_there_is_told() -> None:
    """With the address and the reason."""
    index = PackageIndex(url="http://127.0.0.1:9/simple/", log=lambda text: None)

    with pytest.raises(Failure, match=r"does not answer at http://127\.0\.0\.1:9/simple/hello/: \[.*refused"):
        index.files("hello")


@pytest.mark.parametrize("url", ["file:///etc/", "ftp://127.0.0.1/simple/"])
def test_only_http_is_spoken(url: str) -> None:
    """An index is no way to read files of the machine."""
    with pytest.raises(Failure, match="reached by http or https"):
        PackageIndex(url=url, log=lambda text: None).files("hello")


def test_a_page_that_is_no_index_is_told() -> None:
    """Such as the welcome page of a proxy."""

    class Welcome(ScriptedIndex):
        def page(self) -> tuple[int, str, bytes]:
            return 200, "text/plain", b"Welcome!"

    with asked(Welcome([[]])) as index, pytest.raises(Failure, match="neither JSON nor HTML"):
        index.files("hello")


def test_a_file_with_another_digest_is_refused(tmp_path: Path) -> None:
    """The announced digest is what counts."""
    wheel = write_wheel(tmp_path, "hello", "1.0")
    (tmp_path / "got").mkdir()
    with asked(ScriptedIndex([[wheel]], wrong_digest=True)) as index, pytest.raises(Failure, match="is announced"):
        index.download(index.files("hello")[0], tmp_path / "got")


def test_a_file_that_went_is_told(tmp_path: Path) -> None:
    """The list named it, and it is not there."""
    wheel = write_wheel(tmp_path, "hello", "1.0")
    with asked(ScriptedIndex([[wheel]])) as index:
        file = index.files("hello")[0]
        gone = type(file)(filename="x.whl", url=file.url.replace(wheel.name, "gone"), sha256="", yanked=False)
        with pytest.raises(Failure, match="status 404"):
            index.download(gone, tmp_path)


@pytest.mark.parametrize(
    ("answers", "requests"),
    [pytest.param([503, []], 2, id="asked again"), pytest.param([403, []], 1, id="a refusal is final")],
)
def test_a_file_is_asked_for_again_where_there_is_no_answer(
    tmp_path: Path, answers: list[int | list[Path]], requests: int
) -> None:
    """Indexes answer with an error now and then, most of all right after an upload."""
    with asked(ScriptedIndex(answers)) as index:
        file = IndexFile(filename="a.whl", url=f"{index.url}a.whl", sha256="", yanked=False)
        with nullcontext() if requests > 1 else pytest.raises(Failure, match="refuses"):
            index.download(file, tmp_path)

    assert (tmp_path / "a.whl").exists() == (requests > 1)


def test_an_account_is_sent_and_never_shown(tmp_path: Path) -> None:
    """Neither the log nor a message holds the password."""
    said: list[str] = []
    scripted = ScriptedIndex([404, [write_wheel(tmp_path, "hello", "1.0")]])
    with serving(scripted):
        url = scripted.url.replace("http://", "http://me:s%40cret@")
        index = PackageIndex(url=url, log=said.append, sleep=lambda seconds: None)
        file = index.awaited("hello", ONE, 9)[0]
        index.download(file, tmp_path)

    assert {authorization for _, authorization in scripted.requests} == {"Basic bWU6c0BjcmV0"}
    assert "cret" not in "".join(said) + file.url


def test_an_account_stays_with_its_index(tmp_path: Path) -> None:
    """A file on another host is asked for without it."""
    wheel = write_wheel(tmp_path, "hello", "1.0")
    with serving(ScriptedIndex([[wheel]])) as elsewhere, asked(ScriptedIndex([[wheel]]), account="me:x@") as index:
        file = index.files("hello")[0]
        moved = type(file)(
            filename=file.filename, url=elsewhere.url.replace("simple/", f"files/{wheel.name}"), sha256="", yanked=False
        )
        index.download(moved, tmp_path)

    assert elsewhere.requests == [(f"/files/{wheel.name}", None)]


def test_an_account_of_a_safe_address_is_not_sent_in_the_clear(tmp_path: Path) -> None:
    """An index behind a proxy that takes itself for an http one gets no password for its files."""
    wheel = write_wheel(tmp_path, "hello", "1.0")
    with serving(ScriptedIndex([[wheel]])) as plain:
        index = PackageIndex(url=plain.url.replace("http://", "https://me:x@"), log=lambda text: None)
        address = plain.url.replace("simple/", f"files/{wheel.name}")
        index.download(IndexFile(filename=wheel.name, url=address, sha256="", yanked=False), tmp_path)

    assert plain.requests == [(f"/files/{wheel.name}", None)]
