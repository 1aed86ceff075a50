"""Installation of a lock into a folder, the fastest way first: uv, a download of the wheels themselves, pip."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bootstrap.digests import record_digests
from bootstrap.download import Unsuitable, download
from bootstrap.installer_environment import installers_environment
from bootstrap.messages import fold, note
from tagship.core.formatting import last_lines
from tagship.core.reachability import machine_problem, not_cached
from tagship.edges.environments import with_uv_settings
from tagship.edges.processes import Processes, program_on_path
from tagship.errors import Failure, Problem

FEW = 8
"""Maximum number of requirements in a lock that are all downloaded; for more, only uv is, which installs the others."""

_WHEELS_BY_HASH = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
_PIP = [
    "-I", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir",
    "--no-compile", "--no-warn-script-location", "--root-user-action", "ignore", "--no-user", "--no-binary", ":none:",
]  # fmt: skip
_UV = ["pip", "install", "--no-config", "--no-cache", "--no-python-downloads", "--color", "never"]
PARTIAL = ".partial-"
"""Part of the name of an unfinished installation's folder."""
ABANDONED_AFTER = 3600.0
"""Age in seconds at which an unfinished installation is deleted."""
_LINES_SHOWN = 30
_RENAME_ATTEMPTS = 10

_HASH = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch", re.IGNORECASE)
_NETWORK = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Retrying \(Retry"
    r"|error sending request|Failed to fetch|dns error|timed out|HTTP error \d|\b(4\d\d|5\d\d) (Client|Server) Error",
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"ReadTimeout|Read timed out|operation timed out|request timed out|No space left on device|Disk quota exceeded",
    re.IGNORECASE,
)
"""An index that accepts the connection and does not answer, or a full disk: another installer would fail again."""
_CERTIFICATE = re.compile(r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer")
_NO_WHEEL = re.compile(
    r"No matching distribution found for (?P<pip>[\w.=-]+)|Because (there is \w+ version of )?(?P<uv>[\w.=-]+)"
    r"|is not a supported wheel",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"://[^/\s@]+@")
"""The user name and password in a URL, which older installers print."""
_REQUIREMENT = re.compile(r"^\s*(?P<pip>[\w.-]+==[\w.]+)[^\n]* from |mismatch for `(?P<uv>[\w.=-]+)`", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of one attempt: the installer, its exit status and its output."""

    installer: str
    code: int
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A lock to install. ``staging`` is an empty working folder, ``environ`` the installer's whole environment.

    ``source_of_uv`` is a lock that contains uv.
    """

    lock: Path
    staging: Path
    environ: Mapping[str, str]
    source_of_uv: Path


def by_own_uv(task: Task, target: Path) -> Outcome | None:
    """Install with the uv on PATH; None if there is none."""
    program = program_on_path("uv", task.environ.get("PATH", ""))
    return _uv(program, task, task.lock, target) if program else None


def by_download(task: Task, target: Path) -> Outcome | None:
    """Download every wheel of a small lock; for a larger one download uv, into ``target`` if the lock contains it.

    None if a wheel has to be chosen, or the index requires credentials: only installers can do that.
    """
    locked = requirements(task.lock.read_text("utf-8"))
    environ = with_uv_settings(task.environ)
    if len(locked) > FEW:
        tools = target if "uv" in locked else task.staging / "tools"
        uv = locked.pop("uv", None) or requirements(task.source_of_uv.read_text("utf-8"))["uv"]
        wanted = [uv]
    else:
        tools, wanted = target, list(locked.values())
        locked.clear()
    try:
        with ThreadPoolExecutor(FEW) as pool:
            list(pool.map(lambda requirement: download(requirement, tools, environ), wanted))
    except Unsuitable:
        return None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        silent = isinstance(getattr(error, "reason", error), TimeoutError)
        return Outcome(installer="download", code=1, output=f"Read timed out: {error}" if silent else str(error))
    if not locked:
        return Outcome(installer="download", code=0, output="")
    rest = _written(task.staging / "rest.txt", "".join(locked.values()))
    return _uv(str(tools / "bin" / ("uv.exe" if os.name == "nt" else "uv")), task, rest, target)


def by_pip(task: Task, target: Path) -> Outcome | None:
    """Install with the pip of this interpreter."""
    where = ["--target", str(target), "--requirement", str(task.lock)]
    return _run("pip", [sys.executable, *_PIP, *_WHEELS_BY_HASH, *where], task)


def requirements(lock: str) -> dict[str, str]:
    """Return the requirements of a lock by name, each with its marker, hashes and line end."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    return {re.split(r"[=\s;]", block, maxsplit=1)[0]: block for block in blocks[1:]}


def _written(file: Path, text: str) -> Path:
    file.write_text(text, "utf-8")
    return file


def _uv(program: str, task: Task, lock: Path, target: Path) -> Outcome:
    where = ["--python", sys.executable, "--target", str(target), "--requirement", str(lock)]
    return _run("uv", [program, *_UV, *_WHEELS_BY_HASH, *where], task)


def _run(installer: str, command: list[str], task: Task) -> Outcome:
    try:
        done = Processes(environ=task.environ).run(command, cwd=task.staging)
    except OSError as error:
        return Outcome(installer=installer, code=127, output=str(error))
    return Outcome(installer=installer, code=done.code, output=done.output)


def install(lock: Path, folder: Path, environ: Mapping[str, str]) -> None:
    """Install ``lock`` into ``folder``, unless another process does so first. Raises Failure if that fails."""
    if environ.get("TAGSHIP_OFFLINE"):
        raise Failure(not_cached(f"The {lock.stem} dependencies"))
    started = time.monotonic()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        clear_abandoned(folder.parent)
        staging = Path(tempfile.mkdtemp(prefix=folder.name + PARTIAL, dir=folder.parent))
        try:
            temporary = staging / "tmp"
            temporary.mkdir()
            task = Task(
                lock=lock,
                staging=staging,
                environ=installers_environment(environ, temporary),
                source_of_uv=lock.with_name("full.txt"),
            )
            installer, filled = fill(task, environ)
            record_digests(filled)
            installer = settle(installer, filled, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise Failure(_no_room(folder.parent, error)) from error
    note(f"{lock.stem} dependencies installed by {installer} in {time.monotonic() - started:.1f} s")


def clear_abandoned(parent: Path) -> None:
    """Delete interrupted installations in ``parent`` that are too old to be in progress."""
    limit = time.time() - ABANDONED_AFTER
    for folder in parent.glob(f"tagship-*{PARTIAL}*"):
        try:
            abandoned = folder.lstat().st_mtime < limit
        except FileNotFoundError:
            continue
        if abandoned:
            shutil.rmtree(folder, ignore_errors=True)


def fill(task: Task, environ: Mapping[str, str]) -> tuple[str, Path]:
    """Return the installer that succeeded and its target. Raises Failure if all fail; their output is printed."""
    failed: list[Outcome] = []
    for attempt in (by_own_uv, by_download, by_pip):
        target = task.staging / attempt.__name__
        outcome = attempt(task, target)
        if outcome is None:
            continue
        if outcome.code == 0:
            return outcome.installer, target
        shown = _LOGIN.sub("://****@", outcome.output)
        lines = last_lines(shown, lines=_LINES_SHOWN, characters=10_000)
        fold(f"{outcome.installer} exited with status {outcome.code}", lines, environ)
        failed.append(outcome)
        if _FINAL.search(outcome.output):
            break
    raise Failure(diagnosis(failed, task.lock.stem))


def settle(installer: str, filled: Path, folder: Path) -> str:
    """Rename ``filled`` to ``folder``, unless another process was faster; return the installer."""
    for attempt in range(_RENAME_ATTEMPTS):
        try:
            filled.rename(folder)
        except OSError as error:
            if folder.is_dir():
                return "another process"
            # On Windows a virus scanner that reads the new files can block the rename.
            if attempt == _RENAME_ATTEMPTS - 1 or not isinstance(error, PermissionError):
                raise
            time.sleep(0.2)
        else:
            break
    return installer


def _no_room(parent: Path, error: OSError) -> Problem:
    return Problem(
        found=f"The dependencies cannot be installed in {parent}: {error}.",
        remedy="Free disk space there, or set RUNNER_TEMP to a writable folder.",
        topic="no-space-left-on-device",
    )


def diagnosis(failed: Sequence[Outcome], tier: str) -> Problem:
    """Return the cause of the failure, from the outputs of all ``failed`` attempts."""
    output, last = "\n".join(outcome.output for outcome in failed), failed[-1]
    return (
        machine_problem(output)
        or _cause(output, tier)
        or Problem(
            found=f"Installing the {tier} dependencies failed: {last.installer} exited with status {last.code}.",
            remedy="Read its output in the log above.",
            topic="dependency-installation-failed",
        )
    )


def _cause(output: str, tier: str) -> Problem | None:
    if _HASH.search(output):
        return Problem(
            found=f"Hash mismatch for {_named(_REQUIREMENT, output, 'a file')}: "
            "the index serves another file than the lock.",
            remedy="Do not continue. Check the file that the index, mirror or proxy serves.",
            topic="these-packages-do-not-match-the-hashes",
        )
    if _CERTIFICATE.search(output):
        return Problem(
            found=f"TLS certificate verification failed while the {tier} dependencies were installed.",
            remedy="Behind a corporate proxy set SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt for the step.",
            topic="certificate_verify_failed--unknownissuer",
        )
    if _NETWORK.search(output):
        return Problem(
            found=f"The package index did not respond while the {tier} dependencies were installed.",
            remedy="Run the job again. Behind a mirror or proxy set PIP_INDEX_URL or HTTPS_PROXY for the step.",
            topic="failed-to-fetch-dependencies",
        )
    if "No module named pip" in output:
        return Problem(
            found="Python has no pip, and uv is not on PATH.",
            remedy="Run: apt-get install python3-pip; or add a step before this one: "
            '"uses: actions/setup-python" with "python-version: 3.12".',
            topic="no-module-named-pip",
        )
    if _NO_WHEEL.search(output):
        return Problem(
            found=f"No wheel of {_named(_NO_WHEEL, output, 'a dependency')} supports this Python and platform.",
            remedy='Add a step before this one: "uses: actions/setup-python" with "python-version: 3.12".',
            topic="no-matching-distribution-found",
        )
    return None


def _named(pattern: re.Pattern[str], output: str, otherwise: str) -> str:
    match = pattern.search(output)
    return (match["pip"] or match["uv"] or otherwise) if match else otherwise
