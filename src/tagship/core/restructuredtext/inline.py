"""Inline nodes of docutils as GitHub's Markdown."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class _Piece(NamedTuple):
    """A piece of Markdown. With a ``mark`` it is emphasis, or ``tag`` where the mark would not be read as such."""

    text: str
    mark: str = ""
    tag: str = ""


class InlineWriter:
    """A writer of inline nodes. ``footnote`` is called with the id of each footnote that is referred to."""

    def __init__(self, footnote: Callable[[nodes.Element], str | None]) -> None:
        self._footnote = footnote

    def text(self, children: Iterable[nodes.Node], *, cell: bool = False) -> str:
        """Return ``children`` as the content of a paragraph, which may have several lines, or as that of a cell.

        A cell of a table has one line and no pipes.
        """
        written = _joined(self._pieces(children)).strip()
        if cell:
            return _CODE_WITH_PIPE.sub(lambda match: f"<code>{html_text(match[2].strip())}</code>", _one_line(written))
        return _LINE_STARTS.sub(_escaped_start, re.sub(r" *\n *", "\n", written))

    def line(self, children: Iterable[nodes.Node]) -> str:
        """Return ``children`` on one line, as the content of a heading."""
        return _one_line(self.text(children))

    def _pieces(self, children: Iterable[nodes.Node]) -> list[_Piece]:
        found: list[_Piece] = []
        for child in children:
            found += self._piece(child)
        return [piece for piece in found if piece.text]

    def _piece(self, node: nodes.Node) -> list[_Piece]:
        if isinstance(node, nodes.Text):
            return [_Piece(escape(node.astext()))]
        if not isinstance(node, nodes.Element) or isinstance(node, NOTHING):
            return []
        if isinstance(node, (nodes.literal, nodes.math)):
            return [_Piece(code_span(node.astext(), math=isinstance(node, nodes.math)))]
        if isinstance(node, nodes.image):
            return [_Piece(image(node))]
        if isinstance(node, (nodes.footnote_reference, nodes.citation_reference)):
            label = self._footnote(node)
            return [_Piece(f"[^{label}]" if label else escape(f"[{node.astext()}]"))]
        for kind, mark, tag in _MARKED:
            if isinstance(node, kind):
                return [_Piece(_joined(self._pieces(node.children)), mark, tag)]
        if isinstance(node, nodes.reference):
            return [_Piece(self._reference(node))]
        return self._pieces(node.children)

    def _reference(self, node: nodes.reference) -> str:
        url = node.get("refuri") or (f"#{node['refid']}" if node.get("refid") else "")
        shown = node.astext()
        if url in {shown, f"mailto:{shown}"} and _PLAIN_URL.fullmatch(url) and "@" not in url.partition(":")[0]:
            return f"<{shown}>"
        label = _joined(self._pieces(node.children))
        if not url:
            return label
        return f"[{_closed_brackets(label)}]({destination(url)})"


NOTHING = (nodes.target, nodes.system_message, nodes.comment, nodes.substitution_definition, nodes.pending, nodes.raw)
_MARKED: tuple[tuple[type[nodes.Element], str, str], ...] = (
    (nodes.strong, "**", "strong"),
    (nodes.emphasis, "*", "em"),
    (nodes.title_reference, "*", "em"),
    (nodes.superscript, "", "sup"),
    (nodes.subscript, "", "sub"),
)


def image(node: nodes.image) -> str:
    """Return a picture; without a description it is described by the name of its file."""
    alt = " ".join(str(node.get("alt", "")).split())
    return f"![{_closed_brackets(escape(alt))}]({destination(node['uri'])})"


_SPECIAL = re.compile(r"[\\`*\[<~|]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]+;)|!$|(?<=\w):(?=//)|(?<![^\W_])www(?=\.)")


def escape(text: str) -> str:
    """Return ``text`` as Markdown that shows it: what would be markup inside a line is escaped."""
    # docutils has made links of addresses: what is left of them is meant as text.
    return _SPECIAL.sub(lambda match: "www\\" if match[0] == "www" else f"\\{match[0]}", text)


def code_span(text: str, *, math: bool = False) -> str:
    """Return ``text`` as code on one line, or as a formula."""
    content = " ".join(text.split())
    if math or not content:
        return f"$`{content}`$" if content else ""
    longest = max(map(len, re.findall(r"`+", content)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if content[0] == "`" or content[-1] == "`" else ""
    return f"{fence}{pad}{content}{pad}{fence}"


_ENCODED = re.compile(r"[\s()<>\\`|\"]")


def destination(url: str) -> str:
    """Return ``url`` as the destination of a link or picture of Markdown."""
    encoded = _ENCODED.sub(lambda match: f"%{ord(match[0]):02X}", "".join(url.split("\n")))
    return re.sub(r"&(?=[#\w]+;)", "&amp;", encoded) or "#"


_PLAIN_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>|`\\]+")
_CODE_WITH_PIPE = re.compile(r"(?<![\\`])(`+)(?!`)((?:(?!\1).)*?\|.*?)(?<!`)\1(?!`)")


def html_text(text: str) -> str:
    """Return ``text`` as HTML that shows it inside a cell: on one line, and without pipes and markup of Markdown."""
    return re.sub(r"[&<>|\n`*_\\\[\]$~:@#]", lambda match: f"&#{ord(match[0])};", text)


def _closed_brackets(label: str) -> str:
    """Return the text of a link with no bracket that would end it."""
    return re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)|!?\[(?:[^\[\]\\]|\\.)*\]\([^()]*\)|(?<!\\)\]", _escaped_bracket, label)


def _escaped_bracket(match: re.Match[str]) -> str:
    return "\\]" if match[0] == "]" else match[0]


def _one_line(text: str) -> str:
    return " ".join(text.split())


_LINE_STARTS = re.compile(
    r"^(?:([-+])(?=\s|$)|(\d{1,9})([.)])(?=\s|$)|(\#{1,6})(?=\s|$)|(>)|([=-])(?=[=-]*[ \t]*$)|(:)(?=-))", re.MULTILINE
)


def _escaped_start(match: re.Match[str]) -> str:
    if match[2]:
        return f"{match[2]}\\{match[3]}"
    return f"\\{match[0]}"


def _joined(pieces: Sequence[_Piece]) -> str:
    """Return ``pieces`` one after the other, each set apart from its neighbours where Markdown needs it."""
    written = ""
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else _Piece("")
        after = (following.mark or following.text)[:1]
        if piece.tag and not (piece.mark and _is_read(written[-1:], piece.text, after)):
            written += f"<{piece.tag}>{piece.text}</{piece.tag}>"
        elif piece.text.startswith("`") and written.endswith("`"):
            written += f"<code>{html_text(piece.text.strip('`').strip())}</code>"
        else:
            written += f"{piece.mark}{piece.text}{piece.mark}"
    return written


def _is_read(before: str, content: str, after: str) -> bool:
    """Return True if asterisks around ``content`` are read as emphasis between these characters, by CommonMark."""
    if "*" in {before, after} or content[0].isspace() or content[-1].isspace() or "*" in {content[0], content[-1]}:
        return False
    opens = not _is_punctuation(content[0]) or not before or before.isspace() or _is_punctuation(before)
    closes = not _is_punctuation(content[-1]) or not after or after.isspace() or _is_punctuation(after)
    return opens and closes


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
