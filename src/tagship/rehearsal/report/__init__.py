"""The report: a self-contained HTML page about a rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.rehearsal.report.headline import failures, headline
from tagship.rehearsal.report.page import page
from tagship.rehearsal.report.release_card import release_section
from tagship.rehearsal.report.timeline import timeline
from tagship.rehearsal.report.traffic import index_section, logs, traffic
from tagship.rehearsal.report.trees import trees

if TYPE_CHECKING:
    from tagship.rehearsal.result import Result


def render_report(result: Result) -> str:
    """Return the text of ``report.html``."""
    subject = result.subject
    verdict = "ready to release" if result.passed else f"failed at {result.failures[0].name}"
    return page(
        f"{subject.project} {subject.tag}: {verdict}",
        headline(result),
        failures(result),
        timeline(result),
        release_section(result),
        index_section(result),
        trees(result.dist),
        traffic(result),
        logs(result),
    )
