"""The embedded index accepts and refuses uploads of twine, and serves what it accepted, as PyPI does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests
from packaging.utils import canonicalize_name

from support.wheels import write_sdist, write_wheel
from tagship.rehearsal.fake_index.models import Catalogue, Publisher
from tagship.rehearsal.fake_index.server import FakeIndex, serving
from tagship.rehearsal.fake_index.trusted_publishing import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = "Summary: Says hello.\nDescription-Content-Type: text/plain\n\nHello\n"
SDIST = "Metadata-Version: 2.1\nName: hello\nVersion: 1.0\n" + PAGE


@pytest.fixture
def index(tmp_path: Path) -> Iterator[FakeIndex]:
    """Serve an empty index that accepts the token ``pypi-secret`` for every project."""
    catalogue = Catalogue(tokens={"pypi-secret": None})
    with serving(FakeIndex(folder=tmp_path / "files", catalogue=catalogue, others="http://other.example/")) as served:
        yield served


def wheel(folder: Path, **options: Any) -> Path:
    """Write a wheel that PyPI accepts unless ``options`` change it."""
    return write_wheel(folder, "hello", "1.0", {"hello.py": "x = 1\n"}, **{"metadata": PAGE, **options})


def sdist(folder: Path) -> Path:
    """Write an sdist that PyPI accepts."""
    return write_sdist(folder, "hello", "1.0", {"hello.py": "x = 1\n"}, metadata=SDIST)


def twine(index: FakeIndex, *files: Path) -> tuple[int, str]:
    """Return status and output of ``twine upload --verbose``."""
    command = [sys.executable, "-m", "twine", "--no-color", "upload", "--non-interactive", "--disable-progress-bar"]
    done = subprocess.run(
        [*command, "--repository-url", index.upload_url, "--config-file", os.devnull, "--verbose", *map(str, files)],
        env={**os.environ, "TWINE_USERNAME": "__token__", "TWINE_PASSWORD": "pypi-secret", "COLUMNS": "2000"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def post(index: FakeIndex, file: Path, password: str = "pypi-secret") -> tuple[int, str]:
    """Return status and body of the answer to the upload of ``file``, with the fields that twine sends."""
    fields = {":action": "file_upload", "protocol_version": "1", "name": "hello", "version": "1.0"}
    with file.open("rb") as content:
        answer = requests.post(
            index.upload_url,
            data=fields,
            files={"content": (file.name, content)},
            auth=("__token__", password),
            timeout=10,
        )
    return answer.status_code, answer.text


def fetch(url: str) -> tuple[int, bytes]:
    """Return status and body of a GET."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_twine_publishes_both_files_and_installers_find_them(index: FakeIndex, tmp_path: Path) -> None:
    """A sound release is accepted, and the Simple API lists its files with their digests."""
    files = [wheel(tmp_path), sdist(tmp_path)]
    status, output = twine(index, *files)
    assert status == 0, output
    content = json.loads(fetch(f"{index.simple_url}hello/")[1])
    assert {entry["filename"] for entry in content["files"]} == {path.name for path in files}
    assert fetch(content["files"][0]["url"])[1] in {path.read_bytes() for path in files}


def test_a_refused_file_leaves_the_one_before_it_published(index: FakeIndex, tmp_path: Path) -> None:
    """Files are uploaded one after the other, so a release can be half published."""
    metadata = SDIST.replace("Summary", "Classifier: Nothing :: Known\nSummary")
    source = write_sdist(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}, metadata=metadata)
    binary = wheel(tmp_path)
    status, output = twine(index, source, binary)
    assert status == 1
    assert "400 Bad Request" in output
    assert "'Nothing :: Known' is not a valid classifier." in output
    assert list(index.catalogue.files) == [binary.name]


REFUSED = [
    pytest.param({"requires": ["a @ https://example.org/a.whl"]}, "direct dependency", id="a URL"),
    pytest.param({"metadata": f"Classifier: Nothing :: Known\n{PAGE}"}, "not a valid classifier", id="a classifier"),
    pytest.param({"record": "hello.py,,\n"}, "Record is missing", id="a RECORD"),
    pytest.param({"tag": "cp311-cp311-linux_x86_64"}, "unsupported platform tag", id="a platform"),
]


