"""Changelogs that only say where the changelog is."""

from __future__ import annotations

import re
from urllib.parse import unquote

from tagship.core.markdown.blocks import parse_blocks
from tagship.core.markdown.destinations import destinations

_LONGEST = 1000
_PATH = re.compile(r"(?<![^\s`'\"(<])[\w@+.-]+(?:[/\\][\w@+. -]+)*\.(?:md|markdown)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")


def redirect_target(text: str) -> str | None:
    """The path that ``text`` sends its reader to, relative to its own folder, or None where it is more than that.

    That is a text of at most a title and a few lines which hold one link to a Markdown file, or one path of such a
    file: ``See [the changelog](docs/changes.md).``, or ``docs/changes.md``, which is what a symbolic link looks like
    where git could not make one.
    """
    lines = [line for line in text[: _LONGEST + 1].lstrip("\ufeff").splitlines() if line.strip()]
    if len(text) > _LONGEST or len(lines) > 4:
        return None
    linked = {unquote(re.split(r"[?#]", found.href)[0]) for found in destinations(parse_blocks(text))}
    linked = {path for path in linked if path and not _ELSEWHERE.match(path)}
    if not linked:
        linked = {match[0] for line in lines for match in _PATH.finditer(line)}
    if len(linked) != 1:
        return None
    (path,) = linked
    return path.replace("\\", "/") if path.lower().endswith((".md", ".markdown")) else None
