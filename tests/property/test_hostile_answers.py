"""An index or a GitHub that answers anything is refused by the errors that its callers expect, and by no other."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from tagship.core.index_page import read_page, read_status
from tagship.core.release.agreement import attestations_in
from tagship.core.release.answers import Answer, is_limited, meaning
from tagship.core.release.error_messages import Operation, problem_of
from tagship.core.release.proof import attestation_check
from tagship.core.release.retries import requested_wait
from tagship.core.release.state import Release, release_of
from tagship.core.summary import jobs_of, mermaid_gantt

HOSTILE = [
    "",
    "..",
    "/",
    "a\0b",
    "file:///etc/passwd",
    "http://[::1",
    "::error::x",
    "\u202e",
    "\ud800",
    "9" * 5000,
    "1e999",
    "A" * 70_000,
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(HOSTILE)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def shaped(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return objects with some of these fields, each of its own kind or of any other."""
    return st.fixed_dictionaries({}, optional={name: value | ANYTHING for name, value in fields.items()}) | ANYTHING


NAMES = st.sampled_from(
    [
        "demo-1.0-py3-none-any.whl",
        "demo-1.0.tar.gz",
        "demo-1/../../x-py3-none-any.whl",
        f"demo-{'9' * 5000}-py3-none-any.whl",
        f"demo-{'9' * 5000}.tar.gz",
        "demo-1.0-py3-none-any\0.whl",
        "/etc/passwd",
        "C:\\x.whl",
        "demo-1.0-py3-none-any.whl\n::error::x",
    ]
)
URLS = st.sampled_from(
    [*HOSTILE, "demo.whl", "https://x/demo.whl", "ftp://x/demo.whl", "//x/demo.whl#sha256=" + "0" * 64]
)
FILES = shaped(filename=NAMES, url=URLS, hashes=shaped(sha256=st.text(max_size=3)), yanked=SCALARS, provenance=URLS)
PAGES = shaped(files=st.lists(FILES, max_size=4), **{"project-status": shaped(status=st.text(max_size=5))})
ASSETS = shaped(
    id=st.integers(), name=NAMES, size=st.integers(), digest=st.text(max_size=3), state=SCALARS, created_at=SCALARS
)
RELEASES = shaped(
    id=st.integers(),
    tag_name=st.text(max_size=3),
    name=SCALARS,
    body=SCALARS,
    draft=st.booleans(),
    prerelease=st.booleans(),
    assets=st.lists(ASSETS, max_size=3),
    html_url=URLS,
    upload_url=URLS,
)
JOBS = shaped(
    jobs=st.lists(shaped(name=SCALARS, started_at=SCALARS, completed_at=SCALARS, conclusion=SCALARS), max_size=3)
)
STATEMENTS = shaped(
    predicateType=st.just("https://in-toto.io/attestation/release/v0.2"),
    subject=st.lists(shaped(uri=st.just("pkg:github/o/r@v1"), name=NAMES, digest=shaped(sha256=SCALARS)), max_size=3),
).map(lambda statement: base64.b64encode(json.dumps(statement).encode()).decode())
BUNDLES = shaped(bundle=shaped(dsseEnvelope=shaped(payload=STATEMENTS)))
ATTESTATIONS = shaped(attestations=st.lists(BUNDLES, max_size=2))
HEADERS = st.dictionaries(
    st.sampled_from(
        ["retry-after", "x-ratelimit-reset", "x-ratelimit-remaining", "x-accepted-github-permissions", "link"]
    ),
    st.text(max_size=5) | st.sampled_from(HOSTILE),
)


@given(PAGES, st.sampled_from(["application/vnd.pypi.simple.v1+json", "text/html", "x"]))
def test_a_page_of_an_index_has_only_usable_files(page: Any, content_type: str) -> None:
    """A page is read or a ValueError; no file of it has a name or a URL that could be a path of this machine."""
    text = (
        json.dumps(page)
        if "json" in content_type
        else "".join(f'<a href="{item}">x</a>' for item in HOSTILE) + str(page)
    )
    with suppress(ValueError):
        read_status(text, content_type=content_type)
        for file in read_page(text, content_type=content_type, url="https://index.example/simple/demo/"):
            assert not set("/\\\0\n") & set(file.filename)
            assert file.url.startswith(("http://", "https://"))
            assert (file.version, file.tags) is not None


@example({"id": 1, "tag_name": "\ud800", "draft": False, "prerelease": False}, None, None)
@given(RELEASES, JOBS, ANYTHING)
def test_what_github_lists_is_read_or_refused(release: Any, jobs: Any, document: Any) -> None:
    """A release is read or a ValueError; jobs and attestations that cannot be read are left out."""
    found = None
    with suppress(ValueError):
        found = release_of(release)
    if found:
        assert (found.tag + found.name + found.body).encode() is not None
    mermaid_gantt(jobs_of(jobs), now=0.0)
    attestations_in(document)


@given(ATTESTATIONS)
def test_the_attestation_of_a_release_agrees_or_is_a_problem(document: Any) -> None:
    """Any list of attestations, with any statement in it, ends in a check."""
    release = Release(id=1, tag="v1", name="", body="", draft=False, prerelease=False, immutable=True)
    assert attestation_check(release, "o/r", document).outcome in {"passed", "warned", "failed"}


@given(st.integers(-1, 700), ANYTHING | st.text(max_size=20), HEADERS)
def test_every_refusal_has_a_message(status: int, body: Any, headers: dict[str, str]) -> None:
    """Any status, body and headers are a problem with a text, and a wait that is a number or none."""
    answer = Answer(status=status, text=body if isinstance(body, str) else json.dumps(body), headers=headers)
    assert problem_of(answer, Operation(name="read", repository="o/r", api_url="https://api.example")).found
    assert meaning(answer, writes=True) is not None
    assert is_limited(answer) in {True, False}
    assert isinstance(requested_wait(answer, now=0.0), float | None)