@pytest.mark.parametrize(("options", "phrase"), REFUSED)
def test_a_refusal_has_pypis_words(index: FakeIndex, tmp_path: Path, options: dict[str, Any], phrase: str) -> None:
    """The answer is 400 with the phrase, and nothing is stored."""
    status, body = post(index, wheel(tmp_path, **options))
    assert (status, index.catalogue.files) == (400, {})
    assert phrase in body


def test_the_same_file_is_accepted_twice_and_another_one_never(index: FakeIndex, tmp_path: Path) -> None:
    """A rerun of the upload goes through; other bytes of the name are refused."""
    assert post(index, wheel(tmp_path / "one"))[0] == 200
    assert post(index, wheel(tmp_path / "two"))[0] == 200
    other = wheel(tmp_path / "three", metadata=f"Keywords: other\n{PAGE}")
    status, body = post(index, other)
    assert status == 400
    assert "File already exists ('hello-1.0-py3-none-any.whl', with blake2_256 hash" in body


def test_an_old_release_takes_no_file(index: FakeIndex, tmp_path: Path) -> None:
    """A release is closed after 14 days."""
    source = sdist(tmp_path)
    assert post(index, source)[0] == 200
    old = replace(index.catalogue.files[source.name], created=time.time() - 15 * 24 * 3600)
    index.catalogue.files[source.name] = old
    assert "older than 14 days is not allowed" in post(index, wheel(tmp_path))[1]


def test_a_token_uploads_to_its_project_alone(index: FakeIndex, tmp_path: Path) -> None:
    """A wrong token and one of another project are refused with 403."""
    index.catalogue.tokens["pypi-other"] = canonicalize_name("other")
    assert "Invalid or non-existent authentication" in post(index, wheel(tmp_path), password="wrong")[1]
    assert "isn't allowed to upload to project" in post(index, wheel(tmp_path), password="pypi-other")[1]


def test_a_job_exchanges_its_identity_for_a_token(index: FakeIndex, tmp_path: Path) -> None:
    """The whole exchange goes over HTTP: audience, identity, token, upload."""
    reference = "octo/hello/.github/workflows/release.yml@refs/tags/v1"
    index.identities["request"] = Identity(
        repository="octo/hello", ref="refs/tags/v1", sha="0" * 40, workflow_ref=reference, job_workflow_ref=reference
    )
    index.catalogue.publishers = (
        Publisher(project="hello", repository="octo/hello", workflow="release.yml"),  # type: ignore[arg-type]
    )
    assert json.loads(fetch(f"{index.url}/_/oidc/audience")[1]) == {"audience": "pypi"}
    assert fetch(index.identity_url)[0] == 401
    request = urllib.request.Request(index.identity_url, headers={"Authorization": "bearer request"})
    identity = json.load(urllib.request.urlopen(request, timeout=10))["value"]
    body = json.dumps({"token": identity}).encode()
    minted = json.load(urllib.request.urlopen(f"{index.url}/_/oidc/mint-token", data=body, timeout=10))
    assert post(index, wheel(tmp_path), password=minted["token"])[0] == 200


def test_other_packages_are_looked_up_elsewhere(index: FakeIndex) -> None:
    """The combined index redirects for what was not published here; the plain one answers 404."""
    assert fetch(f"{index.simple_url}numpy/")[0] == 404
    answer = index.answer("GET", "/with-others/simple/numpy/", {}, b"")
    assert (answer.status, answer.location) == (303, "http://other.example/numpy/")


@pytest.mark.parametrize(
    "body", [b"", b"--x\r\n\r\n\r\n--x--\r\n", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n']
)
def test_a_form_without_a_file_is_refused(index: FakeIndex, body: bytes) -> None:
    """No body makes it crash."""
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert index.answer("POST", "/legacy/", headers, body).status == 400
