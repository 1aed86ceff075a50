"""Release notes, rendered as on a release page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import linkify
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

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
