"""Probes inside an environment: its imports, its entry points, and the files of the wheel."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from packaging.utils import canonicalize_name

from tagship.core.distributions.wheels import installed_paths
from tagship.core.verification.loading import Loaded
from tagship.edges.processes import Completed

if TYPE_CHECKING:
    from packaging.tags import Tag as PlatformTag

    from tagship.core.distributions.distribution import Distribution
    from tagship.edges.environments import Environment, Environments

_PROGRAM = Path(__file__).with_name("probe_script.py")
_NAMESPACE = re.compile(rb"\b(extend_path|declare_namespace)\b")
_IMPORTS_LIMIT = 300
_HELP_LIMIT = 60
"""Time limits in seconds of all imports together, and of one ``--help``."""
_NOT_STARTED = 126


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """Probes of ``environment``, run in an empty folder with the variables of ``environments``."""

    environment: Environment
    environments: Environments

    def describe(self) -> tuple[str, tuple[str, ...]]:
        """Return the version of the interpreter and the real paths of its site-packages folders."""
        _, (fact,) = self._ask("describe")
        return fact["version"], tuple(dict.fromkeys((fact["purelib"], fact["platlib"])))

    def tags(self) -> tuple[PlatformTag, ...]:
        """Return the wheel tags that the interpreter supports, best first."""
        import packaging
        from packaging.tags import parse_tag

        _, facts = self._ask("tags", str(Path(packaging.__file__).parents[1]))
        return tuple(tag for fact in facts for tag in parse_tag(fact["tag"]))

    def help_of(self, scripts: Sequence[str]) -> Mapping[str, Completed]:
        """Run ``SCRIPT --help`` for each of ``scripts``, several in parallel, and return the finished processes.

        A script that the system cannot execute, for example without a shebang, has exit code 126, as in a shell.
        """

        def run(script: str) -> Completed:
            program = self.environment.scripts / script
            if os.name == "nt" and not program.exists():
                program = program.with_name(f"{script}.exe")
            try:
                return self.environments.processes.run(
                    [program, "--help"], cwd=self._empty_folder(), environ=self._variables(), timeout=_HELP_LIMIT
                )
            except OSError as error:
                return Completed(code=_NOT_STARTED, output=f"{script}: {error}\n", seconds=0.0)

        self._empty_folder()
        with ThreadPoolExecutor(4) as pool:
            ended = dict(zip(scripts, pool.map(run, scripts), strict=True))
        for completed in ended.values():
            self.environments.say(completed.output)
        return ended

    def script(self, text: str, *, cwd: Path, timeout: float) -> Completed:
        """Run ``text`` in bash as a runner runs a step, with the environment first on PATH."""
        file = self.environment.path / "smoke.sh"
        file.write_text(f"{text}\n", "utf-8", newline="\n")
        return self.environments.processes.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", file],
            cwd=cwd,
            environ=self._variables(),
            timeout=timeout,
            on_line=self.environments.say,
        )

    def altered(self, wheel: Distribution, roots: Sequence[str]) -> tuple[str, ...]:
        """Return the paths in site-packages with a missing or different file of the wheel."""
        digests = {member.path.split(".data/", 1)[-1]: member.sha256 for member in wheel.archive.members}
        expected = {}
        for path in installed_paths(wheel):
            keys = (path, f"purelib/{path}", f"platlib/{path}")
            expected[path] = next((digests[key] for key in keys if key in digests), None)
        return tuple(path for path, digest in expected.items() if digest and digest not in _digests(path, roots))

    def also_owned(self, wheel: Distribution, roots: Sequence[str]) -> Mapping[str, str]:
        """Return the paths of the wheel that another distribution installs too, with the name of that distribution.

        The ``__init__.py`` of a legacy namespace package is ignored: every distribution in the namespace has one.
        """
        ours = {path for path in installed_paths(wheel) if not any(_opens_namespace(path, root) for root in roots)}
        shared: dict[str, str] = {}
        for record in (file for root in roots for file in Path(root).glob("*.dist-info/RECORD")):
            name = record.parent.name.removesuffix(".dist-info")
            if canonicalize_name(name.partition("-")[0]) != wheel.name:
                with record.open(encoding="utf-8", newline="") as file:
                    shared |= {row[0]: name for row in csv.reader(file) if row and row[0] in ours}
        return shared

    def guard(self, names: Sequence[str], roots: Sequence[str]) -> None:
        """Make the environment import the top-level ``names`` only from ``roots``, in any working directory."""
        text = _GUARD.format(names=sorted(set(names)), roots=list(roots))
        Path(roots[0], "_tagship_guard.py").write_text(text, "utf-8")
        Path(roots[0], "_tagship_guard.pth").write_text("import _tagship_guard\n", "utf-8")

    def load(self, job: Literal["imports", "objects"], names: Sequence[str]) -> tuple[Loaded, ...]:
        """Import each of ``names``, or load it in the form ``module:attribute``, and return the results.

        An object must be callable.
        """
        end, facts = self._ask(job, *names)
        found = {fact["name"]: Loaded(**fact | {"places": tuple(fact["places"])}) for fact in facts if "places" in fact}
        for item in found.values():
            if item.traceback:
                self.environments.say(f"{item.name}:\n{item.traceback}")
        begun = [fact["name"] for fact in facts if fact["name"] not in found]
        cause = "timed out" if end.timed_out else f"the interpreter exited with code {end.code}"
        for name in names:
            if name not in found:
                text = cause if name in begun else "the interpreter exited before this import"
                found[name] = Loaded(name=name, kind="died", message=text)
        return tuple(found[name] for name in names)

    def _ask(self, job: str, *arguments: str) -> tuple[Completed, list[dict[str, Any]]]:
        result = self.environment.path / f"{job}.jsonl"
        result.unlink(missing_ok=True)
        end = self.environments.processes.run(
            [self.environment.python, "-I", _PROGRAM, result, job, *arguments],
            cwd=self._empty_folder(),
            environ=self._variables(),
            timeout=_IMPORTS_LIMIT,
            on_line=self.environments.say,
        )
        text = result.read_text("utf-8") if result.exists() else ""
        return end, [json.loads(line) for line in text.splitlines()]

    def _empty_folder(self) -> Path:
        folder = self.environment.path / "empty"
        folder.mkdir(exist_ok=True)
        return folder

    def _variables(self) -> dict[str, str]:
        return self.environment.variables(self.environments.environ)


def _digests(path: str, roots: Sequence[str]) -> Iterator[str]:
    for root in roots:
        file = Path(root, path)
        if file.is_file():
            with file.open("rb") as content:
                yield hashlib.file_digest(content, "sha256").hexdigest()


def _opens_namespace(path: str, root: str) -> bool:
    """Return True if the file is the ``__init__.py`` of a pkgutil or pkg_resources namespace package."""
    file = Path(root, path)
    return file.name == "__init__.py" and file.is_file() and bool(_NAMESPACE.search(file.read_bytes()))


_GUARD = """\
import sys
from importlib.machinery import PathFinder


class Guard:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return PathFinder.find_spec(name, {roots!r}) if path is None and name in {names!r} else None


sys.meta_path.insert(0, Guard)
"""
