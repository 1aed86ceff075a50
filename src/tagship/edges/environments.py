"""Fresh virtual environments, created and filled by uv with its own cache, and the settings of pip and uv for it.

uv reads neither pip's files nor its variables, and ignores the certificates of the system by default.
"""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.formatting import last_lines
from tagship.core.reachability import machine_problem
from tagship.core.runner import OFFLINE
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.edges.processes import Completed, Processes

_UV_INDEXES = {"UV_DEFAULT_INDEX", "UV_INDEX_URL"}
# pip chooses the highest version of all indexes; by default uv uses the first index that has the package.
_LIKE_PIP = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
_UV_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
}
"""Options of pip, and the equivalent variables of uv; a later option has priority."""
_DEFAULTS = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "UV_HTTP_TIMEOUT": "15", "UV_HTTP_RETRIES": "2"}
"""Certificates of the system, as in pip (UV_NATIVE_TLS in an older uv), and an end after 45 s without an answer."""
INDEX_VARIABLES = (
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CERT", "PIP_PROXY", "PIP_TIMEOUT",
    "PIP_DEFAULT_TIMEOUT", "PIP_CONFIG_FILE", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL",
    "UV_INDEX_STRATEGY", "UV_INSECURE_HOST", "UV_HTTP_TIMEOUT", "UV_HTTP_RETRIES", "UV_SYSTEM_CERTS",
)  # fmt: skip
"""The variables of pip and uv about the index and the network."""


def index_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of pip and uv about the index and the network in ``environ``."""
    return {name: environ[name] for name in INDEX_VARIABLES if environ.get(name)}


def with_uv_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``environ`` with pip's index settings as variables of uv, which have priority, and uv's defaults."""
    found = {_UV_VARIABLES[option]: value for option, value in _pip_settings(environ).items()}
    if _UV_INDEXES & environ.keys():
        found.pop("UV_DEFAULT_INDEX", None)
    if "UV_INDEX" in found and not {"UV_INDEX", "UV_EXTRA_INDEX_URL"} & environ.keys():
        found |= _LIKE_PIP
    return {**_DEFAULTS, **found, **environ}


def _pip_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return pip's settings of the index from its files and variables, by option; variables override files."""
    settings: dict[str, str] = {}
    for file in _pip_files(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, OSError, ValueError):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                settings |= {name.replace("_", "-"): " ".join(value.split()) for name, value in parser.items(section)}
    for option in _UV_VARIABLES:
        value = environ.get("PIP_" + option.replace("-", "_").upper())
        if value:
            settings[option] = value
    return {option: settings[option] for option in _UV_VARIABLES if settings.get(option)}


def _pip_files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield pip's configuration files, lowest priority first.

    Source: https://pip.pypa.io/en/stable/topics/configuration/#location.
    """
    named = environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.devnull)
    if os.name == "nt":
        name = "pip.ini"
        yield Path(environ.get("PROGRAMDATA") or "C:/ProgramData", "pip", name)
        yield home / "pip" / name
        yield Path(environ.get("APPDATA") or home, "pip", name)
    else:
        name = "pip.conf"
        yield Path("/Library/Application Support/pip", name)
        yield from (Path(folder, "pip", name) for folder in environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":"))
        yield Path("/etc", name)
        yield home / ".pip" / name
        yield Path(environ.get("XDG_CONFIG_HOME") or home / ".config", "pip", name)
        yield home / "Library" / "Application Support" / "pip" / name
    yield Path(sys.prefix, name)
    if named:
        yield Path(named)


_WINDOWS = os.name == "nt"
CACHE = "TAGSHIP_CACHE"
"""The variable with the folder that rehearsals share; without it every run of an action has a new cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A virtual environment at ``path``."""

    path: Path

    @property
    def scripts(self) -> Path:
        return self.path / ("Scripts" if _WINDOWS else "bin")

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if _WINDOWS else "python")

    def variables(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return ``environ`` as if this environment were activated, with its programs first on PATH."""
        path = os.pathsep.join(filter(None, [str(self.scripts), environ.get("PATH", "")]))
        return {**environ, "PATH": path, "VIRTUAL_ENV": str(self.path)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Environments:
    """Factory of environments below ``folder``, which also contains the cache, so that no earlier cache is used.

    ``environ`` is the whole environment of child processes; ``say`` receives each line of their output. Pythons that
    are not installed are downloaded below ``folder`` if uv ``may_download`` them.
    """

    folder: Path
    processes: Processes
    environ: Mapping[str, str]
    say: Callable[[str], None]
    may_download: bool = False

    def create(self, name: str, *, python: str = "") -> Environment:
        """Return a new empty environment for ``python``, a path or version; by default the running interpreter."""
        environment = Environment(path=self.folder / name)
        options = ["--quiet", "--no-project"] + ([] if self.may_download else ["--no-python-downloads"])
        answer = self._uv("venv", *options, "--python", python or sys.executable, environment.path)
        if not answer.ok:
            raise Failure(
                machine_problem(answer.output)
                or Problem(
                    found=f"Creating a virtual environment for Python {python or sys.executable} failed:\n"
                    f"{last_lines(answer.output, indent='  ')}",
                    remedy="Install that Python in an earlier step (actions/setup-python), or leave the input python "
                    "empty.",
                    topic="no-virtual-environment",
                )
            )
        return environment

    def install(self, environment: Environment, *arguments: str | Path) -> Completed:
        """Run ``uv pip install ARGUMENTS`` in the environment and return the finished process."""
        return self._uv("pip", "install", "--python", environment.python, *arguments)

    def check(self, environment: Environment) -> Completed:
        """Run ``uv pip check`` in the environment and return the finished process."""
        return self._uv("pip", "check", "--python", environment.python)

    def _uv(self, *arguments: str | Path) -> Completed:
        own = {"UV_PYTHON_INSTALL_DIR": str(self.folder / "pythons")} if self.may_download else {}
        # uv reads settings from its working directory and all parents: only the root has none of the caller's.
        return self.processes.run(
            uv_command(*arguments, cache=self.folder / "cache", environ=self.environ),
            cwd=Path(self.folder.anchor),
            environ=with_uv_settings(self.environ) | own,
            on_line=self.say,
        )


def uv_command(*arguments: str | Path, cache: Path, environ: Mapping[str, str]) -> list[str | Path]:
    """Return the command line of uv with ``arguments``, plain output and the folder ``cache``.

    In a rehearsal the cache is that of all rehearsals.
    """
    from uv import find_uv_bin

    folder = Path(environ[CACHE], "uv") if environ.get(CACHE) else cache
    offline = ["--offline"] if environ.get(OFFLINE) else []
    return [find_uv_bin(), *arguments, "--cache-dir", folder, *offline, "--no-progress", "--color", "never"]
