"""Laws of quality-gate and preflight: no input crashes them, and no check is lost."""

from __future__ import annotations

import contextlib
import json
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from tagship.core.formatting import last_lines, plain
from tagship.core.gate.checks import outcome, split_checks
from tagship.core.gate.detection import CHECK_FILES, detect_checks
from tagship.core.gate.diagnostics import diagnostics, inside
from tagship.core.gate.verdict import job_problems, judge, parse_needs
from tagship.core.preflight.publishing import publishing_findings
from tagship.core.project.declaration import PROJECT_FILES, read_declaration
from tagship.core.project.python_versions import admits, listed_versions, python_versions
from tagship.errors import Failure

RESULTS = st.sampled_from(["success", "failure", "cancelled", "skipped", "?"])
JOBS = st.dictionaries(st.text(min_size=1, max_size=8), RESULTS, min_size=1, max_size=8)
SHELL = st.text(alphabet="ab \n\\'\"#;&|()$`=<{}", max_size=60)
OUTPUT = st.text(alphabet="a.py:1 F01errowning[]E>-\n\x1b%,=", max_size=200)


@given(SHELL)
def test_every_line_reaches_bash(command: str) -> None:
    """Every line before the last check is in some check, except blank lines and comments."""
    checks = split_checks(f"{command}\ntrue", lambda _: False)

    lines = [line.strip() for line in command.splitlines()]
    run = "\n".join(check.script for check in checks)
    for line in lines:
        if line and not line.startswith("#"):
            assert line in run
    assert all(check.name for check in checks)


@given(SHELL)
def test_an_unclosed_command_is_one_check(command: str) -> None:
    """A command that bash never closes stays whole, except for the indent of its first line."""
    checks = split_checks(command, lambda _: True)

    assert len(checks) <= 1
    for check in checks:
        assert command.endswith(check.script) or check.script in command


@given(st.text(max_size=300))
def test_the_end_of_an_output_is_short_and_plain(output: str) -> None:
    """No output exceeds the limits or keeps its colours."""
    shown = last_lines(output, lines=5, characters=50)

    assert len(shown) <= 51
    assert len(shown.splitlines()) <= 5
    assert plain(shown) == shown or "\x1b" in shown
    outcome(0, output, timed_out=False)


@given(OUTPUT)
def test_any_output_is_parsed(output: str) -> None:
    """Every diagnostic has a file and a line, for any output."""
    for item in diagnostics(output):
        assert item.file
        assert item.line >= 0
        path = inside(item.file, workspace="/w", folder=".")
        assert path is None or ".." not in path.split("/")


def test_a_long_output_is_parsed_in_time() -> None:
    """Lines designed for slow matching take no more than linear time."""
    hostile = ["a.py:1:" * 280, "::error " + ":x" * 990, "E " + " " * 1990, "-->" + " " * 1990, "A1" * 990 + " "]
    output = "\n".join(line for line in hostile for _ in range(400))
    started = time.monotonic()
    diagnostics(output)

    assert time.monotonic() - started < 10


@given(JOBS, st.data())
def test_a_job_passes_only_with_success_or_by_name(jobs: dict[str, str], data: st.DataObject) -> None:
    """Every job that passes succeeded, or is in a list that allows its result."""
    skips = tuple(data.draw(st.lists(st.sampled_from(sorted(jobs)), unique=True)))
    failures = tuple(
        name for name in data.draw(st.lists(st.sampled_from(sorted(jobs)), unique=True)) if name not in skips
    )
    text = json.dumps({name: {"result": result, "outputs": {}} for name, result in jobs.items()})

    verdicts = judge(parse_needs(text), allowed_skips=skips, allowed_failures=failures)

    assert [job.name for job in verdicts] == list(jobs)
    for job in verdicts:
        excused = job.name in failures or (job.name in skips and job.result == "skipped")
        assert job.allowed == (job.result == "success" or (excused and job.result != "?"))
    assert len(job_problems(verdicts)) == sum(not job.allowed for job in verdicts)


@given(st.text(max_size=60) | st.recursive(st.none() | st.text(max_size=5), st.lists).map(json.dumps))
def test_needs_are_parsed_or_refused(text: str) -> None:
    """Text that is not a needs context is a Failure, never a pass."""
    with contextlib.suppress(Failure):
        assert parse_needs(text)


@given(st.text(max_size=40))
def test_lists_of_pythons_are_read_or_refused(text: str) -> None:
    """A list is never empty and has no duplicates."""
    with contextlib.suppress(Failure):
        versions = listed_versions(text)
        assert versions
        assert len(set(versions)) == len(versions)


SPECIFIERS = st.sampled_from([None, ">=3.9", ">=3.11,<3.14", "<3.8", "!=3.12.*", ">3", "3+", "~=3.11"])
NAMED = st.lists(st.sampled_from(["3.9", "3.10", "3.11", "3.12", "3.14", "3", "Free Threading"]), max_size=5)


@given(SPECIFIERS, NAMED)
def test_declared_pythons_are_supported_and_in_order(requires: str | None, named: list[str]) -> None:
    """Every version in the matrix satisfies requires-python."""
    versions = python_versions(requires, [f"Programming Language :: Python :: {name}" for name in named])

    assert all(admits(requires, version.removesuffix("t")) for version in versions)
    numbers = [tuple(map(int, version.removesuffix("t").split("."))) for version in versions]
    assert numbers == sorted(numbers)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(PROJECT_FILES), st.text(max_size=80)))
def test_project_files_are_read_or_refused(files: dict[str, str]) -> None:
    """No file crashes the reader."""
    with contextlib.suppress(Failure):
        assert (read_declaration(files) is None) == (not files)


@given(st.dictionaries(st.sampled_from(CHECK_FILES), st.text(max_size=80)), st.text(max_size=80))
def test_detection_accepts_any_file(files: dict[str, str], workflows: str) -> None:
    """A result has at least one command and a reason."""
    found = detect_checks(files, workflows=workflows)

    assert found is None or (found.commands and found.reason)


@given(st.text(alphabet="ab: -[]{}&*!|>'\"\n\t#,", max_size=80))
def test_workflows_are_read_or_ignored(text: str) -> None:
    """An invalid workflow file is left to GitHub."""
    action = "pypa/gh-action-pypi-publish@v1"
    list(
        publishing_findings(
            {"a.yml": f"{text}\n# {action}", "b.yml": f"jobs: {{a: {{steps: [{{uses: {action}}}]}}}}\n{text}"},
            running="",
        )
    )
