"""The markup of MyST and of Material for MkDocs, as GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tagship.core.markdown.spelling import alert, code_span, escape, indented, link
from tagship.core.sphinx.markup import CHANGES, CODE, DROPPED, SILENT, TITLED, TRANSPARENT, Roles, Shown
from tagship.core.summary import fenced


class Converted(NamedTuple):
    """A text of Markdown, and what was left out of it, in sentences."""

    text: str
    remarks: tuple[str, ...]


def github_markdown(text: str, roles: Roles) -> Converted:
    """Return ``text`` with roles, directives, admonitions, tabs and attributes as GitHub shows their like.

    A text without such markup is returned as it is, byte for byte.
    """
    dialect = _Dialect(roles)
    lines = re.split(r"\r\n?|\n", text)
    written = dialect.blocks(lines, nested=False)
    remarks = tuple(dict.fromkeys(dialect.remarks))
    return Converted(text if written == lines else "\n".join(written), remarks)


_FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,}|~{3,}|:{3,}) *(?P<info>.*)$")
_DIRECTIVE = re.compile(r"\{(?P<name>[\w:+.-]+)\} *(?P<argument>.*)")
_ADMONITION = re.compile(
    r"(?P<indent> *)(?P<mark>!!!|\?\?\?\+?) +(?P<name>[\w-]+)(?: +[\w -]+?)?(?: +\"(?P<title>[^\"]*)\")? *$"
)
_TAB = re.compile(r"(?P<indent> *)===[+!]? ?\"(?P<title>[^\"]*)\" *$")
_TARGET = re.compile(r"\([\w.:-]+\)= *$")
_SNIPPET = re.compile(r" *-+8<-+")


class _Dialect:
    """A converter of lines. ``remarks`` grows with what is left out."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles
        self.remarks: list[str] = []

    def blocks(self, lines: Sequence[str], *, nested: bool) -> list[str]:
        """Return ``lines`` converted; ``nested`` says that they are inside another block."""
        written: list[str] = []
        paragraph: list[str] = []
        position = 0

        def flush() -> None:
            if paragraph:
                written.extend(self._inline("\n".join(paragraph)).split("\n"))
                paragraph.clear()

        while position < len(lines):
            line = lines[position]
            end, block = self._block(lines, position, nested=nested)
            if end > position:
                flush()
                written += block
                position = end
                continue
            if line.strip():
                paragraph.append(line)
            else:
                flush()
                written.append(line)
            position += 1
        flush()
        return written

    def _block(self, lines: Sequence[str], first: int, *, nested: bool) -> tuple[int, list[str]]:
        """Return the block that begins at a line and the line below it; that line itself for an ordinary one."""
        line = lines[first]
        if match := _FENCE.match(line):
            return self._fenced(lines, first, match, nested=nested)
        if match := _ADMONITION.match(line):
            return self._admonition(lines, first, match, nested=nested)
        if match := _TAB.match(line):
            end, content = _indented_block(lines, first + 1, len(match["indent"]))
            blocks = [f"**{escape(match['title'])}**", "", *self.blocks(content, nested=nested), ""]
            return end, _set_in(blocks, match["indent"])
        if _TARGET.match(line):
            return first + 1, []
        if _SNIPPET.match(line):
            self.remarks.append(f"The snippet {line.strip()!r} is left out.")
            return first + 1, []
        return first, []

    def _fenced(self, lines: Sequence[str], first: int, match: re.Match[str], *, nested: bool) -> tuple[int, list[str]]:
        closing = re.compile(rf" *{re.escape(match['fence'][0])}{{{len(match['fence'])},}} *$")
        end = next((number for number in range(first + 1, len(lines)) if closing.match(lines[number])), len(lines))
        directive = _DIRECTIVE.match(match["info"])
        if directive is None:
            # Three colons without a name in braces are text.
            return (first, []) if match["fence"][0] == ":" else (min(end + 1, len(lines)), list(lines[first : end + 1]))
        width = len(match["indent"])
        content = [line[min(width, len(line) - len(line.lstrip())) :] for line in lines[first + 1 : end]]
        blocks = self._directive(directive["name"], directive["argument"].strip(), _body(content), nested or width > 0)
        return min(end + 1, len(lines)), _set_in(blocks, match["indent"])

    def _directive(self, name: str, argument: str, content: list[str], nested: bool) -> list[str]:
        name = name.lower().rpartition(":")[2]
        if name in CODE:
            return fenced("\n".join(content), argument).split("\n")
        if name in CHANGES:
            version, _, text = argument.partition(" ")
            rest = [part for part in (text, "\n".join(self.blocks(content, nested=nested))) if part]
            return [f"*{CHANGES[name]} {version}*{': ' if rest else '.'}{rest[0] if rest else ''}".rstrip(), *rest[1:]]
        if name in SILENT:
            return []
        if name in DROPPED:
            self.remarks.append(f'The "{name}" directive{f" of {argument}" if argument else ""} is left out.')
            return []
        return self._container(name, argument, content, nested)

    def _container(self, name: str, argument: str, content: list[str], nested: bool) -> list[str]:
        """Return a directive with other blocks inside it."""
        if name in TRANSPARENT:
            return self.blocks(content, nested=nested)
        inside = "\n".join(self.blocks(content, nested=True)).strip("\n")
        if name in _ADMONITIONS:
            return self._alert(name, argument, inside, nested=nested)
        title = self._inline(argument)
        if name == "dropdown":
            return _folded(title or "Details", inside.split("\n"))
        if name not in TITLED:
            self.remarks.append(f'Unknown directive "{name}": its text is shown without it.')
        return [*([f"**{title}**", ""] if title else []), *inside.split("\n")]

    def _alert(self, name: str, argument: str, inside: str, *, nested: bool) -> list[str]:
        title = f"**{self._inline(argument)}**" if argument and name in _NAMED else ""
        title = "**See also**" if name == "seealso" else title
        text = [self._inline(argument)] if argument and name not in _NAMED else []
        return alert(name, title, [*text, inside], nested=nested).split("\n")

    def _admonition(
        self, lines: Sequence[str], first: int, match: re.Match[str], *, nested: bool
    ) -> tuple[int, list[str]]:
        """Return ``!!! note "Title"`` as an alert, and ``??? note`` as a fold."""
        width = len(match["indent"])
        end, content = _indented_block(lines, first + 1, width)
        inside = "\n".join(self.blocks(content, nested=True)).strip("\n")
        name, title = match["name"].lower(), match["title"]
        if match["mark"] != "!!!":
            shown = self._inline(title or name.capitalize())
            blocks = _folded(shown, inside.split("\n"), is_open=match["mark"].endswith("+"))
        else:
            label = f"**{self._inline(title)}**" if title else ""
            blocks = alert(name, label, [inside], nested=nested or width > 0).split("\n")
        return end, _set_in([*blocks, ""], match["indent"])

    def _inline(self, text: str) -> str:
        """Return a paragraph with its roles and attributes replaced, and its code left alone."""
        return _INLINE.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        if match["role"]:
            shown = self._roles.show(match["role"], " ".join(match["text"].split()))
            if shown is None:
                self.remarks.append(f'Unknown role "{match["role"]}": its text is shown as code.')
                return code_span(match["text"])
            return "".join(map(_spelled, shown))
        if match["attributes"] or match["icon"]:
            return ""
        if match["name"]:
            self.remarks.append(f"The substitution {match['name']} is left as it is.")
        return match[0]


