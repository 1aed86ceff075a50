"""The surroundings of a rehearsal, and what its stages have found so far."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.environment import without_credentials
from tagship.edges.context import Context
from tagship.errors import SOURCE
from tagship.rehearsal.pythons import Environments
from tagship.rehearsal.steps import Job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.rehearsal.checkout import Checkout
    from tagship.rehearsal.children import Children
    from tagship.rehearsal.fake_github.process import Server
    from tagship.rehearsal.index import Index
    from tagship.rehearsal.options import Folders, Options

ROOT = Path(__file__).resolve().parents[3]
"""The folder that holds the actions and their sources."""

_OWN = ("GITHUB_", "RUNNER_", "ACTIONS_", "INPUT_", "PYTHON", "CONDA_", "TWINE_", "MAKE", "MFLAGS")
_GIT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX")


@dataclass(slots=True, kw_only=True)
class Session:
    """What the stages of one rehearsal share. ``scratch`` is a folder outside of every project, gone at the end.

    ``checkout``, ``programs`` (the folder of the Python that steps find) and ``outputs`` (by stage) are filled by the
    stages as they pass.
    """

    options: Options
    folders: Folders
    scratch: Path
    environ: Mapping[str, str]
    children: Children
    github: Server
    index: Index
    checkout: Checkout | None = None
    programs: Path | None = None
    outputs: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def environments(self) -> Environments:
        """Return where steps get their Python from."""
        return Environments(kept=self.folders.runner, environ=self.environ, children=self.children)

    def job(self) -> Job:
        """Return the job that the steps belong to, once there is a checkout."""
        checkout = self.released
        context = Context(
            repository=checkout.repository,
            ref_name=checkout.tag,
            ref_type="tag",
            sha=checkout.commit,
            event_name="push",
            default_branch=checkout.branch,
            server_url="https://github.com",
            api_url=self.github.url,
            token=self.github.token,
            workflow_ref=f"{checkout.repository}/.github/workflows/release.yml@refs/tags/{checkout.tag}",
            run_url="",
            action_repository=SOURCE,
            action_ref="v1",
        )
        return Job(
            context=context,
            tagship=self.scratch / "_actions",
            workspace=checkout.workspace,
            temporary=self.folders.temporary,
            event=self._event(checkout),
            environ=self.environ,
            children=self.children,
        )

    @property
    def released(self) -> Checkout:
        """The checkout, which the first stage has made."""
        if self.checkout is None:
            raise RuntimeError("the stage that checks out has not passed")
        return self.checkout

    def path_of(self, text: str) -> Path:
        """Return a path that an output names, from the checkout where it is relative."""
        return self.released.workspace / text

    def _event(self, checkout: Checkout) -> Path:
        """Return the file with the event's payload: the push of a tag, as far as anybody reads it."""
        owner, _, name = checkout.repository.partition("/")
        payload = {
            "ref": f"refs/tags/{checkout.tag}",
            "after": checkout.commit,
            "created": True,
            "repository": {
                "name": name,
                "full_name": checkout.repository,
                "default_branch": checkout.branch,
                "owner": {"login": owner},
            },
        }
        path = self.scratch / "event.json"
        path.write_text(json.dumps(payload), "utf-8")
        return path


def surroundings(environ: Mapping[str, str], caches: Path) -> dict[str, str]:
    """Return the environment a runner's steps would start from, made of this machine's.

    Credentials, another runner's variables, those by which a make tells another what it was given, and the virtual
    environment in use are left out; what pip and uv are told about indexes stays. Caches go to the folder ``caches``.
    """
    kept = {
        name: value
        for name, value in without_credentials(environ).items()
        if not name.startswith(_OWN) and name not in _GIT and not name.startswith("VIRTUAL_ENV")
    }
    active = [environ.get("VIRTUAL_ENV"), sys.prefix if sys.prefix != sys.base_prefix else None]
    path = [
        folder
        for folder in kept.get("PATH", os.defpath).split(os.pathsep)
        if not any(inside and Path(folder).is_relative_to(inside) for inside in active)
    ]
    for name, folder in (("XDG_CACHE_HOME", ""), ("PIP_CACHE_DIR", "pip"), ("UV_CACHE_DIR", "uv")):
        kept[name] = str(caches / folder)
    return {**kept, "PATH": os.pathsep.join(path)}
