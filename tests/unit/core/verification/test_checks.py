"""Each check of an installed wheel is judged, and all of them make a page."""

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
    judged,
    refuse_foreign_python,
    refuse_unknown_extras,
    tail,
    verification_summary,
)
from tagship.edges.processes import Completed
from tagship.errors import Failure, Problem

WHEEL = wheel(files=["hello/__init__.py", "hello/data/a.json", "hello/data/__init__.py"])
TRACEBACK = "Traceback (most recent call last):\n  ...\nImportError: no\n"


def ended(code: int = 0, output: str = "", *, timed_out: bool = False) -> Completed:
    """Return a program that ended."""
    return Completed(code=code, output=output, seconds=1.25, timed_out=timed_out)


@pytest.mark.parametrize("required", ["", ">=3.11", ">=3.8,<4", "nonsense", "==3.11.*"])
def test_pythons_that_a_wheel_admits_pass(required: str) -> None:
    """What cannot be read is left to the installer."""
    refuse_foreign_python(wheel(metadata=f"Requires-Python: {required}\n" if required else ""), "3.11.7")


@pytest.mark.parametrize("required", [">=3.12", "<3", "==3.11.6", ">3.11.7"])
def test_pythons_that_it_does_not_are_refused(required: str) -> None:
    """Before an installer says it less clearly."""
    with pytest.raises(Failure, match=rf"requires Python {required}, and this is Python 3\.11\.7"):
        refuse_foreign_python(wheel(metadata=f"Requires-Python: {required}\n"), "3.11.7")


@pytest.mark.parametrize(
    ("offered", "asked", "unknown"),
    [
        pytest.param(["fast", "Pretty_Print"], ["pretty-print"], "", id="by the same name"),
        pytest.param(["fast"], ["fats", "fast"], "has no extra fats, but fast", id="misspelt"),
        pytest.param([], ["test"], "has no extra test, but none at all", id="without any"),
    ],
)
def test_an_extra_that_is_not_there_is_refused(offered: list[str], asked: list[str], unknown: str) -> None:
    """An installer would go on without it, and less would be verified than was meant."""
    given = wheel(metadata="".join(f"Provides-Extra: {name}\n" for name in offered))
    with pytest.raises(Failure, match=unknown) if unknown else nullcontext():
        refuse_unknown_extras(given, asked)


def test_shared_and_altered_files_fail() -> None:
    """Each is named once, with the other owner where there is one."""
    check = check_files(WHEEL, {"hello/__init__.py": "bye-1.0"}, ["hello/__init__.py", "hello/data/a.json"])

    assert (check.result, [problem.found for problem in check.problems]) == (
        "failed",
        [
            f"hello/__init__.py is installed by {WHEEL.filename} and by bye-1.0: one overwrites the other.",
            f"hello/data/a.json is not in the environment as it is in {WHEEL.filename}.",
        ],
    )
    assert check_files(WHEEL, {}, []).detail == "3 files"
    assert check_files(wheel(files=["hello.py"]), {}, []).detail == "1 file"


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
    """One glob that matches nothing fails the check."""
    assert check_resources(WHEEL, globs).result == result


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (["hello/data/b.json"], "hello/data/b.json"),
        ([f"hello/{n}.txt" for n in range(7)], "and 2 more"),
        (["hello/core.py", "hello/_fast.pyx", "hello/README.md"], None),
        (["hello/data/a.json"], None),
        (["tests/data/x.json", "x.json"], None),
    ],
    ids=["a data file", "many", "sources are left out on purpose", "it is in the wheel", "it is in no package"],
)
def test_data_files_beside_modules_are_missed(sources: list[str], said: str | None) -> None:
    """A warning only: not everything beside a module belongs into the wheel."""
    check = check_left_out(WHEEL, sources)

    assert (
        (check is None) if said is None else (check is not None and check.result == "warned" and said in check.detail)
    )


@pytest.mark.parametrize(
    ("completed", "result"),
    [
        pytest.param(ended(0, "usage"), "passed", id="help is shown"),
        pytest.param(ended(1, TRACEBACK), "failed", id="a traceback"),
        pytest.param(ended(2, "unknown option --help"), "warned", id="a program with its own ways"),
        pytest.param(ended(-9, "", timed_out=True), "warned", id="a server that keeps running"),
        pytest.param(ended(0, TRACEBACK), "passed", id="a help text that shows a traceback"),
    ],
)
def test_help_fails_on_a_traceback_only(completed: Completed, result: str) -> None:
    """No program is bound to know ``--help``, but none may crash."""
    assert check_help(WHEEL, "hello", completed).result == result


@pytest.mark.parametrize(
    ("completed", "command", "said"),
    [
        pytest.param(ended(3, "no\n"), "hello", "failed with status 3.\n  no", id="a status"),
        pytest.param(ended(-9, timed_out=True), "hello", "took longer than 90 s", id="a time-out"),
        pytest.param(ended(5), "pytest --pyargs hello", "found no tests", id="pytest without tests in the wheel"),
        pytest.param(ended(5), "hello", "failed with status 5", id="the same status of another program"),
    ],
)
def test_a_smoke_command_fails_with_its_reason(completed: Completed, command: str, said: str) -> None:
    """The last lines of the output are in the message."""
    (problem,) = check_smoke_command(command, 90, completed).problems

    assert said in problem.found


def test_what_passes_says_how() -> None:
    """A passed check has something to say as well."""
    assert check_smoke_command("hello", 90, ended()).detail == "1.2 s"
    assert check_dependencies(WHEEL, ended()).result == "passed"
    assert check_dependencies(WHEEL, ended(1, "hello needs x")).problems[0].topic == "cannot-install"


def test_a_long_output_is_cut_to_its_end() -> None:
    """The reason stands in the last lines."""
    assert tail(ended(1, "".join(f"{n}\n" for n in range(100)))).split() == [str(n) for n in range(88, 100)]


def test_the_page_has_a_row_a_check_and_interprets_nothing() -> None:
    """What somebody's program printed cannot break the table."""
    problem = Problem(found="a | b <img src=x>\nmore", remedy="-", topic="import-failed")

    page = verification_summary(WHEEL, "3.11.7", [judged("import hello", [problem]), judged("x", [], "fine")])

    rows = page.splitlines()[-2:]
    assert rows[0].startswith("| ❌ import hello | a &#124; b &#60;img")
    assert rows[1] == "| ✅ x | fine |"
