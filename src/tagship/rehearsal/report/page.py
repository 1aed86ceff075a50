"""The frame of the page: head, style sheet, header and footer."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from tagship.rehearsal.report.markup import Html, element, raw

if TYPE_CHECKING:
    from tagship.rehearsal.report.markup import Child

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_SHIP = (
    '<svg viewBox="0 0 32 32" xmlns="http://www.w3.org/2000/svg" aria-hidden="true">'
    '<path d="M15 3v17H5z" fill="#2f81f7"/><path d="M17 7l9 13h-9z" fill="#6cb0ff"/>'
    '<path d="M3 22h26l-4 7H7z" fill="#1f6f5c"/></svg>'
)


def page(title: str, *sections: Child) -> Html:
    """Return a self-contained document; its Content-Security-Policy blocks all loading."""
    icon = "data:image/svg+xml," + _SHIP.replace("#", "%23").replace('"', "'")
    style = (files("tagship.rehearsal.report") / "style.css").read_text("utf-8")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="color-scheme", content="light dark"),
        element("link", rel="icon", href=icon),
        element("title", title),
        element("style", raw(style)),
    )
    brand = element("p", raw(_SHIP), element("span", "tagship"), " rehearsal", class_="brand")
    closing = element(
        "footer",
        element(
            "p",
            "This was a dry run on one machine, with an embedded GitHub and an embedded package index. "
            "Nothing was published to GitHub or PyPI.",
        ),
    )
    body = element("body", element("header", brand), element("main", *sections), closing)
    return Html(f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n")


def section(identity: str, title: str, *children: Child, lead: str | None = None) -> Html:
    """Return a section with a heading and an introductory sentence."""
    return element(
        "section",
        element("h2", title, id=f"{identity}-title"),
        element("p", lead, class_="lead") if lead else None,
        *children,
        id=identity,
        aria_labelledby=f"{identity}-title",
    )
