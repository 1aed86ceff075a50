"""Tables of docutils as tables of GitHub's Markdown, whose cells have one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tagship.core.restructuredtext.inline import NOTHING, html_text, image

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagship.core.restructuredtext.inline import InlineWriter


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
