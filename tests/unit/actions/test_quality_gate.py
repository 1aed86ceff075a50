"""quality-gate on real projects, in a real shell."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.running import Ran, run_action
from support.runtimes import recorded_world
from support.wheels import write_wheel
from tagship.contract.conversion import output_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

MINOR = "{}.{}".format(*sys.version_info)
BASE = str(Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}")
BACKEND = """
import pathlib, zipfile

FILES = {
    "METADATA": "Metadata-Version: 2.1\\nName: hello\\nVersion: 1.0\\nProvides-Extra: dev\\n",
    "WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "RECORD": "",
}

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "hello-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, name), "w") as wheel:
        wheel.writestr("hello.pth", str(pathlib.Path.cwd() / "src"))
        for file, text in FILES.items():
            wheel.writestr("hello-1.0.dist-info/" + file, text)
    return name

build_wheel = build_editable
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "hello"
version = "1.0"
[project.optional-dependencies]
dev = []
"""


def gate(
    tmp_path: Path, files: Mapping[str, str] | None = None, *, environ: Mapping[str, str] | None = None, **given: str
) -> Ran:
    """Run the quality gate on a checkout of ``files``, without installing anything by default."""
    workspace = tmp_path / "workspace"
    workspace.mkdir(exist_ok=True)
    for name, text in (files or {}).items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(text, "utf-8")
    recorded = recorded_world(workspace, tmp_path / "temporary", environ=environ)
    return run_action("quality-gate", recorded, **{"install": "none", "python": BASE, **given})


def outcomes(ran: Ran) -> dict[str, str]:
    """Return the outcome of every check by its name."""
    return {report.name: report.outcome for report in ran.outputs.report}


def test_every_check_runs_and_is_reported(tmp_path: Path) -> None:
    """A failing check hides neither earlier nor later checks."""
    ran = gate(tmp_path, command="echo one\necho two; exit 3\necho three")

    assert outcomes(ran) == {"echo one": "passed", "echo two; exit 3": "failed", "echo three": "passed"}
    assert ran.topics == ["check-failed"]
    assert ran.outputs.result == "failure"
    assert [line for line in ran.runner.lines if line in ("one", "two", "three")] == ["one", "two", "three"]
    assert ran.runner.annotations == [("error", ran.runner.annotations[0][1], "two")]
    assert ran.runner.annotations[0][1].startswith("echo two; exit 3 failed with exit code 3 after ")


def test_passing_checks_are_a_table(tmp_path: Path) -> None:
    """The summary shows each check, and the outputs agree."""
    ran = gate(tmp_path, command="true\necho hello")

    assert ran.failure is None
    assert ran.runner.summary.startswith("### ✅ Quality gate: Python 3.")
    assert "| ✅&nbsp;echo hello | passed | 0 |" in ran.runner.summary
    assert ran.runner.annotations == []
    texts = output_texts(ran.outputs)
    assert texts["result"] == "success"
    (first, second) = json.loads(texts["report"])
    assert {**first, "seconds": 0} == {
        "name": "true",
        "command": "true",
        "outcome": "passed",
        "exit-code": 0,
        "seconds": 0,
        "python": MINOR,
        "output": "",
    }
    assert second["name"] == "echo hello"


def test_a_failure_also_has_the_table(tmp_path: Path) -> None:
    """The summary of a failure also shows the passed checks."""
    ran = gate(tmp_path, command="true\nfalse")

    assert ran.failure is not None
    assert "| ✅&nbsp;true | passed | 0 |" in ran.failure.summary
    assert "| ❌&nbsp;false | failed | 1 |" in ran.failure.summary


def test_the_command_in_the_remedy_has_all_inputs_of_the_gate(tmp_path: Path) -> None:
    """Running the command as printed reproduces the failure."""
    ran = gate(
        tmp_path,
        {"pkg/x": ""},
        command="false",
        install="none",
        extras="a b",
        groups="test",
        env="A=1\nB=2 3",
        working_directory="pkg",
    )

    assert ran.failure is not None
    typed = shlex.split(ran.failure.problems[0].remedy.partition("locally: ")[2])
    flags = ["--install=none", "--extras=a", "--extras=b", "--groups=test", "--env=A=1", "--env=B=2 3"]
    assert typed[2:] == ["--command", "false", "--working-directory", "pkg", *flags]


def test_the_first_failing_line_fails_the_check(tmp_path: Path) -> None:
    """A later line that succeeds does not change the result."""
    ran = gate(tmp_path, command="for a in 1; do\n  false\n  echo never\ndone")

    assert outcomes(ran) == {"for a in 1; do…": "failed"}
    assert "never" not in ran.runner.lines


def test_checks_after_a_failure_can_be_skipped(tmp_path: Path) -> None:
    """With ``keep-going: false`` the remaining checks are reported as not run."""
    ran = gate(tmp_path, command="true\nfalse\necho three", keep_going="false")

    assert list(outcomes(ran).values()) == ["passed", "failed", "not run"]
    assert len(ran.topics) == 1


def test_a_timeout_is_reported_and_the_next_check_runs(tmp_path: Path) -> None:
    """All processes of a check are killed at its time limit."""
    started = time.monotonic()
    ran = gate(tmp_path, command="echo begun; sleep 60 & sleep 60\necho next", timeout="1s")

    assert list(outcomes(ran).values()) == ["timed out", "passed"]
    assert ran.topics == ["check-timed-out"]
    assert ran.runner.annotations[0][2] == "begun"
    assert time.monotonic() - started < 20


def test_checks_get_no_credentials(tmp_path: Path) -> None:
    """Checks get no tokens, inputs, identity endpoint or runner files, but they get the variables in env."""
    secrets = {
        "GITHUB_TOKEN": "s3cret",
        "GH_TOKEN": "s3cret",
        "INPUTS": "s3cret",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "s3cret",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "s3cret",
        "ACTIONS_RUNTIME_TOKEN": "s3cret",
        "GITHUB_OUTPUT": "s3cret",
        "GITHUB_ENV": "s3cret",
        "GITHUB_PATH": "s3cret",
        "GITHUB_STEP_SUMMARY": "s3cret",
        "TWINE_PASSWORD": "s3cret",
    }
    ran = gate(tmp_path, environ={**secrets, "CI": "true"}, command="env", env="HELLO=world\nMY_TOKEN=given")

    assert "s3cret" not in ran.runner.text
    assert {"HELLO=world", "MY_TOKEN=given", "CI=true"} <= set(ran.runner.lines)


def test_a_check_finds_its_python_first(tmp_path: Path) -> None:
    """The command python in a check is the Python of the gate."""
    ran = gate(tmp_path, command="python3 -c 'import sys; print(sys.base_prefix)'")

    assert ran.failure is None
    assert sys.base_prefix in ran.runner.lines


@pytest.mark.skipif(os.name == "nt", reason="the path is that of a Unix system")
@pytest.mark.parametrize("program", ["uv", "uvx"])
def test_every_check_has_uv(tmp_path: Path, program: str) -> None:
    """A makefile that calls uv works, and the rest of the action's environment is not on PATH."""
    ran = gate(
        tmp_path, environ={"PATH": "/usr/bin:/bin"}, command=f"command -v {program}\n{program} --version\nzizmor"
    )

    assert list(outcomes(ran).values()) == ["passed", "passed", "failed"]


