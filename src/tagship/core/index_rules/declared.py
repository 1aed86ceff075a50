"""The metadata that a project's files fix before the build, as the index will receive it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from packaging.metadata import RawMetadata

from tagship.core.index_rules.rule import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tagship.core.index_rules.rule import Classifiers
    from tagship.core.project.declaration import Declaration


def declared_upload(
    declaration: Declaration, pyproject: str, *, classifiers: Classifiers | None, today: date | None
) -> Upload:
    """Return the metadata of ``declaration`` and of the ``[project]`` table in ``pyproject``, the text of the file.

    Fields of the wrong type and those that the build computes are left out, and so is Requires-Python, which has a
    check of its own.
    """
    raw = RawMetadata(metadata_version="2.4", name=declaration.name or "unknown", version="0")
    if declaration.version and not declaration.versioned_by_git:
        raw["version"] = declaration.version
    raw["classifiers"] = list(declaration.classifiers)
    table = _project_table(pyproject)
    raw["requires_dist"] = list(_requirements(table))
    if isinstance(urls := table.get("urls"), dict):
        raw["project_urls"] = {label: url for label, url in urls.items() if isinstance(url, str)}
    if isinstance(summary := table.get("description"), str):
        raw["summary"] = summary
    if isinstance(expression := table.get("license"), str):
        raw["license_expression"] = expression
    if isinstance(readme := table.get("readme"), dict) and isinstance(readme.get("content-type"), str):
        raw["description_content_type"] = readme["content-type"]
    if authors := _addresses(table, "authors"):
        raw["author_email"] = authors
    if maintainers := _addresses(table, "maintainers"):
        raw["maintainer_email"] = maintainers
    return Upload(filename=declaration.file, metadata=raw, classifiers=classifiers, today=today)


def _project_table(pyproject: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(pyproject).get("project")
    except (ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}


def _requirements(table: dict[str, Any]) -> Iterator[str]:
    """Yield the requirements of the project and of all its extras."""
    extras = table.get("optional-dependencies")
    lists = [table.get("dependencies"), *(extras.values() if isinstance(extras, dict) else ())]
    yield from (item for each in lists if isinstance(each, list) for item in each if isinstance(item, str))


def _addresses(table: dict[str, Any], key: str) -> str:
    people = table.get(key)
    found = [person.get("email") for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    return ", ".join(f"<{address}>" for address in found if isinstance(address, str))
