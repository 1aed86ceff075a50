"""One verdict for many jobs, which never passes by accident."""

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
        pytest.param("skipped", ("a",), (), True, id="skipped and allowed to be"),
        pytest.param("failure", ("a",), (), False, id="failed but allowed only to be skipped"),
        pytest.param("cancelled", ("a",), (), False, id="cancelled but allowed only to be skipped"),
        pytest.param("failure", (), ("a",), True, id="failed and allowed to"),
        pytest.param("cancelled", (), ("a",), True, id="cancelled and allowed to fail"),
        pytest.param("skipped", (), ("a",), True, id="skipped and allowed to fail"),
        pytest.param("success", ("a",), (), True, id="success and allowed to be skipped"),
        pytest.param("Success", (), ("a",), False, id="an unknown result"),
        pytest.param("", (), ("a",), False, id="no result"),
    ],
)
def test_a_job_passes_only_with_success_or_by_name(
    result: str, skips: tuple[str, ...], failures: tuple[str, ...], allowed: bool
) -> None:
    """Any other result than success must be allowed by the name of the job."""
    assert verdicts({"a": result, "b": "success"}, skips, failures) == {"a": allowed, "b": True}


@pytest.mark.parametrize(
    ("skips", "failures", "said"),
    [
        pytest.param(("x",), (), "Unknown job 'x' in allowed-skips", id="an unknown name among skips"),
        pytest.param((), ("x",), "Unknown job 'x' in allowed-failures", id="an unknown name among failures"),
        pytest.param(("a",), ("a",), "'a' is in both allowed-skips and allowed-failures", id="a job in both"),
        pytest.param(("A",), (), "Unknown job 'A' in allowed-skips", id="upper case"),
    ],
)
def test_a_wrong_allow_list_is_an_error(skips: tuple[str, ...], failures: tuple[str, ...], said: str) -> None:
    """A wrong entry is an error even if every job succeeded."""
    with pytest.raises(Failure, match=said):
        judge({"a": "success"}, allowed_skips=skips, allowed_failures=failures)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{}", "contains no jobs", id="no job"),
        pytest.param("null", "not the JSON", id="a misspelt context"),
        pytest.param("Object", "not the JSON", id="a context without toJSON"),
        pytest.param('["a"]', "not the JSON", id="a list"),
        pytest.param("[" * 100_000, "not the JSON", id="deep nesting"),
        pytest.param('{"a": "success"}', "not the JSON", id="results only"),
        pytest.param('{"a": {"outputs": {}}}', "not the JSON", id="a job without a result"),
    ],
)
def test_needs_without_results_are_an_error(text: str, said: str) -> None:
    """A gate without jobs fails."""
    with pytest.raises(Failure, match=said):
        parse_needs(text)


def test_needs_may_contain_any_output() -> None:
    """Shell syntax in the outputs of jobs has no effect."""
    text = json.dumps({"a": {"result": "success", "outputs": {"x": "$(id) `id` ${{ x }} '\" %0A"}}})

    assert parse_needs(text) == {"a": "success"}


def test_every_job_that_fails_the_gate_has_a_problem() -> None:
    """Each problem names the job, its result, and the setting that allows it."""
    jobs = judge({"a": "failure", "b": "skipped", "c": "success", "d": "?"}, allowed_skips=(), allowed_failures=())

    assert [item.found for item in job_problems(jobs)] == [
        "Job 'a' has the result 'failure'.",
        "Job 'b' has the result 'skipped'.",
        "Job 'd' has the result '?', an unknown result.",
    ]
    assert job_problems(jobs)[1].remedy.endswith("allowed-skips: b")


def test_the_table_shows_every_job() -> None:
    """Allowed results show the list that allows them."""
    jobs = judge({"a": "success", "b": "skipped", "c": "failure"}, allowed_skips=("b",), allowed_failures=())

    assert verdict_table(jobs).splitlines()[2:] == [
        "| ✅&nbsp;a | success |",
        "| ✅&nbsp;b | skipped, excused by allowed-skips |",
        "| ❌&nbsp;c | failure |",
    ]
