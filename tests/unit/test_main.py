"""Whole runs of the entry point, on a runner and on a terminal."""

from __future__ import annotations

import errno
import json
import sys
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import tagship.actions
from tagship import contract as c
from tagship.actions import load
from tagship.cli import in_flags, without_alias
from tagship.contract.fields import inputs_of
from tagship.errors import HELP_PAGE, Failure, Problem
from tagship.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tagship.contract.parsers import Secret
    from tagship.edges.runtime import Runtime


@c.inputs
class Inputs:
    """The inputs of the probe."""

    name: str = c.input(c.text, "The name.")
    end: str = c.input(c.text, "Kind of end.", default="well")
    loud: bool = c.input(c.boolean, "Upper case.", default="false")
    token: Secret = c.input(c.secret, "The token.", default="${{ github.token }}")


@c.outputs
class Outputs:
    """The outputs of the probe."""

    greeting: str = c.output("The greeting.")
    seen: tuple[str, ...] = c.output("The variables a child sees.")


WORLD: dict[str, tuple[Exception, str]] = {
    "unreadable": (PermissionError(errno.EACCES, "Permission denied", "/a/b"), "Permission denied (/a/b)"),
    "swapped": (OSError(errno.ELOOP, "Too many levels of symbolic links", "/a"), "symbolic links (/a)"),
    "silent": (ConnectionResetError(), "The operating system refused an operation"),
    "deep": (RecursionError("maximum recursion depth exceeded"), "is nested too deep"),
    "large": (MemoryError(), "is too large for the memory"),
    "digits": (ValueError("Exceeds the limit (4300 digits) for integer string conversion"), "too many digits"),
}
"""Errors that are the fault of the system or of data, and a part of their message."""


def run(given_inputs: Inputs, runtime: Runtime) -> Outputs:
    """Greet, fail, break or be interrupted, according to the input ``end``."""
    if given_inputs.end == "fail":
        raise Failure(
            Problem(found="It is <raining>.", remedy="Take an umbrella.", topic="rain", file="sky.md", line=3)
        )
    if given_inputs.end == "full":
        raise OSError(errno.ENOSPC, "No space left on device", "/temp/x")
    if given_inputs.end in WORLD:
        raise WORLD[given_inputs.end][0]
    if given_inputs.end == "spoken":
        remedy = "Correct the input loud, or set it: name: two words; later end: well."
        raise Failure(Problem(found="end: it is over.", remedy=remedy, topic="rain"))
    if given_inputs.end == "stop":
        raise KeyboardInterrupt
    if given_inputs.end == "break":
        raise ZeroDivisionError("::error::not a command")
    if given_inputs.end == "cancel":
        raise KeyboardInterrupt
    greeting = f"hello {given_inputs.name}"
    runtime.runner.log("greeting")
    return Outputs(greeting=greeting.upper() if given_inputs.loud else greeting, seen=tuple(sorted(runtime.environ)))


PROBE = c.Action(
    name="probe",
    title="Probe",
    summary="Greets.",
    step="Greet",
    icon="box",
    color="blue",
    tier="changelog",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)


@pytest.fixture(autouse=True)
def probe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Add an action named probe, and run in a new folder."""
    module: Any = ModuleType("tagship.actions.probe")
    module.ACTION = PROBE
    monkeypatch.setitem(sys.modules, "tagship.actions.probe", module)
    names = (*tagship.actions.NAMES, "probe")
    # The modules that copy the names are patched first: imported later, they would keep the probe after the test.
    for place in ("tagship.main", "tagship.cli", "tagship.actions"):
        monkeypatch.setattr(f"{place}.NAMES", names)
    monkeypatch.chdir(tmp_path)


@c.inputs
class InputsWithEnv(Inputs):
    """The inputs of an action that starts programs of the project."""

    env: Mapping[str, str] = c.input(c.mapping, "Variables.", default="")


def step(tmp_path: Path, given_inputs: object, **more: str) -> dict[str, str]:
    """Return the environment of a step with these inputs."""
    text_given = given_inputs if isinstance(given_inputs, str) else json.dumps(given_inputs)
    return {
        "INPUTS": text_given,
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_WORKSPACE": str(tmp_path),
        "GITHUB_TOKEN": "ghs_hidden",
        **more,
    }


def test_a_step_writes_its_outputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Outputs are written to the runner's file, the secret is masked first, and the status is 0."""
    environ = step(tmp_path, {"Name": "octo", "token": "s3cret"})
    assert main(["probe"], environ) == 0
    written = (tmp_path / "output").read_text()
    assert ("greeting<<" in written, "\nhello octo\n" in written) == (True, True)
    assert capsys.readouterr().out == "::add-mask::s3cret\ngreeting\n"


