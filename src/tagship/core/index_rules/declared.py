"""The metadata that a project's files fix before the build, as the index will receive it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from packaging.metadata import RawMetadata

from tagship.core.index_rules.rule import Classifiers, Upload
from tagship.core.project.tables import parsed, table, texts

if TYPE_CHECKING:
    from datetime import date

    from tagship.core.project.declaration import Declaration


def declared_upload(
    declaration: Declaration, pyproject: str, *, classifiers: Classifiers | None, today: date | None
) -> Upload:
    """Return the metadata of ``declaration`` and of the ``[project]`` table in ``pyproject``, the text of the file.

    Fields of the wrong type and those that the build computes are left out, and so is Requires-Python, which has a
    check of its own.
    """
    project = table(parsed(pyproject), "project")
    requirements = [project.get("dependencies"), *table(project, "optional-dependencies").values()]
    raw = RawMetadata(
        metadata_version="2.4",
        name=declaration.name or "unknown",
        version=declaration.version if declaration.version and not declaration.versioned_by_git else "0",
        classifiers=list(declaration.classifiers),
        requires_dist=[requirement for each in requirements for requirement in texts(each)],
        project_urls={label: url for label, url in table(project, "urls").items() if isinstance(url, str)},
        author_email=_addresses(project, "authors"),
        maintainer_email=_addresses(project, "maintainers"),
    )
    if isinstance(summary := project.get("description"), str):
        raw["summary"] = summary
    if isinstance(expression := project.get("license"), str):
        raw["license_expression"] = expression
    if isinstance(content_type := table(project, "readme").get("content-type"), str):
        raw["description_content_type"] = content_type
    return Upload(filename=declaration.file, metadata=raw, classifiers=classifiers, today=today)


def _addresses(project: Mapping[str, Any], key: str) -> str:
    people = project.get(key)
    found = [person.get("email") for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    return ", ".join(f"<{address}>" for address in found if isinstance(address, str))
