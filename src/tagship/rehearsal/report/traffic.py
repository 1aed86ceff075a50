"""The files on the index, the requests to both servers, and the logs of the stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.rehearsal.report.markup import Html, count, element, size
from tagship.rehearsal.report.page import section
from tagship.rehearsal.report.timeline import sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.rehearsal.result import Request, Result, StageResult

LINES = 400
"""Maximum number of lines per log, the last ones. The full log is in the folder ``logs``."""


def index_section(result: Result) -> Html | None:
    """Return the section with the files on the index, or None if it is empty."""
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
        "Package index",
        element(
            "div", element("pre", element("code", command), class_="command"), element("ul", rows), class_="card assets"
        ),
        lead="Files uploaded with twine. The wheel was installed from here.",
    )


def traffic(result: Result) -> Html | None:
    """Return the section with all requests in order, or None if there were none."""
    servers = (("GitHub", "github"), ("Package index", "index"))
    tables = [
        _requests(name, [request for request in result.requests if request.to == server]) for name, server in servers
    ]
    if not result.requests:
        return None
    return section("requests", "Requests", element("div", tables, class_="cards"), lead="All requests in order.")


def logs(result: Result) -> Html:
    """Return the section with the logs of all stages that ran."""
    ran = [stage for stage in result.stages if stage.outcome != "skipped"]
    return section("logs", "Logs", [_log(stage) for stage in ran], lead="Output of each stage.")


def _requests(title: str, requests: Sequence[Request]) -> Html | None:
    if not requests:
        return None
    rows = [
        element(
            "li",
            element("code", request.method, class_=f"method {request.method.lower()}"),
            element("code", request.path, class_="path"),
            element(
                "span", str(request.status or "no response"), class_="status" if _fine(request) else "status refused"
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
    shown = [f"... {count(hidden, 'earlier line')} in the log file"] if hidden > 0 else []
    text = "\n".join([*shown, *stage.log[-LINES:]]) or "No output."
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