def test_the_log_names_the_variables_that_programs_do_not_get(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that misses a variable has the reason and the remedy in its log, and no value."""
    module = sys.modules["tagship.actions.probe"]
    monkeypatch.setattr(module, "ACTION", replace(PROBE, inputs=InputsWithEnv))
    environ = step(tmp_path, {"name": "octo", "token": "s3cret-of-step"}, COPY="x s3cret-of-step y", LANG="C")
    assert main(["probe"], environ) == 0
    says = "Withheld from the programs of this step, as credentials: COPY, GITHUB_TOKEN. "
    assert says + "To pass one on, set the input env: COPY=VALUE\n" in capsys.readouterr().out
    assert '"COPY"' not in (tmp_path / "output").read_text()


def test_a_step_hides_inputs_and_tokens_from_children(tmp_path: Path) -> None:
    """INPUTS is removed from the environment, and children see neither it nor a token."""
    environ = step(tmp_path, {"name": "octo"}, LANG="C")
    main(["probe"], environ)
    assert "INPUTS" not in environ
    assert '["GITHUB_WORKSPACE","LANG"]' in (tmp_path / "output").read_text()


def test_all_wrong_inputs_are_in_one_annotation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unknown, missing and malformed inputs are in one error and in the summary, and the status is 1."""
    assert main(["probe"], step(tmp_path, {"nam": "x", "loud": "yes"})) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("::error title=Probe::1. Unknown input 'nam'.%0ADid you mean name?")
    assert ("name: this input is required" in line, "'yes' is not one of true, false" in line) == (True, True)
    summary = (tmp_path / "summary").read_text()
    assert summary.count(f"{HELP_PAGE}#wrong-inputs") == 3


def test_an_expected_failure_is_annotated_at_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The annotation has the file and line, and the summary shows the text escaped."""
    assert main(["probe"], step(tmp_path, {"name": "x", "end": "fail"})) == 1
    out = capsys.readouterr().out
    assert out == "::error title=Probe,file=sky.md,line=3::It is <raining>.%0ATake an umbrella.\n"
    assert "It is &#60;raining&#62;." in (tmp_path / "summary").read_text()


def test_a_cancelled_run_ends_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SIGINT, the first signal of a cancelling runner, leads to a log line and status 130."""
    assert main(["probe"], step(tmp_path, {"name": "x", "end": "cancel"})) == 130
    assert capsys.readouterr().out == "The run was cancelled. The next run completes unfinished work.\n"


def test_an_unexpected_error_is_reported_as_a_bug(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unexpected error gives a shielded traceback in a group and a request to report it."""
    assert main(["probe"], step(tmp_path, {"name": "x", "end": "break"})) == 1
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], "ZeroDivisionError: ::error::not a command" in lines) == ("::group::Traceback", True)
    assert lines[1].startswith("::stop-commands::")
    assert lines[-1].startswith("::error title=Probe::This is a bug in tagship")
    assert (tmp_path / "summary").read_text("utf-8").startswith("### ❌ Probe\n\nThis is a bug in tagship")


def test_a_step_without_an_output_file_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The action does not run if its outputs would be lost."""
    environ = step(tmp_path, {"name": "x"})
    del environ["GITHUB_OUTPUT"]
    assert main(["probe"], environ) == 1
    assert "GITHUB_OUTPUT is not set" in capsys.readouterr().out


def test_the_local_form_separates_outputs_and_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Outputs are on standard output and the log on standard error, without any variable of a runner."""
    assert main(["probe", "--name", "octo", "--loud"], {}) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("greeting=HELLO OCTO\nseen=[]\n", "greeting\n")


def test_the_local_form_prints_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json, standard output is one object with all outputs."""
    assert main(["probe", "--name=octo", "--loud", "false", "--json"], {"HOME": "/h"}) == 0
    assert json.loads(capsys.readouterr().out) == {"greeting": "hello octo", "seen": ["HOME"]}


def test_a_local_failure_is_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    """The message is on standard error with its place and a link to its section, and the status is 1."""
    assert main(["probe", "--name", "x", "--end", "fail"], {}) == 1
    more = "   More: https://github.com/OWNER/tagship/blob/v1/docs/troubleshooting.md#rain\n"
    assert capsys.readouterr().err == f"error: sky.md:3: It is <raining>.\n   → Take an umbrella.\n{more}"


@pytest.mark.parametrize("runner", [True, False], ids=["on a runner", "on a terminal"])
def test_a_full_disk_is_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str], *, runner: bool) -> None:
    """The error of the system and the remedy are shown, not a traceback."""
    given = {"name": "x", "end": "full"}
    flags, environ = ([], step(tmp_path, given)) if runner else ([f"--{k}={v}" for k, v in given.items()], {})
    assert main(["probe", *flags], environ) == 1
    captured = capsys.readouterr()
    said = captured.out if runner else captured.err
    assert "A file could not be written: No space left on device (/temp/x)." in said
    assert "Traceback" not in said


