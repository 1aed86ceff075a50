"""The layers of the source tree, checked in the syntax trees of its modules."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "tagship"
MODULES = sorted(SOURCE.rglob("*.py"))

_LIBRARIES = {"errors", "core", "contract", "edges"}
ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"main"},
    "main": _LIBRARIES | {"actions", "cli"},
    "cli": _LIBRARIES | {"actions"},
    "errors": set(),
    "explain": _LIBRARIES,
    "workflow_commands": set(),
    "core": {"errors", "core"},
    "contract": {"errors", "core", "contract"},
    "edges": _LIBRARIES | {"workflow_commands"},
    "actions": _LIBRARIES | {"actions", "doctor"},
    "initialise": _LIBRARIES | {"initialise"},
    "doctor": _LIBRARIES | {"doctor"},
    "rehearsal": _LIBRARIES | {"actions", "doctor", "workflow_commands", "rehearsal"},
}
"""Modules of tagship that a layer may import at run time. Every layer has an entry."""

IMPURE = {
    "asyncio", "glob", "http", "multiprocessing", "os", "pathlib", "random", "requests", "secrets", "shutil", "signal",
    "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib3",
}  # fmt: skip
"""Modules with side effects outside of the process; ``PURE_NAMES`` are the exceptions."""
PURE_NAMES = {
    ("pathlib", "PurePosixPath"),
    ("urllib", "parse"),
    ("datetime", "date"),
    ("sys", "stdlib_module_names"),
}


@cache
def runtime_imports(path: Path) -> set[tuple[str, str]]:
    """Return every ``(module, name)`` imported at run time, without imports for type checkers."""
    found: set[tuple[str, str]] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            waiting += node.orelse
        elif isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "", alias.name) for alias in node.names}
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def layer_of(path: Path) -> str:
    """Return the layer a module belongs to: its folder, or its own name at the top."""
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def identify(path: Path) -> str:
    """Return a test's id."""
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    """Dependencies point one way, and a new layer needs an entry in the table."""
    layer = layer_of(path)
    assert layer in ALLOWED, f"add the layer {layer} to ALLOWED"
    imported = {
        (name if module == "tagship" else module.split(".")[1])
        for module, name in runtime_imports(path)
        if module.split(".")[0] == "tagship"
    }
    assert imported <= ALLOWED[layer], f"{identify(path)} imports {imported - ALLOWED[layer]}"


@pytest.mark.parametrize("path", sorted((SOURCE / "core").rglob("*.py")), ids=identify)
def test_the_core_reaches_nothing_outside(path: Path) -> None:
    """The core touches no file, process, clock, network or environment."""
    imports = runtime_imports(path)
    reached = {(module, name) for module, name in imports if module.split(".")[0] in IMPURE} - PURE_NAMES
    assert not reached


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_only_main_reads_the_environment_and_exits(path: Path) -> None:
    """``os.environ`` and ``sys.exit`` are used in main only; a ``__main__`` module may exit."""
    if path == SOURCE / "main.py":
        return
    found = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    forbidden = {"os.environ", "os.getenv", "os._exit"} | (set() if path.name == "__main__.py" else {"sys.exit"})
    assert not found & forbidden


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_only_edges_and_the_rehearsal_start_processes_and_open_sockets(path: Path) -> None:
    """No other layer imports a module for processes or sockets."""
    imports = {module.split(".")[0] for module, _ in runtime_imports(path)}
    reaching = imports & {"subprocess", "socket", "requests", "urllib3", "http", "github", "multiprocessing"}
    assert not reaching or layer_of(path) in {"edges", "rehearsal"}
