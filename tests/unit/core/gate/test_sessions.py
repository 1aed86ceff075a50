"""Sessions of nox and environments of tox that a job runs."""

from __future__ import annotations

import json

import pytest

from tagship.core.gate.sessions import NOX, TOX, chosen

JOBS = ("3.11", "3.12", "3.13")


def nox(*sessions: tuple[str, str, str | bool | None]) -> str:
    """Return the list of nox with sessions, each the name of a function, its suffix and its Python."""
    found = [{"session": f"{name}{suffix}", "name": name, "python": python} for name, suffix, python in sessions]
    return f"Using a pyproject.toml\n{json.dumps(found)}\n"


TESTS = (("tests", "-3.11", "3.11"), ("tests", "-3.12(d='5')", "3.12"), ("lint", "", None), ("docs", "", False))
SESSIONS = nox(*TESTS)
PYPY = nox(("t", "-pypy-3.9", "pypy-3.9"), ("t", "-3.9", "3.9"))
THREADS = nox(("t", "-3.14t", "3.14t"), ("t", "-3.14", "3.14"))


@pytest.mark.parametrize(
    ("listing", "own", "jobs", "expected"),
    [
        pytest.param(SESSIONS, "3.11", JOBS, ["-s tests-3.11"], id="those for the Python"),
        pytest.param(
            SESSIONS, "3.12", JOBS, ["""-s 'tests-3.12(d='"'"'5'"'"')' lint docs"""], id="one job runs the rest"
        ),
        pytest.param(SESSIONS, "3.13", JOBS[2:], ["--force-python 3.13 -s tests", "-s lint docs"], id="the last job"),
        pytest.param(SESSIONS, "3.13", JOBS, ["--force-python 3.13 -s tests"], id="a Python that the list leaves out"),
        pytest.param(SESSIONS, "3.11", (), ["-s tests-3.11 lint docs"], id="a single job"),
        pytest.param(nox(*TESTS[2:]), "3.11", JOBS, [""], id="no session has several Pythons"),
        pytest.param(nox(*TESTS[:1]), "3.11", JOBS, [""], id="every session"),
        pytest.param(nox(("lint", "", "3.12"), ("x", "", "3.10")), "3.11", JOBS, [], id="sessions of another job"),
        pytest.param(nox(("lint", "", "3.11"), ("x", "", "3.10")), "3.11", JOBS, ["-s lint"], id="a Python of no job"),
        pytest.param(THREADS, "3.14t", ("3.14t",), ["-s t-3.14t"], id="free-threaded"),
        pytest.param(PYPY, "pypy3.9", ("pypy3.9", "3.9"), ["-s t-pypy-3.9"], id="PyPy"),
        pytest.param("nox > Session failed.", "3.12", JOBS, [""], id="no list"),
    ],
)
def test_nox_runs_the_sessions_of_a_job(listing: str, own: str, jobs: tuple[str, ...], expected: list[str]) -> None:
    """Each job runs the sessions for its Python, and one job the others."""
    assert [command.removeprefix(NOX).strip() for command in chosen(NOX, listing, own, jobs)[0]] == expected


ENVIRONMENTS = ".pkg: install\npy311-django42\npy3.12\n3.13\nlint\n"


@pytest.mark.parametrize(
    ("listing", "own", "jobs", "expected"),
    [
        pytest.param(ENVIRONMENTS, "3.11", JOBS, "-e py311-django42", id="the Python with another factor"),
        pytest.param(ENVIRONMENTS, "3.12", JOBS, "-e py3.12,lint", id="one job runs the rest"),
        pytest.param(ENVIRONMENTS, "3.13", ("3.13", "pypy-3.11"), "-e 3.13,lint", id="the last CPython"),
        pytest.param(ENVIRONMENTS, "3.13", (), "-e 3.13,lint", id="a single job"),
        pytest.param(ENVIRONMENTS, "3.14t", JOBS, "-e py314t", id="a Python that the list leaves out"),
        pytest.param(ENVIRONMENTS, "3.14", (), "-e py314,lint", id="with the rest"),
        pytest.param(ENVIRONMENTS, "pypy3.11", JOBS, "-e pypy311", id="PyPy"),
        pytest.param("py\nlint\n", "3.11", JOBS, "", id="no Python in the list"),
        pytest.param("py310\npy313t\ndjango32\n", "3.12", JOBS, "-e py312,django32", id="a factor with a number"),
        pytest.param("", "3.12", JOBS, "", id="no list"),
    ],
)
def test_tox_runs_the_environments_of_a_job(listing: str, own: str, jobs: tuple[str, ...], expected: str) -> None:
    """A Python that the list of environments leaves out is tested too."""
    assert chosen(TOX, listing, own, jobs)[0] == (f"{TOX} {expected}".strip(),)


SETTINGS = (
    "3.12\n3.13\ntypes\nlint\n[testenv:types]\nbase_python = py313\n\n[testenv:lint]\nbase_python = /a-3.11/python\n"
)


@pytest.mark.parametrize(
    ("own", "jobs", "expected", "nowhere"),
    [
        pytest.param("3.13", JOBS, "-e 3.13,types", (), id="the job with the Python"),
        pytest.param("3.12", JOBS, "-e 3.12,lint", (), id="the job that runs the rest"),
        pytest.param("3.12", ("3.12",), "-e 3.12,lint", ("types",), id="no job with the Python"),
    ],
)
def test_tox_runs_an_environment_with_the_python_of_its_settings(
    own: str, jobs: tuple[str, ...], expected: str, nowhere: tuple[str, ...]
) -> None:
    """Tox would skip it in a job without that Python, so nothing would check the types."""
    assert chosen(TOX, SETTINGS, own, jobs) == ((f"{TOX} {expected}",), nowhere)


@pytest.mark.parametrize(
    ("own", "jobs", "expected"),
    [
        pytest.param("3.12", JOBS, ("old",), id="the job that runs the rest"),
        pytest.param("3.11", JOBS, (), id="another job"),
        pytest.param("3.11", (), ("lint", "old"), id="a single job"),
    ],
)
def test_sessions_that_no_job_runs_are_known(own: str, jobs: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """A session with one Python runs in the job of that Python only; the other Pythons of a test do not count."""
    listing = nox(("lint", "", "3.13"), ("old", "", "3.10"), ("tests", "-3.11", "3.11"), ("tests", "-3.9", "3.9"))

    assert chosen(NOX, listing, own, jobs)[1] == expected
