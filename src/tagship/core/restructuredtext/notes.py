"""The notes of a release out of a reStructuredText changelog, as GitHub's Markdown. This needs docutils."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

from tagship.core.changelog.document import Release, Remark
from tagship.core.changelog.remarks import converted_mentions
from tagship.core.restructuredtext.blocks import Block, read_blocks, source_lines
from tagship.core.restructuredtext.states import LONGEST_LINE, UnreadableError, parse
from tagship.core.restructuredtext.writer import write_markdown

if TYPE_CHECKING:
    from tagship.core.restructuredtext.outline import Document
    from tagship.core.sphinx.markup import Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A text to be parsed. The lines of the section follow those ``before`` it, and are ``length`` lines."""

    text: str
    before: int
    length: int


@dataclass(frozen=True, slots=True)
class Source:
    """A text's lines, and the blocks in them."""

    lines: Sequence[str]
    blocks: Sequence[Block]


def excerpt(document: Source, section: range, *, others: Sequence[Source] = ()) -> Excerpt:
    """Return the lines ``section`` of ``document``, counted from 0, and the definitions that they use.

    Definitions are link targets, substitutions, footnotes and citations at the left margin of the document, and then
    of ``others``. A title elsewhere in the document, to which text may refer by its name, becomes a target. Roles that
    are declared anywhere come first.
    """
    lines = dedent("\n".join(document.lines[section.start : section.stop])).split("\n")
    inside = [block for block in document.blocks if block.first in section]
    outside = Source(document.lines, [block for block in document.blocks if block.first not in section])
    prelude = [line for source in (outside, *others) for line in _declarations(source)]
    text = "\n".join(lines)
    held = {name for name, _ in _definitions(Source(document.lines, inside))}
    definitions = _needed(text, held, _known((outside, *others)))
    return Excerpt(text="\n".join([*prelude, *lines, "", *definitions, ""]), before=len(prelude), length=len(section))


_ROLE = re.compile(r"\.\. (?:default-role|role) ?::")
_TARGET = re.compile(r"\.\. _(?:`(?P<phrase>[^`]+)`|(?P<name>(?:\\.|[^:\\])+)):(?: (?P<url>.*)|$)")
_SUBSTITUTION = re.compile(r"\.\. \|([^|]+)\| ")
_FOOTNOTE = re.compile(r"\.\. \[([^\]\s]+)\](?: |$)")


_INLINE_TARGET = re.compile(r"(?<![^\W_])(?<!`)_`([^`\n]+)`")
_CODE = re.compile(r"(?P<margin>[ *+-]*)(?:\.\. [\w-]*(?:code|literal)[\w-]*::|(?!\.\. ).*::$)")


def _declarations(source: Source) -> Iterator[str]:
    for block in source.blocks:
        if block.kind == "explicit" and _ROLE.match(source.lines[block.first]):
            yield from _unended(source.lines[block.first : block.end])
            yield ""


def _unended(lines: Sequence[str]) -> Sequence[str]:
    """Return ``lines`` without blank ones at their end."""
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    return lines[:end]


