"""docutils' parser with our directives and roles, none of which reads a file or is registered for other documents."""

from __future__ import annotations

from typing import Any

from docutils import frontend, nodes, utils
from docutils.parsers.rst import Parser, states
from docutils.transforms import references

from tagship.core.changelog.document import Remark
from tagship.core.restructuredtext.directives import directive_class
from tagship.core.sphinx.markup import Roles, Shown

LONGEST_LINE = 5_000
"""Maximum length of a line or a paragraph in characters: docutils takes quadratic time for a paragraph."""
DEEPEST = 40
"""Maximum number of blocks around a block: docutils parses the innermost one again at each level."""
MOST_BLOCKS = 5_000
"""Maximum number of lists, items and other blocks with content, each of which docutils parses by itself."""
_MOST_SUBSTITUTED = 10_000


class UnreadableError(ValueError):
    """A document that exceeds a limit. The message is the part of a sentence after ``because``."""


def parse(text: str, roles: Roles) -> tuple[nodes.document, list[Remark]]:
    """Return the tree of ``text``, its references resolved, and the warnings and errors about it, in order.

    A remark has the line of ``text``, or 0 if docutils does not know it.

    Raises UnreadableError for a line or paragraph of more than ``LONGEST_LINE`` characters, for too many blocks, for
    blocks nested too deeply, and for substitutions that multiply.
    """
    settings = frontend.get_default_settings(Parser)
    for name, value in _SETTINGS.items():
        setattr(settings, name, value)
    tree = utils.new_document("changelog", settings)
    messages: list[Remark] = []

    def note(message: Any) -> None:
        if message["level"] >= _WARNING:
            messages.append(Remark(line=message.get("line") or 0, text=message[0].astext()))

    tree.reporter.attach_observer(note)
    settings.declared_roles = DeclaredRoles(roles)
    parser = Parser(inliner=settings.declared_roles.inliner())
    parser.state_classes = _STATES  # type: ignore[assignment]
    try:
        parser.parse(text, tree)
        _check_substitutions(tree)
        tree.transformer.add_transforms(_TRANSFORMS)
        tree.transformer.apply_transforms()
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error
    if any("line-length-limit" in message.text for message in messages):
        raise UnreadableError(f"a line has more than {LONGEST_LINE} characters")
    return tree, messages


def _check_substitutions(tree: nodes.document) -> None:
    """Raise UnreadableError if substitutions in substitutions add up to more than is sensible."""
    sizes: dict[str, int] = {}

    def size(name: str) -> int:
        if name not in sizes:
            sizes[name] = 1
            definition = tree.substitution_defs.get(name)
            inner = list(definition.findall(nodes.substitution_reference)) if definition is not None else []
            sizes[name] = min(1 + sum(size(_defined(tree, item["refname"])) for item in inner), _MOST_SUBSTITUTED)
        return sizes[name]

    used = [_defined(tree, item["refname"]) for item in tree.findall(nodes.substitution_reference)]
    if sum(map(size, used)) >= _MOST_SUBSTITUTED:
        raise UnreadableError("its substitutions multiply to more than can be read")


def _defined(tree: nodes.document, name: str) -> str:
    """Return the name of the definition for a substitution reference, whose case may differ."""
    return name if name in tree.substitution_defs else tree.substitution_names.get(name.casefold(), name)


_WARNING = 2
_SETTINGS: dict[str, Any] = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 6,
    "warning_stream": False,
    "line_length_limit": LONGEST_LINE,
    "syntax_highlight": "none",
    "smart_quotes": False,
}
_TRANSFORMS = (
    references.Substitutions,
    references.PropagateTargets,
    references.AnonymousHyperlinks,
    references.IndirectHyperlinks,
    references.Footnotes,
    references.ExternalTargets,
    references.InternalTargets,
    references.DanglingReferences,
)


