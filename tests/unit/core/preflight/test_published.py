"""The checks of existing files and releases."""

from __future__ import annotations

from typing import Literal

import pytest
from packaging.version import Version

from tagship.core.index_rules.file_names import look_alikes
from tagship.core.preflight.published import IndexAnswer, index_finding, release_finding
from tagship.core.release.answers import ReleaseAnswer

EXISTING = IndexAnswer(state="known", files={Version("1.2"): ["hello-1.2.tar.gz"]})


@pytest.mark.parametrize(
    ("answer", "version", "on_published", "outcome", "said"),
    [
        pytest.param(
            EXISTING, "1.3", "fail", "passed", "hello 1.3 is not on https://i.example/ yet", id="a new version"
        ),
        pytest.param(
            EXISTING, "1.2.0", "fail", "failed", "hello-1.2.tar.gz", id="the same version, spelled differently"
        ),
        pytest.param(
            EXISTING, "1.2", "warn", "warned", "already exists on https://i.example/", id="an interrupted release"
        ),
        pytest.param(
            IndexAnswer(state="unknown", files={}),
            "1.2",
            "fail",
            "passed",
            "has no files of hello yet",
            id="a new project",
        ),
        pytest.param(
            IndexAnswer(state="unreachable", files={}, reason="It does not answer."),
            "1.2",
            "fail",
            "warned",
            "unknown if https://i.example/ has hello 1.2. It does not answer.",
            id="an index that is down",
        ),
    ],
)
def test_an_existing_version_stops_the_release(
    answer: IndexAnswer, version: str, on_published: Literal["fail", "warn"], outcome: str, said: str
) -> None:
    """Only an existing version is a problem; an index that does not respond is a warning."""
    found = index_finding(
        answer, name="hello", version=Version(version), index="https://i.example/", on_published=on_published
    )

    assert found.outcome == outcome
    assert said in found.says


@pytest.mark.parametrize(
    ("name", "index", "outcome"),
    [
        pytest.param("Asyncio", "https://pypi.org/simple/", "failed", id="a module"),
        pytest.param("distutils", "https://test.pypi.org/simple/", "failed", id="a module of an older Python"),
        pytest.param("asyncio", "https://i.example/simple/", "passed", id="another index"),
        pytest.param("asyncio-hello", "https://pypi.org/simple/", "passed", id="another name"),
    ],
)
def test_a_new_project_has_no_name_of_the_standard_library(name: str, index: str, outcome: str) -> None:
    """PyPI refuses the first upload of such a project."""
    answer = IndexAnswer(state="unknown", files={})

    found = index_finding(answer, name=name, version=Version("1.0"), index=index, on_published="fail")

    assert found.outcome == outcome


def test_a_new_project_has_no_name_like_that_of_another() -> None:
    """PyPI refuses a name that reads like an existing one."""
    found = index_finding(
        IndexAnswer(state="unknown", files={}),
        name="he1lo",
        version=Version("1.0"),
        index="https://pypi.org/simple/",
        on_published="fail",
        look_alike="hello",
    )

    assert "The name 'he1lo' is too similar to an existing project: hello." in found.says


def test_names_are_alike_without_separators_and_with_digits_for_letters() -> None:
    """These are the substitutions that PyPI makes before it compares two names."""
    assert look_alikes("Fo_o.il") == ("fooil", "f00il", "fooi1", "foo1l", "fooll", "fooii")


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        pytest.param(ReleaseAnswer(state="absent"), "passed", "No release of v1.2", id="no release"),
        pytest.param(ReleaseAnswer(state="published", url="U"), "passed", "U exists", id="a mutable release"),
        pytest.param(
            ReleaseAnswer(state="published", url="U", immutable=True), "failed", "immutable", id="an immutable release"
        ),
        pytest.param(ReleaseAnswer(state="unreachable", reason="R"), "skipped", "R", id="a failed request"),
    ],
)
def test_an_immutable_release_stops_the_run(answer: ReleaseAnswer, outcome: str, said: str) -> None:
    """Files can be added to any other release."""
    found = release_finding(answer, tag="v1.2")

    assert found.outcome == outcome
    assert said in found.says
