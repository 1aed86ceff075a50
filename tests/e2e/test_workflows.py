"""The workflows as they are committed, run by act from the file that ``tagship init`` writes.

act replaces the runner. It gives each job the same token and ignores environments and concurrency, so what a
job is permitted and what waits for what is held by ``tests/contract/test_workflows.py``; on GitHub a skipped job shows
as skipped, here it leaves no trace.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from support.fake_github import settings_of
from support.lab import REPOSITORY, TOKEN, VERSION_OF_TAG, interpreter, one_job, own_sources, with_python
from tagship.rehearsal.fake_github.app import add_release
from tagship.rehearsal.fake_github.models import Release

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.act import WorkflowRun
    from support.lab import Lab

pytestmark = [
    pytest.mark.act,
    pytest.mark.skipif(
        sys.platform != "linux", reason="act runs jobs on the machine itself, and the labs are on Linux"
    ),
]

FILES = ["SHA256SUMS", "hello-0.2.0-py3-none-any.whl", "hello-0.2.0.tar.gz"]
VERIFIED = dict.fromkeys(["wheels 3.12", "collect"], "success")
CHECKED = dict.fromkeys(["preflight", "quality-gate 3.12", "build"], "success") | VERIFIED
PREPARED = CHECKED | {"notes": "success"}
RELEASED = PREPARED | {"publish": "success", "verify-index": "success", "release": "success"}


def names(release: dict[str, Any]) -> list[str]:
    """Return the names of a release's files."""
    return sorted(asset["name"] for asset in release["assets"])


def links(body: str) -> list[str]:
    """Return where the links in Markdown lead."""
    return re.findall(r"\]\((http[^)]+)\)", body)


def nothing_went_public(lab: Lab) -> bool:
    """Return True if index and GitHub are as they were."""
    return lab.published == [] and lab.releases == [] and lab.records("publications") == []


def order(run: WorkflowRun) -> list[str]:
    """Return the jobs in the order they ended."""
    return list(dict.fromkeys(str(event["jobID"]) for event in run.events if "jobResult" in event))


def test_a_final_version_is_released_once_however_often_it_is_run(opened: Callable[..., Lab]) -> None:
    """An interrupted run leaves no draft, is finished with the published files, and another run changes nothing.

    A second build has the same contents and another header; index, release and checksums agree on one of them.
    """
    lab = opened()
    lab.init("--testpypi", "--attestations")
    released = RELEASED | dict.fromkeys(("attest", "publish-testpypi"), "success")
    message = {"message": "Resource not accessible by integration"}
    refusal = {"method": "POST", "path": "*/assets", "status": 403, "body": message}
    lab.github.app.settings = settings_of(faults=[refusal])
    run = lab.release("v0.2.0")
    assert (run.status, run.jobs) == (1, released | {"release": "failure"}), str(run)
    assert order(run)[-3:] == ["publish", "verify-index", "release"]
    assert lab.releases == []
    assert lab.published == FILES[1:]
    assert lab.records("publications") == [
        {"to": f"https://{host}.pypi.org/legacy/", "trusted": True, "files": FILES[1:]} for host in ("test", "upload")
    ]
    published = lab.index.catalogue.files
    published.pop(FILES[1]).path.unlink()
    sdist = published[FILES[2]].path
    sdist.write_bytes(gzip.compress(gzip.decompress(sdist.read_bytes()), mtime=1))
    digest = hashlib.sha256(sdist.read_bytes()).hexdigest()
    published[FILES[2]] = replace(published[FILES[2]], sha256=digest)

    lab.github.app.settings = settings_of()
    finished = lab.run("refs/tags/v0.2.0", event="workflow_dispatch")

    assert (finished.status, finished.jobs) == (0, released), str(finished)
    assert f"already has {FILES[2]} with the same content. Using the published file." in str(finished)
    (release,) = lab.releases
    assert (release["name"], release["draft"], release["prerelease"]) == ("v0.2.0", False, False)
    assert lab.latest == release["id"]
    assert names(release) == FILES
    assert lab.published == FILES[1:]
    found = {file.name: file.digest for file in lab.files}
    assert found == {asset["name"]: asset["digest"] for asset in release["assets"] if asset["name"] in found}
    assert found[FILES[2]] == f"sha256:{digest}"
    _assert_notes(release["body"], lab)

    again = lab.run("refs/tags/v0.2.0", event="workflow_dispatch")

    assert (again.status, again.jobs) == (0, released), str(again)
    (kept,) = lab.releases
    assert (kept["id"], kept["body"], names(kept)) == (release["id"], release["body"], FILES)
    assert found == {file.name: file.digest for file in lab.files}


