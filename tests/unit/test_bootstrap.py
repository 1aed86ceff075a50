"""Whole starts, by the command line of the manifests, in real processes on a machine of their own."""

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

from bootstrap.install import WORTH_FETCHING_UV
from support.starts import SOURCE, machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.starts import Start

MAIN = SOURCE / "__main__.py"
OLD_PYTHONS = ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10")
NEW_PYTHONS = ("3.12", "3.13", "3.14")
BASE_PYTHON: str = sys._base_executable  # type: ignore[attr-defined]
"""The interpreter outside every virtual environment, where a user's own site-packages count."""
by_each_installer = pytest.mark.parametrize("installer", ["pip", "uv"])
posix_only = pytest.mark.skipif(os.name == "nt", reason="stands on shell scripts and signals")


def installed(version: str) -> str:
    """Return the interpreter of this version; skips the test where there is none."""
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
    """Return the address at which the files of ``folder`` can be fetched, with what a cache goes by."""

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
    """Return a machine on which nothing is installed yet."""
    return machine(tmp_path)


@pytest.mark.parametrize("version", OLD_PYTHONS)
def test_an_old_python_is_refused_with_its_version_and_the_remedy(version: str) -> None:
    """Whatever Python runs it, a person reads what is missing and what to write, not a SyntaxError."""
    environ = {"PATH": os.environ["PATH"], "GITHUB_ACTIONS": "true"}
    command = [installed(version), str(SOURCE), "extract-changelog"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 1
    assert done.stdout.startswith("::error title=Python is too old::tagship needs Python 3.11 or newer, and this is ")
    assert f"Python {version}." in done.stdout
    assert "actions/setup-python" in done.stdout
    assert "actions/setup-python" in done.stderr
    assert done.stdout.count("\n") == 1


def test_off_a_runner_the_refusal_is_plain_text() -> None:
    """Workflow commands are for runners."""
    done = subprocess.run([installed("3.10"), str(SOURCE), "x"], capture_output=True, text=True, check=False, env={})
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: tagship needs Python 3.11 or newer")


def test_the_file_that_old_pythons_read_keeps_to_old_syntax() -> None:
    """The guard parses where it is needed, also where no old Python is at hand to try."""
    tree = ast.parse(MAIN.read_text("utf-8"), feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.YieldFrom, ast.Nonlocal)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.args.kwonlyargs]
    assert MAIN.read_bytes().isascii()
    assert {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names} == {
        "os",
        "sys",
    }


def test_before_the_dependencies_are_there_only_the_standard_library_is_used() -> None:
    """What installs the libraries can use none of them; the starts below have nothing but these modules of ours."""
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
        "tagship.core.summary",
        "tagship.errors",
        "tagship.main",
    }


def test_the_first_start_installs_and_hands_over(fresh: Start) -> None:
    """The action runs in the same process with its arguments, from the installed dependencies."""
    done = fresh.run()
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("tagship: tiny dependencies installed by pip in ")
    told = json.loads(done.stdout)
    assert told["arguments"] == ["tiny-action", "--tag", "v1.0"]
    (name,) = fresh.installations()
    assert Path(told["tiny"]) == fresh.temporary / name / "tiny" / "__init__.py"


@pytest.mark.parametrize("version", NEW_PYTHONS)
def test_every_newer_python_starts(tmp_path: Path, version: str) -> None:
    """A start works with the pip that each supported Python brings."""
    done = machine(tmp_path, python=installed(version)).run()
    assert done.returncode == 0, done.stderr


def test_nothing_but_source_library_and_dependencies_is_importable(fresh: Start) -> None:
    """What the caller installed into the interpreter takes no part; the dependencies shadow no standard module."""
    told = json.loads(fresh.run().stdout)
    first, *library, last = told["path"]
    assert first == str(fresh.source)
    assert last == str(fresh.temporary / fresh.installations()[0])
    assert str(Path(os.__file__).parent) in library
    assert not [path for path in library if "packages" in path]


def test_a_later_start_installs_nothing(fresh: Start) -> None:
    """With the index gone and no installer left to call, the second start does as well as the first."""
    first = fresh.run()
    shutil.rmtree(fresh.index)
    second = fresh.run()
    assert second.returncode == 0
    assert second.stderr == ""
    told = json.loads(second.stdout)
    assert told["tiny"] == json.loads(first.stdout)["tiny"]
    assert told["bootstrap"] == ["bootstrap", "bootstrap.start"]


