"""Blocks of docutils as GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from docutils import nodes

from tagship.core.markdown.spelling import alert, indented, item_list, quoted
from tagship.core.restructuredtext.inline import NOTHING, InlineWriter, image, written_table
from tagship.core.summary import fenced

_Blocks = list[str]


def write_markdown(tree: nodes.document, *, level: int, end: int | None = None) -> str:
    """Return ``tree`` as GitHub's Markdown, with the sections of the tree one level below ``level``.

    Footnotes below the line ``end``, counted from 1, are shown only if something refers to them.
    """
    return Writer(tree, level=level, end=end).notes(tree.children)


class Writer:
    """A writer of one tree. Alerts are known to GitHub at the top only: ``_nested`` counts what is around a block."""

    def __init__(self, tree: nodes.document, *, level: int, end: int | None = None) -> None:
        self._end = end
        self._tree = tree
        self._level = level
        self._nested = 0
        self._used: dict[str, str] = {}
        self._inline = InlineWriter(self._footnote_label)

    def notes(self, children: Iterable[nodes.Node]) -> str:
        """Return blocks of the tree, and below them the footnotes and citations that they refer to."""
        blocks = self._blocks(children)
        written: set[str] = set()
        while waiting := [name for name in self._used if name not in written]:
            for name in waiting:
                written.add(name)
                blocks.append(self._footnote(name))
        return "\n\n".join(blocks)

    def _footnote_label(self, reference: nodes.Element) -> str | None:
        """Return the label of the footnote or citation that ``reference`` leads to, or None if there is none."""
        target = self._tree.ids.get(reference.get("refid", ""))
        if target is None:
            return None
        # The number of a footnote with a name depends on those before it.
        label = re.sub(r"[^\w.-]", "-", (target["names"] or [target[0].astext()])[0])
        return self._used.setdefault(reference["refid"], label)

    def _footnote(self, name: str) -> str:
        content = "\n\n".join(self._blocks(self._tree.ids[name].children[1:]))
        return f"[^{self._used[name]}]: {indented(content, 4)}"

    def _blocks(self, children: Iterable[nodes.Node]) -> _Blocks:
        found: _Blocks = []
        before: nodes.Node | None = None
        for child in children:
            if not isinstance(child, nodes.Element):
                continue
            written = self._written(child, before)
            found += [block for block in written if block]
            before = child if any(written) else before
        return found

    def _written(self, node: nodes.Element, before: nodes.Node | None) -> _Blocks:
        if isinstance(node, (nodes.bullet_list, nodes.enumerated_list)):
            # Two lists of one kind would be one list: the second one has another marker.
            return [self._list(node, again=type(before) is type(node))]
        for kinds, method in _METHODS:
            if isinstance(node, kinds):
                found = method(self, node)
                return found if isinstance(found, list) else [found]
        if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.FixedTextElement):
            # A picture that is a link is among blocks, though it is inline.
            return [self._inline.text([node] if isinstance(node, nodes.Inline) else node.children)]
        return self._blocks(node.children)

    def _inside(self, children: Iterable[nodes.Node]) -> _Blocks:
        """Return blocks that something is around."""
        self._nested += 1
        found = self._blocks(children)
        self._nested -= 1
        return found

    def _section(self, node: nodes.Element) -> _Blocks:
        depth = len(node.section_hierarchy())
        heading = "#" * min(self._level + depth, 6)
        title = self._inline.line(node[0].children)
        return [f"{heading} {title}".rstrip(), *self._blocks(node.children[1:])]

    def _bold(self, node: nodes.Element) -> str:
        """Return a title in bold, for one that is not a heading."""
        return _strong(self._inline.line(node.children), node)

    def _list(self, node: nodes.Element, *, again: bool) -> str:
        items = [self._inside(item.children) for item in node.children if isinstance(item, nodes.list_item)]
        number = node.get("start", 1)
        if isinstance(node, nodes.bullet_list):
            markers = ["*" if again else "-"] * len(items)
        else:
            markers = [f"{number + index}{')' if again else '.'}" for index in range(len(items))]
        return item_list(zip(markers, items, strict=True), tight=all(map(_is_tight, node.children)))

    def _definitions(self, node: nodes.Element) -> str:
        items = []
        for item in node.children:
            terms = [_strong(self._inline.line(term.children), term) for term in item if isinstance(term, nodes.term)]
            kinds = [f"*{self._inline.line(kind.children)}*" for kind in item if isinstance(kind, nodes.classifier)]
            bodies = [child for part in item if isinstance(part, nodes.definition) for child in part.children]
            items.append(("-", [" ".join([*terms, *kinds]), *self._inside(bodies)]))
        return item_list(items, tight=False)

    def _fields(self, node: nodes.Element) -> str:
        items = []
        for name, body in (field.children[:2] for field in node.children if isinstance(field, nodes.field)):
            first, *rest = self._inside(body.children) or [""]
            label = _strong(f"{self._inline.line(name.children)}:", name)
            joins = bool(body.children) and isinstance(body.children[0], nodes.paragraph)
            items.append(("-", [f"{label} {first}".rstrip(), *rest] if joins else [label, first, *rest]))
        return item_list(items, tight=all(len(blocks) == 1 for _, blocks in items))

    def _options(self, node: nodes.Element) -> str:
        items = []
        for group, description in (item.children for item in node.children):
            options = ", ".join(f"`{' '.join(option.astext().split())}`" for option in group.children)
            items.append(("-", [options, *self._inside(description.children)]))
        return item_list(items, tight=False)

    def _code(self, node: nodes.Element) -> str:
        language = next((name for name in node.get("classes", ()) if name != "code"), "")
        language = "pycon" if isinstance(node, nodes.doctest_block) else language
        language = "math" if isinstance(node, nodes.math_block) else re.sub(r"[^\w+#.-]", "", language)
        text = node.astext().strip("\n")
        return fenced(text, language) if text.strip() else ""

    def _lines(self, node: nodes.Element, depth: int = 0) -> str:
        lines = []
        for child in node.children:
            if isinstance(child, nodes.line_block):
                lines.append(self._lines(child, depth + 1))
            else:
                lines.append("&nbsp;" * 4 * depth + self._inline.line(child.children))
        return "\\\n".join(lines) if any(lines) else ""

    def _admonition(self, node: nodes.Element) -> str:
        """Return an alert, or a quote with a title for one that is inside of another block."""
        children, title = node.children, ""
        if isinstance(node, nodes.admonition) and children:
            title, children = self._bold(children[0]), children[1:]
        return alert(str(node.tagname), title, self._inside(children), nested=self._nested > 0)

    def _topic(self, node: nodes.Element) -> _Blocks:
        return [
            block
            for child in node.children
            for block in ([self._bold(child)] if isinstance(child, nodes.title) else self._blocks([child]))
        ]

    def _table(self, node: nodes.Element) -> _Blocks:
        titles = [self._bold(child) for child in node.children if isinstance(child, nodes.title)]
        return [*titles, written_table(node, self._inline)]

    def _label(self, node: nodes.Element) -> _Blocks:
        """Return a footnote or citation that nothing refers to, as a paragraph; others come at the end."""
        elsewhere = self._end is not None and (node.line or 0) > self._end
        if elsewhere or node.get("backrefs"):
            return []
        first, *rest = self._blocks(node.children[1:]) or [""]
        return [f"\\[{node[0].astext()}] {first}".rstrip(), *rest]


_METHODS: tuple[tuple[tuple[type, ...] | type, Callable[..., str | _Blocks]], ...] = (
    (nodes.paragraph, lambda writer, node: writer._inline.text(node.children)),
    (nodes.section, Writer._section),
    ((nodes.literal_block, nodes.doctest_block, nodes.math_block), Writer._code),
    (nodes.definition_list, Writer._definitions),
    (nodes.field_list, Writer._fields),
    (nodes.option_list, Writer._options),
    (nodes.line_block, Writer._lines),
    (nodes.block_quote, lambda writer, node: quoted(writer._inside(node.children))),
    (nodes.attribution, lambda writer, node: f"\u2014{writer._inline.text(node.children)}"),
    (nodes.Admonition, Writer._admonition),
    ((nodes.topic, nodes.sidebar), Writer._topic),
    (nodes.rubric, Writer._bold),
    (nodes.image, lambda _, node: image(node)),
    (nodes.table, Writer._table),
    (nodes.transition, lambda *_: "---"),
    ((nodes.footnote, nodes.citation), Writer._label),
    (NOTHING, lambda *_: ""),
)


def _strong(text: str, node: nodes.Element) -> str:
    """Return a title in bold, unless there is emphasis in it already."""
    if not text or "*" in text or node.next_node(nodes.strong):
        return text
    return f"**{text}**"


def _is_tight(item: nodes.Node) -> bool:
    """Return True if an item has one paragraph at the most, and lists below it."""
    blocks = [child for child in item.children if not isinstance(child, (*NOTHING, nodes.target))]
    lists = (nodes.bullet_list, nodes.enumerated_list)
    return all(isinstance(child, lists) for child in blocks[1:]) and all(
        isinstance(child, (nodes.paragraph, *lists)) for child in blocks[:1]
    )
