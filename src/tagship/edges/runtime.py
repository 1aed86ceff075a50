"""Everything outside that an action may use, handed to its ``run``."""

from __future__ import annotations

import glob
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tagship.edges.git import Repository
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tagship.core.distributions.distribution import Archive
    from tagship.core.preflight.history import History
    from tagship.core.project.build_system import Project
    from tagship.edges.attachments import Folder
    from tagship.edges.builds import Builder, Installer
    from tagship.edges.changelogs import Changelogs
    from tagship.edges.check_runs import CheckRuns, Shell
    from tagship.edges.checks import Checks
    from tagship.edges.context import Context
    from tagship.edges.environments import Environment, Environments
    from tagship.edges.github.releases import GitHub
    from tagship.edges.interpreters import Interpreters
    from tagship.edges.output_folder import OutputFolder
    from tagship.edges.package_index import PackageIndex
    from tagship.edges.probes import Probes
    from tagship.edges.processes import Processes
    from tagship.edges.runner import Runner

SOURCE_FOLDERS = ("", "src/", "lib/", "python/")
"""Where, from a project's folder, the modules can stand that a wheel installs at its top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The outside of one action.

    ``workspace`` is the caller's checkout; ``temporary`` a folder that outlives the step but not the job.
    ``processes`` starts children in an environment without credentials. Edges that need a library of a larger tier
    import it when they are asked for.
    """

    runner: Runner
    context: Context
    processes: Processes
    workspace: Path
    temporary: Path

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment that children get."""
        return self.processes.environ

    def directory(self, inside: str) -> Path:
        """Return the folder ``inside`` the checkout."""
        return self.workspace / inside

    def require_folder(self, inside: str) -> None:
        """Raise Failure where the checkout has no folder ``inside``: what else would be found wrong follows from it."""
        if not self.directory(inside).is_dir():
            raise Failure(
                Problem(
                    found=f"The checkout has no such folder: {inside!r}.",
                    remedy="Check the project out in an earlier step (actions/checkout), or correct working-directory.",
                    topic="no-such-folder",
                )
            )

    def git(self, inside: str = ".") -> Repository:
        """Return the repository that holds the folder ``inside`` the checkout."""
        return Repository(directory=self.directory(inside), processes=self.processes)

    def history(self, inside: str, *, tag: str | None, branches: Sequence[str]) -> History | None:
        """What the checkout holds of a tag, or of the commit checked out, and of branches; None where it is none."""
        from tagship.edges.git import read_history

        return read_history(self.git(inside), tag, branches)

    def github(self, repository: str, *, api_url: str, token: str) -> GitHub:
        """Return the releases of ``repository`` (owner and name) behind the API at ``api_url``."""
        from tagship.edges.github.releases import GitHub

        return GitHub(repository=repository, api_url=api_url, token=token, log=self.runner.log)

    def attachable(self, inside: str = ".") -> Folder:
        """Return the folder ``inside`` the checkout, as a place to look up globs in."""
        from tagship.edges.attachments import Folder

        home = self.environ.get("HOME") or self.environ.get("USERPROFILE") or str(self.workspace)
        return Folder(path=self.directory(inside), home=Path(home))

    def project(self, inside: str = ".") -> Project:
        """What the ``pyproject.toml`` of the folder ``inside`` the checkout declares; nothing where there is none."""
        from tagship.core.project.build_system import read_project

        file = self.directory(inside) / "pyproject.toml"
        place = PurePosixPath(inside, "pyproject.toml")
        return read_project(file.read_text("utf-8", "replace") if file.is_file() else "", place=str(place))

    def source_of(self, installed: str, inside: str = ".") -> str | None:
        """Return where the project has the file that a wheel would install at ``installed``, from its folder; or
        None.
        """
        places = (f"{parent}{installed}" for parent in SOURCE_FOLDERS)
        return next((place for place in places if (self.directory(inside) / place).is_file()), None)

    def installable_files(self, inside: str = ".") -> tuple[str, ...]:
        """Return the files of the project under version control, as paths a wheel may install them at."""
        return tuple(
            path.removeprefix(parent)
            for path in self.git(inside).files()
            for parent in SOURCE_FOLDERS
            if path.startswith(parent)
        )

    def group_requirements(self, groups: Sequence[str], inside: str = ".") -> tuple[str, ...]:
        """What the dependency groups of the project ask for. Raises Failure where one is not there or malformed."""
        from tagship.core.project.build_system import requirements_of

        return requirements_of(self.project(inside), groups)

    def package_index(self, url: str, *, log: Callable[[str], None]) -> PackageIndex:
        """Return the package index whose Simple API is at ``url``; ``log`` is told while it is waited for."""
        from tagship.edges.package_index import PackageIndex

        return PackageIndex(url=url, log=log)

    def changelogs(self, inside: str = ".") -> Changelogs:
        """Return the changelogs of the project in the folder ``inside`` the checkout."""
        from tagship.edges.changelogs import Changelogs

        return Changelogs(workspace=self.workspace, inside=inside)

    def new_folder(self, purpose: str) -> Path:
        """Return a new folder of an action's own, for what later steps read."""
        return Path(tempfile.mkdtemp(prefix=f"tagship-{purpose}-", dir=self.temporary)).resolve()

    @contextmanager
    def scratch(self, purpose: str) -> Iterator[Path]:
        """Return a new folder that is removed at the end of the ``with`` block.

        It is called the same in every run, unless another one has it: compilers write into their files where they ran.
        """
        folder = self.temporary.resolve() / f"tagship-{purpose}"
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            folder = self.new_folder(purpose)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def environments(self, folder: Path, *, environ: Mapping[str, str], say: Callable[[str], None]) -> Environments:
        """Virtual environments below ``folder``; children see ``environ`` alone, and ``say`` gets what they print."""
        from tagship.edges.environments import Environments

        return Environments(folder=folder, processes=self.processes, environ=environ, say=say)

    def probes(self, environment: Environment, environments: Environments) -> Probes:
        """What asks ``environment`` from inside."""
        from tagship.edges.probes import Probes

        return Probes(environment=environment, environments=environments)

    def builder(
        self, environments: Environments, *, installer: Installer, settings: Sequence[str], constraints: Path | None
    ) -> Builder:
        """What builds distributions, each in a fresh one of ``environments``."""
        from tagship.edges.builds import Builder

        return Builder(environments=environments, installer=installer, settings=settings, constraints=constraints)

    def checks(self) -> Checks:
        """Return the checkers of built files: twine and check-wheel-contents."""
        from tagship.edges.checks import Checks

        return Checks(processes=self.processes)

    def output_folder(self, inside: str) -> OutputFolder:
        """Return the folder ``inside`` the checkout, as the place for built files."""
        from tagship.edges.output_folder import OutputFolder

        return OutputFolder(top=self.workspace, name=inside)

    def wheels(self, pattern: str) -> tuple[Path, ...]:
        """Return the wheels that ``pattern`` names from the checkout: a path, a folder of wheels, or a glob; sorted."""
        named = self.workspace / pattern
        if named.is_file():
            return (named,)
        matches = named.glob("*.whl") if named.is_dir() else self._matches(pattern)
        return tuple(sorted(path for path in matches if path.suffix == ".whl" and path.is_file()))

    def _matches(self, pattern: str) -> Iterator[Path]:
        # Unlike that of pathlib this glob takes absolute patterns too.
        return (self.workspace / name for name in glob.glob(pattern, root_dir=self.workspace, recursive=True))  # noqa: PTH207

    def read_archive(self, path: Path) -> Archive:
        """Return the wheel or sdist at ``path``, read without being unpacked."""
        from tagship.edges.archives import read_archive

        return read_archive(path)

    def interpreters(self) -> Interpreters:
        """Return the Pythons of the job."""
        from tagship.edges.interpreters import Interpreters

        return Interpreters(processes=self.processes, temporary=self.temporary)

    def shell(self) -> Shell:
        """Return the shell that checks run in."""
        from tagship.edges.check_runs import find_shell

        return find_shell(self.processes)

    def check_runs(self, inside: str) -> CheckRuns:
        """What runs a project's own checks in the folder ``inside`` the checkout."""
        from tagship.edges.check_runs import CheckRuns

        return CheckRuns(shell=self.shell(), runner=self.runner, workspace=self.workspace, inside=inside)

    def texts(self, inside: str, names: Iterable[str]) -> dict[str, str]:
        """Return the text of each file called so in the folder ``inside`` the checkout, by name, where there is one.

        Bytes that are no UTF-8 are replaced.
        """
        paths = {name: self.directory(inside) / name for name in names}
        return {name: path.read_text("utf-8-sig", "replace") for name, path in paths.items() if path.is_file()}
