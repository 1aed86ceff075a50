"""verify-release against the embedded index and the embedded GitHub."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from support.github import COMMIT, REPOSITORY, TOKEN, GitHubUnderTest, github_under_test
from support.runtimes import recorded_world
from tagship.actions.verify_release import Inputs, Outputs, run
from tagship.contract.conversion import expand, read_inputs
from tagship.edges.package_index import PackageIndex
from tagship.errors import Failure
from tagship.rehearsal.fake_index.models import Answer, PublishedFile
from tagship.rehearsal.fake_index.server import SIMPLE_JSON, FakeIndex, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHEEL, SDIST = "hello-1.2.0-py3-none-any.whl", "hello-1.2.0.tar.gz"
FILES = {WHEEL: "wheel", SDIST: "sdist"}
OID = b"\x06\x0a\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x0d\x04\x2a\x0c\x28"


def sha256(text: str) -> str:
    """Return the hexadecimal SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def sums(files: dict[str, str] = FILES) -> dict[str, str]:
    """Return the content of a SHA256SUMS file as an asset."""
    return {"SHA256SUMS": "".join(f"{sha256(text)}  {name}\n" for name, text in files.items())}


def provenance(repository: str = REPOSITORY, commit: str = COMMIT) -> str:
    """Return the JSON of an attestation whose certificate names the repository and the commit."""
    signer = f"https://github.com/{repository}/.github/workflows/release.yml@refs/tags/v1.2.0"
    certificate = base64.b64encode(b"\x86" + signer.encode() + OID + commit.encode()).decode()
    attestation = {"verification_material": {"certificate": certificate}}
    return json.dumps({"version": 1, "attestation_bundles": [{"attestations": [attestation]}]})


