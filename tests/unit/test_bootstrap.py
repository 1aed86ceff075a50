"""Starts with the command line of the manifests, each a process in an isolated environment."""

from __future__ import annotations

import ast
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import venv
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from uv import find_uv_bin

from bootstrap.install import FEW
from support.starts import SOURCE, machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.starts import Start

MAIN = SOURCE / "__main__.py"
OLD_PYTHONS = ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10")
NEW_PYTHONS = ("3.12", "3.13", "3.14")
BASE_PYTHON: str = sys._base_executable  # type: ignore[attr-defined]
"""The interpreter outside of virtual environments, which uses the user's site-packages."""
by_each_installer = pytest.mark.parametrize("installer", ["pip", "uv"])
posix_only = pytest.mark.skipif(os.name == "nt", reason="needs shell scripts and signals")


def installed(version: str) -> str:
    """Return the interpreter of this version, or skip the test if it is not installed."""
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for folder in sorted(versions.glob(f"{version}.*")):
        if (folder / "bin" / "python").is_file():
            return str(folder / "bin" / "python")
    found = shutil.which(f"python{version}")
    if found and subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode == 0:
        return found
    pytest.skip(f"Python {version} is not installed")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the files of ``folder`` with headers for caches, and yield the URL."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def end_headers(self) -> None:
            self.send_header("ETag", '"1"')
            self.send_header("Cache-Control", "max-age=600")
            super().end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def fresh(tmp_path: Path) -> Start:
    """Return an environment without installations."""
    return machine(tmp_path)


@pytest.mark.parametrize("version", OLD_PYTHONS)
def test_an_old_python_is_refused(version: str) -> None:
    """Every old Python reports its version and the remedy, not a SyntaxError."""
    environ = {"PATH": os.environ["PATH"], "GITHUB_ACTIONS": "true"}
    command = [installed(version), str(SOURCE), "extract-changelog"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 1
    assert done.stdout.startswith("::error title=Python is too old::tagship requires Python 3.11 or newer; python3 is ")
    assert f"Python {version}." in done.stdout
    assert "actions/setup-python" in done.stdout
    assert "actions/setup-python" in done.stderr
    assert done.stdout.count("\n") == 1


def test_a_python_without_parts_of_its_library_is_refused() -> None:
    """Debian's python3-minimal gets the command to install the rest, not a traceback."""
    program = f"import sys, runpy; sys.modules['json'] = None; sys.path[0] = {str(SOURCE)!r}; "
    program += f"sys.argv[1:] = ['preflight']; runpy.run_path({str(MAIN)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: The standard library of python3 is incomplete: ")
    assert "Run: apt-get install python3;" in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_runner_the_refusal_is_plain_text() -> None:
    """Workflow commands are printed on a runner only."""
    done = subprocess.run([installed("3.10"), str(SOURCE), "x"], capture_output=True, text=True, check=False, env={})
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: tagship requires Python 3.11 or newer")


def test_the_entry_point_uses_old_syntax() -> None:
    """Old Pythons can parse it, which is checked even if none is installed."""
    tree = ast.parse(MAIN.read_text("utf-8"), feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.YieldFrom, ast.Nonlocal)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.args.kwonlyargs]
    assert MAIN.read_bytes().isascii()
    assert {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names} == {
        "os",
        "sys",
    }


def test_the_bootstrap_imports_only_the_standard_library() -> None:
    """It cannot use the libraries it installs; of tagship it imports only these modules."""
    imported = {
        name
        for file in (SOURCE / "bootstrap").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    foreign = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith("bootstrap.")} == {
        "tagship.core.formatting",
        "tagship.core.reachability",
        "tagship.core.runner",
        "tagship.core.summary",
        "tagship.edges.environments",
        "tagship.edges.processes",
        "tagship.edges.user_cache",
        "tagship.errors",
        "tagship.main",
        "tagship.workflow_commands",
    }


