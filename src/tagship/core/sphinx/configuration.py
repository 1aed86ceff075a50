"""A Sphinx ``conf.py``, read and never run: the settings that decide how a changelog is shown."""

from __future__ import annotations

import ast
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = str | tuple["Value", ...] | dict[str, "Value"] | None


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
    way is left out, and so is everything in a file that is no Python.
    """
    names: dict[str, Value] = {}
    try:
        for statement in ast.parse(source).body:
            _run(statement, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return SphinxConfiguration()
    links = names.get("extlinks")
    return SphinxConfiguration(
        extlinks=dict(_pairs(links)) if isinstance(links, dict) else {},
        default_role=_text(names, "default_role"),
        prolog=_text(names, "rst_prolog"),
        epilog=_text(names, "rst_epilog"),
        repository=_text(names, "issues_github_path"),
    )


def _text(names: Mapping[str, Value], name: str) -> str:
    value = names.get(name)
    return value if isinstance(value, str) else ""


def _pairs(links: Mapping[str, Value]) -> list[tuple[str, tuple[str, str | None]]]:
    found = []
    for role, value in links.items():
        match value:
            case (str() as url, str() | None as caption):
                found.append((role.lower(), (url, caption)))
            case _:
                continue
    return found


def _run(statement: ast.stmt, names: dict[str, Value]) -> None:
    """Note in ``names`` what ``statement`` assigns; an unknown value removes the name."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            _assign(name, value, names)
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
            _assign(name, ast.BinOp(ast.Name(name), ast.Add(), value), names)
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)], value=value):
            _update(name, ast.Dict([key], [value]), names)
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=[ast.expr() as value])
        ):
            _update(name, value, names)
        case _:
            pass


def _assign(name: str, value: ast.expr, names: dict[str, Value]) -> None:
    try:
        names[name] = _value(value, names)
    except ValueError:
        names.pop(name, None)


def _update(name: str, value: ast.expr, names: dict[str, Value]) -> None:
    known = names.setdefault(name, {})
    try:
        added = _value(value, names)
    except ValueError:
        return
    if isinstance(known, dict) and isinstance(added, dict):
        known.update(added)


def _value(node: ast.expr, names: Mapping[str, Value]) -> Value:
    """Return the value of an expression; raises ValueError if it is not a constant of constants."""
    match node:
        case ast.Constant(value=str() | None as constant):
            return constant
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.JoinedStr() | ast.FormattedValue() | ast.BinOp():
            return _sum(node, names)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return tuple(_value(item, names) for item in items)
        case ast.Dict() | ast.Call():
            return _mapping(node, names)
        case _:
            raise ValueError(type(node).__name__)


_LONGEST = 100_000


def _sum(node: ast.expr, names: Mapping[str, Value]) -> str:
    """Return the text of an f-string or a sum of strings."""
    match node:
        case ast.JoinedStr(values=parts):
            text = "".join(_string(part, names) for part in parts)
        case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
            text = _string(inner, names)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            text = _string(left, names) + _string(right, names)
        case _:
            raise ValueError(type(node).__name__)
    if len(text) > _LONGEST:
        raise ValueError(f"a text of more than {_LONGEST} characters")
    return text


def _mapping(node: ast.Dict | ast.Call, names: Mapping[str, Value]) -> dict[str, Value]:
    """Return the entries of a dictionary that are known; the others are left out."""
    match node:
        case ast.Dict(keys=keys, values=values):
            entries = [(_key(key, names), value) for key, value in zip(keys, values, strict=True)]
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            entries = [(keyword.arg or "", keyword.value) for keyword in keywords]
        case _:
            raise ValueError("a call")
    found: dict[str, Value] = {}
    for key, value in entries:
        with contextlib.suppress(ValueError):
            found[key] = _value(value, names)
    found.pop("", None)
    return found


def _key(node: ast.expr | None, names: Mapping[str, Value]) -> str:
    try:
        return _string(node, names) if node else ""
    except ValueError:
        return ""


def _string(node: ast.expr, names: Mapping[str, Value]) -> str:
    value = _value(node, names)
    if not isinstance(value, str):
        raise ValueError("no string")
    return value
