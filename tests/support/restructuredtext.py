"""What docutils shows of a tree, and what GitHub shows of Markdown: the text and the links, to be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from docutils.core import publish_from_doctree
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

if TYPE_CHECKING:
    from docutils import nodes

_ALERT_TITLES = re.compile(
    r"(?<!\w)(?:Note|Tip|Important|Warning|Caution)(?!\w)|\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]"
)
_VOID = {"img", "br", "hr", "col", "input", "meta", "link", "wbr"}
_UNSEEN = {"system-message", "system-messages", "backrefs", "footnote-backref", "fn-backref", "math", "formula"}
_REFERENCES = {"footnote-reference", "citation-reference", "footnote-ref", "doc-noteref", "doc-biblioref"}


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of a page with its white space collapsed, where its links lead, and the same of its footnotes."""

    text: str
    links: tuple[str, ...]
    footnotes: tuple[str, ...] = ()


@dataclass
class _Page(HTMLParser):
    """A reader of HTML that keeps what a browser shows."""

    text: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    footnotes: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        classes = set(known.get("class", "").split())
        classes |= {known.get("role", "")}
        kind = "hidden" if classes & (_UNSEEN | _REFERENCES) or tag in {"title", "style", "head", "math"} else ""
        if tag in {"aside", "div", "li"} and classes & {"footnote", "citation", "footnote-item"}:
            kind = "footnote"
            self.footnotes.append([])
        if tag == "span" and self._state() == "footnote" and "label" in classes:
            kind = "hidden"
        if tag not in _VOID:
            self._open.append((tag, kind))
        if tag == "img" and self._state() != "hidden":
            self.links.append(known.get("src", ""))
        if tag == "a" and self._state() != "hidden" and not known.get("href", "#system-").startswith("#system-"):
            self.links.append(known["href"])
        self._add(
            " ", block=tag not in {"a", "em", "strong", "code", "span", "sub", "sup", "cite", "tt", "abbr", "img"}
        )

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        self._add(" ", block=tag not in {"a", "em", "strong", "code", "span", "sub", "sup", "cite", "tt", "abbr"})

    def handle_data(self, data: str) -> None:
        self._add(data)

    def _state(self) -> str:
        kinds = [kind for _, kind in self._open if kind]
        return "hidden" if "hidden" in kinds else kinds[-1] if kinds else ""

    def _add(self, data: str, *, block: bool = True) -> None:
        state = self._state()
        if not block or state == "hidden":
            return
        (self.footnotes[-1] if state == "footnote" else self.text).append(data)


def _read(html: str) -> Shown:
    page = _Page()
    page.feed(html)
    page.close()
    return Shown(
        _collapsed("".join(page.text)),
        tuple(sorted(unquote(link).strip() for link in page.links)),
        tuple(sorted(_collapsed("".join(note)) for note in page.footnotes)),
    )


def _collapsed(text: str) -> str:
    # markdown-it shows the address of a link decoded, as browsers do; GitHub does not.
    return " ".join(_ALERT_TITLES.sub("", unquote(text)).split())


def shown_by_docutils(tree: nodes.document) -> Shown:
    """Return what the page shows that docutils makes of ``tree``."""
    settings: dict[str, Any] = {
        "_disable_config": True,
        "output_encoding": "unicode",
        "report_level": 5,
        "halt_level": 6,
        "math_output": "MathML",
        "stylesheet_path": "",
        "embed_stylesheet": False,
        "file_insertion_enabled": False,
        "section_self_link": False,
    }
    html: str = publish_from_doctree(tree, writer="html5", settings_overrides=settings)  # type: ignore[no-untyped-call]
    return _read(html)


def github() -> MarkdownIt:
    """Return a parser of Markdown as GitHub reads it: tables, strikethrough and footnotes."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)


def shown_by_github(markdown: str) -> Shown:
    """Return what the page shows that GitHub makes of ``markdown``."""
    text = re.sub(r"\$`[^`]*`\$", "", markdown)
    return _read(re.sub(r'<code class="language-math">.*?</code>', "", github().render(text), flags=re.DOTALL))
