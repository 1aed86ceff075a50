"""Inline nodes and tables of docutils as GitHub's Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from docutils import nodes

from tagship.core.markdown.spelling import closed_brackets, code_span, destination, escape, escape_starts, link

NOTHING = (nodes.system_message, nodes.comment, nodes.substitution_definition, nodes.pending, nodes.raw)
"""Nodes that are not shown. A target is, if it is a part of a text."""


class _Piece(NamedTuple):
    """A piece of Markdown. With a ``mark`` it is emphasis, or in a ``tag`` if the mark would not be read as such."""

    text: str
    mark: str = ""
    tag: str = ""


class InlineWriter:
    """A writer of inline nodes. ``label`` returns the label of the footnote that a node refers to, if there is one."""

    def __init__(self, label: Callable[[nodes.Element], str | None]) -> None:
        self._label = label

    def text(self, children: Iterable[nodes.Node]) -> str:
        """Return ``children`` as the content of a paragraph, with the line ends of the source."""
        return escape_starts(re.sub(r" *\n *", "\n", _joined(self._pieces(children)).strip()))

    def line(self, children: Iterable[nodes.Node]) -> str:
        """Return ``children`` on one line, as the content of a heading."""
        return " ".join(self.text(children).split())

    def cell(self, children: Iterable[nodes.Node]) -> str:
        """Return ``children`` as the content of a table's cell, in which no pipe is left unescaped."""
        written = " ".join(_joined(self._pieces(children)).split())
        return _CODE_WITH_PIPE.sub(lambda match: f"<code>{html_text(match[2].strip())}</code>", written)

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
        if type(node) in _MARKS:
            return [_Piece(_joined(self._pieces(node.children)), *_MARKS[type(node)])]
        if type(node) in _WRITERS:
            return [_Piece(_WRITERS[type(node)](self, node))]
        return self._pieces(node.children)

    def _reference(self, node: nodes.Element) -> str:
        url = node.get("refuri") or (f"#{node['refid']}" if node.get("refid") else "")
        shown = node.astext()
        if (url == shown and _PLAIN_URL.fullmatch(url)) or (url == f"mailto:{shown}" and _PLAIN_MAIL.fullmatch(shown)):
            return f"<{shown}>"
        label = _joined(self._pieces(node.children))
        return link(label, url) if url else label

    def _footnote(self, node: nodes.Element) -> str:
        label = self._label(node)
        return f"[^{label}]" if label else escape(f"[{node.astext()}]")

    def _math(self, node: nodes.Element) -> str:
        formula = " ".join(node.astext().split())
        return f"$`{formula}`$" if formula else ""


_MARKS: dict[type[nodes.Element], tuple[str, str]] = {
    nodes.strong: ("**", "strong"),
    nodes.emphasis: ("*", "em"),
    nodes.title_reference: ("*", "em"),
    nodes.superscript: ("", "sup"),
    nodes.subscript: ("", "sub"),
}
_WRITERS: dict[type[nodes.Element], Callable[[InlineWriter, nodes.Element], str]] = {
    nodes.literal: lambda _, node: code_span(node.astext()),
    nodes.math: InlineWriter._math,
    nodes.image: lambda _, node: image(node),
    nodes.reference: InlineWriter._reference,
    nodes.footnote_reference: InlineWriter._footnote,
    nodes.citation_reference: InlineWriter._footnote,
}


def image(node: nodes.Element) -> str:
    """Return a picture with its description, if it has one."""
    alt = " ".join(str(node.get("alt", "")).split())
    return f"![{closed_brackets(escape(alt))}]({destination(node['uri'])})"


def html_text(text: str) -> str:
    """Return ``text`` as HTML that shows it inside a cell: on one line, and without pipes and markup of Markdown."""
    return re.sub(r"[&<>|\n`*_\\\[\]$~:@#]", lambda match: f"&#{ord(match[0])};", text)


_PLAIN_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>|`\\]+")
_PLAIN_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
_CODE_WITH_PIPE = re.compile(r"(?<![\\`])(`+)(?!`)((?:(?!\1).)*?\|.*?)(?<!`)\1(?!`)")


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
    if "*" in {before, after, content[0], content[-1]} or content[0].isspace() or content[-1].isspace():
        return False
    opens = not _is_punctuation(content[0]) or not before or before.isspace() or _is_punctuation(before)
    closes = not _is_punctuation(content[-1]) or not after or after.isspace() or _is_punctuation(after)
    return opens and closes


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def written_table(table: nodes.Element, inline: InlineWriter) -> str:
    """Return ``table``. Cells that are spanned are empty; the blocks of a cell are separated by ``<br>``."""
    parts = [part for group in table.children if isinstance(group, nodes.tgroup) for part in group.children]
    heads = [row for part in parts if isinstance(part, nodes.thead) for row in part.children]
    bodies = [row for part in parts if isinstance(part, nodes.tbody) for row in part.children]
    width = sum(isinstance(part, nodes.colspec) for part in parts)
    rows = _grid([*heads, *bodies], width, inline)
    if not rows:
        return ""
    head = rows[0] if heads else [""] * width
    rest = rows[1:] if heads else rows
    return "\n".join([_row(head), _row(["---"] * width), *map(_row, rest)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _grid(rows: Iterable[nodes.Node], width: int, inline: InlineWriter) -> list[list[str]]:
    """Return the text of every cell, by rows; what a cell above spans is empty."""
    grid: list[list[str]] = []
    spanned = [0] * width
    for row in rows:
        cells = iter(row.children)
        texts: list[str] = []
        while len(texts) < width:
            column = len(texts)
            if spanned[column]:
                spanned[column] -= 1
                texts.append("")
                continue
            cell = next(cells, None)
            if cell is None:
                texts.append("")
                continue
            columns = min(1 + int(cell.get("morecols", 0)), width - column)
            texts += [_cell(cell, inline), *[""] * (columns - 1)]
            spanned[column : column + columns] = [int(cell.get("morerows", 0))] * columns
        grid.append(texts)
    return grid


def _cell(cell: nodes.Element, inline: InlineWriter) -> str:
    return "<br>".join(filter(None, (_block(child, inline) for child in cell.children)))


def _block(node: nodes.Node, inline: InlineWriter) -> str:
    """Return a block on one line, lists and code as HTML."""
    if isinstance(node, (nodes.bullet_list, nodes.enumerated_list)):
        tag = "ul" if isinstance(node, nodes.bullet_list) else "ol"
        return f"<{tag}>{''.join(f'<li>{_cell(item, inline)}</li>' for item in node.children)}</{tag}>"
    if isinstance(node, (nodes.literal_block, nodes.doctest_block)):
        return f"<pre>{html_text(node.astext())}</pre>"
    if isinstance(node, nodes.image):
        return image(node)
    if isinstance(node, nodes.TextElement):
        return inline.cell(node.children)
    if isinstance(node, nodes.Element) and not isinstance(node, NOTHING):
        return _cell(node, inline)
    return ""
