"""Assets: uploads and their refusals, names, digests, starters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.hub import READER, REPOSITORY, configuration, sha256
from tagship.rehearsal.fake_github.assets import stored_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk

RELEASES = f"{REPOSITORY}/releases"


@pytest.fixture
def draft(desk: Desk) -> int:
    """Return the id of a draft."""
    return int(desk.create("v1.0.0")["id"])


def refusal(desk: Desk, release: int, name: str, content: bytes = b"bytes", **more: Any) -> Any:
    """Return the first error of an upload that is refused with 422."""
    answer = desk.upload(release, name, content, **more)
    assert answer.status == 422, answer
    assert isinstance(answer.content, dict)
    return answer.content["errors"][0]


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("hello-1.0-py3-none-any.whl", "hello-1.0-py3-none-any.whl"),
        ("hello-1.0+local.tar.gz", "hello-1.0+local.tar.gz"),
        ("@scope_pkg.tgz", "@scope_pkg.tgz"),
        ("My App 1.0 Setup.exe", "My.App.1.0.Setup.exe"),
        ("fake.      file.txt", "fake.file.txt"),
        ("app-1.1.0-1~buster_amd64.deb", "app-1.1.0-1.buster_amd64.deb"),
        ("app-v1.3.0-(15-5)-abc.apk", "app-v1.3.0-.15-5.-abc.apk"),
        ("a%%%%%!!!b.txt", "a.b.txt"),
        ("über.txt", "uber.txt"),
        (".hidden.", "hidden"),
        ("測試.zip", "default.zip"),
        ("測試", "default"),
    ],
)
def test_special_characters_in_a_name_become_dots(name: str, stored: str) -> None:
    """Names are kept as GitHub keeps them: a run of special characters is one dot, accents go, the ends are trimmed."""
    assert stored_name(name) == stored


def test_an_upload_is_whole_and_says_its_digest(desk: Desk, draft: int) -> None:
    """The answer has name, label, size, type and SHA-256; the release lists it."""
    answer = desk.upload(draft, "a b.whl", b"content", label="A b")
    assert answer.status == 201
    asset: Any = answer.content
    assert (asset["name"], asset["label"], asset["state"], asset["size"]) == ("a.b.whl", "A b", "uploaded", 7)
    assert (asset["content_type"], asset["digest"]) == ("application/zip", sha256(b"content"))
    assert [found["id"] for found in desk.content("GET", f"{RELEASES}/{draft}")["assets"]] == [asset["id"]]
    assert [found["id"] for found in desk.content("GET", f"{RELEASES}/{draft}/assets")] == [asset["id"]]


def test_a_name_is_taken_once_even_where_it_was_changed(desk: Desk, draft: int) -> None:
    """The name that counts is the one GitHub gives."""
    desk.upload(draft, "a b.whl")
    expected = {"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}
    assert refusal(desk, draft, "a.b.whl") == expected
    assert refusal(desk, draft, "a~b.whl") == expected


@pytest.mark.parametrize(
    ("name", "content", "headers", "expected"),
    [
        pytest.param("", b"x", {}, {"code": "missing_field", "field": "name"}, id="no name"),
        pytest.param(
            "a.whl",
            b"",
            {},
            {"code": "custom", "field": "size", "message": "size must be greater than or equal to 1"},
            id="no bytes",
        ),
        pytest.param(
            "a.whl",
            b"x" * 10,
            {},
            {"code": "custom", "field": "size", "message": "size must be less than 10"},
            id="too many bytes",
        ),
    ],
)
def test_an_upload_is_refused_with_the_reason(
    open_desk: Callable[..., Desk], name: str, content: bytes, headers: dict[str, str], expected: dict[str, str]
) -> None:
    """Each refusal names the field, and no asset is left behind."""
    desk = open_desk(configuration(limits={"asset_bytes": 10}))
    release = int(desk.create("v1.0.0")["id"])
    assert refusal(desk, release, name, content, headers=headers) == {"resource": "ReleaseAsset", **expected}
    assert desk.content("GET", f"{RELEASES}/{release}/assets") == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"content-length": ""}, id="none"),
        pytest.param({"content-length": "many"}, id="no number"),
        pytest.param({"transfer-encoding": "chunked"}, id="chunked instead"),
    ],
)
def test_an_upload_without_a_content_length_is_a_bad_request(desk: Desk, draft: int, headers: dict[str, str]) -> None:
    """GitHub wants to know beforehand how long an upload is."""
    answer = desk.upload(draft, "a.whl", headers=headers)
    assert answer.status == 400
    assert isinstance(answer.content, dict)
    assert answer.content["message"].startswith("Bad Content-Length:")


def test_a_release_takes_so_many_assets_and_no_more(open_desk: Callable[..., Desk]) -> None:
    """The 1000 of GitHub can be set lower for a test."""
    desk = open_desk(configuration(limits={"assets": 2}))
    release = int(desk.create("v1.0.0")["id"])
    assert [desk.upload(release, f"{number}.whl").status for number in range(3)] == [201, 201, 422]
    assert refusal(desk, release, "4.whl")["field"] == "file_count"


def test_the_upload_url_is_another_one_than_the_api_s(desk: Desk, draft: int) -> None:
    """An upload sent to the API's own address is not found."""
    answer = desk.ask("POST", f"{RELEASES}/{draft}/assets", b"x", headers={"content-type": "x/y"}, name="a.whl")
    assert answer.status == 404
    assert desk.content("GET", f"{RELEASES}/{draft}")["upload_url"].startswith("http://hub/uploads/repos/")


