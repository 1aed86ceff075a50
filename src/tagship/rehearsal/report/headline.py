"""The top of the page: the project, the result and its figures, and the causes of a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.rehearsal.report.markup import Html, count, element, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagship.rehearsal.result import Result, StageResult
    from tagship.rehearsal.tasks import Task
    from tagship.rehearsal.workflow_commands import Annotation

_SHOWN = 10
"""Maximum number of annotations, as on GitHub."""


def headline(result: Result) -> Html:
    """Return the section with the project, the result, and the figures of the run."""
    subject = result.subject
    name = " ".join(part for part in (subject.project, subject.version or subject.tag) if part)
    failed = dict.fromkeys(stage.name for stage in result.failures)
    verdict = f"Failed at {', '.join(failed)}" if failed else "Ready to release"
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
        [_failure(task) for task in result.tasks],
        _places(result.failures),
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
        return f"{count(passed, 'stage')} passed, {len(result.failures)} failed."
    return (
        f"{count(passed, 'stage')} passed: {count(len(result.index), 'file')} published to the index, one release "
        f"created on GitHub, {count(len(result.requests), 'request')} sent."
    )


def _remarks(result: Result) -> Html | None:
    remarks = [remark for remark in (result.subject.inputs, *result.subject.remarks) if remark]
    return element("ul", [element("li", _words(remark)) for remark in remarks], class_="remarks") if remarks else None


def _failure(task: Task) -> Html:
    return element("article", element("h2", f"{', '.join(task.stages)} failed"), _problem(task))


def _places(failed: Iterable[StageResult]) -> list[Html]:
    """Return the error annotations of the failed stages that have a place in the project, each once."""
    found = [
        item
        for stage in failed
        for item in stage.annotations
        if item.level == "error" and item.file and item.text != stage.message
    ]
    return [_annotation(item) for item in list(dict.fromkeys(found))[:_SHOWN]]


def _annotation(annotation: Annotation) -> Html:
    """Return an annotation with its place in the project."""
    line = f", line {annotation.line}" if annotation.line else ""
    place = [" in ", element("code", annotation.file), line] if annotation.file else []
    return element(
        "div",
        element("p", annotation.title, place, class_="output-title"),
        element("pre", annotation.text, class_="output", tabindex="0"),
    )


def _problem(task: Task) -> Html:
    """Return a problem: cause in the first line, remedy in the last, and program output between them."""
    text = task.text.strip()
    found, *output, remedy = text.splitlines() if "\n" in text else (text, "")
    shown = "\n".join(filter(None, [*output, task.output]))
    more = [" ", element("a", "Troubleshooting", href=task.page)] if task.page else []
    return element(
        "div",
        element("p", _words(found), class_="found"),
        element("pre", shown, class_="output", tabindex="0") if shown else None,
        element("p", element("strong", "Fix: "), _words(remedy), more, class_="remedy") if remedy else None,
        class_="problem",
    )


def _words(text: str) -> list[Html | str]:
    """Mark the text between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return [text]
    return [element("code", part) if number % 2 else part for number, part in enumerate(parts)]