class DeclaredRoles:
    """The roles of a document: those of its project, and those that it declares itself."""

    def __init__(self, known: Roles) -> None:
        self._known = known
        self._declared: dict[str, str] = {}
        self._unknown: set[str] = set()

    def declare(self, name: str, base: str) -> None:
        """Let the role ``name`` show what ``base`` shows; plain text if that is empty."""
        self._declared[name.lower()] = base

    def inliner(self) -> Any:
        """Return a parser of inline markup that has these roles instead of the registered ones."""
        made: Any = states.Inliner()
        parse_inline = made.parse

        def interpreted(source: str, text: str, role: str, line: int) -> tuple[list[nodes.Node], list[nodes.Node]]:
            plain = nodes.unescape(text)
            shown = self._show(role.lower(), plain)
            if shown is None and role not in self._unknown:
                made.reporter.warning(f'Unknown role "{role}": its text is shown as code.', line=line)
                self._unknown.add(role)
            return [nodes.literal(source, plain)] if shown is None else [_node(piece) for piece in shown], []

        def parsed(text: str, *arguments: Any) -> tuple[list[nodes.Node], list[nodes.Node]]:
            if len(text) > LONGEST_LINE:
                raise UnreadableError(f"a paragraph has more than {LONGEST_LINE} characters")
            found: tuple[list[nodes.Node], list[nodes.Node]] = parse_inline(text, *arguments)
            return found

        # A subclass would not do: docutils makes its patterns of the names that the class itself has.
        made.parse, made.interpreted = parsed, interpreted
        return made

    def _show(self, name: str, text: str) -> tuple[Shown, ...] | None:
        base = self._declared.get(name, name)
        if name in self._declared and not base:
            return (Shown(text=text),)
        return self._known.show(base, text)


_STYLES = {
    "plain": nodes.inline,
    "code": nodes.literal,
    "emphasis": nodes.emphasis,
    "strong": nodes.strong,
    "sub": nodes.subscript,
    "sup": nodes.superscript,
    "math": nodes.math,
}


def _node(shown: Shown) -> nodes.Node:
    if shown.url:
        return nodes.reference("", shown.text, refuri=shown.url)
    return _STYLES[shown.style]("", shown.text)


_TOO_DEEP = "its lists, quotes or directives are nested too deeply"


class _Nested(states.NestedStateMachine):
    """A parser of the content of a block, which counts how many there are and how many are around it."""

    def run(self, input_lines: Any, input_offset: int, memo: Any, *arguments: Any, **options: Any) -> Any:  # type: ignore[override]
        memo.blocks = getattr(memo, "blocks", 0) + 1
        memo.depth = getattr(memo, "depth", 0) + 1
        if memo.depth > DEEPEST:
            raise UnreadableError(_TOO_DEEP)
        if memo.blocks > MOST_BLOCKS:
            raise UnreadableError(f"it has more than {MOST_BLOCKS} list items and other blocks with content")
        found = super().run(input_lines, input_offset, memo, *arguments, **options)  # type: ignore[no-untyped-call]
        memo.depth -= 1
        return found


class _Directives:
    """The part of a state that finds a directive by its name."""

    nested_sm = _Nested
    nested_sm_cache: list[Any] = []  # noqa: RUF012

    def __init__(self, state_machine: Any, debug: bool = False) -> None:
        super().__init__(state_machine, debug)  # type: ignore[call-arg]
        self.nested_sm_kwargs = {"state_classes": _STATES, "initial_state": "Body"}

    def directive(self, match: Any, **presets: Any) -> tuple[list[nodes.Node], bool]:
        """Return the nodes of a directive, and whether a blank line follows."""
        found: tuple[list[nodes.Node], bool] = self.run_directive(  # type: ignore[attr-defined]
            directive_class(match[1]), match, match[1], presets
        )
        return found


class _Explicit:
    """The kinds of explicit markup, directives of ours among them."""

    patterns = states.Body.explicit.patterns
    constructs = [  # noqa: RUF012
        (_Directives.directive if method is states.Body.directive else method, pattern)
        for method, pattern in states.Body.explicit.constructs
    ]


_STATES = tuple(type(state.__name__, (_Directives, state), {"explicit": _Explicit}) for state in states.state_classes)
