"""The directives of docutils and Sphinx that a changelog may use, made into plain nodes of docutils.

The table is the whole choice: no directive that reads a file, the clock or the network is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives import admonitions, body, images, misc, tables

from tagship.core.sphinx.markup import CHANGES, CODE, DROPPED, SILENT, TITLED, TRANSPARENT

if TYPE_CHECKING:
    from collections.abc import Callable


def directive_class(name: str) -> type[Directive]:
    """Return the directive called ``name``, whose case does not matter; an unknown one shows its content."""
    name = name.lower()
    return _DIRECTIVES.get(name) or _DIRECTIVES.get(name.rpartition(":")[2]) or _Unknown


class _AnyOptions(dict[str, "Callable[[str | None], str | None]"]):
    """Options of any name and value."""

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, name: str) -> Callable[[str | None], str | None]:
        return _unchanged


def _unchanged(value: str | None) -> str | None:
    return value


class _Lenient(Directive):
    """A directive that takes any argument, options and content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _AnyOptions()  # type: ignore[assignment]

    @property
    def argument(self) -> str:
        return str(self.arguments[0]) if self.arguments else ""

    def parsed(self) -> list[nodes.Node]:
        """Return the content as nodes."""
        holder = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, holder)
        return list(holder.children)

    def inline(self, text: str) -> list[nodes.Node]:
        """Return ``text`` with its inline markup as nodes."""
        found, messages = self.state.inline_text(text, self.lineno)
        return [*found, *messages]

    def warn(self, text: str) -> None:
        """Note that something is shown in another way than its author meant."""
        self.reporter.warning(text, line=self.lineno)


class _Silent(_Lenient):
    """A directive that shows nothing on the page that it is on."""

    def run(self) -> list[nodes.Node]:
        return []


class _Dropped(_Lenient):
    """A directive whose content is not in the file."""

    def run(self) -> list[nodes.Node]:
        named = f" of {' '.join(self.argument.split())}" if self.argument else ""
        self.warn(f'The "{self.name}" directive{named} is left out.')
        return []


class _Transparent(_Lenient):
    """A directive whose content is shown as if it was written without it. Its argument says when or how."""

    def run(self) -> list[nodes.Node]:
        return self.parsed()


class _Unknown(_Lenient):
    """A directive that nobody knows: its argument is shown as a title above its content."""

    def run(self) -> list[nodes.Node]:
        rest = "its text is shown without it" if self.argument or self.content else "it is left out"
        self.warn(f'Unknown directive "{self.name}": {rest}.')
        title = [nodes.rubric("", "", *self.inline(self.argument))] if self.argument else []
        return [*title, *self.parsed()]


class _Titled(_Unknown):
    """A directive of a known meaning whose argument is a title: a tab, a card, a fold."""

    def warn(self, text: str) -> None:
        pass


class _Described(_Lenient):
    """An object description such as ``py:function``: its signature is shown as code."""

    def run(self) -> list[nodes.Node]:
        signatures = [line.strip() for line in self.argument.splitlines()]
        return [*(nodes.paragraph("", "", nodes.literal("", line)) for line in signatures), *self.parsed()]


class _SeeAlso(_Lenient):
    """``seealso``, with its text as argument or content."""

    def run(self) -> list[nodes.Node]:
        first = [nodes.paragraph("", "", *self.inline(self.argument))] if self.argument else []
        return [nodes.admonition("", nodes.title("", "See also"), *first, *self.parsed())]


class _VersionChange(_Lenient):
    """``versionadded`` and its like, with the words of Sphinx in front of the text."""

    def run(self) -> list[nodes.Node]:
        version, _, text = " ".join(self.argument.split()).partition(" ")
        label = f"{CHANGES[self.name.lower().rpartition(':')[2]]} {version}".strip()
        content = self.parsed()
        rest = self.inline(text) if text else []
        if not rest and content and isinstance(content[0], nodes.paragraph):
            rest = list(content.pop(0).children)
        ending = ": " if rest else "."
        return [nodes.paragraph("", "", nodes.emphasis("", label), nodes.Text(ending), *rest), *content]


class _Code(_Lenient):
    """A block of code in a language, or in none."""

    def run(self) -> list[nodes.Node]:
        language = self.argument.split()[:1]
        code = "\n".join(self.content)
        caption = self.options.get("caption")
        title = [nodes.rubric("", "", *self.inline(caption))] if caption else []
        return [*title, nodes.literal_block(code, code, classes=["code", *language])]


class _Math(_Lenient):
    """A formula in LaTeX."""

    def run(self) -> list[nodes.Node]:
        formula = "\n".join([*self.argument.splitlines(), *self.content]).strip()
        return [nodes.math_block(formula, formula)] if formula else []


class _Role(_Lenient):
    """``role``, which declares a role for the rest of the document: ``name(base)``."""

    def run(self) -> list[nodes.Node]:
        name, _, base = self.argument.partition("(")
        self.state.document.settings.declared_roles.declare(name.strip(), base.rstrip(") ").strip())
        return []


class _DefaultRole(_Lenient):
    """``default-role``, for the rest of the document."""

    def run(self) -> list[nodes.Node]:
        self.state.document.settings.declared_roles.declare("", self.argument.strip() or "title")
        return []


class _Figure(images.Figure):
    """A picture with a caption, whose width is never read from the file of the picture."""

    option_spec = images.Figure.option_spec | {"figwidth": _unchanged, "width": _unchanged, "height": _unchanged}

    def run(self) -> list[nodes.Node]:
        self.options.pop("figwidth", None)
        return list(super().run())  # type: ignore[no-untyped-call]


_DIRECTIVES: dict[str, type[Directive]] = {
    "admonition": admonitions.Admonition,
    "attention": admonitions.Attention,
    "caution": admonitions.Caution,
    "danger": admonitions.Danger,
    "error": admonitions.Error,
    "hint": admonitions.Hint,
    "important": admonitions.Important,
    "note": admonitions.Note,
    "tip": admonitions.Tip,
    "warning": admonitions.Warning,
    "seealso": _SeeAlso,
    "topic": body.Topic,
    "sidebar": body.Sidebar,
    "line-block": body.LineBlock,
    "parsed-literal": body.ParsedLiteral,
    "rubric": body.Rubric,
    "epigraph": body.Epigraph,
    "pull-quote": body.PullQuote,
    "highlights": body.Highlights,
    "table": tables.RSTTable,
    "list-table": tables.ListTable,
    "csv-table": tables.CSVTable,
    "image": images.Image,  # type: ignore[attr-defined]
    "figure": _Figure,
    "replace": misc.Replace,
    "unicode": misc.Unicode,
    "role": _Role,
    "default-role": _DefaultRole,
    "math": _Math,
    **dict.fromkeys(CODE, _Code),
    **dict.fromkeys(CHANGES, _VersionChange),
    **dict.fromkeys(TRANSPARENT, _Transparent),
    **dict.fromkeys(TITLED, _Titled),
    **dict.fromkeys(("function", "method", "classmethod", "attribute", "data", "exception", "property"), _Described),
    **dict.fromkeys(SILENT, _Silent),
    **dict.fromkeys(DROPPED, _Dropped),
}
