"""One verdict over many jobs, and no way to make it green by accident."""

from __future__ import annotations

import json

import pytest

from tagship.core.gate.verdict import job_problems, judge, parse_needs, verdict_table
from tagship.errors import Failure


def verdicts(results: dict[str, str], skips: tuple[str, ...] = (), failures: tuple[str, ...] = ()) -> dict[str, bool]:
    """Return True if each job passes."""
    return {job.name: job.allowed for job in judge(results, allowed_skips=skips, allowed_failures=failures)}


@pytest.mark.parametrize(
    ("result", "skips", "failures", "allowed"),
    [
        pytest.param("success", (), (), True, id="success"),
        pytest.param("failure", (), (), False, id="failure"),
        pytest.param("skipped", (), (), False, id="skipped"),
        pytest.param("cancelled", (), (), False, id="cancelled"),
        pytest.param("skipped", ("a",), (), True, id="skipped as it may"),
        pytest.param("failure", ("a",), (), False, id="failed though it may only be skipped"),
        pytest.param("cancelled", ("a",), (), False, id="cancelled though it may only be skipped"),
        pytest.param("failure", (), ("a",), True, id="failed as it may"),
        pytest.param("cancelled", (), ("a",), True, id="cancelled where it may fail"),
        pytest.param("skipped", (), ("a",), True, id="skipped where it may fail"),
        pytest.param("success", ("a",), (), True, id="success where it may be skipped"),
        pytest.param("Success", (), ("a",), False, id="a result that is none"),
        pytest.param("", (), ("a",), False, id="no result"),
    ],
)
def test_a_job_passes_only_with_success_or_by_name(
    result: str, skips: tuple[str, ...], failures: tuple[str, ...], allowed: bool
) -> None:
    """Everything but success needs an excuse that names the job."""
    assert verdicts({"a": result, "b": "success"}, skips, failures) == {"a": allowed, "b": True}


@pytest.mark.parametrize(
    ("skips", "failures", "said"),
    [
        pytest.param(("x",), (), "allowed-skips names 'x'", id="an unknown name among skips"),
        pytest.param((), ("x",), "allowed-failures names 'x'", id="an unknown name among failures"),
        pytest.param(("a",), ("a",), "'a' stands in allowed-skips and in allowed-failures", id="a job in both"),
        pytest.param(("A",), (), "allowed-skips names 'A'", id="another case"),
    ],
)
def test_a_wrong_allow_list_is_an_error(skips: tuple[str, ...], failures: tuple[str, ...], said: str) -> None:
    """A list that excuses nothing, or twice, is not passed over, even where every job is green."""
    with pytest.raises(Failure, match=said):
        judge({"a": "success"}, allowed_skips=skips, allowed_failures=failures)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{}", "holds no job", id="no job"),
        pytest.param("null", "not the JSON", id="a misspelt context"),
        pytest.param("Object", "not the JSON", id="a context without toJSON"),
        pytest.param('["a"]', "not the JSON", id="a list"),
        pytest.param("[" * 100_000, "not the JSON", id="nested without an end"),
        pytest.param('{"a": "success"}', "not the JSON", id="results alone"),
        pytest.param('{"a": {"outputs": {}}}', "not the JSON", id="a job without a result"),
    ],
)
def test_needs_that_say_nothing_are_an_error(text: str, said: str) -> None:
    """A gate over nothing is shut."""
    with pytest.raises(Failure, match=said):
        parse_needs(text)


def test_needs_may_hold_anything() -> None:
    """Outputs full of what a shell would interpret change nothing."""
    text = json.dumps({"a": {"result": "success", "outputs": {"x": "$(id) `id` ${{ x }} '\" %0A"}}})

    assert parse_needs(text) == {"a": "success"}


def test_every_job_that_shuts_the_gate_is_told() -> None:
    """Each has a problem of its own, with the line that would excuse it."""
    jobs = judge({"a": "failure", "b": "skipped", "c": "success", "d": "?"}, allowed_skips=(), allowed_failures=())

    assert [item.found for item in job_problems(jobs)] == [
        "The job 'a' ended with 'failure'.",
        "The job 'b' ended with 'skipped'.",
        "The job 'd' ended with '?', no result that is known.",
    ]
    assert job_problems(jobs)[1].remedy.endswith("allowed-skips: b")


def test_the_table_shows_every_job() -> None:
    """Excuses show beside the results they excuse."""
    jobs = judge({"a": "success", "b": "skipped", "c": "failure"}, allowed_skips=("b",), allowed_failures=())

    assert verdict_table(jobs).splitlines()[2:] == [
        "| ✅ a | success |",
        "| ✅ b | skipped, excused by allowed-skips |",
        "| ❌ c | failure |",
    ]