def test_a_lock_file_that_is_out_of_date_is_a_warning(tmp_path: Path) -> None:
    """The checks run with a warning, although uv refuses the lock."""
    files = {
        "pyproject.toml": PYPROJECT,
        "backend.py": BACKEND,
        "src/hello.py": "",
        "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n',
    }
    ran = gate(tmp_path, files, install="auto", command="echo ran")

    assert ran.failure is None, ran.runner.text
    assert "== Install sync --locked --inexact --extra dev" in ran.runner.lines
    ((level, _, text),) = ran.runner.annotations
    assert (level, text.partition(":")[0]) == ("warning", "uv.lock is out of date")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_the_order_of_path_is_kept(tmp_path: Path) -> None:
    """A program before the default Python on PATH still precedes it."""
    programs, pythons = tmp_path / "programs", tmp_path / "pythons"
    for folder, name, source in ((programs, "tool", "echo first"), (pythons, "tool", "echo second")):
        folder.mkdir()
        (folder / name).write_text(f"#!/bin/sh\n{source}\n")
        (folder / name).chmod(0o755)
    (pythons / "python").symlink_to(BASE)
    path = os.pathsep.join([str(programs), str(pythons), os.environ["PATH"]])

    ran = gate(tmp_path, environ={"PATH": path}, python="", command="tool")

    assert "first" in ran.runner.lines