def test_the_first_start_installs_and_runs_the_action(fresh: Start) -> None:
    """The action runs in the same process with its arguments and the installed dependencies."""
    done = fresh.run()
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("tagship: tiny dependencies installed by pip in ")
    report = json.loads(done.stdout)
    assert report["arguments"] == ["tiny-action", "--tag", "v1.0"]
    (name,) = fresh.installations()
    assert Path(report["tiny"]) == fresh.temporary / name / "tiny" / "__init__.py"


@pytest.mark.parametrize("version", NEW_PYTHONS)
def test_every_newer_python_starts(tmp_path: Path, version: str) -> None:
    """A start works with the pip of every supported Python."""
    done = machine(tmp_path, python=installed(version)).run()
    assert done.returncode == 0, done.stderr


def test_only_sources_standard_library_and_dependencies_are_importable(fresh: Start) -> None:
    """Packages of the interpreter are not importable; the dependencies shadow no standard module."""
    report = json.loads(fresh.run().stdout)
    first, *library, last = report["path"]
    assert first == str(fresh.source)
    assert last == str(fresh.temporary / fresh.installations()[0])
    assert str(Path(os.__file__).parent) in library
    assert not [path for path in library if "packages" in path]


def test_a_later_start_installs_nothing(fresh: Start) -> None:
    """The second start needs neither the index nor an installer."""
    first = fresh.run()
    shutil.rmtree(fresh.index)
    second = fresh.run()
    assert second.returncode == 0
    assert second.stderr == ""
    report = json.loads(second.stdout)
    assert report["tiny"] == json.loads(first.stdout)["tiny"]
    assert report["bootstrap"] == ["bootstrap", "bootstrap.start"]


def test_another_lock_is_another_installation(fresh: Start) -> None:
    """Another version of tagship in the same job has its own libraries."""
    fresh.run()
    fresh.lock.write_text("# another\n" + fresh.lock.read_text())
    assert fresh.run().returncode == 0
    assert len(fresh.installations()) == 2


def test_parallel_starts_create_one_installation(fresh: Start) -> None:
    """Four parallel starts succeed, and three delete their own installation."""
    processes = [fresh.launch() for _ in range(4)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], outputs
    assert len(fresh.installations()) == 1


@posix_only
def test_an_interrupted_installation_is_never_used(fresh: Start) -> None:
    """A killed start leaves only an unfinished installation, which a later start does not use."""
    fresh.program("uv", f'for last; do :; done\nwhile [ "$1" != --target ]; do shift; done\n/bin/mkdir -p "$2/tiny"\n'
                        f': > "{fresh.folder}/half"\nexec /bin/sleep 60')  # fmt: skip
    process = fresh.launch()
    deadline = time.monotonic() + 30
    while not (fresh.folder / "half").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    (left,) = fresh.installations()
    assert ".partial-" in left
    (fresh.programs / "uv").unlink()
    assert fresh.run().returncode == 0
    assert len(fresh.installations()) == 2


def test_an_old_unfinished_installation_is_deleted(fresh: Start) -> None:
    """After an hour it is deleted; a newer one may still be in progress."""
    old, young = (fresh.temporary / f"tagship-{name}.partial-x" for name in ("old", "young"))
    for folder in (old, young):
        (folder / "tiny").mkdir(parents=True)
    os.utime(old, (time.time() - 3700, time.time() - 3700))
    fresh.run()
    assert not old.exists()
    assert young.exists()