@dataclass(kw_only=True)
class DetailedIndex(FakeIndex):
    """An index with a ``status`` of the project, and more about each file: ``yanked`` and ``provenance``."""

    status: str = "active"
    yanked: dict[str, str] = field(default_factory=dict)
    provenance: dict[str, str] = field(default_factory=dict)

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer with all fields of the Simple API (PEP 691, PEP 740, PEP 792)."""
        if target.startswith("/integrity/"):
            return Answer(body=self.provenance[target.rpartition("/")[2]].encode())
        answer = super().answer(method, target, headers, body)
        if answer.content_type != SIMPLE_JSON:
            return answer
        page = json.loads(answer.body) | {"project-status": {"status": self.status}}
        for entry in page["files"]:
            name = entry["filename"]
            entry["yanked"] = self.yanked.get(name, False)
            entry["provenance"] = f"{self.url}/integrity/{name}" if name in self.provenance else None
        return replace(answer, body=json.dumps(page).encode())


@dataclass(slots=True)
class Places:
    """The embedded GitHub and index with one release."""

    hub: GitHubUnderTest
    index: DetailedIndex

    def run(self, **given: str) -> tuple[Outputs, str]:
        """Return the outputs of the action, and its log with warnings."""
        recorded = recorded_world(
            self.hub.checkout, self.hub.temporary, api_url=self.hub.server.url, ref_name="v1.2.0", sha="", token=TOKEN
        )
        names = recorded.runtime.context.expressions()
        raw = {"index-url": self.index.simple_url, **{name.replace("_", "-"): value for name, value in given.items()}}
        outputs = run(read_inputs(Inputs, raw, expand=lambda text: expand(text, names)), recorded.runtime)
        return outputs, html.unescape(recorded.runner.summary)

    def refusal(self, **given: str) -> str:
        """Return the message of a failing run."""
        with pytest.raises(Failure) as caught:
            self.run(**given)
        return str(caught.value)


@contextmanager
def published(
    folder: Path, *, assets: dict[str, str] | None = None, index: dict[str, str] | None = None, digest: bool = True
) -> Iterator[Places]:
    """Serve a release with ``assets`` and an index with files, by name and content."""
    held = {**FILES, **sums()} if assets is None else assets
    release = {
        "tag_name": "v1.2.0",
        "name": "v1.2.0",
        "body": "",
        "assets": [{"name": name, "content": text, "digest": digest} for name, text in held.items()],
    }
    with (
        github_under_test(folder, repository={"releases": [release]}) as hub,
        serving(served := DetailedIndex(folder=folder / "index")),
    ):
        for name, text in (FILES if index is None else index).items():
            path = served.folder / name
            path.write_text(text, "utf-8")
            served.catalogue.files[name] = PublishedFile(
                project=canonicalize_name("hello"),
                version=Version("1.2.0"),
                kind="wheel",
                path=path,
                sha256=sha256(text),
                created=0.0,
            )
        yield Places(hub, served)


@pytest.mark.parametrize("digest", [pytest.param(True, id="by digest"), pytest.param(False, id="downloaded")])
def test_equal_files_in_all_places_are_verified(tmp_path: Path, digest: bool) -> None:
    """The outputs have every file and the commit; an asset without a digest is downloaded."""
    with published(tmp_path, digest=digest) as places:
        outputs, summary = places.run(commit=COMMIT)
    assert (outputs.version, outputs.commit) == ("1.2.0", COMMIT)
    assert outputs.files == tuple({"name": name, "sha256": sha256(text)} for name, text in sorted(FILES.items()))
    assert "(index, release, SHA256SUMS)" in summary
    assert COMMIT in summary
    assert "The index has no attestations of these files." in summary


WRONG: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "another wheel on the index": (
        {"index": {**FILES, WHEEL: "other"}},
        (f"Checksum mismatch for {WHEEL}: index {sha256('other')}, release {sha256('wheel')}, SHA256SUMS",),
    ),
    "another sdist on GitHub": (
        {"assets": {**FILES, **sums(), SDIST: "other"}}, (f"Checksum mismatch for {SDIST}: index {sha256('sdist')}",)
    ),
    "a partial upload": (
        {"index": {WHEEL: "wheel"}}, (f"{SDIST} is missing: index without it; release, SHA256SUMS with it.",)
    ),
    "nothing on the index": ({"index": {}}, ("The index has no file of hello 1.2.0.",)),
    "a SHA256SUMS that cannot be read": (
        {"assets": {**FILES, "SHA256SUMS": "nonsense\n"}}, ("The asset SHA256SUMS cannot be read: line 'nonsense'",)
    ),
}  # fmt: skip


@pytest.mark.parametrize(("places", "parts"), WRONG.values(), ids=WRONG)
def test_a_difference_fails(tmp_path: Path, places: dict[str, Any], parts: tuple[str, ...]) -> None:
    """The message has the file and the digest in each place."""
    with published(tmp_path, **places) as opened:
        message = opened.refusal()
    for part in parts:
        assert part in message


def test_the_commit_must_be_the_expected_one(tmp_path: Path) -> None:
    """A moved tag fails; without an expected commit it is only reported."""
    with published(tmp_path) as places:
        assert f"points at {COMMIT}, expected {'0' * 40}." in places.refusal(commit="0" * 40)
        assert "no published release of the tag v9.9.9" in places.refusal(tag="v9.9.9")


NOTED = {
    "a file that is not on the release": ({"assets": {WHEEL: "wheel"}}, f"{SDIST} is missing: release without it"),
    "a file that SHA256SUMS does not list": (
        {"assets": {**FILES, **sums({WHEEL: "wheel"})}}, f"{SDIST} is missing: SHA256SUMS without it"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("places", "part"), NOTED.values(), ids=NOTED)
def test_a_file_that_only_the_index_has_is_a_warning(tmp_path: Path, places: dict[str, Any], part: str) -> None:
    """The published bytes are the same, but a place is incomplete."""
    with published(tmp_path, **places) as opened:
        assert part in opened.run()[1]


def test_a_release_without_distributions_has_its_files_on_the_index_only(tmp_path: Path) -> None:
    """Most projects attach nothing to their releases."""
    with published(tmp_path, assets={}) as places:
        summary = places.run()[1]
    assert "(index)" in summary
    assert "⚠" not in summary


def test_other_assets_need_not_be_on_the_index(tmp_path: Path) -> None:
    """A release may have installers, archives and documents that no index accepts."""
    others = {"hello-docs.zip": "docs", "hello-1.2.0-linux.tar.gz": "program", "other-1.2.0.tar.gz": "source"}
    with published(tmp_path, assets={**FILES, **sums(), **others}) as places:
        summary = places.run()[1]
    assert "⚠" not in summary
    assert f"{sha256('docs')} (release)" in summary


def test_waits_for_files_that_are_not_on_the_index_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are uploaded one after the other, and caches are late."""
    with published(tmp_path) as places:
        late = places.index.catalogue.files.pop(SDIST)
        monkeypatch.setattr(
            "tagship.actions.verify_release.PackageIndex",
            lambda **given: PackageIndex(
                **given, sleep=lambda _: places.index.catalogue.files.__setitem__(SDIST, late)
            ),
        )
        assert "(index, release, SHA256SUMS)" in places.run(wait="5s")[1]


def test_the_index_can_be_left_out(tmp_path: Path) -> None:
    """With ``index-url: none`` the assets are compared with SHA256SUMS."""
    with published(tmp_path, index={}) as places:
        assert "(release, SHA256SUMS)" in places.run(index_url="none")[1]
        assert places.index.requests == []


def test_a_yanked_file_and_a_quarantined_project_are_warnings(tmp_path: Path) -> None:
    """Both are reported, though the bytes are the same."""
    with published(tmp_path) as places:
        places.index.yanked[WHEEL] = "broken"
        places.index.status = "quarantined"
        summary = places.run()[1]
    assert f"{WHEEL} is yanked." in summary
    assert "The project has the status quarantined on the index." in summary


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(provenance(), f"{REPOSITORY}/.github/workflows/release.yml at commit {COMMIT}; its signature",
                     id="of this repository and commit"),
        pytest.param(provenance(commit="0" * 40), f"at commit {'0' * 40}, not {REPOSITORY} at commit {COMMIT}.",
                     id="of another commit"),
        pytest.param(provenance("octo/other"), f"octo/other/.github/workflows/release.yml at commit {COMMIT}, not",
                     id="of another repository"),
        pytest.param('{"certificate": "?"}', f"{WHEEL}", id="without a certificate that can be read"),
        pytest.param("no JSON", f"{WHEEL}", id="without JSON"),
    ],
)  # fmt: skip
def test_an_attestation_names_its_workflow_and_commit(tmp_path: Path, document: str, expected: str) -> None:
    """The certificate on the index is compared with the repository and the commit of the tag."""
    with published(tmp_path) as places:
        places.index.provenance[WHEEL] = document
        assert expected in places.run()[1]
