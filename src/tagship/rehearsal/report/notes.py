"""Release notes, rendered as on a release page."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

HIGHEST = 4
"""Level of the highest heading of the notes, below the heading of the release."""
_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)
_BOX = re.compile(r'<input class="task-list-item-checkbox"( checked="checked")? disabled="disabled" type="checkbox">')
_REFERENCE = re.compile(r"(?<![\w/#@&.])(?:#(?P<issue>\d+)|@(?P<user>[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})))(?![\w/])")


def render_notes(text: str, repository: str) -> str:
    """Render the notes as GitHub does: a line end is a break, ``#7`` and ``@octo`` are links.

    HTML in the notes is shown as text and comments are dropped. Images become links, since the page loads nothing.
    ``repository`` is the ``owner/name`` of the issues.
    """
    parser = MarkdownIt("commonmark", {"html": True, "breaks": True, "linkify": True})
    parser.enable(["table", "strikethrough", "linkify"]).use(footnote_plugin).use(tasklists_plugin)
    parser.add_render_rule("image", _picture)
    for kind in ("html_block", "html_inline"):
        parser.add_render_rule(kind, _shown)
    tokens = parser.parse(text)
    _lower_headings(tokens)
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = _with_references(token.children, repository)
    return str(parser.renderer.render(tokens, parser.options, {}))


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


def _with_references(children: Sequence[Token], repository: str) -> list[Token]:
    """Replace the references in a paragraph with links, except inside of links."""
    result: list[Token] = []
    depth = 0
    for token in children:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        result += _split(token, repository) if token.type == "text" and not depth else [token]
    return result


def _split(token: Token, repository: str) -> list[Token]:
    parts: list[Token] = []
    end = 0
    for match in _REFERENCE.finditer(token.content):
        issue = match["issue"]
        target = f"{repository}/issues/{issue}" if issue else match["user"]
        parts += [_text(token, token.content[end : match.start()]), *_link(token, target, match[0])]
        end = match.end()
    return [*parts, _text(token, token.content[end:])]


def _text(like: Token, content: str) -> Token:
    return like.copy(content=content)


def _link(like: Token, target: str, content: str) -> list[Token]:
    opening = like.copy(type="link_open", tag="a", nesting=1, attrs={"href": f"https://github.com/{target}"})
    return [opening, _text(like, content), like.copy(type="link_close", tag="a", nesting=-1)]


def _picture(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, environment: EnvType
) -> str:
    token = tokens[index]
    opening = token.copy(type="link_open", tag="a", nesting=1, attrs={"href": token.attrs["src"]})
    label: Any = token.copy(type="text", content=f"🖼 {self.renderInlineAsText(token.children, options, environment)}")
    closing = token.copy(type="link_close", tag="a", nesting=-1, attrs={})
    return self.render([opening, label, closing], options, environment)
