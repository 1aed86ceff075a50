"""The patterns of the input ``files``: globs with an optional name and label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

MAX_ALTERNATIVES = 1000
_ITEM = re.compile(
    r"""(?P<sign>[!?]?)\s*
    (?:"(?P<double>[^"]+)"|'(?P<single>[^']+)'|(?P<bare>[^"'].*?))
    (?:\s+=>\s+(?P<name>[^\s\[].*?)??(?:\s*\[(?P<type>[\w.+-]+/[\w.+;= -]+)\])?)?
    (?:\s+\#\s+(?P<label>\S.*))?""",
    re.VERBOSE,
)
_LABEL = re.compile(r"\s#\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One pattern: ``text`` from the input, ``globs`` with expanded braces and ``/`` between folders.

    With ``excludes`` it removes matches of the other patterns; with ``optional`` it may match nothing. ``name`` is the
    asset's name, ``label`` its text on the release page, None if the pattern sets none.
    """

    text: str
    globs: tuple[str, ...]
    excludes: bool = False
    optional: bool = False
    name: str | None = None
    content_type: str | None = None
    label: str | None = None


def patterns_of(lines: tuple[str, ...]) -> tuple[Pattern, ...]:
    """Return the patterns in every line.

    A comma outside braces and quotes separates two globs; quotes around a glob keep its commas and spaces. After a
    glob, ``=> name [type]`` sets name and media type, both optional, and ``# label``, up to the line's end, labels it.
    ``!`` before a glob excludes, ``?`` allows that nothing matches.
    Raises ValueError with a sentence for a line that cannot be parsed.
    """
    return tuple(_pattern(text) for line in lines for text in _separated(line))


def _separated(line: str) -> list[str]:
    """Return the parts of ``line`` between separating commas; everything after ``#`` belongs to the last part."""
    label = _LABEL.search(line)
    end = label.start() if label else len(line)
    cuts, quote, depth = [-1], "", 0
    for position, character in enumerate(line[:end]):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and not line[cuts[-1] + 1 : position].strip(" !?"):
            quote = character
        elif character in "{}":
            depth = max(0, depth + (1 if character == "{" else -1))
        elif character == "," and not depth:
            cuts.append(position)
    ends = [*cuts[1:], len(line)]
    parts = (line[start + 1 : stop].strip() for start, stop in zip(cuts, ends, strict=True))
    return [part for part in parts if part]


def _pattern(text: str) -> Pattern:
    match = _ITEM.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not a glob; write one per line, for example dist/*.whl, quoted as a whole or not at all"
        )
    if match["bare"] and "=>" in match["bare"]:
        raise ValueError(f"{text!r} sets no valid name or media type; write dist/app => app-linux [application/x-elf]")
    if match["name"] is not None and re.search(r"[/\\]", match["name"]):
        raise ValueError(f"{text!r} sets the name {match['name']!r}; use a name without folders")
    glob = (match["double"] or match["single"] or match["bare"]).strip().replace("\\", "/")
    return Pattern(
        text=text,
        globs=tuple(dict.fromkeys(_expanded(glob))),
        excludes=match["sign"] == "!",
        optional=match["sign"] == "?",
        name=match["name"],
        content_type=match["type"],
        label=match["label"],
    )


def _expanded(glob: str) -> list[str]:
    """Expand the braces of ``glob`` as a shell does; braces without a comma stay as they are."""
    done, todo = [], [(glob, 0)]
    while todo:
        text, start = todo.pop()
        braces = _first_braces(text, start)
        if braces is None:
            done.append(text)
        else:
            opening, commas, closing = braces
            cuts = [opening, *commas, closing]
            inner = [text[cut + 1 : stop] for cut, stop in pairwise(cuts)]
            if commas:
                todo += [(text[:opening] + part + text[closing + 1 :], opening) for part in reversed(inner)]
            else:
                todo.append((text, opening + 1))
        if len(done) + len(todo) > MAX_ALTERNATIVES:
            raise ValueError(
                f"the braces of {glob[:60]!r} expand to more than {MAX_ALTERNATIVES} globs; use fewer alternatives"
            )
    return done


def _first_braces(text: str, start: int) -> tuple[int, list[int], int] | None:
    """Return the positions of the first complete braces from ``start`` on and of their commas, or None."""
    for opening in (index for index in range(start, len(text)) if text[index] == "{"):
        depth, commas = 0, []
        for index in range(opening, len(text)):
            character = text[index]
            depth += (character == "{") - (character == "}")
            if character == "," and depth == 1:
                commas.append(index)
            if depth == 0:
                return opening, commas, index
    return None
