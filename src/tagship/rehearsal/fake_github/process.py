"""The embedded GitHub from the outside: start it as a child process, wait until it is ready, talk to it, end it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast
from urllib.request import ProxyHandler, Request, build_opener

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SOURCE = Path(__file__).resolve().parents[3]
# With -I neither PYTHONPATH nor the working directory is on the child's path, so the sources are named to it.
LAUNCH = """
import runpy, sys
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module("tagship.rehearsal.fake_github", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running one. ``url`` is its API as api.github.com has it and the start of its pages; ``token`` may write."""

    url: str
    token: str = field(repr=False)
    process: subprocess.Popen[str] = field(repr=False)

    @property
    def enterprise_url(self) -> str:
        """The API as GitHub Enterprise Server has it."""
        return f"{self.url}/api/v3"

    def requests(self, after: int = 0) -> list[dict[str, object]]:
        """What was asked of it so far, in order; see the package's docstring for the keys."""
        return cast("list[dict[str, object]]", self._control(f"requests?after={after}"))

    def state(self) -> dict[str, object]:
        """Repositories and releases (drafts too, with assets) as they are on disk."""
        return cast("dict[str, object]", self._control("state"))

    def configure(self, config: Mapping[str, object]) -> None:
        """Take over a configuration, in the form the package's docstring shows."""
        self._control("config", config)

    def push_tag(self, repository: str, tag: str, commit: str | None) -> None:
        """Make or move a tag as a push would; no commit deletes it."""
        self._control("tag", {"repository": repository, "tag": tag, "commit": commit})

    def kill(self) -> None:
        """End it at once (SIGKILL), in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()

    def _control(self, path: str, values: Mapping[str, object] | None = None) -> object:
        data = None if values is None else json.dumps(values).encode()
        headers = {"content-type": "application/json"}
        request = Request(f"{self.url}/_rehearsal/{path}", data=data, headers=headers)  # noqa: S310  # loopback
        # No proxy stands between two processes of one machine, whatever the environment says.
        with build_opener(ProxyHandler({})).open(request, timeout=30) as response:
            return json.load(response)


@contextmanager
def serve(
    state: Path,
    *,
    config: Mapping[str, object] | None = None,
    port: int = 0,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Return the embedded GitHub over the folder, as a child process that ends with the context.

    ``config`` has the form that the package's docstring shows. ``environment`` is all the child gets; unless it is
    given that is a path to git and nothing else, so no token of the caller's ever reaches it. Raises RuntimeError
    where it does not start; why stands on standard error.
    """
    git = shutil.which("git")
    environment = environment or {"PATH": str(Path(git).parent) if git else ""}
    with TemporaryDirectory() as folder:
        arguments = ["--state", str(state.resolve()), "--port", str(port), "--with-parent"]
        if config is not None:
            file = Path(folder, "config.json")
            file.write_text(json.dumps(config), encoding="utf-8")
            arguments += ["--config", str(file)]
        command = [sys.executable, "-I", "-X", "utf8", "-c", LAUNCH, str(SOURCE), *arguments]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=dict(environment), stdin=pipe, stdout=pipe, text=True) as process:
            try:
                yield _ready(process)
            finally:
                process.kill()


def _ready(process: subprocess.Popen[str]) -> Server:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise RuntimeError(f"The embedded GitHub did not start; it ended with {process.wait()}.")
    ready = json.loads(line)
    return Server(url=ready["url"], token=ready["token"], process=process)
