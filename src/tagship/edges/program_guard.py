"""PATH of a check: scripts of other Pythons are kept out of it, and it has uv."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from uv import find_uv_bin

from tagship.edges.environments import with_uv_settings

if TYPE_CHECKING:
    from tagship.edges.interpreters import Interpreter

_SHEBANG = re.compile(rb"\A#!\s*(/\S*python[\d.]*t?)\s|^'''exec' \"?(/[^\"\n]*?python[\d.]*t?)\"? ", re.MULTILINE)
_INTERPRETER = re.compile(r"(?:python|pypy|graalpy)[\d.]*t?(?:-config)?")
_IMPORTERS = frozenset({"coverage", "py.test", "pytest"})
"""Programs that import the project into their own process."""
_HEAD = 1024
_REFUSAL = """\
#!/bin/sh
echo {message} >&2
exit 127
"""
_START = '#!/bin/sh\nexec {python} "$@"\n'


def guarded(environ: Mapping[str, str], python: Interpreter, folder: Path) -> dict[str, str]:
    """Return ``environ`` with the new ``folder`` first on PATH, so that every program in Python is of ``python``.

    The folder has a script that fails in place of each Python script of another interpreter that PATH would find, and
    ``python`` if PATH would find another one. Programs with an environment of their own, as pipx and uv install them,
    stay. On Windows, where launchers are not scripts, only the order of PATH counts.
    """
    if os.name == "nt":
        return dict(environ)
    folder.mkdir()
    path = environ.get("PATH", os.defpath)
    own = {python.scripts, python.path.parent}
    for name, script, interpreter in _foreign(path, own):
        message = f"{name}: {script} is a script of {interpreter}, not of Python {python.version} at {python.path}."
        _write(folder / name, _REFUSAL.format(message=shlex.quote(message)))
    for name in ("python", "python3"):
        found = shutil.which(name, path=path)
        if found is None or Path(found).parent not in own:
            _write(folder / name, _START.format(python=shlex.quote(str(python.path))))
    return {**environ, "PATH": f"{folder}{os.pathsep}{path}"}


def with_uv(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return ``environ`` with the action's own uv in the new ``folder`` last on PATH, unless PATH has a uv.

    It has the index settings of the action's installations.
    """
    path = environ.get("PATH", os.defpath)
    if shutil.which("uv", path=path):
        return dict(environ)
    program = Path(find_uv_bin())
    if os.name == "nt":
        folder = program.parent
    else:
        folder.mkdir()
        for name in ("uv", "uvx"):
            (folder / name).symlink_to(program.with_name(name))
    return with_uv_settings({**environ, "PATH": f"{path}{os.pathsep}{folder}"})


def _foreign(path: str, own: set[Path]) -> Iterator[tuple[str, Path, str]]:
    """Yield name, file and interpreter of the scripts on ``path`` whose interpreter is not in the folders ``own``."""
    seen: set[str] = set()
    for folder in filter(Path.is_dir, map(Path, path.split(os.pathsep))):
        for file in folder.iterdir():
            if file.name in seen or not os.access(file, os.X_OK) or not file.is_file():
                continue
            seen.add(file.name)
            interpreter = _interpreter(file)
            if not interpreter or Path(interpreter).parent in own:
                continue
            isolated = (Path(interpreter).parent.parent / "pyvenv.cfg").exists() and Path(interpreter).parent != folder
            if not isolated or file.name in _IMPORTERS:
                yield file.name, file, interpreter


def _interpreter(file: Path) -> str:
    """Return the interpreter that the script ``file`` starts by its path; empty for any other program."""
    try:
        with file.open("rb") as content:
            head = content.read(_HEAD)
    except OSError:
        return ""
    if _INTERPRETER.fullmatch(file.name):
        return ""
    if match := _SHEBANG.search(head):
        return os.fsdecode(match[1] or match[2])
    is_shim = head.startswith(b"#!") and (b'pyenv" exec ' in head or b"pyenv exec " in head)
    return "the Python that pyenv selects" if is_shim else ""


def _write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    file.chmod(0o755)