def test_findings_are_annotated_at_their_lines(tmp_path: Path) -> None:
    """Findings of tools in files of the checkout become annotations; those in other files do not."""
    printed = "src/a.py:3: error: Bad  [x]\nsrc/gone.py:1: error: No such file here\n../b.py:1: error: Outside\n"
    ran = gate(
        tmp_path,
        {"pkg/src/a.py": "", "pkg/out.txt": printed, "b.py": ""},
        working_directory="pkg",
        command="cat out.txt; false",
    )

    assert ran.runner.annotations[1:] == [("error", "cat out.txt; false", "Bad  [x]")]
    assert ran.runner.places == [(None, None), ("pkg/src/a.py", 3)]


def test_the_output_of_the_usual_tools_is_parsed(tmp_path: Path) -> None:
    """The real tools run, and each finding has its place."""
    files = {
        "src/a.py": "import os\n\n\ndef number() -> str:\n    return 1\n",
        "tests/test_a.py": "def test_a() -> None:\n    assert 1 == 2\n",
        "pyproject.toml": "[tool.ruff]\n[tool.pytest.ini_options]\n",
    }
    tools = ("ruff check src", "mypy src", "pytest -p no:cacheprovider tests")
    ran = gate(tmp_path, files, command="\n".join(f"{sys.executable} -m {tool}" for tool in tools))

    assert ran.topics == ["check-failed"] * 3
    placed = zip(ran.runner.annotations, ran.runner.places, strict=True)
    assert [(place, text.split(" ")[0]) for (_, _, text), place in placed if place[0]] == [
        (("src/a.py", 1), "F401"),
        (("src/a.py", 5), "Incompatible"),
        (("tests/test_a.py", 2), "AssertionError:"),
    ]


def test_annotations_stay_within_the_limit_of_github(tmp_path: Path) -> None:
    """GitHub shows ten errors per step: nine findings and the verdict."""
    printed = "".join(f"a.py:{number}: error: Bad\n" for number in range(1, 50))
    ran = gate(tmp_path, {"a.py": "", "out.txt": printed}, command="\n".join(["cat out.txt; false"] * 6))

    assert len(ran.runner.annotations) == 9
    assert len([title for _, title, _ in ran.runner.annotations if "failed with" in title]) == 4
    assert len(ran.topics) == 6


def test_make_check_is_found(tmp_path: Path) -> None:
    """The target check of a makefile is the check of the project."""
    ran = gate(tmp_path, {"Makefile": "check:\n\t@echo checked by make\n"})

    assert ran.failure is None
    assert "checked by make" in ran.runner.lines
    assert "Checks: make check (Makefile has the target check)." in ran.runner.lines


@pytest.mark.parametrize(
    ("files", "given", "topic"),
    [
        pytest.param({"README.md": ""}, {}, "no-checks", id="no configuration"),
        pytest.param({}, {"command": "# later"}, "no-checks", id="a comment"),
        pytest.param(
            {},
            {"command": "true", "working_directory": "gone"},
            "working-directory-not-found",
            id="a missing working directory",
        ),
        pytest.param({}, {"command": "no-such-program"}, "command-not-found", id="a missing program"),
        pytest.param({}, {"command": "true", "install": "'"}, "wrong-inputs", id="an open quote"),
        pytest.param({}, {"command": "true", "python": "python9.9"}, "python-not-found", id="a missing Python"),
        pytest.param(
            {"pyproject.toml": "["},
            {"command": "true", "install": "auto"},
            "unreadable-project-file",
            id="a malformed pyproject.toml",
        ),
    ],
)
def test_a_gate_that_cannot_run_fails(tmp_path: Path, files: dict[str, str], given: dict[str, Any], topic: str) -> None:
    """A gate without checks would always pass, so it is an error."""
    assert gate(tmp_path, files, **given).topics == [topic]


def test_the_package_is_installed_editable_into_a_new_environment(tmp_path: Path) -> None:
    """If the Python on PATH is not an environment, a new one is created, used and removed."""
    files = {"pyproject.toml": PYPROJECT, "backend.py": BACKEND, "src/hello.py": "NAME = 'hello'\n"}
    ran = gate(
        tmp_path,
        files,
        install="auto",
        command='python -c "import hello, sys; print(hello.__file__); print(sys.prefix != sys.base_prefix)"',
    )

    assert ran.failure is None, ran.runner.text
    assert str(tmp_path / "workspace/src/hello.py") in ran.runner.lines
    assert "True" in ran.runner.lines
    assert "a new environment, because" in ran.runner.text
    assert "== Install --editable '.[dev]'" in ran.runner.lines
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_build_backend_without_editable_packages_is_supported(tmp_path: Path) -> None:
    """The backend poetry.masonry.api of older projects has no hook for them."""
    backend = BACKEND.replace("def build_editable", "def build_wheel").replace("build_wheel = build_editable", "")
    files = {"pyproject.toml": PYPROJECT, "backend.py": backend, "src/hello.py": ""}
    ran = gate(tmp_path, files, install="auto", command="python -c 'import hello'")

    assert ran.failure is None, ran.runner.text
    assert "== Install '.[dev]'" in ran.runner.lines


