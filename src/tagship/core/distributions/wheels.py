"""Contents of a wheel for its users: import names and scripts."""

from __future__ import annotations

import configparser
import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution

_DATA = re.compile(r"[^/]+\.data/(?P<scheme>[a-z]+)/(?P<rest>.+)")
_MODULE = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:\.py|(?:\.[\w-]+)*\.(?:so|pyd))")
"""File of a module: ``name.py``, ``name.so``, ``name.cpython-312-x86_64-linux-gnu.so`` or ``name.pyd``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A program that a wheel installs. ``target`` is its ``package.module:function``, empty for a ready-made file.

    ``extras`` are the extras that it requires.
    """

    name: str
    target: str
    is_console: bool
    extras: tuple[str, ...] = ()


def installed_paths(distribution: Distribution) -> tuple[str, ...]:
    """Return the paths that a wheel installs in site-packages, without its metadata.

    They come from its RECORD, or from its members if the RECORD is missing.
    """
    found = []
    for path in _recorded(distribution):
        data = _DATA.fullmatch(path)
        if data and data["scheme"] in ("purelib", "platlib"):
            found.append(data["rest"])
        elif not data and ".dist-info/" not in path and not path.startswith("/"):
            found.append(path)
    return tuple(found)


def _recorded(distribution: Distribution) -> Iterable[str]:
    record = _text(distribution, "RECORD")
    rows = csv.reader(record.splitlines())
    return [row[0] for row in rows if row] or [member.path for member in distribution.archive.members]


def import_names(distribution: Distribution) -> tuple[str, ...]:
    """Return the names that users import: public ``Import-Name`` fields (PEP 794), else those in ``top_level.txt``.

    Without either, or if no file matches ``top_level.txt``, they are the top-level modules and packages, and for a
    namespace package the packages in it. Empty for a wheel with only stubs, data or metadata.
    """
    importable = _importable(installed_paths(distribution))
    declared = distribution.metadata.get("import_names")
    if declared is not None:
        public = [
            name.strip() for name, _, private in (item.partition(";") for item in declared) if not private.strip()
        ]
        return tuple(name for name in public if name)
    listed = {line.strip() for line in _text(distribution, "top_level.txt").splitlines()}
    names = [name for name in importable if name.partition(".")[0] in listed] or importable
    # Names with an underscore are private and count only without public ones.
    return tuple(name for name in names if not any(part[0] == "_" for part in name.split("."))) or tuple(names)


def _importable(paths: Sequence[str]) -> list[str]:
    """Return the shortest dotted names that contain every importable module, sorted."""
    modules, packages = set[tuple[str, ...]](), set[tuple[str, ...]]()
    for path in paths:
        *folders, file = path.split("/")
        match = _MODULE.fullmatch(file)
        if match and all(folder.isidentifier() for folder in folders):
            if match["name"] == "__init__":
                packages.add(tuple(folders))
            else:
                modules.add((*folders, match["name"]))
    tops = {_shortest(module, packages) for module in modules | packages if module}
    return sorted(".".join(top) for top in tops)


def _shortest(module: tuple[str, ...], packages: set[tuple[str, ...]]) -> tuple[str, ...]:
    for length in range(1, len(module)):
        if module[:length] in packages:
            return module[:length]
    return module


def scripts_of(distribution: Distribution) -> tuple[Script, ...]:
    """Return the scripts: first those in ``entry_points.txt``, then ready-made files."""
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(_text(distribution, "entry_points.txt"))
    except configparser.Error:
        parser.clear()
    found = [
        _script(name, target, is_console=section == "console_scripts")
        for section in ("console_scripts", "gui_scripts")
        if parser.has_section(section)
        for name, target in parser.items(section)
    ]
    for path in _recorded(distribution):
        data = _DATA.fullmatch(path)
        if data and data["scheme"] == "scripts":
            found.append(Script(name=data["rest"], target="", is_console=True))
    return tuple(found)


def _script(name: str, value: str, *, is_console: bool) -> Script:
    target, _, extras = value.partition("[")
    names = tuple(canonicalize_name(extra) for extra in re.findall(r"[\w.-]+", extras))
    # Whitespace is allowed around each part: https://packaging.python.org/en/latest/specifications/entry-points/
    return Script(name=name, target="".join(target.split()), is_console=is_console, extras=names)


def _text(distribution: Distribution, name: str) -> str:
    texts: Mapping[str, bytes] = distribution.archive.texts
    places = [path for path in texts if path.endswith(f".dist-info/{name}") and path.count("/") == 1]
    return texts[places[0]].decode("utf-8", "replace") if places else ""


def why_nothing_to_import(distribution: Distribution) -> str:
    """Return a sentence about the contents of a wheel without importable modules."""
    paths = installed_paths(distribution)
    if any(path.partition("/")[0].endswith("-stubs") for path in paths):
        return "The wheel contains only type stubs."
    if paths or any(_DATA.fullmatch(path) for path in _recorded(distribution)):
        return "The wheel contains only data files."
    return "The wheel contains only metadata."