@pytest.mark.parametrize("runner", [True, False], ids=["runner", "terminal"])
@pytest.mark.parametrize("end", WORLD)
def test_a_fault_of_the_world_is_not_called_a_bug(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], end: str, *, runner: bool
) -> None:
    """The message has the reason of the system and a remedy; the traceback is in the log."""
    flags, environ = ([], step(tmp_path, {"name": "x", "end": end})) if runner else (["--name=x", f"--end={end}"], {})
    assert main(["probe", *flags], environ) == 1
    captured = capsys.readouterr()
    said = captured.out + captured.err
    assert WORLD[end][1] in said
    assert "Traceback" in said
    assert "bug in tagship" not in said


def test_a_local_failure_speaks_of_flags(capsys: pytest.CaptureFixture[str]) -> None:
    """Inputs in a message are flags, and a value to set can be pasted."""
    assert main(["probe", "--name", "x", "--end", "spoken"], {}) == 1
    said = capsys.readouterr().err
    assert "error: --end: it is over.\n" in said
    assert "→ Correct --loud, or set it: --name='two words'; later --end=well.\n" in said


def test_a_local_run_can_be_interrupted(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C gives one word and status 130, without a traceback."""
    assert main(["probe", "--name", "x", "--end", "stop"], {}) == 130
    assert capsys.readouterr().err == "\nInterrupted.\n"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        pytest.param(["probe", "--help"], 0, "--loud [true|false]", id="help names the flags"),
        pytest.param(["probe", "--nam", "x"], 2, "unrecognized arguments", id="an abbreviated flag"),
        pytest.param(["--help"], 0, "extract-changelog", id="help names the actions"),
        pytest.param(["--version"], 0, "tagship ", id="the version"),
        pytest.param(["unknown"], 2, "'unknown' is not one of preflight", id="an unknown command"),
        pytest.param([], 2, "COMMAND", id="no command"),
    ],
)
def test_the_command_line_explains_itself(
    arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Help exits with status 0 and a usage error with status 2."""
    with pytest.raises(SystemExit) as caught:
        main(arguments, {})
    captured = capsys.readouterr()
    assert (caught.value.code, said in captured.out + captured.err) == (status, True)


@pytest.mark.parametrize("name", tagship.actions.NAMES)
def test_help_shows_values_and_defaults(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The help shows the words of each choice, and no default is an expression of a runner."""
    with pytest.raises(SystemExit):
        main([name, "--help"], {})
    shown = " ".join(capsys.readouterr().out.split())
    choices = [item for item in inputs_of(tagship.actions.load(name).inputs) if item.parser.says.startswith("one of")]
    assert [item.name for item in choices if f"Value: {item.parser.says}." not in shown] == []
    assert "${{" not in shown


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["verify", "octo/hello", "v1"], ["--repository", "octo/hello", "--tag", "v1"], id="both"),
        pytest.param(["verify", "octo/hello"], ["--repository", "octo/hello"], id="the tag of the checkout"),
        pytest.param(["verify", "o/h", "v1", "--wait", "5m"], ["--repository", "o/h", "--tag", "v1", "--wait", "5m"],
                     id="with flags"),
        pytest.param(["verify", "--help"], ["--help"], id="help"),
    ],
)  # fmt: skip
def test_verify_is_short_for_verify_release(arguments: list[str], expected: list[str]) -> None:
    """``tagship verify OWNER/REPO TAG`` sets the flags of the action; other commands are unchanged."""
    assert without_alias(arguments) == ["verify-release", *expected]
    assert without_alias(["doctor", "verify"]) == ["doctor", "verify"]


def test_help_refers_to_other_inputs_by_their_flags(capsys: pytest.CaptureFixture[str]) -> None:
    """A description that mentions another input shows it as a flag, with a value if it has one."""
    with pytest.raises(SystemExit):
        main(["gh-release", "--help"], {})
    shown = " ".join(capsys.readouterr().out.split())
    assert ("creates it at `--target`." in shown, "Requires `--require-tag=false`." in shown) == (True, True)


def test_a_token_is_not_a_flag(capsys: pytest.CaptureFixture[str]) -> None:
    """A secret is not accepted on the command line; locally it is read from GITHUB_TOKEN or GH_TOKEN."""
    with pytest.raises(SystemExit):
        main(["probe", "--help"], {})
    assert "--token" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("remedy", "expected"),
    [
        pytest.param(
            "Set its release branch: `branch: 8.1.x`", "Set its release branch: `--branch=8.1.x`", id="quoted"
        ),
        pytest.param("Set it: tag-prefix: none.", "Set it: --tag-prefix=none.", id="at the end"),
    ],
)
def test_a_remedy_of_the_local_form_is_a_flag(remedy: str, expected: str) -> None:
    """The setting of an input becomes the flag with that value, and nothing around it changes."""
    (problem,) = in_flags(load("preflight"), [Problem(found="x", remedy=remedy, topic="t")])
    assert problem.remedy == expected
