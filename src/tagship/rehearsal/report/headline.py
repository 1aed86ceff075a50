"""The top of the page: the project, the result and its figures, and the causes of a failure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.rehearsal.report.markup import Html, count, element, seconds

if TYPE_CHECKING:
    from tagship.rehearsal.result import Result, StageResult
    from tagship.rehearsal.workflow_commands import Annotation

_SHOWN = 10
"""Maximum number of annotations per failure, as on GitHub."""
_NUMBER = re.compile(r"^\d+\. ", re.MULTILINE)


def headline(result: Result) -> Html:
    """Return the section with the project, the result, and the figures of the run."""
    subject = result.subject
    name = " ".join(part for part in (subject.project, subject.version or subject.tag) if part)
    verdict = "Ready to release" if result.passed else f"Failed at {result.failures[0].name}"
    facts = [
        ("Tag", subject.tag or "none"),
        ("Commit", subject.commit[:12] or "none"),
        ("Repository", subject.repository or "none"),
        ("Duration", seconds(result.seconds)),
    ]
    return element(
        "section",
        element("p", verdict, class_="verdict"),
        element("h1", name),
        element("p", _outcome(result), class_="lead"),
        element("dl", [element("div", element("dt", term), element("dd", value)) for term, value in facts]),
        _remarks(result),
        class_="headline passed" if result.passed else "headline failed",
    )


def failures(result: Result) -> Html | None:
    """Return the section with the causes and remedies; None if every stage passed."""
    if result.passed:
        return None
    return element(
        "section",
        [_failure(stage) for stage in result.failures],
        element("p", published(result), class_="published"),
        class_="failures",
        aria_label="Failures",
    )


def published(result: Result) -> str:
    """Describe how much of a failed release was published."""
    if result.release and not result.release.draft:
        return "The release was published on GitHub."
    if result.index:
        return "The files are on the index, but no release was published on GitHub."
    return "Nothing was published."


def _outcome(result: Result) -> str:
    passed = sum(stage.outcome == "passed" for stage in result.stages)
    if not result.passed:
        return f"{count(passed, 'stage')} passed before the failure."
    return (
        f"{count(passed, 'stage')} passed: {count(len(result.index), 'file')} published to the index, one release "
        f"created on GitHub, {count(len(result.requests), 'request')} sent."
    )


def _remarks(result: Result) -> Html | None:
    if not result.subject.remarks:
        return None
    return element("ul", [element("li", remark) for remark in result.subject.remarks], class_="remarks")


def _failure(stage: StageResult) -> Html:
    problems = _problems(stage.message or "")
    # A help page can only be assigned to its problem if every problem has one.
    pages = stage.help if len(stage.help) == len(problems) else (None,) * len(problems)
    return element(
        "article",
        element("h2", f"{stage.label} failed"),
        [_problem(text, page) for text, page in zip(problems, pages, strict=True)],
        [
            _annotation(item)
            for item in stage.annotations[:_SHOWN]
            if item.level == "error" and item.text != stage.message
        ],
    )


def _annotation(annotation: Annotation) -> Html:
    """Return an annotation with its place in the project."""
    line = f", line {annotation.line}" if annotation.line else ""
    place = [" in ", element("code", annotation.file), line] if annotation.file else []
    return element(
        "div",
        element("p", annotation.title, place, class_="output-title"),
        element("pre", annotation.text, class_="output", tabindex="0"),
    )


def _problems(message: str) -> list[str]:
    """Split a message into its problems, which are numbered if there are several."""
    return [part.strip() for part in _NUMBER.split(message) if part.strip()] if message.startswith("1. ") else [message]


def _problem(text: str, page: str | None) -> Html:
    """Return a problem: cause in the first line, remedy in the last, and program output between them."""
    found, *output, remedy = text.strip().splitlines() if "\n" in text.strip() else (text, "")
    more = [" ", element("a", "Troubleshooting", href=page)] if page else []
    return element(
        "div",
        element("p", _words(found), class_="found"),
        element("pre", "\n".join(output), class_="output", tabindex="0") if output else None,
        element("p", element("strong", "Fix: "), _words(remedy), more, class_="remedy") if remedy else None,
        class_="problem",
    )


def _words(text: str) -> list[Html | str]:
    """Mark the text between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return [text]
    return [element("code", part) if number % 2 else part for number, part in enumerate(parts)]
