"""Results of the checks of an installed wheel, and their report."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from support.archives import wheel
from tagship.core.verification.checks import (
    check_dependencies,
    check_files,
    check_help,
    check_left_out,
    check_resources,
    check_smoke_command,
    chosen_extras,
    judged,
    not_installable,
    refuse_damaged,
    refuse_foreign_python,
    verification_summary,
)
from tagship.edges.processes import Completed
from tagship.errors import Failure, Problem

WHEEL = wheel(files=["hello/__init__.py", "hello/data/a.json", "hello/data/__init__.py"])
TRACEBACK = "Traceback (most recent call last):\n  ...\nImportError: no\n"


def ended(code: int = 0, output: str = "", *, timed_out: bool = False) -> Completed:
    """Return a finished process."""
    return Completed(code=code, output=output, seconds=1.25, timed_out=timed_out)


@pytest.mark.parametrize("required", ["", ">=3.11", ">=3.8,<4", "nonsense", "==3.11.*"])
def test_a_supported_python_passes(required: str) -> None:
    """An invalid specifier is left to the installer."""
    refuse_foreign_python(wheel(metadata=f"Requires-Python: {required}\n" if required else ""), "3.11.7")


@pytest.mark.parametrize("required", [">=3.12", "<3", "==3.11.6", ">3.11.7"])
def test_an_unsupported_python_is_refused(required: str) -> None:
    """The message names both the requirement and the version."""
    with pytest.raises(Failure, match=rf"requires Python {required}, but this is Python 3\.11\.7"):
        refuse_foreign_python(wheel(metadata=f"Requires-Python: {required}\n"), "3.11.7")


def test_a_damaged_wheel_is_called_damaged() -> None:
    """An installer would report it as a problem of the dependencies."""
    with pytest.raises(Failure, match=r"is damaged: its \.dist-info folder has no WHEEL"):
        refuse_damaged(wheel())


@pytest.mark.parametrize(
    ("offered", "asked", "unknown"),
    [
        pytest.param(["fast", "Pretty_Print"], ["pretty-print"], "", id="another spelling"),
        pytest.param(["fast"], ["fats", "fast"], r"has no extra fats\. It has: fast", id="misspelt"),
        pytest.param([], ["test"], r"has no extra test\. It has: none", id="no extras"),
    ],
)
def test_an_unknown_extra_is_refused(offered: list[str], asked: list[str], unknown: str) -> None:
    """An installer would only warn about the extra and continue without it."""
    given = wheel(metadata="".join(f"Provides-Extra: {name}\n" for name in offered))
    with pytest.raises(Failure, match=unknown) if unknown else nullcontext():
        chosen_extras(given, asked)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        pytest.param(["fast", "toml"], ["fast", "toml"], id="every extra"),
        pytest.param(["all", "fast"], ["all"], id="an extra of that name"),
    ],
)
def test_all_chooses_every_extra(offered: list[str], chosen: list[str]) -> None:
    """A package whose modules need extras is verified with all of them, however many there will be."""
    given = wheel(metadata="".join(f"Provides-Extra: {name}\n" for name in offered))
    assert chosen_extras(given, ["all"]) == chosen


def test_a_wheel_that_no_installer_accepts_is_built_again() -> None:
    """Other dependencies would not change an error in the wheel itself."""
    failed = ended(2, f"error: Failed to install: {WHEEL.filename}\n  Caused by: The wheel is invalid")
    assert not_installable(f"{WHEEL.filename}[cli]", failed).remedy.startswith("Build the wheel again")
    assert not_installable("other-1.0-py3-none-any.whl", failed).remedy.startswith("Correct the dependencies")


def test_a_dependency_of_the_same_release_may_be_missing_on_the_index() -> None:
    """A workspace publishes several packages together, so the index has none of them yet."""
    failed = ended(1, "  cause: Because hello-core was not found in the package registry and hello depends on it")

    assert "If hello-core is a package of the same release, set with-wheels" in not_installable("hello", failed).remedy


def test_shared_and_altered_files_fail() -> None:
    """Each file is reported once, with its other owner if there is one."""
    check = check_files(WHEEL, {"hello/__init__.py": "bye-1.0"}, ["hello/__init__.py", "hello/data/a.json"])

    assert (check.result, [problem.found for problem in check.problems]) == (
        "failed",
        [
            f"hello/__init__.py is in both {WHEEL.filename} and bye-1.0: one overwrites the other.",
            f"hello/data/a.json is missing or different in the environment after installing {WHEEL.filename}.",
        ],
    )
    assert check_files(WHEEL, {}, []).detail == "3 files"
    assert check_files(wheel(files=["hello.py"]), {}, []).detail == "1 file"


def test_a_check_has_at_most_five_problems() -> None:
    """A wheel with many wrong files does not flood the log."""
    check = check_files(WHEEL, {}, [f"hello/{number}.py" for number in range(7)])

    assert [problem.found.split()[0] for problem in check.problems] == [f"hello/{number}.py" for number in range(5)]


def test_a_prerelease_of_python_is_supported() -> None:
    """A release candidate of Python satisfies a lower bound below it."""
    refuse_foreign_python(wheel(metadata="Requires-Python: >=3.13\n"), "3.14.0rc1")


@pytest.mark.parametrize(
    ("globs", "result"),
    [
        (["hello/data/*.json"], "passed"),
        (["*.json"], "passed"),
        (["hello/data/b.json"], "failed"),
        (["hello/data/*.json", "x"], "failed"),
    ],
)
def test_resources_must_all_match(globs: list[str], result: str) -> None:
    """One glob without a match fails the check."""
    assert check_resources(WHEEL, globs).result == result


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (["hello/data/b.json"], "wheel: hello/data/b.json"),
        ([f"hello/{n}.txt" for n in range(7)], "hello/4.txt and 2 more"),
        (["hello/core.py", "hello/_fast.pyx", "hello/README.md"], None),
        (["hello/data/a.json"], None),
        (["tests/data/x.json", "x.json"], None),
    ],
    ids=["a data file", "many", "source files", "a file in the wheel", "a file in no package"],
)
def test_missing_data_files_are_a_warning(sources: list[str], said: str | None) -> None:
    """Data files of a package that are only in the checkout are reported, but do not fail."""
    check = check_left_out(WHEEL, sources)

    assert (
        (check is None) if said is None else (check is not None and check.result == "warned" and said in check.detail)
    )


@pytest.mark.parametrize(
    ("completed", "result"),
    [
        pytest.param(ended(0, "usage"), "passed", id="help"),
        pytest.param(ended(1, TRACEBACK), "failed", id="a traceback"),
        pytest.param(
            ended(1, f"{TRACEBACK}FileNotFoundError: [Errno 2] No such file or directory: '/tmp/x/tasks.py'\n"),
            "warned",
            id="a file that it requires of its user",
        ),
        pytest.param(
            ended(
                1, f"{TRACEBACK}FileNotFoundError: [Errno 2] No such file or directory: '/x/site-packages/a/b.txt'\n"
            ),
            "failed",
            id="a file that the wheel lacks",
        ),
        pytest.param(ended(2, "unknown option --help"), "warned", id="no support for --help"),
        pytest.param(ended(-9, "", timed_out=True), "warned", id="a timeout"),
        pytest.param(ended(0, TRACEBACK), "passed", id="a help text with a traceback"),
        pytest.param(
            ended(1, f'{TRACEBACK}RuntimeError: run pip install "hello[cli]"'), "warned", id="a missing extra"
        ),
    ],
)
def test_help_fails_on_a_traceback_only(completed: Completed, result: str) -> None:
    """A program need not support ``--help``, but it must not crash without saying which extra it needs."""
    assert check_help(wheel(metadata="Provides-Extra: cli\n"), "hello", completed).result == result


@pytest.mark.parametrize(
    ("completed", "command", "said"),
    [
        pytest.param(ended(3, "no\n"), "hello", "failed with exit code 3.\n  no", id="an exit code"),
        pytest.param(ended(-9, timed_out=True), "hello", "timed out after 90 s", id="a timeout"),
        pytest.param(ended(5), "pytest --pyargs hello", "collected no tests", id="pytest without tests"),
        pytest.param(ended(1), "pytest tests", "failed with exit code 1", id="failing tests"),
        pytest.param(ended(5), "hello", "failed with exit code 5", id="exit code 5 of another program"),
    ],
)
def test_a_failed_smoke_command_has_a_reason(completed: Completed, command: str, said: str) -> None:
    """The message has the reason and the last lines of the output."""
    (problem,) = check_smoke_command(command, 90, completed).problems

    assert said in problem.found


def test_a_passed_check_has_a_detail() -> None:
    """The report shows a detail for passed checks too."""
    assert check_smoke_command("hello", 90, ended()).detail == "1.2 s"
    assert check_dependencies(WHEEL, ended()).result == "passed"
    assert check_dependencies(WHEEL, ended(1, "hello needs x")).problems[0].topic == "cannot-install"


def test_the_report_has_an_escaped_row_for_each_check() -> None:
    """The output of a program cannot break the table."""
    problem = Problem(found="a | b <img src=x>\nmore", remedy="-", topic="import-failed")

    page = verification_summary(WHEEL, "3.11.7", [judged("import hello", [problem]), judged("x", [], "fine")])

    rows = page.splitlines()[-2:]
    assert rows[0].startswith("| ❌&nbsp;import hello | a &#124; b &#60;img")
    assert rows[1] == "| ✅&nbsp;x | fine |"
