"""The whole page."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from support.rehearsals import FILES, REQUESTS, a_result, a_stage
from tagship.rehearsal.report import LINES, log_start, render_report
from tagship.rehearsal.result import Result, Subject
from tagship.rehearsal.steps import Annotation

MESSAGE = "1. The tag is <odd>.\nTag it.\n2. `make` failed:\nno <rule>\nFill it."
PAGES = ("https://docs.example/#odd", "https://docs.example/#empty")
FAILED = a_result(
    stages=(
        a_stage("checkout"),
        a_stage("preflight", outcome="failed", message=MESSAGE, help=PAGES),
        a_stage("build-dist", outcome="skipped"),
    ),
    release=None,
    index=(),
    requests=(),
)


class Elements(HTMLParser):
    """The elements of a page, the unclosed ones, and every address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.identities: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record the element."""
        self.seen.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "srcset", "data"} and value:
                self.addresses.append(f"{tag} {value}")
            if name == "id" and value:
                self.identities.append(value)
        if tag not in {"meta", "link", "br", "hr", "input"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a self-closing element."""
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the last open element."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("result", [a_result(), FAILED], ids=["passed", "failed"])
def test_is_valid_and_loads_nothing(result: Result) -> None:
    """Every element is closed, and the page has no scripts and no external resources."""
    elements = Elements(render_report(result))
    assert elements.open == []
    assert not {"script", "img", "iframe", "object"} & set(elements.seen)
    assert [address for address in elements.addresses if not address.startswith("a ")] == [
        address for address in elements.addresses if address.startswith("link data:")
    ]
    assert len(set(elements.identities)) == len(elements.identities)


def test_internal_links_have_a_target() -> None:
    """Every fragment link is the id of an element."""
    result = a_result()
    assert result.release
    notes = replace(result.release, body="See[^1] and [there](#pipeline).\n\n[^1]: Here.\n")
    elements = Elements(render_report(replace(result, release=notes)))
    inner = {address.removeprefix("a #") for address in elements.addresses if address.startswith("a #")}
    assert {"fn1", "fnref1", "pipeline"} <= inner
    assert inner <= set(elements.identities)


def test_shows_the_release() -> None:
    """The page has title, badge, notes, and assets with sizes and digests; scripts in notes are text."""
    page = render_report(a_result())
    for part in ("Ready to release", ">Latest<", "<em>Spanish</em>", "&lt;script&gt;", "4.5 KiB", FILES[0].digest):
        assert part in page


def test_shows_stages_checks_and_requests() -> None:
    """The page has every stage, the checks of each Python, and every request."""
    page = render_report(a_result())
    for part in (
        "quality-gate (3.11)",
        "quality-gate (3.12)",
        "Python 3.12",
        "make check",
        "checkout says &lt;hello&gt;",
    ):
        assert part in page
    for request in REQUESTS:
        assert f">{request.path}<" in page
    assert "no response" in page


def test_shows_annotations() -> None:
    """A failed stage has its error annotations with their places, and its message once."""
    annotations = (
        Annotation(level="error", title="pytest", text="assert <1> == 2", file="tests/test_a.py", line=21),
        Annotation(level="error", title="Quality gate", text="It failed.\nFix it."),
        Annotation(level="note", title="for information", text="Nothing to do."),
    )
    stage = a_stage("gate", outcome="failed", message="It failed.\nFix it.", annotations=annotations)
    page = render_report(a_result(stages=(stage,)))
    assert "pytest in <code>tests/test_a.py</code>, line 21" in page
    assert "assert &lt;1&gt; == 2" in page
    assert page.count("It failed.") == 1
    assert "Nothing to do." not in page


def test_a_failure_comes_first() -> None:
    """Causes, remedies and the publication state precede the pipeline."""
    page = render_report(FAILED)
    order = [
        "Failed at preflight",
        "The tag is &lt;odd&gt;.",
        "Tag it.",
        PAGES[0],
        "<code>make</code> failed:",
        "no &lt;rule&gt;",
        "Fill it.",
        PAGES[1],
        "Nothing was published.",
        ">Pipeline<",
        "not reached",
    ]
    places = [page.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(FAILED, "Nothing was published.", id="before the upload"),
        pytest.param(
            a_result(stages=FAILED.stages, release=None),
            "The files are on the index, but no release was",
            id="after the upload",
        ),
        pytest.param(a_result(stages=FAILED.stages), "The release was published on GitHub.", id="after the release"),
    ],
)
def test_shows_what_a_failed_release_published(result: Result, expected: str) -> None:
    """A failure states which files and releases are already public."""
    assert expected in render_report(result)


def test_escapes_values_of_the_project() -> None:
    """No name, tag, remark or log of the project is markup."""
    odd = "<img src=x onerror=alert(1)>"
    subject = Subject(project=odd, repository=odd, tag=odd, commit=odd, version=odd, remarks=(odd,))
    stages = (a_stage(odd, title=odd, log=(odd,), python=odd, outcome="failed", message=odd),)
    assert "<img" not in render_report(a_result(subject=subject, stages=stages))


@pytest.mark.parametrize(
    ("count", "errors", "start"),
    [
        pytest.param(LINES, [], 0, id="a short log without an error"),
        pytest.param(LINES + 5, [], 5, id="the last lines of a long log"),
        pytest.param(LINES + 5, ["\nline 50\nline 51"], 47, id="shortly before the error"),
        pytest.param(10, ["line 1"], 0, id="an error near the beginning"),
        pytest.param(LINES + 5, ["not in the log"], 5, id="an error that the log does not contain"),
    ],
)
def test_a_log_starts_where_its_error_is(count: int, errors: list[str], start: int) -> None:
    """The reader of a failed check sees the error first."""
    log = tuple(f"line {number}" for number in range(count))
    annotations = tuple(Annotation(level="error", title="pytest", text=text) for text in errors)
    assert log_start(a_stage("gate", log=log, annotations=annotations)) == start


def test_links_the_files_in_the_output_folder() -> None:
    """Distributions and logs are links relative to the page."""
    addresses = Elements(render_report(a_result())).addresses
    assert {"a dist/hello-1.2.0-py3-none-any.whl", "a logs/quality-gate-3.12.log", "a logs/checkout.log"} <= set(
        addresses
    )
