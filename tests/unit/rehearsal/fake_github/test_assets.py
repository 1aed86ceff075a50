"""Assets: uploads and their refusals, names, digests, unfinished uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.asset_names import ASSET_NAMES
from support.fake_github import NAME, READER, REPOSITORY, WRITER, sha256
from tagship.rehearsal.fake_github.assets import download
from tagship.rehearsal.fake_github.http import Answer, Limits, Links, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client

RELEASES = f"{REPOSITORY}/releases"


@pytest.fixture
def draft(client: Client) -> int:
    """Return the id of a draft."""
    return int(client.create("v1.0.0")["id"])


def refusal(client: Client, release: int, name: str, content: bytes = b"bytes", **more: Any) -> Any:
    """Return the first error of an upload that 422 refuses."""
    answer = client.upload(release, name, content, **more)
    assert answer.status == 422, answer
    assert isinstance(answer.content, dict)
    return answer.content["errors"][0]


def test_uploads_get_the_names_of_the_table(connect: Callable[..., Client]) -> None:
    """The answer to an upload has the asset name that the client predicts."""
    client = connect()
    for name, given in ASSET_NAMES.items():
        release = int(client.create("v1.0.0")["id"])
        answer = client.upload(release, name)
        assert isinstance(answer.content, dict)
        assert (name, answer.content["name"]) == (name, given)


def test_an_upload_has_a_size_and_a_digest(client: Client, draft: int) -> None:
    """The answer has name, label, size, type and SHA-256, and the release lists the asset."""
    answer = client.upload(draft, "a b.whl", b"content", label="A b")
    assert answer.status == 201
    asset: Any = answer.content
    assert (asset["name"], asset["label"], asset["state"], asset["size"]) == ("a.b.whl", "A b", "uploaded", 7)
    assert (asset["content_type"], asset["digest"]) == ("application/zip", sha256(b"content"))
    assert [found["id"] for found in client.content("GET", f"{RELEASES}/{draft}")["assets"]] == [asset["id"]]
    assert [found["id"] for found in client.content("GET", f"{RELEASES}/{draft}/assets")] == [asset["id"]]


def test_an_asset_name_is_unique_after_renaming(client: Client, draft: int) -> None:
    """Two uploads that get the same name conflict, although their own names differ."""
    client.upload(draft, "a b.whl")
    expected = {"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}
    assert refusal(client, draft, "a.b.whl") == expected
    assert refusal(client, draft, "a~b.whl") == expected


@pytest.mark.parametrize(
    ("name", "content", "headers", "expected"),
    [
        pytest.param("", b"x", {}, {"code": "missing_field", "field": "name"}, id="no name"),
        pytest.param(
            "a.whl",
            b"",
            {},
            {"code": "custom", "field": "size", "message": "size must be greater than or equal to 1"},
            id="no content",
        ),
        pytest.param(
            "a.whl",
            b"x" * 10,
            {},
            {"code": "custom", "field": "size", "message": "size must be less than 10"},
            id="too much content",
        ),
    ],
)
def test_an_upload_is_refused_with_the_reason(
    connect: Callable[..., Client], name: str, content: bytes, headers: dict[str, str], expected: dict[str, str]
) -> None:
    """The error names the field, and no asset remains."""
    client = connect(limits=Limits(asset_bytes=10))
    release = int(client.create("v1.0.0")["id"])
    assert refusal(client, release, name, content, headers=headers) == {"resource": "ReleaseAsset", **expected}
    assert client.content("GET", f"{RELEASES}/{release}/assets") == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"content-length": ""}, id="none"),
        pytest.param({"content-length": "many"}, id="not a number"),
        pytest.param({"transfer-encoding": "chunked"}, id="chunked transfer encoding"),
    ],
)
def test_an_upload_without_a_content_length_is_a_bad_request(
    client: Client, draft: int, headers: dict[str, str]
) -> None:
    """GitHub requires the length of an upload in advance."""
    answer = client.upload(draft, "a.whl", headers=headers)
    assert answer.status == 400
    assert isinstance(answer.content, dict)
    assert answer.content["message"].startswith("Bad Content-Length:")


def test_the_number_of_assets_is_limited(connect: Callable[..., Client]) -> None:
    """The upload after the last permitted one is refused."""
    client = connect(limits=Limits(assets=2))
    release = int(client.create("v1.0.0")["id"])
    assert [client.upload(release, f"{number}.whl").status for number in range(3)] == [201, 201, 422]
    assert refusal(client, release, "4.whl")["field"] == "file_count"


def test_uploads_have_an_address_of_their_own(client: Client, draft: int) -> None:
    """An upload to the address of the API is not found."""
    answer = client.ask("POST", f"{RELEASES}/{draft}/assets", b"x", headers={"content-type": "x/y"}, name="a.whl")
    assert answer.status == 404
    assert client.content("GET", f"{RELEASES}/{draft}")["upload_url"].startswith("http://hub/uploads/repos/")


def test_an_asset_can_be_renamed_labelled_and_deleted(client: Client, draft: int) -> None:
    """A new name follows the same rules, and the content stays."""
    client.upload(draft, "taken.whl")
    asset: Any = client.upload(draft, "a.whl", b"content", label="A").content
    path = f"{RELEASES}/assets/{asset['id']}"
    renamed = client.content("PATCH", path, {"name": "b c.whl"})
    assert (renamed["name"], renamed["label"], renamed["digest"]) == ("b.c.whl", "A", sha256(b"content"))
    assert client.content("PATCH", path, {"label": "B"})["name"] == "b.c.whl"
    taken = client.ask("PATCH", path, {"name": "taken.whl"})
    assert isinstance(taken.content, dict)
    assert (taken.status, taken.content["errors"][0]["code"]) == (422, "already_exists")
    assert client.ask("DELETE", path).status == 204
    assert client.ask("GET", path).status == 404


def test_accepting_an_octet_stream_redirects_to_the_content(client: Client, draft: int) -> None:
    """The redirect of a draft's asset requires ``contents: write``."""
    asset: Any = client.upload(draft, "a.whl", b"content").content
    path, octets = f"{RELEASES}/assets/{asset['id']}", {"accept": "application/octet-stream"}
    answer = client.ask("GET", path, headers=octets)
    assert (answer.status, answer.headers["location"]) == (
        302,
        f"http://hub/_storage/{asset['id']}/{sha256(b'content').removeprefix('sha256:')}",
    )
    assert client.ask("GET", path, token=READER).status == 404


