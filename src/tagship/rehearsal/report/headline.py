"""The top of the page: what was rehearsed and how it ended, with the cause of a failure before everything else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.rehearsal.report.markup import Html, count, element, seconds

if TYPE_CHECKING:
    from tagship.rehearsal.result import Result, StageResult
    from tagship.rehearsal.workflow_commands import Annotation

_SHOWN = 10
"""Annotations of a failure that are shown: as many as GitHub shows of a step."""
_NUMBER = re.compile(r"^\d+\. ", re.MULTILINE)


def headline(result: Result) -> Html:
    """What was rehearsed, the verdict, and the figures of the run."""
    subject = result.subject
    name = " ".join(part for part in (subject.project, subject.version or subject.tag) if part)
    verdict = "Ready to ship" if result.passed else f"Stopped at {result.failures[0].name}"
    facts = [
        ("Tag", subject.tag or "none"),
        ("Commit", subject.commit[:12] or "none"),
        ("Repository", subject.repository or "none"),
        ("Took", seconds(result.seconds)),
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
    """Return the causes and remedies, large; None where all passed."""
    if result.passed:
        return None
    return element(
        "section",
        [_failure(stage) for stage in result.failures],
        element("p", reach(result), class_="reach"),
        class_="failures",
        aria_label="What failed",
    )


def reach(result: Result) -> str:
    """How far a failed release came, as far as others would have noticed."""
    if result.release and not result.release.draft:
        return "The release was published on GitHub."
    if result.index:
        return "The files are on the index; no release was published on GitHub."
    return "Nothing was published."


def _outcome(result: Result) -> str:
    passed = sum(stage.outcome == "passed" for stage in result.stages)
    if not result.passed:
        return f"{count(passed, 'stage')} passed before it."
    return (
        f"All of {count(passed, 'stage')} passed: the tag became {count(len(result.index), 'file')} on an index and a "
        f"release on GitHub, with {count(len(result.requests), 'request')} in all."
    )


def _remarks(result: Result) -> Html | None:
    if not result.subject.remarks:
        return None
    return element("ul", [element("li", remark) for remark in result.subject.remarks], class_="remarks")


def _failure(stage: StageResult) -> Html:
    problems = _problems(stage.message or "")
    # One address for each problem, or none that could be put beside the right one.
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
    """What the stage showed beside the run, with its place in the project."""
    line = f", line {annotation.line}" if annotation.line else ""
    place = [" in ", element("code", annotation.file), line] if annotation.file else []
    return element(
        "div",
        element("p", annotation.title, place, class_="said-by"),
        element("pre", annotation.text, class_="said", tabindex="0"),
    )


def _problems(message: str) -> list[str]:
    """Return each of the problems a message tells; several are numbered."""
    return [part.strip() for part in _NUMBER.split(message) if part.strip()] if message.startswith("1. ") else [message]


def _problem(text: str, page: str | None) -> Html:
    """What was found stands in the first line, what to do in the last; between them may be what a program said."""
    found, *said, remedy = text.strip().splitlines() if "\n" in text.strip() else (text, "")
    more = [" ", element("a", "More about this", href=page)] if page else []
    return element(
        "div",
        element("p", _words(found), class_="found"),
        element("pre", "\n".join(said), class_="said", tabindex="0") if said else None,
        element("p", element("strong", "What to do: "), _words(remedy), more, class_="remedy") if remedy else None,
        class_="problem",
    )


def _words(text: str) -> list[Html | str]:
    """Return the text with what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return [text]
    return [element("code", part) if number % 2 else part for number, part in enumerate(parts)]
