"""Facts of GitHub's runner."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tagship.core.runner import (
    ANNOTATION_LIMIT,
    BLANK_VARIABLES,
    SOURCE_VARIABLES,
    SUMMARY_LIMIT,
    action_source,
    annotation_text,
    job_outputs,
)

DOWNLOAD = "/home/runner/work/_actions/octo/tagship/v2/actions/preflight"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param(
            {"TAGSHIP_REPOSITORY": "octo/tagship", "TAGSHIP_REF": "v2", "GITHUB_ACTION_REPOSITORY": "other/name"},
            ("octo/tagship", "v2"),
            id="the variables of the manifest come first",
        ),
        pytest.param(
            {"GITHUB_ACTION_REPOSITORY": "octo/tagship", "GITHUB_ACTION_REF": "v2"},
            ("octo/tagship", "v2"),
            id="the variables of the runner come second",
        ),
        pytest.param(
            {"GITHUB_ACTION_REPOSITORY": "", "GITHUB_ACTION_REF": "", "GITHUB_ACTION_PATH": DOWNLOAD},
            ("octo/tagship", "v2"),
            id="blank variables give way to the folder of the download",
        ),
        pytest.param(
            {"GITHUB_ACTION_PATH": r"D:\a\_actions\octo\tagship\v2"}, ("octo/tagship", "v2"), id="a folder on Windows"
        ),
        pytest.param({"GITHUB_ACTION_PATH": "/home/me/tagship"}, ("OWNER/tagship", "v1"), id="nothing is known"),
    ],
)
def test_the_source_of_an_action_is_found(environ: dict[str, str], expected: tuple[str, str]) -> None:
    """Links to the documentation lead to the repository and the ref that the action comes from."""
    assert action_source(environ) == expected


@pytest.mark.parametrize("length", [0, ANNOTATION_LIMIT, ANNOTATION_LIMIT + 1, 100_000])
def test_an_annotation_keeps_its_beginning_and_its_remedy(length: int) -> None:
    """An annotation over the limit of the runner loses its middle, not the remedy at its end."""
    text = "Found.".ljust(length, "x") + "\nRemedy."
    shown = annotation_text(text)
    assert len(shown) <= ANNOTATION_LIMIT
    assert (shown[:6], shown[-7:]) == ("Found.", "Remedy.")


@pytest.mark.parametrize(
    ("outputs", "secrets", "expected"),
    [
        pytest.param({"a": "1", "b": ""}, ["s"], {"a": "1", "b": ""}, id="without a secret"),
        pytest.param({"a": "1", "plan": '{"token": "s3cret"}'}, ["s3cret"], {"a": "1"}, id="with the text of a secret"),
        pytest.param({"a": "1"}, [], {"a": "1"}, id="without any secret in the run"),
    ],
)
def test_an_output_with_a_secret_reaches_no_other_job(
    outputs: dict[str, str], secrets: list[str], expected: dict[str, str]
) -> None:
    """GitHub drops it with a warning."""
    assert job_outputs(outputs, secrets) == expected


def test_the_docs_have_the_rules_of_the_runner() -> None:
    """The table has the limits and the variables of this module, and the tests that it names exist."""
    root = Path(__file__).parents[3]
    text = (
        (root / "docs/self-hosted.md").read_text("utf-8").partition("## Rules of the runner")[2].partition("\n## ")[0]
    )
    known = [*BLANK_VARIABLES, *SOURCE_VARIABLES, f"{ANNOTATION_LIMIT:,} characters", f"{SUMMARY_LIMIT >> 20} MiB"]
    assert [word for word in known if word not in text] == []
    assert [name for name in re.findall(r"`(tests/.+?)`", text) if not (root / name).exists()] == []