def test_a_file_that_differs_from_the_lock_is_refused(fresh: Start) -> None:
    """The hash of a downloaded file is compared with the lock before it is used."""
    fresh.lock.write_text(f"tiny==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    done = fresh.run(GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(fresh.folder / "summary"))
    assert done.returncode == 1
    (error,) = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    assert "Hash mismatch for tiny==1.0: the index serves another file than the lock.%0A" in error
    assert "troubleshooting.md#these-packages-do-not-match-the-hashes" in (fresh.folder / "summary").read_text("utf-8")
    assert fresh.installations() == []


@by_each_installer
def test_a_lock_without_hashes_is_refused(fresh: Start, installer: str) -> None:
    """A lock without a hash fails the start."""
    if installer == "uv":
        fresh.put_uv_on_path()
    fresh.lock.write_text("tiny==1.0\n")
    done = fresh.run()
    assert done.returncode == 1
    assert f"{installer} exited with status" in done.stderr
    assert fresh.installations() == []


def test_settings_of_pip_do_not_break_the_installation(tmp_path: Path) -> None:
    """Pip may be configured for user installs, source builds or virtual environments only."""
    fresh = machine(tmp_path, python=BASE_PYTHON)
    settings = "[global]\nrequire-virtualenv = true\n[install]\nuser = true\nno-binary = :all:\n"
    (fresh.home / "pip.conf").write_text(settings)
    done = fresh.run(PIP_CONFIG_FILE=str(fresh.home / "pip.conf"))
    assert done.returncode == 0, done.stderr


def test_an_unknown_action_is_refused(fresh: Start) -> None:
    """A misspelt name fails before the installation, with the list of actions."""
    command = [*fresh.command()[:6], "tiny-acton"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=fresh.variables())
    assert done.returncode == 1
    assert done.stderr == "error: Unknown action: 'tiny-acton'.\nUse one of: tiny-action.\n"
    assert fresh.installations() == []


HOSTILE = "import pathlib; pathlib.Path({marker!r}).write_text(__name__)\n"
SHADOWS = (
    "json.py", "os.py", "hashlib.py", "pathlib.py", "tempfile.py", "subprocess.py", "sitecustomize.py",
    "usercustomize.py", "tiny.py", "pip/__init__.py", "pip/__main__.py", "packaging/__init__.py",
    "tagship/__init__.py", "tagship/main.py", "bootstrap/__init__.py", "bootstrap/start.py",
)  # fmt: skip


def test_pth_files_of_the_interpreter_do_not_run(tmp_path: Path) -> None:
    """A ``.pth`` file can run code when Python starts, which could read the token in the inputs."""
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True, symlinks=os.name != "nt")
    packages = next(environment.glob("[Ll]ib*/**/site-packages"))
    marker = tmp_path / "marker"
    (packages / "evil.pth").write_text(f"import os; 'INPUTS' in os.environ and open({str(marker)!r}, 'w')\n")
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    done = machine(tmp_path / "machine", python=str(python)).run(INPUTS='{"token": "secret"}')

    assert (done.returncode, marker.exists()) == (0, False), done.stderr


@by_each_installer
def test_a_hostile_checkout_changes_nothing(tmp_path: Path, installer: str) -> None:
    """Modules and settings in the checkout have no effect, also if variables point to them."""
    fresh = machine(tmp_path, python=BASE_PYTHON)
    if installer == "uv":
        fresh.put_uv_on_path()
    marker = fresh.folder / "marker"
    user_site = fresh.home / ".local" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    for file in [*(fresh.checkout / name for name in SHADOWS), user_site / "usercustomize.py"]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HOSTILE.format(marker=str(marker)))
    evil = "http://127.0.0.1:1/simple"
    for name in ("pip.conf", "pip.ini", "setup.cfg"):
        (fresh.checkout / name).write_text(f"[global]\nindex-url = {evil}\ntarget = {marker}\n")
    for folder in (fresh.checkout, fresh.folder):
        (folder / "uv.toml").write_text(f'index-url = "{evil}"\nnot TOML')
    (fresh.checkout / "pyproject.toml").write_text(f'[tool.uv]\nindex-url = "{evil}"\n')
    here = str(fresh.checkout)
    done = fresh.run(
        PYTHONPATH=here,
        PYTHONHOME=here,
        PYTHONSTARTUP=f"{here}/json.py",
        PYTHONUSERBASE=here,
        PIP_TARGET=here,
        PIP_PREFIX=here,
        PIP_USER="1",
        PIP_NO_BINARY=":all:",
        PIP_REQUIRE_VIRTUALENV="1",
        PIP_FIND_LINKS=here,
        PIP_REQUIREMENT=f"{here}/requirements.txt",
        UV_CONFIG_FILE=f"{here}/uv.toml",
        UV_NO_BINARY="1",
        UV_PYTHON="3.6",
        UV_TARGET=here,
        UV_FIND_LINKS=here,
    )
    assert done.returncode == 0, done.stderr
    assert f"installed by {installer} " in done.stderr
    assert not marker.exists()
    report = json.loads(done.stdout)
    assert not [path for path in report["path"] if path.startswith(here)]