def _assert_notes(body: str, lab: Lab) -> None:
    """Assert that the body has the section of this version, and links to files and tags that exist."""
    assert "- Says more, in words that are wrapped; see [the source](" in body
    assert "### For those who upgrade\n\nNothing to do." in body
    assert "Tries to say more" not in body
    ours = [link for link in links(body) if link.startswith(lab.github.url)]
    assert len(ours) == 3
    for link in ours:
        path = unquote(urlsplit(link).path).removeprefix(f"/{REPOSITORY}/")
        kind, _, target = path.partition("/")
        objects = {"compare": target.split("..."), "blob": [target.replace("/", ":", 1)]}[kind]
        for name in objects:
            lab.project.git("cat-file", "-e", name)
    # The package's page is PyPI's own: the embedded index has no such pages, but it has that version.
    assert "https://pypi.org/project/hello/0.2.0/" in links(body)


def test_a_release_candidate_is_a_prerelease_row_by_row(opened: Callable[..., Lab]) -> None:
    """Every promise is a row.

    The package is checked on the Pythons it declares, one of them too old for the actions themselves.
    """
    lab = opened(files={"pyproject.toml": with_python("3.10", VERSION_OF_TAG)})
    lab.project.git("mv", "CHANGELOG.md", "MILESTONES.md")
    lab.init("--testpypi", "--attestations")
    run = lab.release("v0.2.0-rc1")
    more = ("quality-gate 3.10", "wheels 3.10", "attest", "publish-testpypi")
    assert (run.status, run.jobs) == (0, RELEASED | dict.fromkeys(more, "success")), str(run)
    (release,) = lab.releases
    found = links(release["body"])
    publications = [record["to"] for record in lab.records("publications")]
    digests = {file.name: file.digest.removeprefix("sha256:") for file in lab.files}
    rows = {
        "the title is the tag": release["name"] == "v0.2.0-rc1",
        "a release candidate is a pre-release": (release["draft"], release["prerelease"]) == (False, True),
        "a release candidate is not Latest": lab.latest is None,
        "the notes are the section of MILESTONES.md": "Tries to say more" in release["body"],
        "the notes have no other section": "Says hello" not in release["body"],
        "the notes link to PyPI": "https://pypi.org/project/hello/0.2.0rc1/" in found,
        "the notes link to the changelog": any("/blob/v0.2.0-rc1/MILESTONES.md" in link for link in found),
        "both files are attached": [name.rpartition(".")[2] for name in names(release)[1:]] == ["whl", "gz"],
        "both files are on PyPI": lab.published == names(release)[1:],
        "TestPyPI comes before PyPI": publications[:2]
        == ["https://test.pypi.org/legacy/", "https://upload.pypi.org/legacy/"],
        "PyPI was given no token": all(record["trusted"] for record in lab.records("publications")),
        "the files are signed": lab.records("attestations")[-1]["subjects"] == digests,
        "the signature comes first, the release last": order(run)[-5:]
        == ["attest", "publish-testpypi", "publish", "verify-index", "release"],
    }
    assert [row for row, holds in rows.items() if not holds] == [], str(run)


def test_a_tag_that_cannot_be_released_is_refused_before_anything_is_built(opened: Callable[..., Lab]) -> None:
    """Preflight names the branch that the commit is missing from and the missing section, and no other job starts."""
    lab = opened()
    lab.init()
    lab.push("refs/heads/main")
    lab.project.git("checkout", "--quiet", "-b", "side")
    lab.project.commit({"src/hello/extra.py": "EXTRA = 1\n"}, "Try something")
    lab.project.git("tag", "v0.9.0")
    lab.push("refs/heads/side", "refs/tags/v0.9.0")
    run = lab.run("refs/tags/v0.9.0")
    assert (run.status, run.jobs) == (1, {"preflight": "failure"}), str(run)
    assert "main" in run.errors
    assert "CHANGELOG.md" in run.errors
    assert "0.9.0" in run.errors
    assert nothing_went_public(lab)


@pytest.mark.skipif(not interpreter("3.12"), reason="Python 3.12 is not installed: nothing else can pass")
def test_one_failing_python_stops_the_release_and_not_the_other_python(opened: Callable[..., Lab]) -> None:
    """The check that passes runs to its end; nothing is built."""
    check = "check:\n\tpython -c 'import sys; sys.exit(sys.version_info[:2] == (3, 11))'\n"
    lab = opened(files={"Makefile": check, "pyproject.toml": with_python("3.11")})
    lab.init()
    run = lab.release("v0.2.0")
    assert run.status == 1
    assert run.jobs == {
        "preflight": "success",
        "notes": "success",
        "quality-gate 3.11": "failure",
        "quality-gate 3.12": "success",
    }, str(run)
    assert nothing_went_public(lab)


