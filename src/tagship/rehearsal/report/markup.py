"""HTML elements as values: plain text is escaped because of its type. Also durations, sizes and counts as text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable


def seconds(value: float) -> str:
    """Format a duration: ``0.2 s``, ``14.1 s``, ``2 min 5 s``."""
    if round(value, 1) < 60:
        return f"{value:.1f} s"
    return f"{round(value) // 60} min {round(value) % 60} s"


def size(value: float) -> str:
    """Format a number of bytes in its largest unit: ``812 B``, ``4.5 KiB``."""
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GiB"


def count(number: int, noun: str) -> str:
    """Format a number with its noun, in the plural unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_VOID = {"br", "hr", "meta", "link", "input"}


class Html(str):
    """Markup, which is not escaped again. Only this module and the renderer of notes create it from text."""

    __slots__ = ()


Child: TypeAlias = "Html | str | Iterable[Child] | None"


def element(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Html:
    """Return an element. ``str`` children are escaped, Html is kept, None is dropped, iterables are flattened.

    Attributes have their HTML names, with an underscore for each hyphen and after a Python keyword. True sets an
    attribute without a value; None and False omit it.
    """
    start = "".join([name, *(_attribute(key, value) for key, value in attributes.items())])
    if name in _VOID:
        return Html(f"<{start}>")
    return Html(f"<{start}>{join(children)}</{name}>")


def join(children: Iterable[Child]) -> Html:
    """Concatenate the children."""
    return Html("".join(_text(child) for child in children))


def raw(markup: str) -> Html:
    """Mark trusted text as markup."""
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
