"""Roles and directives of Sphinx and its extensions, as reStructuredText and MyST spell them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Style = Literal["plain", "code", "emphasis", "strong", "sub", "sup", "math"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A piece of text in one style; with a ``url`` it is a link."""

    text: str
    style: Style = "plain"
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The roles of a project.

    ``extlinks`` are those of ``docs/conf.py``: a URL and a caption by role, both with ``%s``, the caption maybe None.
    ``repository_url`` is the project's page on GitHub, or empty. ``default`` is the role of text in single backquotes.
    """

    repository_url: str = ""
    extlinks: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    default: str = "title"

    def show(self, name: str, text: str) -> tuple[Shown, ...] | None:
        """Return the pieces of ``text`` in the role ``name``, or None for an unknown role.

        ``text`` may be ``title <target>``. The text of an unknown role is best shown as code.
        """
        name = name.lower() or self.default
        title, target = _split(text)
        if name in self.extlinks:
            return (_extlink(*self.extlinks[name], title, target),)
        name = name.removeprefix("std:").removeprefix("sphinx:")
        if name in _TRACKER and self.repository_url:
            return tuple(self._tracked(name, title, target))
        if name in _ADDRESSES:
            return (_address(name, title, target),)
        domain, _, last = name.rpartition(":")
        if domain or last in _OBJECTS:
            return (Shown(text=_object(last, title, target), style="code"),)
        if name in _STYLES:
            # These take their text as it is: `<` begins no target.
            return (Shown(text=text.strip(), style=_STYLES[name]),)
        return (Shown(text=title or target),) if name in _REFERENCES else None

    def _tracked(self, name: str, title: str, target: str) -> Iterator[Shown]:
        """Yield links for ``:issue:`12``` and its like; several numbers may be separated by commas."""
        path, caption = _TRACKER[name]
        root = "/".join(self.repository_url.split("/")[:3]) if name == "user" else self.repository_url
        for index, one in enumerate(re.split(r"\s*,\s*", target)):
            if index:
                yield Shown(text=", ")
            elsewhere = re.fullmatch(r"([\w.-]+/[\w.-]+)[#@](.+)", one)
            number = (elsewhere[2] if elsewhere else one).lstrip("#@")
            base = f"{'/'.join(root.split('/')[:3])}/{elsewhere[1]}" if elsewhere else root
            shown = f"{elsewhere[1] if elsewhere else ''}{caption}{number}"
            yield Shown(text=title or shown, url=f"{base}/{path}{number}")


_TRACKER = {
    **dict.fromkeys(("issue", "issues", "gh", "gh-issue", "bug", "ticket"), ("issues/", "#")),
    **dict.fromkeys(("pr", "pull", "gh-pr", "pull-request", "merge"), ("pull/", "#")),
    **dict.fromkeys(("commit",), ("commit/", "")),
    **dict.fromkeys(("user", "ghuser", "gh-user"), ("", "@")),
}
"""Roles that lead to a page of the repository: the path to its number, and what is shown before the number."""

_ADDRESSES = {
    "pep": ("https://peps.python.org/pep-{:0>4}/", "PEP {}"),
    "rfc": ("https://datatracker.ietf.org/doc/html/rfc{}", "RFC {}"),
    "cve": ("https://www.cve.org/CVERecord?id=CVE-{}", "CVE-{}"),
    "cwe": ("https://cwe.mitre.org/data/definitions/{}.html", "CWE-{}"),
    "ghsa": ("https://github.com/advisories/GHSA-{}", "GHSA-{}"),
    "pypi": ("https://pypi.org/project/{}/", "{}"),
    "bpo": ("https://bugs.python.org/issue{}", "bpo-{}"),
}
"""Roles that lead to a page of their own: its URL, and what is shown."""

_CALLED = {"func", "meth", "function", "method"}
_OBJECTS = _CALLED | {
    *("attr", "attribute", "class", "const", "data", "decorator", "exc", "macro", "mod", "obj", "member", "struct"),
    *("property", "type", "var", "command", "dfn", "envvar", "file", "kbd", "keyword", "makevar", "mimetype", "token"),
    *("option", "program", "regexp", "samp", "confval", "fixture", "setting"),
}
"""Roles for names of a program, shown as code; so are all roles of a domain, such as ``py:class``."""

_REFERENCES = {"ref", "doc", "numref", "term", "any", "download", "eq", "abbr", "abbreviation", "acronym", "index"}
"""Roles for places in the documentation, whose address is not known here."""

_STYLES: Mapping[str, Style] = {
    **dict.fromkeys(("code", "literal"), "code"),
    **dict.fromkeys(("emphasis", "title", "title-reference", "title_reference", "t"), "emphasis"),
    **dict.fromkeys(("strong", "guilabel", "menuselection"), "strong"),
    **dict.fromkeys(("sub", "subscript"), "sub"),
    **dict.fromkeys(("sup", "superscript"), "sup"),
    "math": "math",
}

_TITLED = re.compile(r"(.+?) ?<([^<>]*)>")


def _split(text: str) -> tuple[str, str]:
    """Return the title, empty if there is none, and the target of ``title <target>``."""
    text = " ".join(text.split())
    match = _TITLED.fullmatch(text)
    return (match[1], match[2].strip()) if match else ("", text)


def _extlink(url: str, caption: str | None, title: str, target: str) -> Shown:
    """Return a link as ``sphinx.ext.extlinks`` makes it: without a caption the URL is shown."""
    link = _filled(url, target)
    return Shown(text=title or (link if caption is None else _filled(caption, target)), url=link)


def _filled(template: str, target: str) -> str:
    """Return ``template`` with ``target`` for its ``%s``, or below it, which is what Sphinx did before captions."""
    if "%s" not in template:
        return template.replace("%%", "%") + target
    return template.replace("%%", "\0").replace("%s", target).replace("\0", "%")


def _address(name: str, title: str, target: str) -> Shown:
    url, caption = _ADDRESSES[name]
    number, hash_sign, fragment = target.partition("#")
    number = re.sub(rf"^{name}[- ]?", "", number.strip(), flags=re.IGNORECASE)
    return Shown(text=title or caption.format(number), url=url.format(number) + hash_sign + fragment)


def _object(role: str, title: str, target: str) -> str:
    """Return the name of an object as Sphinx shows it: ``~a.b`` is ``b``, and what is called has parentheses."""
    shown = title or target.lstrip("!")
    if not title and shown.startswith("~"):
        shown = shown[1:].rpartition(".")[2]
    shown = shown if title else shown.removeprefix(".")
    return f"{shown.removesuffix('()')}()" if role in _CALLED and not shown.endswith(")") else shown


CHANGES = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
    "versionremoved": "Removed in version",
    "deprecated-removed": "Deprecated since version",
}
"""Notes about a version, with the words of Sphinx."""

CODE = frozenset(
    ("code", "code-block", "code-cell", "console", "doctest", "graphviz", "ipython", "mermaid", "prompt", "sourcecode")
) | {"testcode", "testoutput"}
"""Blocks of code, whose argument is a language."""

TRANSPARENT = frozenset(
    ("centered", "class", "compound", "container", "cssclass", "div", "grid", "hlist", "ifconfig", "only", "rst-class")
) | {"tab-set", "tabs"}
"""Directives whose content is shown as if it was written without them. Their argument says when or how."""

TITLED = frozenset(("card", "collapse", "details", "dropdown", "grid-item-card", "group-tab", "tab", "tab-item"))
"""Directives whose argument is a title above their content."""

SILENT = frozenset(
    ("contents", "currentclass", "currentmodule", "footer", "header", "highlight", "index", "meta", "module", "sectnum")
) | {"tableofcontents", "tabularcolumns", "target-notes", "title", "todo"}
"""Directives that are not shown."""

DROPPED = frozenset(
    ("autoclass", "autofunction", "automodule", "autosummary", "bibliography", "date", "eval-rst", "include", "plot")
) | {"literalinclude", "raw", "toctree", "video"}
"""Directives whose content is not in the file, or is not text."""
