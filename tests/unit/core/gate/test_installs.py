"""What checks need installed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagship.core.gate.installs import split_arguments, wanted_installs
from tagship.core.project.declaration import Declaration
from tagship.errors import Failure

PACKAGE = Declaration(file="pyproject.toml", is_package=True)


@pytest.mark.parametrize(
    ("extras", "groups", "present", "expected"),
    [
        pytest.param((), (), (), ["--editable", "."], id="the package alone"),
        pytest.param(("dev", "docs"), (), (), ["--editable", ".[dev]"], id="the extra dev"),
        pytest.param((), ("dev", "docs"), (), ["--editable", ".", "--group", "dev"], id="the group dev"),
        pytest.param(("dev",), ("dev",), (), ["--editable", ".[dev]", "--group", "dev"], id="both"),
        pytest.param(("tests",), (), (), ["--editable", ".[tests]"], id="tests where there is no dev"),
        pytest.param(("dev", "test"), (), (), ["--editable", ".[dev]"], id="dev before test"),
        pytest.param((), ("Dev",), (), ["--editable", ".", "--group", "Dev"], id="another case"),
        pytest.param(
            ("docs",),
            (),
            ("requirements/dev.txt", "requirements-dev.txt"),
            ["--editable", ".", "--requirements", "requirements-dev.txt"],
            id="a requirements file where there is neither",
        ),
        pytest.param(("dev",), (), ("requirements-dev.txt",), ["--editable", ".[dev]"], id="an extra before a file"),
    ],
)
def test_what_development_needs_is_found(
    extras: tuple[str, ...], groups: tuple[str, ...], present: tuple[str, ...], expected: list[str]
) -> None:
    """The package comes with what its people use to check it."""
    declared = replace(PACKAGE, extras=extras, groups=groups)

    assert wanted_installs(declared, present, extras=(), groups=()) == expected


def test_what_is_asked_for_is_taken_as_it_is() -> None:
    """Named extras and groups replace the ones that would be found."""
    declared = replace(PACKAGE, extras=("dev",), groups=("dev",))

    arguments = wanted_installs(declared, ("requirements-dev.txt",), extras=("a", "b"), groups=("c",))

    assert arguments == ["--editable", ".[a,b]", "--group", "c"]


def test_a_folder_without_a_package_needs_its_groups_only() -> None:
    """Where there is nothing to build, nothing is built."""
    declared = replace(PACKAGE, is_package=False, groups=("dev",))

    assert wanted_installs(declared, (), extras=(), groups=()) == ["--group", "dev"]
    assert wanted_installs(None, ("requirements-dev.txt",), extras=(), groups=()) == [
        "--requirements",
        "requirements-dev.txt",
    ]


def test_lines_are_arguments() -> None:
    """Quotes work as in a shell, and nothing is expanded."""
    assert split_arguments(["-e '.[test]' pytest", "$HOME `id`"]) == ["-e", ".[test]", "pytest", "$HOME", "`id`"]


def test_open_quotes_are_told() -> None:
    """Every line that cannot be read is named."""
    with pytest.raises(Failure) as caught:
        split_arguments(["'a", "b", '"c'])

    assert len(caught.value.problems) == 2