def test_a_wheel_that_does_not_import_is_not_published(opened: Callable[..., Lab]) -> None:
    """A module that the checkout has and the wheel lacks is found where the wheel is installed."""
    project = {
        "src/hello/__init__.py": "from hello.words import WORD\n\n\ndef greet():\n    return WORD\n\n\nmain = greet\n",
        "src/hello/words.py": 'WORD = "Hello"\n',
    }
    wheel = '\n[tool.hatch.build.targets.wheel]\nexclude = ["src/hello/words.py"]\n'
    lab = opened(files=project | {"pyproject.toml": VERSION_OF_TAG + wheel})
    lab.init()
    run = lab.release("v0.2.0")
    built = {job: result for job, result in PREPARED.items() if job != "collect"}
    assert (run.status, run.jobs) == (1, built | {"wheels 3.12": "failure"}), str(run)
    assert "hello.words" in run.errors
    assert nothing_went_public(lab)


def test_a_run_by_hand_on_a_branch_builds_and_verifies_and_stops_there(opened: Callable[..., Lab]) -> None:
    """Nothing is published, and the summary gives the reason."""
    lab = opened(files={"pyproject.toml": VERSION_OF_TAG})
    lab.init()
    lab.push("refs/heads/main")
    run = lab.run("refs/heads/main", event="workflow_dispatch")
    assert (run.status, run.jobs) == (0, CHECKED), str(run)
    assert "no release" in run.summary
    assert nothing_went_public(lab)


def test_an_index_of_ones_own_is_published_to_with_a_token(opened: Callable[..., Lab]) -> None:
    """python-release.yml publishes to the given index with the caller's secret, then releases."""
    lab = opened()
    whole = WHOLE.replace("INDEX_URL", lab.index.url)
    lab.project.commit({".github/workflows/whole.yml": whole}, "Release with tagship")
    run = lab.release("v0.2.0", workflow="whole.yml", secrets={"INDEX_TOKEN": "pypi-token"})
    assert (run.status, run.jobs) == (0, PREPARED | {"publish-index": "success", "release": "success"}), str(run)
    assert "pypi-token" not in str(run)
    assert "The index was not checked: index-url is none." in str(run)
    assert lab.records("publications") == [{"to": lab.index.url, "trusted": False, "files": FILES[1:]}]
    (release,) = lab.releases
    assert names(release) == FILES
    assert [link for link in links(release["body"]) if not link.startswith(lab.github.url)] == []


WHOLE = """\
on: push
permissions: {}
jobs:
  release:
    permissions:
      contents: write # to create the release and attach the files
    uses: OWNER/tagship/.github/workflows/python-release.yml@v1
    with:
      repository-url: INDEX_URL
    secrets:
      INDEX_TOKEN: ${{ secrets.INDEX_TOKEN }}
"""


def test_a_package_without_a_wheel_is_published_and_released(opened: Callable[..., Lab]) -> None:
    """Without a wheel nothing is installed, from the artifact or the index, and the other jobs run."""
    lab = opened()
    lab.init()
    caller = lab.project.path / ".github" / "workflows" / "release.yml"
    text = caller.read_text("utf-8")
    row = "{ python-versions: auto }"
    assert row in text
    text = text.replace(row, "{ python-versions: auto, wheels: none }")
    lab.project.commit({".github/workflows/release.yml": text}, "Publish an sdist alone")
    run = lab.release("v0.2.0")
    released = {job: result for job, result in RELEASED.items() if job != "verify-index"}
    assert (run.status, run.jobs) == (0, released), str(run)
    assert lab.published == FILES[2:]
    (release,) = lab.releases
    assert names(release) == [FILES[0], *FILES[2:]]


def test_files_that_changed_on_the_way_are_not_released(opened: Callable[..., Lab]) -> None:
    """A job that replaces the artifact is found out by the one that receives it, though the storage sees no fault."""
    lab = opened(files={".github/workflows/swap.yml": SWAP})
    run = lab.release("v0.2.0", workflow="swap.yml")
    assert (run.status, run.jobs) == (1, {"make": "success", "swap": "success", "release": "failure"}), str(run)
    assert "Checksum mismatch for hello-0.2.0.tar.gz" in run.errors
    assert "Checksum mismatch for extra.whl" in run.errors
    assert lab.releases == []