def test_an_unfinished_upload_reserves_its_name_until_it_is_deleted(connect: Callable[..., Client]) -> None:
    """A failed upload leaves an asset in the state ``starter``, without content and digest."""
    client = connect(faults=[{"path": "/uploads/*", "nth": (1,), "starter": True}])
    release = int(client.create("v1.0.0")["id"])
    assert client.upload(release, "a.whl").status == 502
    starter = client.content("GET", f"{RELEASES}/{release}/assets")[0]
    assert (starter["state"], starter["digest"]) == ("starter", None)
    octets = {"accept": "application/octet-stream"}
    assert client.ask("GET", f"{RELEASES}/assets/{starter['id']}", headers=octets).status == 404
    assert refusal(client, release, "a.whl")["code"] == "already_exists"
    assert client.ask("DELETE", f"{RELEASES}/assets/{starter['id']}").status == 204
    assert client.upload(release, "a.whl").status == 201


LINKS = Links(api="http://hub", uploads="http://hub/uploads", web="http://hub")


def downloaded(client: Client, path: str, token: str | None = None, method: str = "GET") -> Answer | None:
    """Return the answer to a download outside of the API."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return download(client.app.state, Request(method=method, path=path, links=LINKS, now=0, headers=headers))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("v1.0.0/a.b.whl", 302, id="an asset"),
        pytest.param("pkg/v2/b.whl", 404, id="an asset of a draft"),
        pytest.param("v1.0.0/c.whl", 404, id="an unknown asset"),
        pytest.param("v9/a.b.whl", 404, id="an unknown tag"),
    ],
)
def test_published_assets_are_downloaded_without_a_token(client: Client, draft: int, path: str, status: int) -> None:
    """``browser_download_url`` redirects to the content; assets of drafts are not found there."""
    client.upload(draft, "a b.whl", b"content")
    client.content("PATCH", f"{RELEASES}/{draft}", {"draft": False})
    client.upload(int(client.create("pkg/v2", target_commitish="main")["id"]), "b.whl")
    answer = downloaded(client, f"/{NAME}/releases/download/{path}")
    assert answer is not None
    assert answer.status == status
    if status == 302:
        content = downloaded(client, answer.headers["location"].removeprefix("http://hub"))
        assert content is not None
        assert client.app.file(content.file or "").read_bytes() == b"content"


def test_downloads_of_a_private_repository_require_permission(connect: Callable[..., Client]) -> None:
    """Without ``contents: read`` the download is not found."""
    releases = [{"tag_name": "v1.0.0", "assets": [{"name": "a.whl", "content": "x"}]}]
    client = connect({"private": True, "releases": releases})
    path = f"/{NAME}/releases/download/v1.0.0/a.whl"
    statuses = [answer.status for token in (None, WRITER) if (answer := downloaded(client, path, token))]
    assert statuses == [404, 302]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", f"/_storage/1/{'0' * 64}", 404, id="unknown content"),
        pytest.param("POST", f"/{NAME}/releases/download/v1.0.0/a.whl", None, id="another method"),
        pytest.param("GET", f"/{NAME}/releases", None, id="a web page"),
    ],
)
def test_other_paths_are_not_downloads(client: Client, method: str, path: str, status: int | None) -> None:
    """Unknown content is not found, and the API answers all other paths."""
    answer = downloaded(client, path, method=method)
    assert (answer.status if answer else None) == status