def _definitions(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each definition. A target without a URL has that of the target below it."""
    following = ""
    for block in reversed(source.blocks):
        first = source.lines[block.first]
        if block.kind != "explicit":
            following = ""
            continue
        text = "\n".join(_unended(source.lines[block.first : block.end]))
        name = _name(first)
        target = _TARGET.match(first)
        chained = bool(target and not (target["url"] or "").strip() and "\n" not in text)
        text = f"{text}\n{following}" if chained and following else text
        following = text if target else ""
        if name:
            yield name, text


def _name(line: str) -> str:
    """Return the name that an explicit block defines, with a sign for its kind in front; empty if it defines none."""
    if target := _TARGET.match(line):
        return f"_{_normal(target['phrase'] or target['name'])}"
    if substitution := _SUBSTITUTION.match(line):
        return f"|{_normal(substitution[1])}"
    if footnote := _FOOTNOTE.match(line):
        return f"[{_normal(footnote[1])}"
    return ""


def _normal(name: str) -> str:
    return " ".join(re.sub(r"\\(.)", r"\1", name).casefold().split())


def _known(sources: Iterable[Source]) -> dict[str, str]:
    """Return every definition by its name, of which the first one counts, and titles as targets."""
    known: dict[str, str] = {}
    titles: dict[str, int] = {}
    for source in sources:
        # They come in reverse: the first one is the last to be noted.
        found = dict(_definitions(source))
        known = {**found, **known}
        for block in source.blocks:
            if block.kind == "title":
                titles[block.text] = titles.get(block.text, 0) + 1
        for block in source.blocks:
            for match in _INLINE_TARGET.finditer(_without_code(source.lines[block.first : block.end])):
                known.setdefault(f"_{_normal(match[1])}", f".. _`{match[1]}`:")
    for title, count in titles.items():
        if count == 1 and not re.search(r"[`*|\\_]", title):
            known.setdefault(f"_{_normal(title)}", f".. _`{title}`:")
    return known


def _without_code(lines: Iterable[str]) -> str:
    """Return ``lines`` without the lines of literal blocks."""
    kept: list[str] = []
    margin: int | None = None
    for line in lines:
        if margin is None or (line and len(line) - len(line.lstrip()) <= margin):
            kept.append(line)
            code = _CODE.match(line)
            margin = len(code["margin"]) if code else None
    return "\n".join(kept)


_USES = (
    ("_", re.compile(r"`([^`]+)`_")),
    ("_", re.compile(r"<([^<>`]+)_>`_")),
    ("_", re.compile(r"(?<![^\W_])(?<![^\W_][-._+:])((?:[^\W_](?:[-._+:]?[^\W_])*))_(?!\w)")),
    ("|", re.compile(r"\|([^|\s](?:[^|]*[^|\s])?)\|")),
    ("[", re.compile(r"\[([^\[\]\s]+)\]_")),
    ("_", re.compile(r":\s+`?([^`\n]+?)`?_$", re.MULTILINE)),
)


def _uses(text: str) -> Iterator[str]:
    for sign, pattern in _USES:
        for match in pattern.finditer(text):
            yield f"{sign}{_normal(match[1])}"


def _needed(text: str, held: set[str], known: Mapping[str, str]) -> list[str]:
    """Return the definitions that ``text`` uses and does not hold, and those that they use in turn."""
    found: dict[str, str] = {}
    waiting = [text]
    while waiting:
        for name in _uses(waiting.pop()):
            if name in known and name not in found and name not in held:
                found[name] = known[name]
                waiting.append(known[name])
    # A comment keeps a target without a URL from being one more name for the next target.
    return [line for definition in dict.fromkeys(found.values()) for line in (*definition.split("\n"), "", "..", "")]


__all__ = ["Notes", "UnreadableError", "release_notes"]

LONGEST_SECTION = 125_000
"""Characters, with the definitions that the section uses; GitHub's own limit for the text of a release."""
MOST_LINES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes of one release in Markdown, and what is odd about their source, by lines of the file."""

    text: str
    remarks: tuple[Remark, ...]


def release_notes(document: Document, release: Release, roles: Roles, *, extra: Iterable[str] = ()) -> Notes:
    """Return the section of ``release`` below its title, as GitHub's Markdown.

    ``extra`` are texts with definitions that count for every document of the project: Sphinx's ``rst_prolog`` and
    ``rst_epilog``. Raises UnreadableError if the section exceeds a limit, so that no section takes minutes.
    """
    section = range(release.body.start - 1, release.body.stop - 1)
    if any(len(line) > LONGEST_LINE for line in document.lines[section.start : section.stop]):
        raise UnreadableError(f"a line has more than {LONGEST_LINE} characters")
    others = [Source(lines, read_blocks(lines)) for lines in map(source_lines, extra)]
    part = excerpt(Source(document.lines, document.blocks), section, others=others)
    for size, limit, unit in (
        (len(part.text), LONGEST_SECTION, "characters"),
        (part.text.count("\n"), MOST_LINES, "lines"),
    ):
        if size > limit:
            raise UnreadableError(f"it has more than {limit} {unit}")
    tree, messages = parse(part.text, roles)
    text = write_markdown(tree, level=release.level, end=part.before + part.length)
    remarks = [*_remarks(messages, part, release), *converted_mentions(text, release)]
    return Notes(text=text, remarks=tuple(dict.fromkeys(remarks)))


def _remarks(messages: Iterable[Remark], part: Excerpt, release: Release) -> Iterator[Remark]:
    """Yield ``messages`` as remarks; those about definitions elsewhere are at the title of the release."""
    for message in messages:
        line = message.line - part.before
        known = 0 < line <= part.length
        text = " ".join(message.text.split())
        yield Remark(line=release.body.start + line - 1 if known else release.line, text=text)
