"""The embedded package index, a process of its own: publishing to it, and what it holds at the end."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagship.core.index_page import without_account
from tagship.rehearsal.result import file_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tagship.rehearsal.children import Children
    from tagship.rehearsal.result import File

SOURCE = Path(__file__).resolve().parents[2]
# With -I neither PYTHONPATH nor the working directory is on the child's path, so the sources are named to it.
_LAUNCH = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    "runpy.run_module('tagship.rehearsal.index_server', run_name='__main__', alter_sys=True)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A running index over a folder. ``url`` is where it listens."""

    url: str
    folder: Path

    @property
    def own(self) -> str:
        """The simple index of what was published here and nothing else."""
        return f"{self.url}/simple/"

    @property
    def with_others(self) -> str:
        """The simple index that sends those who ask for any other package on to the real index."""
        return f"{self.url}/with-others/simple/"

    def files(self) -> tuple[File, ...]:
        """Return the files it holds, by name."""
        return tuple(file_at(path) for path in sorted((self.folder / "packages").iterdir()))

    def requests(self) -> list[dict[str, Any]]:
        """What was asked of it, in order: method, path, status, and when it started, in seconds since 1970."""
        return [json.loads(line) for line in (self.folder / "requests.jsonl").read_text("utf-8").splitlines()]

    def publish(
        self, files: Sequence[Path], *, children: Children, environ: Mapping[str, str], on_line: Callable[[str], object]
    ) -> int:
        """Return the exit status of ``twine upload`` of ``files``, which is what publishes on GitHub as well."""
        settings = self.folder / "empty.pypirc"
        settings.touch()
        account = {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": "rehearsal"}
        command = [
            *(sys.executable, "-I", "-X", "utf8", "-m", "twine", "--no-color", "upload"),
            *("--verbose", "--non-interactive", "--disable-progress-bar", "--config-file", str(settings)),
            *("--repository-url", f"{self.url}/", *(str(file) for file in files)),
        ]
        around = {**environ, **account, "NO_COLOR": "1"}
        return children.run(command, cwd=self.folder, environ=around, on_line=on_line)


@contextmanager
def serve_index(folder: Path, *, others: str, environ: Mapping[str, str], port: int = 0) -> Iterator[Index]:
    """Return an empty index over the folder, as a child process that ends with the context.

    ``others`` is the simple index that has every other package. Raises RuntimeError where the child does not start.
    """
    (folder / "packages").mkdir(parents=True)
    (folder / "requests.jsonl").touch()
    arguments = [str(folder), others, str(port)]
    command = [sys.executable, "-I", "-X", "utf8", "-c", _LAUNCH, str(SOURCE), *arguments]
    errors = folder / "errors.log"
    with (
        errors.open("wb") as said,
        subprocess.Popen(command, env=dict(environ), stdout=subprocess.PIPE, stderr=said, text=True) as process,
    ):
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError(f"The embedded index did not start: {errors.read_text()}")
            yield Index(url=json.loads(line)["url"], folder=folder)
        finally:
            process.kill()


def others_of(environ: Mapping[str, str]) -> str:
    """Return the simple index that pip and uv ask on this machine, without the account its address may hold."""
    names = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")
    return without_account(next((environ[name] for name in names if environ.get(name)), "https://pypi.org/simple/"))
