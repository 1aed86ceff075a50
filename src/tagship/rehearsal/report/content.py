"""The release notes as on a release page, and the contents of the distributions as trees with sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import linkify
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from tagship.edges.archives import read_archive

if TYPE_CHECKING:
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

HIGHEST = 4
"""Level of the highest heading of the notes, below the heading of the release."""
_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)
_BOX = re.compile(r'<input class="task-list-item-checkbox"( checked="checked")? disabled="disabled" type="checkbox">')
_ISSUE = re.compile(r"^\d+(?![\w/])")
_USER = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}(?![\w/])")


def render_notes(text: str, repository: str) -> str:
    """Render the notes as GitHub does: a line end is a break, ``#7`` and ``@octo`` are links.

    HTML in the notes is shown as text and comments are dropped. Images become links, since the page loads nothing.
    ``repository`` is the ``owner/name`` of the issues.
    """
    parser = MarkdownIt("commonmark", {"html": True, "breaks": True, "linkify": True})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin).use(tasklists_plugin)
    parser.add_render_rule("image", _picture)
    for kind in ("html_block", "html_inline"):
        parser.add_render_rule(kind, _shown)
    # GitHub links an escaped \#7 too, whose parts are one text only at the end.
    parser.core.ruler.after("text_join", "references", linkify)
    linkifier: Any = parser.linkify
    for sign, pattern, folder in (("#", _ISSUE, f"{repository}/issues/"), ("@", _USER, "")):
        linkifier.add(sign, {"validate": pattern, "normalize": _linked(f"https://github.com/{folder}")})
    tokens = parser.parse(text)
    _lower_headings(tokens)
    return str(parser.renderer.render(tokens, parser.options, {}))


def _linked(address: str) -> Callable[[object, Any], None]:
    """Return a method of the linkifier, which makes a reference a link to its page below ``address``."""

    def normalize(_: object, match: Any) -> None:
        match.url = address + match.url[1:]

    return normalize


def _shown(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _environment: EnvType
) -> str:
    """Show HTML as text, without comments; keep the checkboxes of task lists."""
    token = tokens[index]
    box = _BOX.fullmatch(token.content)
    if box:
        return f'<input type="checkbox" disabled{" checked" if box[1] else ""} aria-label="task">'
    text = escape(_COMMENT.sub("", token.content).strip())
    return f"<p>{text}</p>\n" if text and token.type == "html_block" else text


def _lower_headings(tokens: Sequence[Token]) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    down = HIGHEST - min((int(token.tag[1]) for token in headings), default=HIGHEST)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) + down)}"


def _picture(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, environment: EnvType
) -> str:
    token = tokens[index]
    opening = token.copy(type="link_open", tag="a", nesting=1, attrs={"href": token.attrs["src"]})
    label: Any = token.copy(type="text", content=f"🖼 {self.renderInlineAsText(token.children, options, environment)}")
    closing = token.copy(type="link_close", tag="a", nesting=-1, attrs={})
    return self.render([opening, label, closing], options, environment)


SHOWN = 60
"""Number of rows of a tree before the collapsed rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a tree: a file or a folder, its depth, and its total size in bytes."""

    name: str
    depth: int
    size: int
    folder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The contents of a distribution: its kind and name, number of files, sizes in bytes, and rows."""

    kind: str
    name: str
    files: int
    compressed: int
    most: int
    rows: tuple[Row, ...]


def trees(dist: Iterable[Path]) -> list[Tree]:
    """Return a tree for each distribution, wheels first."""
    return [_tree(path) for path in sorted(dist, key=lambda path: (path.suffix != ".whl", path.name))]


def rows_of(sizes: Mapping[str, int]) -> tuple[Row, ...]:
    """Return the rows of a tree from the sizes by path; a folder precedes its contents."""
    folders: dict[PurePosixPath, int] = {}
    for name, weight in sizes.items():
        for parent in list(PurePosixPath(name).parents)[:-1]:
            folders[parent] = folders.get(parent, 0) + weight
    entries = [(PurePosixPath(name), weight, False) for name, weight in sizes.items()]
    entries += [(path, weight, True) for path, weight in folders.items()]
    return tuple(
        Row(name=path.name, depth=len(path.parts) - 1, size=weight, folder=folder)
        for path, weight, folder in sorted(entries, key=lambda entry: entry[0].parts)
    )


def _tree(path: Path) -> Tree:
    is_wheel = path.suffix == ".whl"
    # All files of an sdist are in one folder.
    members = read_archive(path).members
    sizes = {member.path if is_wheel else member.path.partition("/")[2]: member.size for member in members}
    return Tree(
        kind="Wheel" if is_wheel else "Source distribution",
        name=path.name,
        files=len(sizes),
        compressed=path.stat().st_size,
        most=max([*sizes.values(), 1]),
        rows=rows_of(sizes),
    )
