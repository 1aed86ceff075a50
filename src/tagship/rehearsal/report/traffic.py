"""What was sent to GitHub and to the index, what the index holds, and what each stage wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.rehearsal.report.markup import Html, count, element, size
from tagship.rehearsal.report.page import section
from tagship.rehearsal.report.timeline import sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.rehearsal.result import Request, Result, StageResult

LINES = 400
"""Lines of a log that the page holds: the last ones. The whole log lies beside the page."""


def index_section(result: Result) -> Html | None:
    """Return the section with what the index holds, or None where nothing was published."""
    if not result.index:
        return None
    rows = [
        element(
            "li",
            element("span", file.name, class_="asset-name"),
            element("span", size(file.size), class_="size"),
            element("code", file.digest, class_="digest"),
        )
        for file in result.index
    ]
    command = f"pip install {result.subject.project}=={result.subject.version}"
    return section(
        "index",
        "On the index",
        element(
            "div", element("pre", element("code", command), class_="command"), element("ul", rows), class_="card assets"
        ),
        lead="These files were uploaded with twine, and the wheel was installed from there.",
    )


def traffic(result: Result) -> Html | None:
    """Return the section with every request, in order, or None where there was none."""
    places = (("GitHub", "github"), ("the index", "index"))
    tables = [
        _requests(f"To {name}", [request for request in result.requests if request.to == place])
        for name, place in places
    ]
    if not result.requests:
        return None
    return section(
        "requests", "What was sent", element("div", tables, class_="cards"), lead="Every request, in its order."
    )


def logs(result: Result) -> Html:
    """Return the section with the folded logs of the stages that ran."""
    ran = [stage for stage in result.stages if stage.outcome != "skipped"]
    return section("logs", "Logs", [_log(stage) for stage in ran], lead="What each stage wrote.")


def _requests(title: str, requests: Sequence[Request]) -> Html | None:
    if not requests:
        return None
    rows = [
        element(
            "li",
            element("code", request.method, class_=f"method {request.method.lower()}"),
            element("code", request.path, class_="path"),
            element(
                "span", str(request.status or "no answer"), class_="status" if _fine(request) else "status refused"
            ),
        )
        for request in requests
    ]
    return element(
        "article",
        element("h3", title),
        element("p", count(len(requests), "request"), class_="size"),
        element("ol", rows, class_="requests"),
        class_="card",
    )


def _fine(request: Request) -> bool:
    return request.status is not None and request.status < 400


def _log(stage: StageResult) -> Html:
    hidden = len(stage.log) - LINES
    shown = [f"... {count(hidden, 'line')} before, in the file"] if hidden > 0 else []
    text = "\n".join([*shown, *stage.log[-LINES:]]) or "Nothing."
    return element(
        "details",
        element(
            "summary",
            sign(stage.outcome),
            element("span", stage.label),
            element("span", count(len(stage.log), "line"), class_="size"),
        ),
        element("pre", text, tabindex="0"),
        class_="log",
        open=stage.outcome == "failed",
    )