_INLINE = re.compile(
    r"\\."
    r"|\{(?P<role>[A-Za-z][\w:+.-]*)\}(?P<ticks>`+)(?!`)(?P<text>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<code>`+)(?!`).+?(?<!`)(?P=code)(?!`)"
    r"|(?P<name>\{\{ *[\w.-]+ *\}\})"
    r"|(?P<attributes>[ \t]*\{ ?(?:[:#.]|\w+=\")[^{}\n]*\})"
    r"|(?P<icon>:(?:material|octicons|fontawesome|simple)-[\w-]+: ?)",
    re.DOTALL,
)

_STYLED: dict[str, Callable[[str], str]] = {
    "plain": escape,
    "code": code_span,
    "emphasis": lambda text: f"*{escape(text)}*",
    "strong": lambda text: f"**{escape(text)}**",
    "sub": lambda text: f"<sub>{escape(text)}</sub>",
    "sup": lambda text: f"<sup>{escape(text)}</sup>",
    "math": lambda text: f"$`{text}`$",
}


def _spelled(shown: Shown) -> str:
    text = _STYLED[shown.style](shown.text)
    return link(text, shown.url) if shown.url else text


def _indented_block(lines: Sequence[str], first: int, width: int) -> tuple[int, list[str]]:
    """Return the lines that are indented by four more than ``width``, without that, and the line below them."""
    end = first
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith(" " * (width + 4))):
        end += 1
    while end > first and not lines[end - 1].strip():
        end -= 1
    return end, [line[width + 4 :] for line in lines[first:end]]


def _body(content: Sequence[str]) -> list[str]:
    """Return the content of a directive without its options: ``:key: value``, or YAML between ``---``."""
    position = 0
    if content and content[0].strip() == "---":
        position = next((number + 1 for number in range(1, len(content)) if content[number].strip() == "---"), 0)
    while not position and position < len(content) and re.match(r":[\w-]+:", content[position]):
        content = content[1:]
    return list(content[position:])


def _folded(title: str, content: Sequence[str], *, is_open: bool = False) -> list[str]:
    opening = "<details open>" if is_open else "<details>"
    return [opening, f"<summary>{title}</summary>", "", *content, "", "</details>"]


def _set_in(blocks: Sequence[str], indent: str) -> list[str]:
    return indented("\n".join(["", *blocks]), len(indent)).split("\n")[1:] if indent else list(blocks)


_NAMED = {"admonition", "abstract", "question", "example", "quote", "info", "success", "failure", "bug"}
"""Admonitions whose argument is a title; that of the others is their first paragraph."""
_ADMONITIONS = _NAMED | {
    *("note", "tip", "hint", "important", "warning", "attention", "caution", "danger", "error", "seealso")
}
