"""The callers' workflows that the README and the docs show: the same text ``tagship init`` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.initialise.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES: Mapping[str | None, Facts] = {
    None: Facts(package="your-package", declares_pythons=False),
    "testpypi": Facts(package="hello-tagship", testpypi=True, attestations=True),
    "none": Facts(package="hello-tagship", index="none"),
    "index": Facts(package="hello-tagship", index="other", index_url="https://pypi.example.com/", environment="index"),
    "monorepo": Facts(
        package="hello-tagship",
        folder="packages/hello",
        tag_prefix="hello-tagship-v",
        file="release-hello-tagship.yml",
    ),
}
"""By the name that stands behind ``workflow`` in a page's marker."""