def test_the_packages_to_install_can_be_set(tmp_path: Path) -> None:
    """The lines of install are arguments of pip install."""
    wheel = write_wheel(tmp_path / "wheels", "tiny", "1.0", {"tiny/__init__.py": ""})

    assert gate(tmp_path, install=f"--no-deps {wheel}", command="python -c 'import tiny'").failure is None


def test_a_missing_extra_is_reported(tmp_path: Path) -> None:
    """Without the dependencies of an extra, a gate could pass with fewer checks than intended."""
    files = {"pyproject.toml": PYPROJECT, "backend.py": BACKEND, "src/hello.py": ""}

    assert gate(tmp_path, files, install="auto", extras="dve", command="echo ran").topics == ["unknown-extra"]


def test_a_failing_installation_is_reported(tmp_path: Path) -> None:
    """No check runs after an incomplete installation."""
    ran = gate(tmp_path, install="./no-such-folder", command="echo ran")

    assert ran.topics == ["install-failed"]
    assert "ran" not in ran.runner.lines
    assert "(uv exited with status 1)" in str(ran.failure)
    assert "no-such-folder" in str(ran.failure)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_tool_is_installed_only_if_it_is_missing(tmp_path: Path) -> None:
    """The nox of the environment is used unchanged, and it installs the package itself."""
    environment = tmp_path / "environment"
    subprocess.run([BASE, "-m", "venv", "--without-pip", environment], check=True)
    program = environment / "bin/nox"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (package,) = environment.glob("lib/python*/site-packages")
    (package / "nox.py").write_text("import sys; print('ran nox', *sys.argv[1:])\n")

    files = {"noxfile.py": "", "pyproject.toml": PYPROJECT}
    ran = gate(tmp_path, files, python=str(environment / "bin/python"), install="auto")

    assert ran.failure is None
    assert "ran nox --no-error-on-missing-interpreters" in ran.runner.lines  # without a list of sessions
    assert "nothing to install" in ran.runner.text


FAKE_NOX = """
import sys
if "--json" in sys.argv:
    lint = '{"session": "lint", "name": "lint", "python": "3.98"}'
    print('[{"session": "t-3.99", "name": "t", "python": "3.99"}, ' + lint + "]")
elif "--force-python" in sys.argv:
    print("nox > Session t was successful in 1 second.")
else:
    print("nox > Session lint skipped: Python interpreter 3.98 not found.")
"""


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("versions", "sessions", "warned"),
    [
        pytest.param(f"{MINOR},3.98", [f"--force-python {MINOR} -s t"], False, id="a Python of another job"),
        pytest.param("", [f"--force-python {MINOR} -s t"], True, id="a Python of no job"),
    ],
)
def test_a_job_runs_the_sessions_of_its_python(
    tmp_path: Path, versions: str, sessions: list[str], *, warned: bool
) -> None:
    """The list of nox counts, and a session that no job runs is a warning."""
    environment = tmp_path / "environment"
    subprocess.run([BASE, "-m", "venv", "--without-pip", environment], check=True)
    (package,) = environment.glob("lib/python*/site-packages")
    (package / "nox.py").write_text(FAKE_NOX)

    ran = gate(tmp_path, {"noxfile.py": ""}, python=str(environment / "bin/python"), python_versions=versions)

    assert ran.failure is None
    command = "python -m nox --no-error-on-missing-interpreters"
    assert [report.command for report in ran.outputs.report] == [f"{command} {one}" for one in sessions]
    assert any("No job runs lint" in text for _, _, text in ran.runner.annotations) is warned


