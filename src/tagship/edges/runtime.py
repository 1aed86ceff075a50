"""The environment that an action runs in, passed to its ``run``."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.runner import OFFLINE
from tagship.edges import confinement
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.project.declaration import Declaration
    from tagship.edges.context import Context
    from tagship.edges.git import Repository
    from tagship.edges.processes import Processes
    from tagship.edges.runner import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The environment of one action.

    ``workspace`` is the caller's checkout. ``temporary`` is a folder that outlives the step but not the job. Local
    runs have ``outputs`` instead for the files of later steps, which each run replaces: no job deletes ``temporary``.
    ``processes`` starts children in an environment without credentials. ``separate`` runs an action, by its name and
    inputs, in a process without the token, and returns its outputs; None on a terminal. ``index_login`` has the
    variables with the user names and passwords of package indexes.
    """

    runner: Runner
    context: Context
    processes: Processes
    workspace: Path
    temporary: Path
    outputs: Path | None = None
    separate: Callable[[str, Mapping[str, str]], Mapping[str, str]] | None = None
    index_login: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def environ(self) -> Mapping[str, str]:
        return self.processes.environ

    @property
    def is_online(self) -> bool:
        """False in a rehearsal that downloads nothing."""
        return not self.environ.get(OFFLINE)

    @property
    def installer_environ(self) -> Mapping[str, str]:
        """The environment for the installation of tagship's own libraries."""
        return {**self.environ, **self.index_login}

    def directory(self, inside: str) -> Path:
        """Return the real path of the folder ``inside`` the checkout. Raises Failure if it is outside."""
        return confinement.inside(self.workspace, inside)

    def interpreter(self, python: str) -> str:
        """Return ``python`` as a version, or as an absolute path if it is a file, relative to the checkout."""
        named = self.workspace / python
        return str(named) if named.is_file() else python

    def require_folder(self, inside: str) -> None:
        """Raise Failure if the checkout has no folder ``inside``; every other problem would only follow from that."""
        if not self.directory(inside).is_dir():
            raise Failure.of(
                found=f"working-directory {inside!r} does not exist in the checkout.",
                remedy="Add an actions/checkout step before this one, or correct working-directory.",
                topic="working-directory-not-found",
            )

    def git(self, inside: str = ".") -> Repository:
        """Return the repository that contains the folder ``inside`` the checkout."""
        from tagship.edges.git import Repository

        return Repository(directory=self.directory(inside), processes=self.processes)

    def declaration(self, inside: str = ".") -> Declaration:
        """Return what the project files in the folder ``inside`` the checkout declare. Raises Failure."""
        from tagship.core.project.declaration import PROJECT_FILES, Declaration, read_declaration

        return read_declaration(self.texts(inside, PROJECT_FILES), folder=inside) or Declaration()

    def texts(self, inside: str, names: Iterable[str]) -> dict[str, str]:
        """Return the texts of the files ``names`` in the folder ``inside`` the checkout, as `confinement.texts`."""
        return confinement.texts(self.workspace, inside, names)

    def new_folder(self, purpose: str) -> Path:
        """Return a new folder for files that later steps read."""
        if self.outputs:
            folder = self.outputs / purpose
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            return folder.resolve()
        return Path(tempfile.mkdtemp(prefix=f"tagship-{purpose}-", dir=self.temporary)).resolve()

    @contextmanager
    def scratch(self, purpose: str) -> Iterator[Path]:
        """Return a new folder that is removed at the end of the ``with`` block.

        Its path is the same in every run unless another run holds it: compilers embed their working directory.
        """
        folder = self.temporary.resolve() / f"tagship-{purpose}"
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            folder = Path(tempfile.mkdtemp(prefix=f"tagship-{purpose}-", dir=self.temporary)).resolve()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def require_library(module: str, tier: str, environ: Mapping[str, str]) -> None:
    """Install the lock of ``tier`` unless ``module`` can be imported. Raises Failure if the installation fails.

    The search path has only the standard library, tagship and its tiers, never the checkout.
    """
    if find_spec(module) is None:
        from bootstrap.start import add_tier

        add_tier(tier, environ)