def test_files_whose_plan_was_lost_are_not_released(opened: Callable[..., Lab]) -> None:
    """GitHub drops an output that contains the text of a secret, so an empty plan is refused."""
    lost = re.sub("plan: .*", "plan: ${{ needs.make.outputs.lost }}", SWAP)
    lab = opened(files={".github/workflows/swap.yml": lost})
    run = lab.release("v0.2.0", workflow="swap.yml")
    assert (run.status, run.jobs) == (1, {"make": "success", "swap": "success", "release": "failure"}), str(run)
    assert "plan is empty." in run.errors, str(run)
    assert lab.releases == []


UPLOAD = "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1"
SWAP = f"""\
on: push
permissions: {{}}
jobs:
  make:
    runs-on: ubuntu-latest
    outputs:
      sums: ${{{{ steps.sums.outputs.sums }}}}
    steps:
      - id: sums
        run: |
          mkdir dist
          cd dist
          echo made > hello-0.2.0.tar.gz
          echo "sums=$(sha256sum *)" >> "$GITHUB_OUTPUT"
      - uses: {UPLOAD}
        with:
          name: files
          path: dist
  swap:
    needs: make
    runs-on: ubuntu-latest
    steps:
      - run: mkdir dist && echo swapped > dist/hello-0.2.0.tar.gz && echo added > dist/extra.whl
      - uses: {UPLOAD}
        with:
          name: files
          path: dist
          overwrite: true
  release:
    needs: [make, swap]
    uses: OWNER/tagship/.github/workflows/github-release.yml@v1
    with:
      plan: ${{{{ format('{{{{"artifact":"files","sha256sums":{{0}}}}}}', toJSON(needs.make.outputs.sums)) }}}}
      published: false
"""


def test_each_action_works_alone(opened: Callable[..., Lab]) -> None:
    """By its own ``uses:``, in one job, without the workflows around it; and the gate judges what other jobs did."""
    lab = opened(files={".github/workflows/actions.yml": ACTIONS})
    run = lab.release("v0.2.0", workflow="actions.yml")
    assert (run.status, run.jobs) == (1, {"one": "success", "broken": "failure", "gate": "failure"}), str(run)
    (release,) = lab.releases
    assert names(release) == FILES[1:]
    assert "broken" in run.errors


ACTIONS = one_job(
    "one",
    """\
      - uses: OWNER/tagship/actions/preflight@v1
      - uses: OWNER/tagship/actions/quality-gate@v1
      - uses: OWNER/tagship/actions/build-dist@v1
      - uses: OWNER/tagship/actions/verify-wheel@v1
        with:
          smoke-command: hello
      - id: notes
        uses: OWNER/tagship/actions/extract-changelog@v1
      - uses: OWNER/tagship/actions/gh-release@v1
        with:
          notes-file: ${{ steps.notes.outputs.notes-file }}
  broken:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - run: exit 1
  gate:
    if: always()
    needs: [one, broken]
    runs-on: ubuntu-latest
    steps:
      - uses: OWNER/tagship/actions/quality-gate@v1
        with:
          needs: ${{ toJSON(needs) }}
""",
)


def test_the_root_action_releases_in_one_step(opened: Callable[..., Lab]) -> None:
    """Everything but publishing to an index happens in one job."""
    lab = opened(files={".github/workflows/root.yml": ROOT})
    run = lab.release("v0.2.0", workflow="root.yml")
    assert (run.status, run.jobs) == (0, {"release": "success"}), str(run)
    (release,) = lab.releases
    assert (release["draft"], names(release)[-2:]) == (False, FILES[1:])
    assert lab.published == []
    assert TOKEN not in str(run)


ROOT = one_job("release", "      - uses: OWNER/tagship@v1\n")


def test_our_own_ci_uses_each_action(opened: Callable[..., Lab]) -> None:
    """The job of ci.yml that uses every action passes over this repository as it lies here."""
    lab = opened(files=own_sources())
    add_release(lab.github.app, Release(repository=REPOSITORY, tag_name="v0.1.0"))
    lab.push("refs/heads/main")
    run = lab.run("refs/heads/main", workflow="ci.yml", options=["--job", "actions", "--matrix", "os:ubuntu-latest"])
    assert (run.status, run.jobs) == (0, {"actions ubuntu-latest": "success"}), str(run)
    assert lab.published == []
    assert [release["tag_name"] for release in lab.releases] == ["v0.1.0"]
