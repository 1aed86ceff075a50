"""The remaining manual steps: settings on the index and on GitHub, and the first release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.gate.detection import no_checks
from tagship.initialise.templates import filled

if TYPE_CHECKING:
    from tagship.initialise.settings import WorkflowSettings


def advice(settings: WorkflowSettings) -> str:
    """Describe the settings on the index and on GitHub, and the next steps."""
    publishers = [("TestPyPI", "https://test.pypi.org", "testpypi")] if settings.testpypi else []
    if settings.index == "pypi":
        publishers.append(("PyPI", "https://pypi.org", settings.environment))
    environments = ["testpypi"] if settings.testpypi and settings.index == "pypi" else []
    environments += [settings.environment] if settings.index != "none" else []
    return filled(
        "advice.txt.jinja",
        {},
        settings=settings,
        publishers=publishers,
        environments=environments,
        no_checks=no_checks().found,
    )
