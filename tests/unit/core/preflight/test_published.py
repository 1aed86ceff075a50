"""What is out there already."""

from __future__ import annotations

from typing import Literal

import pytest
from packaging.version import Version

from tagship.core.preflight.published import IndexAnswer, ReleaseAnswer, index_finding, release_finding

THERE = IndexAnswer(state="known", files={Version("1.2"): ["hello-1.2.tar.gz"]})


@pytest.mark.parametrize(
    ("answer", "version", "on_published", "outcome", "said"),
    [
        pytest.param(THERE, "1.3", "fail", "fine", "hello 1.3 is not on https://i.example/ yet", id="a new version"),
        pytest.param(THERE, "1.2.0", "fail", "problem", "hello-1.2.tar.gz", id="the version, spelled otherwise"),
        pytest.param(
            THERE, "1.2", "warn", "warning", "is on https://i.example/ already", id="a release to be finished"
        ),
        pytest.param(
            IndexAnswer(state="unknown", files={}),
            "1.2",
            "fail",
            "fine",
            "has no file of hello yet",
            id="a new project",
        ),
        pytest.param(
            IndexAnswer(state="unreachable", files={}, reason="It does not answer."),
            "1.2",
            "fail",
            "warning",
            "whether https://i.example/ has hello 1.2. It does not answer.",
            id="an index that is down",
        ),
    ],
)
def test_the_index(
    answer: IndexAnswer, version: str, on_published: Literal["fail", "warn"], outcome: str, said: str
) -> None:
    """Only a version that is there stops the release; an index that is down answers for itself at the upload."""
    found = index_finding(
        answer, name="hello", version=Version(version), index="https://i.example/", on_published=on_published
    )

    assert found.outcome == outcome
    assert said in found.says


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        pytest.param(ReleaseAnswer(state="absent"), "fine", "No release of v1.2", id="none"),
        pytest.param(ReleaseAnswer(state="published", url="U"), "fine", "U is there", id="one that can be changed"),
        pytest.param(
            ReleaseAnswer(state="published", url="U", immutable=True), "problem", "immutable", id="one that cannot"
        ),
        pytest.param(ReleaseAnswer(state="unreachable", reason="R"), "skipped", "R", id="no answer"),
    ],
)
def test_the_release(answer: ReleaseAnswer, outcome: str, said: str) -> None:
    """Only a release that takes no files stops another run."""
    found = release_finding(answer, tag="v1.2")

    assert found.outcome == outcome
    assert said in found.says
