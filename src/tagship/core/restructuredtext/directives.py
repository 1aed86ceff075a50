"""The directives of docutils and Sphinx that a changelog may use, made into plain nodes of docutils.

The tables are the whole choice: no directive that reads a file, the clock or the network is in them.
"""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives import admonitions, body, images, misc, tables

from tagship.core.sphinx.markup import CHANGES, CODE, DROPPED, SILENT, TITLED, TRANSPARENT


def directive_class(name: str) -> type[Directive]:
    """Return the directive called ``name``, whose case does not matter; an unknown one shows its content."""
    name = name.lower()
    return _OF_DOCUTILS.get(name) or _OF_DOCUTILS.get(name.rpartition(":")[2]) or _Lenient


class _AnyOptions(dict[str, "Callable[[str | None], str | None]"]):
    """Options of any name and value."""

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, name: str) -> Callable[[str | None], str | None]:
        return _unchanged


def _unchanged(value: str | None) -> str | None:
    return value


class _Lenient(Directive):
    """A directive that takes any argument, options and content, and is shown by a function of ``_OWN``."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _AnyOptions()  # type: ignore[assignment]

    @property
    def argument(self) -> str:
        return str(self.arguments[0]) if self.arguments else ""

    def run(self) -> list[nodes.Node]:
        name = self.name.lower()
        return (_OWN.get(name) or _OWN.get(name.rpartition(":")[2]) or _unknown)(self)

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


def _silent(_: _Lenient) -> list[nodes.Node]:
    """Show nothing."""
    return []


def _dropped(directive: _Lenient) -> list[nodes.Node]:
    """Show nothing of a directive whose content is not in the file, and warn."""
    named = f" of {' '.join(directive.argument.split())}" if directive.argument else ""
    directive.warn(f'The "{directive.name}" directive{named} is left out.')
    return []


def _transparent(directive: _Lenient) -> list[nodes.Node]:
    """Show the content as if it was written without the directive. Its argument says when or how."""
    return directive.parsed()


def _unknown(directive: _Lenient) -> list[nodes.Node]:
    """Show the argument as a title above the content, and warn."""
    rest = "its text is shown without it" if directive.argument or directive.content else "it is left out"
    directive.warn(f'Unknown directive "{directive.name}": {rest}.')
    return _titled(directive)


def _titled(directive: _Lenient) -> list[nodes.Node]:
    """Show the argument as a title above the content: a tab, a card, a fold."""
    title = [nodes.rubric("", "", *directive.inline(directive.argument))] if directive.argument else []
    return [*title, *directive.parsed()]


def _described(directive: _Lenient) -> list[nodes.Node]:
    """Show the signature of an object description such as ``py:function`` as code."""
    signatures = [line.strip() for line in directive.argument.splitlines()]
    return [*(nodes.paragraph("", "", nodes.literal("", line)) for line in signatures), *directive.parsed()]


def _see_also(directive: _Lenient) -> list[nodes.Node]:
    """Show ``seealso``, with its text as argument or content."""
    argument = directive.argument
    first = [nodes.paragraph("", "", *directive.inline(argument))] if argument else []
    return [nodes.admonition("", nodes.title("", "See also"), *first, *directive.parsed())]


def _version_change(directive: _Lenient) -> list[nodes.Node]:
    """Show ``versionadded`` and its like, with the words of Sphinx in front of the text."""
    version, _, text = " ".join(directive.argument.split()).partition(" ")
    label = f"{CHANGES[directive.name.lower().rpartition(':')[2]]} {version}".strip()
    content = directive.parsed()
    rest = directive.inline(text) if text else []
    if not rest and content and isinstance(content[0], nodes.paragraph):
        rest = list(content.pop(0).children)
    ending = ": " if rest else "."
    return [nodes.paragraph("", "", nodes.emphasis("", label), nodes.Text(ending), *rest), *content]


def _code(directive: _Lenient) -> list[nodes.Node]:
    """Show a block of code in a language, or in none."""
    language = directive.argument.split()[:1]
    code = "\n".join(directive.content)
    caption = directive.options.get("caption")
    title = [nodes.rubric("", "", *directive.inline(caption))] if caption else []
    return [*title, nodes.literal_block(code, code, classes=["code", *language])]


def _math(directive: _Lenient) -> list[nodes.Node]:
    """Show a formula in LaTeX."""
    formula = "\n".join([*directive.argument.splitlines(), *directive.content]).strip()
    return [nodes.math_block(formula, formula)] if formula else []


def _role(directive: _Lenient) -> list[nodes.Node]:
    """Declare a role for the rest of the document: ``name(base)``."""
    name, _, base = directive.argument.partition("(")
    directive.state.document.settings.declared_roles.declare(name.strip(), base.rstrip(") ").strip())
    return []


def _default_role(directive: _Lenient) -> list[nodes.Node]:
    """Declare the role of text in single backquotes for the rest of the document."""
    directive.state.document.settings.declared_roles.declare("", directive.argument.strip() or "title")
    return []


class _Figure(images.Figure):
    """A picture with a caption, whose width is never read from the file of the picture."""

    option_spec = images.Figure.option_spec | {"figwidth": _unchanged, "width": _unchanged, "height": _unchanged}

    def run(self) -> list[nodes.Node]:
        self.options.pop("figwidth", None)
        return list(super().run())  # type: ignore[no-untyped-call]


_ADMONITIONS = "admonition attention caution danger error hint important note tip warning"
_OF_DOCUTILS: dict[str, type[Directive]] = {
    **{name: getattr(admonitions, name.capitalize()) for name in _ADMONITIONS.split()},
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
}
_OWN: dict[str, Callable[[_Lenient], list[nodes.Node]]] = {
    "seealso": _see_also,
    "role": _role,
    "default-role": _default_role,
    "math": _math,
    **dict.fromkeys(CODE, _code),
    **dict.fromkeys(CHANGES, _version_change),
    **dict.fromkeys(TRANSPARENT, _transparent),
    **dict.fromkeys(TITLED, _titled),
    **dict.fromkeys(("function", "method", "classmethod", "attribute", "data", "exception", "property"), _described),
    **dict.fromkeys(SILENT, _silent),
    **dict.fromkeys(DROPPED, _dropped),
}
