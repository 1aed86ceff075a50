"""The places of a project's changelog, by the names of its files and by its configuration."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterable, Mapping
from posixpath import normpath, splitext
from typing import Any

from packaging.version import Version

from tagship.core.changelog.heading import same_name
from tagship.core.project.tables import parsed, table
from tagship.core.versions import parse_version

CONFIGURATION_FILES = (
    *("pyproject.toml", "setup.cfg", "setup.py", "towncrier.toml", "scriv.ini", "changelog.d/scriv.ini", ".cz.toml"),
    *("tox.ini", ".changie.yaml", ".changie.yml"),
)
"""The files that may contain the path of a changelog, or the folder of its fragments."""

STEMS = (
    *("changelog", "changes", "history", "news", "milestones", "releases", "releasenotes", "versionhistory"),
    *("whatsnew", "changelogs", "release"),
)
"""File names of changelogs in lower case, without extension, ``-``, ``_`` and spaces, in order of preference."""

FOLDERS = ("", ".planning", "docs", "doc", "documentation")
"""Folders in a project with changelogs at any depth, in order of preference; the first is the project itself."""

ENDINGS = (".md", ".markdown", ".rst", ".txt", "")
_MARKUP = ENDINGS[:3]
_VERSION_FOLDERS = {*STEMS, "versions", "relnotes"}
_NUMBERED = re.compile(r"(?:[a-z][a-z _-]*?[-_ .]?)?v?(?P<version>\d[\w.+!-]*)", re.IGNORECASE)


def spelled(name: str) -> str:
    """Return ``name`` in the spelling of ``STEMS``."""
    return re.sub(r"[-_ ]", "", name.lower())


def changelog_paths(paths: Iterable[str], base: str = "", project: str = "") -> list[str]:
    """Return those of ``paths`` below the folder ``base`` with the name of a changelog, in order of preference.

    Files at the top come first, then by depth those in the other ``FOLDERS``. In a folder with the name of a changelog,
    a file may have the name of the ``project``: ``docs/history/pkg.md``.
    """
    ranked = []
    for path in paths:
        *folders, name = path.removeprefix(base).split("/")
        stem, ending = splitext(name.lower())
        top = folders[0].lower() if folders else ""
        if folders and spelled(folders[-1]) in STEMS and same_name(stem, project):
            stem = folders[-1]
        if path.startswith(base) and spelled(stem) in STEMS and ending in ENDINGS and top in FOLDERS:
            rank = (len(folders), FOLDERS.index(top), STEMS.index(spelled(stem)), ENDINGS.index(ending), path)
            ranked.append(rank)
    return [path for *_, path in sorted(ranked)]


def version_paths(paths: Iterable[str], version: Version) -> tuple[list[str], list[str]]:
    """Return those of ``paths`` that are named by ``version``, and those that are named by its first two numbers.

    They are in a folder with the name of a changelog, such as ``docs/releases/1.2.0.md``.
    """
    exact: list[str] = []
    minor: list[str] = []
    for path in paths:
        *folders, name = path.split("/")
        stem, ending = splitext(name)
        if ending.lower() not in _MARKUP or not any(spelled(folder) in _VERSION_FOLDERS for folder in folders):
            continue
        named = _NUMBERED.fullmatch(stem)
        text = named["version"] if named else ""
        found = parse_version(text) or parse_version(re.sub(r"[-_]", ".", text))
        if found == version:
            exact.append(path)
        elif re.sub(r"[-_]", ".", text).removesuffix(".x") == f"{version.major}.{version.minor}":
            minor.append(path)
    return sorted(exact), sorted(minor)


def configured_paths(files: Mapping[str, str]) -> list[str]:
    """Return the paths of changelogs that the configuration ``files`` (text by name) of a project contain."""
    found: list[str] = []
    for text in (text for name, text in files.items() if name.endswith(".toml")):
        tool = table(parsed(text), "tool")
        found += filter(None, (_text(table(tool, "towncrier"), "filename"), _text(table(tool, "scriv"), "changelog")))
        found += filter(None, (_text(table(tool, "commitizen"), "changelog_file"),))
    scriv = _scriv(files)
    found += [scriv["changelog"]] if "changelog" in scriv else []
    found += [match["path"] for text in files.values() for match in _LINKED.finditer(text)]
    return [normpath(path) for path in dict.fromkeys(found) if not path.startswith(("/", "..", "literal:"))]


_LINKED = re.compile(
    r"(?im)^.*(?:change|history|release|news|what).*https?://(?:www\.)?(?:github|gitlab)\.com/[^/\s]+/[^/\s]+/(?:-/)?"
    r"(?:blob|tree|raw)/[^/\s]+/(?P<path>[\w./+-]+\.(?:md|markdown|rst|txt))"
)


def fragment_folders(files: Mapping[str, str]) -> dict[str, str]:
    """Return the folders of fragments that the configuration ``files`` contain, each with the name of its tool."""
    folders: dict[str, str] = {}
    for text in (text for name, text in files.items() if name.endswith(".toml")):
        data = parsed(text)
        tool = table(data, "tool")
        if isinstance(tool.get("towncrier"), dict):
            towncrier = tool["towncrier"]
            # https://towncrier.readthedocs.io/en/stable/configuration.html: `package` defaults to the project's name.
            package = _text(towncrier, "package") or _text(table(data, "project"), "name")
            default = f"{_text(towncrier, 'package_dir') or '.'}/{package}/newsfragments"
            folders[normpath(_text(towncrier, "directory") or default)] = "towncrier"
        if isinstance(tool.get("scriv"), dict):
            folders[normpath(_text(tool["scriv"], "fragment_directory") or "changelog.d")] = "scriv"
    if scriv := _scriv(files):
        folders[normpath(scriv.get("fragment_directory", "changelog.d"))] = "scriv"
    if changie := files.get(".changie.yaml") or files.get(".changie.yml"):
        values = dict(re.findall(r"(?m)^(changesDir|unreleasedDir): *[\"']?([^\"'#\s]+)", changie))
        folders[f"{values.get('changesDir', '.changes')}/{values.get('unreleasedDir', 'unreleased')}"] = "changie"
    return folders


_NO_FRAGMENT = re.compile(r"\.|readme|_?template|scriv\.ini|conftest", re.IGNORECASE)


def fragments_in(paths: Iterable[str], folder: str) -> list[str]:
    """Return those of ``paths`` that are fragments in ``folder``."""
    inside = [path for path in paths if path.startswith(f"{folder}/")]
    names = [(path, path.rpartition("/")[2]) for path in inside]
    return [path for path, name in names if "." in name and not _NO_FRAGMENT.match(name)]


def expanded(template: str, version: Version | None, label: str) -> str:
    """Return the path ``template`` with ``{version}``, ``{major}``, ``{minor}`` and ``{micro}`` filled in."""
    values = {"version": label}
    if version is not None:
        values |= {"major": str(version.major), "minor": str(version.minor), "micro": str(version.micro)}
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), template)


def _scriv(files: Mapping[str, str]) -> dict[str, str]:
    for name in ("setup.cfg", "tox.ini", "scriv.ini", "changelog.d/scriv.ini"):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(files.get(name, ""))
        except configparser.Error:
            continue
        for section in ("tool:scriv", "scriv", "tool.scriv"):
            if parser.has_section(section):
                return dict(parser.items(section))
    return {}


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
