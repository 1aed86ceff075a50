"""HTML put together from values: text is escaped by its type, so that none of it is ever read as markup."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable


def seconds(value: float) -> str:
    """Return a duration: ``0.2 s``, ``14.1 s``, ``2 min 5 s``."""
    if round(value, 1) < 60:
        return f"{value:.1f} s"
    return f"{round(value) // 60} min {round(value) % 60} s"


def size(value: float) -> str:
    """Return a number of bytes in the largest unit that leaves it at one or more: ``812 B``, ``4.5 KiB``."""
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GiB"


def count(number: int, noun: str) -> str:
    """Return the number with its noun, in the plural where there is not exactly one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_VOID = {"br", "hr", "meta", "link", "input"}


class Html(str):
    """Markup that stands as it is. Only this module, the renderer of notes and the style sheet make it."""

    __slots__ = ()


Child: TypeAlias = "Html | str | Iterable[Child] | None"


def element(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Html:
    """Return an element. A ``str`` child is text and escaped, Html stands as it is, None is nothing, iterables are
    flattened.

    Attributes are named as in HTML, with an underscore behind a name that Python reserves and for each hyphen; True
    stands for one without a value, None and False for none.
    """
    start = "".join([name, *(_attribute(key, value) for key, value in attributes.items())])
    if name in _VOID:
        return Html(f"<{start}>")
    return Html(f"<{start}>{join(children)}</{name}>")


def join(children: Iterable[Child]) -> Html:
    """Return the children one after the other."""
    return Html("".join(_text(child) for child in children))


def raw(markup: str) -> Html:
    """Markup of our own making, or of a renderer that escapes."""
    return Html(markup)


def _text(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return escape(child, quote=False)
    return join(child)


def _attribute(key: str, value: str | float | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
