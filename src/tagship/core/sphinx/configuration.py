"""A Sphinx ``conf.py``, read and never run: the settings that decide how a changelog is shown."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_LONGEST = 100_000
"""Maximum length of a text in characters: sums of sums may multiply it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SphinxConfiguration:
    """Settings of a ``conf.py``: ``extlinks``, the default role, and text that Sphinx adds to every document."""

    extlinks: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    default_role: str = ""
    prolog: str = ""
    epilog: str = ""
    repository: str = ""


def read_sphinx_configuration(source: str) -> SphinxConfiguration:
    """Return the settings in ``source``, the text of a ``conf.py``.

    Known are constants, f-strings and sums of them, assigned at the top of the module. What is computed in any other
    way is left out, and so is everything in a file with a syntax error.
    """
    names: dict[str, object] = {}
    try:
        for statement in ast.parse(source).body:
            _run(statement, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return SphinxConfiguration()
    texts = {name: value for name, value in names.items() if isinstance(value, str)}
    return SphinxConfiguration(
        extlinks=dict(_extlinks(names.get("extlinks"))),
        default_role=texts.get("default_role", ""),
        prolog=texts.get("rst_prolog", ""),
        epilog=texts.get("rst_epilog", ""),
        repository=texts.get("issues_github_path", ""),
    )


def _extlinks(links: object) -> Iterator[tuple[str, tuple[str, str | None]]]:
    for role, value in links.items() if isinstance(links, dict) else ():
        match value:
            case (str() as url, str() | None as caption):
                yield role.lower(), (url, caption)
            case _:
                pass


def _run(statement: ast.stmt, names: dict[str, object]) -> None:
    """Note in ``names`` what ``statement`` assigns."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            names[name] = _value(value, names)
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
            names[name] = _joined([names.get(name), _value(value, names)])
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)], value=value):
            _update(name, ast.Dict([key], [value]), names)
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=[ast.expr() as value])
        ):
            _update(name, value, names)
        case _:
            pass


def _update(name: str, value: ast.expr, names: dict[str, object]) -> None:
    known, added = names.get(name, {}), _value(value, names)
    if isinstance(known, dict) and isinstance(added, dict):
        names[name] = known | added


def _value(node: ast.expr, names: Mapping[str, object]) -> object:
    """Return the value of an expression of constants; an ellipsis for any other."""
    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id=name):
            return names.get(name, ...)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return tuple(_value(item, names) for item in items)
        case ast.Dict(keys=keys, values=values):
            entries = [(_value(key, names), value) for key, value in zip(keys, values, strict=True) if key]
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            entries = [(keyword.arg, keyword.value) for keyword in keywords]
        case _:
            return _text(node, names)
    return {key: _value(value, names) for key, value in entries if isinstance(key, str)}


def _text(node: ast.expr, names: Mapping[str, object]) -> object:
    """Return the text of an f-string or a sum of strings; an ellipsis for any other expression."""
    match node:
        case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
            return _joined([_value(inner, names)])
        case ast.JoinedStr(values=parts):
            return _joined([_value(part, names) for part in parts])
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([_value(left, names), _value(right, names)])
        case _:
            return ...


def _joined(parts: Sequence[object]) -> object:
    """Return the sum of strings; an ellipsis if it is too long, or for other values."""
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(parts) and sum(map(len, texts)) <= _LONGEST else ...
