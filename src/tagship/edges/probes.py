"""An environment asked from inside: what it imports, what it loads, and whether its files are those of the wheel."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from tagship.core.distributions.wheels import installed_paths
from tagship.core.verification.loading import Loaded
from tagship.edges.processes import Completed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from packaging.tags import Tag as PlatformTag

    from tagship.core.distributions.distribution import Distribution
    from tagship.edges.environments import Environment, Environments

_PROGRAM = Path(__file__).with_name("probe_script.py")
_NAMESPACE = re.compile(rb"\b(extend_path|declare_namespace)\b")
_IMPORTS_LIMIT = 300
_HELP_LIMIT = 60
"""Seconds that all imports, and that one program's ``--help``, may take."""
_NOT_STARTED = 126


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """Asks ``environment`` from a folder that holds nothing, in the environments' own variables."""

    environment: Environment
    environments: Environments

    def describe(self) -> tuple[str, tuple[str, ...]]:
        """Return the interpreter's full version, and the real paths of the folders packages are installed to."""
        _, (fact,) = self._ask("describe")
        return fact["version"], tuple(dict.fromkeys((fact["purelib"], fact["platlib"])))

    def tags(self) -> tuple[PlatformTag, ...]:
        """Return the wheel tags the interpreter supports, best first."""
        import packaging
        from packaging.tags import parse_tag

        _, facts = self._ask("tags", str(Path(packaging.__file__).parents[1]))
        return tuple(tag for fact in facts for tag in parse_tag(fact["tag"]))

    def imports(self, names: Sequence[str]) -> tuple[Loaded, ...]:
        """What came of importing each of ``names``."""
        return self._load("imports", names)

    def objects(self, targets: Sequence[str]) -> tuple[Loaded, ...]:
        """What came of loading each of ``targets``, spelled ``module:attribute``; what cannot be called fails."""
        return self._load("objects", targets)

    def help_of(self, scripts: Sequence[str]) -> Mapping[str, Completed]:
        """How ``SCRIPT --help`` ended for each of ``scripts``, several at a time.

        A program that the system does not take for one, such as a script without a first line that names its
        interpreter, ends with the status by which a shell says so.
        """

        def run(script: str) -> Completed:
            program = self.environment.scripts / script
            if os.name == "nt" and not program.exists():
                program = program.with_name(f"{script}.exe")
            try:
                return self.environments.processes.run(
                    [program, "--help"], cwd=self._desk(), environ=self._variables(), timeout=_HELP_LIMIT
                )
            except OSError as error:
                return Completed(code=_NOT_STARTED, output=f"{script}: {error}\n", seconds=0.0)

        self._desk()
        with ThreadPoolExecutor(4) as pool:
            ended = dict(zip(scripts, pool.map(run, scripts), strict=True))
        for completed in ended.values():
            self.environments.say(completed.output)
        return ended

    def script(self, text: str, *, cwd: Path, timeout: float) -> Completed:
        """How ``text`` ended, run by bash as a runner runs a step, with the environment first on PATH."""
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
        """Return the paths below site-packages where the environment lacks a file of the wheel or holds another."""
        digests = {member.path.split(".data/", 1)[-1]: member.sha256 for member in wheel.archive.members}
        expected = {}
        for path in installed_paths(wheel):
            keys = (path, f"purelib/{path}", f"platlib/{path}")
            expected[path] = next((digests[key] for key in keys if key in digests), None)
        return tuple(path for path, digest in expected.items() if digest and digest not in _digests(path, roots))

    def also_owned(self, wheel: Distribution, roots: Sequence[str]) -> Mapping[str, str]:
        """Return the wheel's paths that another installed distribution installs too, with that distribution's name.

        Packages of an old-fashioned namespace share its ``__init__.py``: each has to bring it.
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
        """Have the environment import top-level ``names`` from ``roots`` whatever folder a program runs in."""
        text = _GUARD.format(names=sorted(set(names)), roots=list(roots))
        Path(roots[0], "_tagship_guard.py").write_text(text, "utf-8")
        Path(roots[0], "_tagship_guard.pth").write_text("import _tagship_guard\n", "utf-8")

    def _load(self, job: str, names: Sequence[str]) -> tuple[Loaded, ...]:
        end, facts = self._ask(job, *names)
        found = {fact["name"]: Loaded(**fact | {"places": tuple(fact["places"])}) for fact in facts if "places" in fact}
        for item in found.values():
            if item.traceback:
                self.environments.say(f"{item.name}:\n{item.traceback}")
        begun = [fact["name"] for fact in facts if fact["name"] not in found]
        why = "it took too long" if end.timed_out else f"the interpreter ended with status {end.code}"
        for name in names:
            if name not in found:
                text = why if name in begun else "the interpreter had ended before"
                found[name] = Loaded(name=name, kind="died", message=text)
        return tuple(found[name] for name in names)

    def _ask(self, job: str, *arguments: str) -> tuple[Completed, list[dict[str, Any]]]:
        result = self.environment.path / f"{job}.jsonl"
        result.unlink(missing_ok=True)
        end = self.environments.processes.run(
            [self.environment.python, "-I", _PROGRAM, result, job, *arguments],
            cwd=self._desk(),
            environ=self._variables(),
            timeout=_IMPORTS_LIMIT,
            on_line=self.environments.say,
        )
        text = result.read_text("utf-8") if result.exists() else ""
        return end, [json.loads(line) for line in text.splitlines()]

    def _desk(self) -> Path:
        folder = self.environment.path / "desk"
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
    """Return True if the file is the ``__init__.py`` of a namespace package in the manner of pkgutil or
    pkg_resources.
    """
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