def test_another_lock_is_another_installation(fresh: Start) -> None:
    """A newer tagship in the same job never gets an older one's libraries."""
    fresh.run()
    fresh.lock.write_text("# another\n" + fresh.lock.read_text())
    assert fresh.run().returncode == 0
    assert len(fresh.installations()) == 2


def test_starts_at_the_same_time_end_in_one_installation(fresh: Start) -> None:
    """Four at once all succeed, and three clean up after themselves."""
    processes = [fresh.launch() for _ in range(4)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], outputs
    assert len(fresh.installations()) == 1


@posix_only
def test_an_interrupted_installation_is_never_used(fresh: Start) -> None:
    """A start that was killed half way leaves nothing that a later one takes for whole."""
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


def test_what_an_interrupted_installation_left_is_cleared(fresh: Start) -> None:
    """An hour later it cannot be anybody's any more; a younger one may still be going on."""
    old, young = (fresh.temporary / f"tagship-{name}.partial-x" for name in ("old", "young"))
    for folder in (old, young):
        (folder / "tiny").mkdir(parents=True)
    os.utime(old, (time.time() - 3700, time.time() - 3700))
    fresh.run()
    assert not old.exists()
    assert young.exists()


def test_a_file_that_differs_from_the_lock_is_refused(fresh: Start) -> None:
    """What an index hands out is compared with the lock before any of it is used."""
    fresh.lock.write_text(f"tiny==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    done = fresh.run(GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(fresh.folder / "summary"))
    assert done.returncode == 1
    (error,) = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    assert "tiny==1.0 on the index is not the file that tagship has locked.%0A" in error
    assert "troubleshooting.md#these-packages-do-not-match-the-hashes" in (fresh.folder / "summary").read_text("utf-8")
    assert fresh.installations() == []


@by_each_installer
def test_a_lock_without_hashes_is_refused(fresh: Start, installer: str) -> None:
    """A mistake in a lock stops the start; it does not open a door."""
    if installer == "uv":
        fresh.put_uv_on_path()
    fresh.lock.write_text("tiny==1.0\n")
    done = fresh.run()
    assert done.returncode == 1
    assert f"{installer} ended with status" in done.stderr
    assert fresh.installations() == []


def test_settings_of_pip_that_are_for_others_do_not_get_in_the_way(tmp_path: Path) -> None:
    """A machine may have pip install for its user, from sources, or into virtual environments only."""
    fresh = machine(tmp_path, python=BASE_PYTHON)
    settings = "[global]\nrequire-virtualenv = true\n[install]\nuser = true\nno-binary = :all:\n"
    (fresh.home / "pip.conf").write_text(settings)
    done = fresh.run(PIP_CONFIG_FILE=str(fresh.home / "pip.conf"))
    assert done.returncode == 0, done.stderr


def test_an_unknown_action_is_refused_with_those_there_are(fresh: Start) -> None:
    """A typing error costs no installation."""
    command = [*fresh.command()[:6], "tiny-acton"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=fresh.variables())
    assert done.returncode == 1
    assert done.stderr == "error: There is no action 'tiny-acton'.\nThe actions are: tiny-action.\n"
    assert fresh.installations() == []


HOSTILE = "import pathlib; pathlib.Path({marker!r}).write_text(__name__)\n"
SHADOWS = (
    "json.py", "os.py", "hashlib.py", "pathlib.py", "tempfile.py", "subprocess.py", "sitecustomize.py",
    "usercustomize.py", "tiny.py", "pip/__init__.py", "pip/__main__.py", "packaging/__init__.py",
    "tagship/__init__.py", "tagship/main.py", "bootstrap/__init__.py", "bootstrap/start.py",
)  # fmt: skip


def test_packages_beside_the_interpreter_run_nothing_in_a_start(tmp_path: Path) -> None:
    """A ``.pth`` file is code that runs when Python starts: it would find the token among the inputs."""
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
    """Neither modules nor settings that lie in the checkout, or that variables point to it, reach a start."""
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
        (folder / "uv.toml").write_text(f'index-url = "{evil}"\nno TOML any more')
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
    told = json.loads(done.stdout)
    assert not [path for path in told["path"] if path.startswith(here)]


@by_each_installer
def test_no_cache_is_read_or_left(fresh: Start, installer: str) -> None:
    """Outside the runner's temporary folder nothing is written."""
    if installer == "uv":
        fresh.put_uv_on_path()
    with served(fresh.index) as address:
        host = address.removeprefix("http://")
        # Pip caches what comes from hosts it trusts.
        done = fresh.run(PIP_INDEX_URL=f"{address}/simple", PIP_TRUSTED_HOST=host)
    assert done.returncode == 0, done.stderr
    assert f"installed by {installer} " in done.stderr
    assert list(fresh.home.iterdir()) == []
    assert list(fresh.checkout.iterdir()) == []


@posix_only
def test_installers_see_no_token_and_not_the_checkout(fresh: Start) -> None:
    """Secrets of any name, the inputs and the working folder are kept from the programs that fetch from outside."""
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
def test_what_an_installer_prints_is_shown_but_commands_nothing(fresh: Start) -> None:
    """Where one way fails its last words are in the log, between stop-commands, and the next way is tried."""
    fresh.program("uv", 'echo "::set-output name=x::y"; exit 3')
    done = fresh.run(GITHUB_ACTIONS="true")
    assert done.returncode == 0
    group, stop, printed, resume, end = done.stdout.splitlines()[:5]
    assert group == "::group::uv ended with status 3"
    assert stop.startswith("::stop-commands::")
    assert printed == "::set-output name=x::y"
    assert resume == f"::{stop.removeprefix('::stop-commands::')}::"
    assert end == "::endgroup::"


@pytest.mark.parametrize("where", ["the tier", "another tier"])
def test_a_large_tier_is_installed_by_uv_that_pip_fetches(fresh: Start, where: str) -> None:
    """Uv stays with a tier that has it, and is gone with the work where it was only a tool."""
    uv = fresh.publish("uv", scripts={Path(find_uv_bin()).name: Path(find_uv_bin()).read_bytes()})
    many = [fresh.publish(f"library{number}") for number in range(WORTH_FETCHING_UV)]
    fresh.lock.with_name("full.txt").write_text(uv)
    with fresh.lock.open("a") as file:
        file.write("".join([*many, uv] if where == "the tier" else many))
    done = fresh.run()
    assert done.returncode == 0, done.stderr
    assert "installed by uv in" in done.stderr
    (name,) = fresh.installations()
    assert (fresh.temporary / name / "bin").exists() == (where == "the tier")
    assert (fresh.temporary / name / "library0" / "__init__.py").exists()


def test_where_uv_cannot_be_fetched_pip_does_it_all(fresh: Start) -> None:
    """Speed is worth trying for, not failing for."""
    many = [fresh.publish(f"library{number}") for number in range(WORTH_FETCHING_UV)]
    fresh.lock.with_name("full.txt").write_text(f"uv==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    with fresh.lock.open("a") as file:
        file.write("".join(many))
    done = fresh.run()
    assert done.returncode == 0, done.stderr
    assert "installed by pip in" in done.stderr


def test_a_python_without_pip_uses_the_bundled_one(tmp_path: Path) -> None:
    """Nothing has to be installed beforehand where the standard library can make a pip."""
    venv.create(tmp_path / "bare", with_pip=False)
    python = tmp_path / "bare" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = machine(tmp_path / "machine", python=str(python)).run()
    assert done.returncode == 0, done.stderr


def test_an_externally_managed_python_is_left_as_it_is(tmp_path: Path) -> None:
    """PEP 668: a system's Python takes no packages, and needs none."""
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
    """Without RUNNER_TEMP an installation outlives the run, in a folder that only its user can write to."""
    more = {"RUNNER_TEMP": "", "XDG_CACHE_HOME": str(fresh.home / "cache")}
    assert fresh.run(**more).returncode == 0
    again = fresh.run(**more)
    assert again.returncode == 0
    assert again.stderr == ""
    assert list(fresh.temporary.iterdir()) == []


@posix_only
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_told(fresh: Start) -> None:
    """No room for the dependencies is a sentence, not a traceback."""
    fresh.temporary.chmod(0o500)
    done = fresh.run()
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: The dependencies cannot be installed below {fresh.temporary}")


def test_a_temporary_folder_that_is_a_file_is_told(fresh: Start) -> None:
    """No room for the dependencies is a sentence, not a traceback."""
    done = fresh.run(RUNNER_TEMP=str(fresh.lock))
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: The dependencies cannot be installed below {fresh.lock}")
