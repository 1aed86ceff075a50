"""Names of directives of docutils, Sphinx and its extensions, by what a changelog shows of them."""

from __future__ import annotations

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
"""Directives that show nothing where they are."""

DROPPED = frozenset(
    ("autoclass", "autofunction", "automodule", "autosummary", "bibliography", "date", "eval-rst", "include", "plot")
) | {"literalinclude", "raw", "toctree", "video"}
"""Directives whose content is not in the file, or is no text."""