@pytest.mark.parametrize("installer", ["download", "uv"])
def test_no_cache_is_read_or_written(fresh: Start, installer: str) -> None:
    """Nothing is written outside of RUNNER_TEMP."""
    if installer == "uv":
        fresh.put_uv_on_path()
    with served(fresh.index) as address:
        host = address.removeprefix("http://")
        done = fresh.run(PIP_INDEX_URL=f"{address}/simple", PIP_TRUSTED_HOST=host)
    assert done.returncode == 0, done.stderr
    assert f"installed by {installer} " in done.stderr
    assert list(fresh.home.iterdir()) == []
    assert list(fresh.checkout.iterdir()) == []


@posix_only
def test_installers_see_neither_tokens_nor_the_checkout(fresh: Start) -> None:
    """Secrets of any name, the inputs and the working folder are hidden from pip and uv."""
    seen = fresh.folder / "seen"
    fresh.program("uv", f'/usr/bin/env > "{seen}"; pwd >> "{seen}"; exit 3')
    secrets = {
        "GITHUB_TOKEN": "secret-1",
        "INPUTS": '{"token": "secret-2"}',
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret-3",
        "MY_UPLOAD_THING": "secret-4",
        "UV_PUBLISH_TOKEN": "secret-5",
        "TWINE_PASSWORD": "secret-6",
    }
    done = fresh.run(**secrets)
    assert done.returncode == 0, done.stderr
    text = seen.read_text()
    assert "secret" not in text
    assert str(fresh.checkout) not in text
    assert f"HOME={fresh.home}" in text


@posix_only
def test_the_output_of_an_installer_is_shown_without_running_commands(fresh: Start) -> None:
    """After a failure its output is in the log, between stop-commands, and the next installer is tried."""
    fresh.program("uv", 'echo "::set-output name=x::y"; exit 3')
    done = fresh.run(GITHUB_ACTIONS="true")
    assert done.returncode == 0
    group, stop, printed, resume, end = done.stdout.splitlines()[:5]
    assert group == "::group::uv exited with status 3"
    assert stop.startswith("::stop-commands::")
    assert printed == "::set-output name=x::y"
    assert resume == f"::{stop.removeprefix('::stop-commands::')}::"
    assert end == "::endgroup::"


@posix_only
def test_no_other_installer_is_tried_on_a_full_disk(fresh: Start) -> None:
    """It would unpack the same files."""
    fresh.program("uv", 'echo "failed to copy file: No space left on device (os error 28)"; exit 2')
    done = fresh.run()
    assert done.returncode == 1
    assert "A file could not be written: No space left on device." in done.stderr
    assert done.stderr.count("exited with status") == 1
    assert fresh.installations() == []


@pytest.mark.parametrize("where", ["the tier", "another tier"])
def test_a_large_tier_is_installed_by_a_downloaded_uv(fresh: Start, where: str) -> None:
    """Uv is kept if the tier contains it, and deleted otherwise."""
    uv = fresh.publish("uv", scripts={Path(find_uv_bin()).name: Path(find_uv_bin()).read_bytes()})
    many = [fresh.publish(f"library{number}") for number in range(FEW)]
    fresh.lock.with_name("full.txt").write_text(uv)
    with fresh.lock.open("a") as file:
        file.write("".join([*many, uv] if where == "the tier" else many))
    with served(fresh.index) as address:
        done = fresh.run(PIP_INDEX_URL=f"{address}/simple")
    assert done.returncode == 0, done.stderr
    assert "installed by uv in" in done.stderr
    (name,) = fresh.installations()
    assert (fresh.temporary / name / "bin").exists() == (where == "the tier")
    assert (fresh.temporary / name / "library0" / "__init__.py").exists()