def test_an_asset_can_be_renamed_labelled_and_deleted(desk: Desk, draft: int) -> None:
    """A new name goes through the same rules; the bytes stay."""
    desk.upload(draft, "taken.whl")
    asset: Any = desk.upload(draft, "a.whl", b"content", label="A").content
    path = f"{RELEASES}/assets/{asset['id']}"
    renamed = desk.content("PATCH", path, {"name": "b c.whl"})
    assert (renamed["name"], renamed["label"], renamed["digest"]) == ("b.c.whl", "A", sha256(b"content"))
    assert desk.content("PATCH", path, {"label": "B"})["name"] == "b.c.whl"
    taken = desk.ask("PATCH", path, {"name": "taken.whl"})
    assert isinstance(taken.content, dict)
    assert (taken.status, taken.content["errors"][0]["code"]) == (422, "already_exists")
    assert desk.ask("DELETE", path).status == 204
    assert desk.ask("GET", path).status == 404


def test_bytes_are_sent_elsewhere_to_who_accepts_them(desk: Desk, draft: int) -> None:
    """An octet stream is answered with a redirect; a draft's files are there only for who may write."""
    asset: Any = desk.upload(draft, "a.whl", b"content").content
    path, octets = f"{RELEASES}/assets/{asset['id']}", {"accept": "application/octet-stream"}
    answer = desk.ask("GET", path, headers=octets)
    assert (answer.status, answer.headers["location"]) == (
        302,
        f"http://hub/_storage/{asset['id']}/{sha256(b'content').removeprefix('sha256:')}",
    )
    assert desk.ask("GET", path, token=READER).status == 404


def test_a_starter_holds_its_name_until_it_is_deleted(open_desk: Callable[..., Desk]) -> None:
    """What a failed upload leaves is listed, has no bytes and no digest, and blocks the name."""
    desk = open_desk(configuration(faults=[{"path": "/uploads/*", "nth": [1], "starter": True}]))
    release = int(desk.create("v1.0.0")["id"])
    assert desk.upload(release, "a.whl").status == 502
    starter = desk.content("GET", f"{RELEASES}/{release}/assets")[0]
    assert (starter["state"], starter["digest"]) == ("starter", None)
    octets = {"accept": "application/octet-stream"}
    assert desk.ask("GET", f"{RELEASES}/assets/{starter['id']}", headers=octets).status == 404
    assert refusal(desk, release, "a.whl")["code"] == "already_exists"
    assert desk.ask("DELETE", f"{RELEASES}/assets/{starter['id']}").status == 204
    assert desk.upload(release, "a.whl").status == 201


def test_old_assets_have_no_digest(open_desk: Callable[..., Desk]) -> None:
    """An asset configured as an old one shows null."""
    asset = {"name": "a.whl", "content": "old", "digest": False}
    desk = open_desk(configuration({"releases": [{"tag_name": "v1.0.0", "assets": [asset]}]}))
    found = desk.content("GET", f"{RELEASES}/tags/v1.0.0")["assets"][0]
    assert (found["digest"], found["size"]) == (None, 3)
