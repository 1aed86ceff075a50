"""The settings of the example workflows in the README and the docs, as ``tagship init`` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.initialise.settings import WorkflowSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES: Mapping[str | None, WorkflowSettings] = {
    None: WorkflowSettings(package="your-package", changelog="CHANGELOG.md", inputs={}),
    "testpypi": WorkflowSettings(package="hello-tagship", changelog="CHANGELOG.md", testpypi=True, attestations=True),
    "none": WorkflowSettings(package="hello-tagship", changelog="CHANGELOG.md", index="none"),
    "index": WorkflowSettings(
        package="hello-tagship",
        changelog="CHANGELOG.md",
        index="other",
        index_url="https://pypi.example.com/",
        environment="index",
    ),
    "compiled": WorkflowSettings(
        package="hello-compiled",
        changelog="CHANGELOG.md",
        compiled=True,
        inputs={"python-versions": "auto", "wheels": "cibuildwheel"},
    ),
    "monorepo": WorkflowSettings(
        package="hello-tagship",
        changelog="packages/hello/CHANGELOG.md",
        folder="packages/hello",
        tag_prefix="hello-tagship-v",
        file="release-hello-tagship.yml",
    ),
}
"""The settings by the name after ``workflow`` in a page's marker."""