def test_a_small_tier_is_downloaded_without_an_installer(fresh: Start) -> None:
    """Scripts are executable, and a requirement for Windows is skipped elsewhere."""
    script = fresh.publish("script", scripts={"hello": b"#!/bin/sh\n"})
    windows = f"colorama==1.0 ; os_name == 'nt' \\\n    --hash=sha256:{'0' * 64}\n"
    with fresh.lock.open("a") as file:
        file.write(script if os.name == "nt" else script + windows)
    with served(fresh.index) as address:
        done = fresh.run(PIP_INDEX_URL=f"{address}/simple")
    assert done.returncode == 0, done.stderr
    assert "installed by download in" in done.stderr
    (name,) = fresh.installations()
    assert os.access(fresh.temporary / name / "bin" / "hello", os.X_OK)


def test_a_downloaded_file_that_differs_from_the_lock_is_refused(fresh: Start) -> None:
    """Nothing of it is unpacked to the folder that is used."""
    fresh.lock.write_text(f"tiny==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    with served(fresh.index) as address:
        done = fresh.run(PIP_INDEX_URL=f"{address}/simple", PIP_TRUSTED_HOST=address.removeprefix("http://"))
    assert done.returncode == 1
    assert "download exited with status 1\nDO NOT MATCH THE HASHES: tiny==1.0 from" in done.stderr
    assert fresh.installations() == []


def test_pip_installs_everything_if_uv_cannot_be_downloaded(fresh: Start) -> None:
    """A failed download of uv does not fail the start."""
    many = [fresh.publish(f"library{number}") for number in range(FEW)]
    fresh.lock.with_name("full.txt").write_text(f"uv==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    with fresh.lock.open("a") as file:
        file.write("".join(many))
    with served(fresh.index) as address:
        done = fresh.run(PIP_INDEX_URL=f"{address}/simple", PIP_TRUSTED_HOST=address.removeprefix("http://"))
    assert done.returncode == 0, done.stderr
    assert "installed by pip in" in done.stderr


def test_a_python_without_pip_requires_none(tmp_path: Path) -> None:
    """Wheels are downloaded without an installer."""
    venv.create(tmp_path / "bare", with_pip=False)
    python = tmp_path / "bare" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    fresh = machine(tmp_path / "machine", python=str(python))
    with served(fresh.index) as address:
        done = fresh.run(PIP_INDEX_URL=f"{address}/simple", PIP_TRUSTED_HOST=address.removeprefix("http://"))
    assert done.returncode == 0, done.stderr


def test_an_externally_managed_python_is_not_changed(tmp_path: Path) -> None:
    """A system Python refuses packages by PEP 668, and none is installed into it."""
    python = "/usr/bin/python3"
    probe = "import sys, sysconfig, os; print(os.path.exists(sysconfig.get_path('stdlib') + '/EXTERNALLY-MANAGED'))"
    managed = shutil.which(python) and subprocess.run(
        [python, "-Ic", probe], capture_output=True, text=True, check=True
    )
    if not managed or managed.stdout.strip() != "True":
        pytest.skip(f"{python} is not externally managed")
    done = machine(tmp_path, python=python).run()
    assert done.returncode == 0, done.stderr


def test_outside_a_runner_the_users_cache_is_used(fresh: Start) -> None:
    """Without RUNNER_TEMP the installation is kept in a folder that only its user can write to."""
    more = {"RUNNER_TEMP": "", "XDG_CACHE_HOME": str(fresh.home / "cache")}
    assert fresh.run(**more).returncode == 0
    again = fresh.run(**more)
    assert again.returncode == 0
    assert again.stderr == ""
    assert list(fresh.temporary.iterdir()) == []


@posix_only
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_reported(fresh: Start) -> None:
    """It is a message, not a traceback."""
    fresh.temporary.chmod(0o500)
    done = fresh.run()
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: The dependencies cannot be installed in {fresh.temporary}")


def test_a_runner_temp_that_is_a_file_is_reported(fresh: Start) -> None:
    """It is a message, not a traceback."""
    done = fresh.run(RUNNER_TEMP=str(fresh.lock))
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: The dependencies cannot be installed in {fresh.lock}")