def test_a_job_without_sessions_passes(tmp_path: Path) -> None:
    """The sessions of other jobs are reported as not run."""
    environment = tmp_path / "environment"
    subprocess.run([BASE, "-m", "venv", "--without-pip", environment], check=True)
    (package,) = environment.glob("lib/python*/site-packages")
    (package / "nox.py").write_text(FAKE_NOX.replace("t-3.99", "t"))

    ran = gate(
        tmp_path,
        {"noxfile.py": ""},
        python=str(environment / "bin/python"),
        python_versions=f"3.98,3.99,{MINOR}",
    )

    assert ran.failure is None
    assert list(outcomes(ran).values()) == ["not run"]


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("name", "content", "runs"),
    [
        pytest.param("tool", "#!/bin/sh\necho ran", True, id="a program in another language runs"),
        pytest.param("tool", "#!/usr/bin/env python3\nprint('ran')", True, id="a script of the first Python runs"),
        pytest.param("tool", "#!{other}/python3\nprint('ran')", False, id="a script of another Python fails"),
        pytest.param("tool", "#!{apart}/bin/python3\nprint('ran')", True, id="an application of pipx runs"),
        pytest.param("pytest", "#!{apart}/bin/python3\nprint('ran')", False, id="a pytest of pipx fails"),
    ],
)
def test_scripts_of_other_pythons_are_not_run(tmp_path: Path, name: str, content: str, *, runs: bool) -> None:
    """A script on PATH whose interpreter is not that of the gate fails with the name of its interpreter."""
    other, apart, own = (tmp_path / folder for folder in ("other", "apart", "own"))
    other.mkdir()
    for environment in (apart, own):
        subprocess.run([BASE, "-m", "venv", "--without-pip", environment], check=True)
    (other / "python3").symlink_to(BASE)
    (other / name).write_text(content.format(other=other, apart=apart) + "\n")
    (other / name).chmod(0o755)
    path = f"{other}{os.pathsep}{os.environ['PATH']}"

    ran = gate(tmp_path, environ={"PATH": path}, python=str(own / "bin/python"), command=name)

    assert ran.topics == ([] if runs else ["command-not-found"])
    assert ("ran" in ran.runner.lines) is runs
    assert runs or f"{other}/{name} is a script of" in ran.runner.text


@pytest.mark.parametrize(
    ("command", "topics"),
    [
        pytest.param("echo 'platform linux -- Python 3.8.1, pytest-8'", ["wrong-python-in-a-check"], id="another one"),
        pytest.param(f"echo 'platform linux -- Python {MINOR}.1, pytest-8'", [], id="the Python of the gate"),
        pytest.param("true # python3.8 -m pytest", ["wrong-python-in-a-check"], id="a command of another one"),
    ],
)
def test_a_check_on_another_python_fails_the_gate(tmp_path: Path, command: str, topics: list[str]) -> None:
    """A check that passed on another Python proves nothing about the one of the gate."""
    assert gate(tmp_path, command=command).topics == topics


def needs(**results: str) -> str:
    """Return the context ``needs`` as JSON."""
    return json.dumps({name: {"result": result, "outputs": {}} for name, result in results.items()})


def test_jobs_are_judged(tmp_path: Path) -> None:
    """With needs no check runs, and every job is judged."""
    ran = gate(tmp_path, needs=needs(lint="success", docs="skipped"), allowed_skips="docs")

    assert ran.failure is None
    assert output_texts(ran.outputs)["report"] == json.dumps(
        [
            {"name": "lint", "result": "success", "allowed": True, "reason": ""},
            {"name": "docs", "result": "skipped", "allowed": True, "reason": "excused by allowed-skips"},
        ],
        separators=(",", ":"),
    )
    assert ran.runner.summary.startswith("### ✅ Quality gate: 2 jobs\n")


def test_allowed_jobs_can_be_a_json_list(tmp_path: Path) -> None:
    """An expression can compute the list, and empty names do not count."""
    judged = needs(a="skipped", b="failure")

    assert gate(tmp_path, needs=judged, allowed_skips='["a", ""]', allowed_failures=", b,").failure is None


@pytest.mark.parametrize(
    ("given", "topics"),
    [
        pytest.param(
            {"needs": needs(a="failure", b="skipped")}, ["job-not-successful"] * 2, id="two unsuccessful jobs"
        ),
        pytest.param({"needs": "{}"}, ["empty-needs"], id="no job"),
        pytest.param({"needs": "null"}, ["needs-is-not-json"], id="a misspelt context"),
        pytest.param({"needs": needs(a="success"), "allowed_skips": "b"}, ["wrong-allow-list"], id="an unknown name"),
        pytest.param({"needs": needs(a="success"), "command": "true"}, ["wrong-inputs"], id="both at once"),
    ],
)
def test_an_unsuccessful_job_fails_the_gate(tmp_path: Path, given: dict[str, Any], topics: list[str]) -> None:
    """Every job must be successful or allowed by name."""
    assert gate(tmp_path, **given).topics == topics
