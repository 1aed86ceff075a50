"""Problems and warnings about built files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from packaging.version import Version

from support.archives import member, sdist, wheel
from tagship.core.distributions.lint import advice, contents_findings, twine_problems
from tagship.core.distributions.mismatches import Tagged
from tagship.core.project.declaration import Declaration

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution

FILE = "hello-1.0-py3-none-any.whl"
PROJECT = Declaration(file="pyproject.toml", has_build_system=True)
TAGGED = Tagged(tag="v1.0", prefix="v", version=Version("1.0"))


@pytest.mark.parametrize(
    ("output", "topics"),
    [
        pytest.param(
            f"Checking {FILE}: FAILED\nERROR    `long_description` has syntax errors in markup and would not be "
            'rendered on PyPI.\n         line 4: Error: Unknown directive type "foo".\n\n         .. foo::\n',
            ["long_description-has-syntax-errors-in-markup"],
            id="invalid reStructuredText",
        ),
        pytest.param(
            f"Checking {FILE}: ERROR    InvalidDistribution: Invalid distribution metadata: '9.9' is not a "
            "valid metadata version\n",
            ["twine-check"],
            id="a newer metadata version",
        ),
        pytest.param(
            f"Checking {FILE}: ERROR    InvalidDistribution: Invalid distribution metadata: unrecognized or malformed "
            "field 'foo'\n",
            ["twine-check"],
            id="a malformed field",
        ),
        pytest.param("Traceback ...\nzipfile.BadZipFile: no zip\n", ["twine-check"], id="a crash of twine"),
        pytest.param("", ["twine-check"], id="no output"),
    ],
)
def test_each_message_of_twine_is_a_problem(output: str, topics: list[str]) -> None:
    """Each message has its topic, names the file and has a remedy."""
    problems = twine_problems(FILE, output, is_refused=False)

    assert [problem.topic for problem in problems] == topics
    assert all(problem.found.startswith(FILE) and problem.remedy for problem in problems)


def test_the_line_of_the_readme_is_kept() -> None:
    """The message has the line of the error in the README."""
    (problem,) = twine_problems(
        FILE,
        "ERROR    `long_description` has syntax errors in markup\n         line 4: Error: x\n \n      .. x::\n",
        is_refused=True,
    )

    assert problem.found.endswith("\n  line 4: Error: x\n  .. x::")


def test_an_error_of_a_file_that_a_rule_refuses_is_left_to_the_rule() -> None:
    """The rules of the index report a field more precisely than twine."""
    output = f"Checking {FILE}: ERROR    InvalidDistribution: Invalid distribution metadata: '9.9' is invalid\n"

    assert twine_problems(FILE, output, is_refused=True) == ()


EMPTY = f"{FILE}: W007: Wheel library is empty\n{FILE}: W008: Wheel is empty\n"


def holding(item: Distribution, *paths: str, text: str = "") -> Distribution:
    """Return ``item`` with members at ``paths`` that contain ``text``."""
    return replace(item, archive=replace(item.archive, members=tuple(member(path, text) for path in paths)))


def contents(output: str, item: Distribution | None = None, **options: Any) -> list[tuple[str, str]]:
    """Return the level and the message of each finding in ``output`` about a wheel, without its name."""
    options = {"is_configured": False, **options}
    findings = contents_findings(item or wheel(), options.pop("source", None), output, **options)
    return [(level, problem.found.partition(": ")[2]) for level, problem in findings]


def test_each_failed_check_of_wheel_contents_lists_its_files() -> None:
    """The remedy has the setting that ignores the check."""
    output = f"{FILE}: W005: Wheel contains common toplevel name in library:\n  tests/\n{EMPTY}"

    (_, first), (_, second), _ = contents_findings(wheel(), None, output, is_configured=False)

    assert first.found == f"{FILE}: W005: Wheel contains common toplevel name in library:\n  tests/"
    assert first.remedy.startswith("Exclude it from the wheel. If src is installed as a package, set where = ")
    assert first.remedy.endswith(
        'To ignore this check, set in pyproject.toml: [tool.check-wheel-contents] ignore = ["W005"]'
    )
    assert second.remedy.startswith("Set the package folder for the build backend")
    assert 'ignore = ["W007"]' in second.remedy


def test_findings_of_one_check_are_one_finding() -> None:
    """A wheel with many groups of equal files has one finding, and at most ten files are listed."""
    names = [f"{number}.py" for number in range(24)]
    groups = [
        f"{FILE}: W002: Wheel contains duplicate files:\n  {a}\n  {b}"
        for a, b in zip(names[::2], names[1::2], strict=True)
    ]
    item = holding(wheel(), *names, text="x = 1\n" * 500)

    ((level, text),) = contents("\n".join(groups), item)

    assert level == "warning"
    assert text.splitlines()[0] == "W002: Wheel contains duplicate files:"
    assert text.splitlines()[-1] == "  and 14 more"


@pytest.mark.parametrize(
    ("code", "paths"),
    [
        pytest.param("W002", ("hello-1.0.dist-info/licenses/LICENSE", "hello/LICENSE"), id="copies of a license"),
        pytest.param("W002", ("hello/a.pyi", "hello/b.pyi"), id="equal stubs"),
        pytest.param("W002", ("hello/a.json", "hello/b.json"), id="equal data"),
        pytest.param("W002", ("hello/a/__init__.py", "hello/b/__init__.py"), id="equal small modules"),
        pytest.param("W009", ("hello/", "hello-stubs/"), id="a package and its stubs"),
        pytest.param("W009", ("hello/", "hello.libs/"), id="the libraries of auditwheel"),
        pytest.param("W010", ("hello.libs/",), id="these libraries alone"),
        pytest.param("W004", ("hello.libs/libz-6cdc3b4a.so",), id="one of these libraries"),
        pytest.param("W004", ("85ca__mypyc.cpython-311-x86_64-linux-gnu.so",), id="the library of mypyc"),
        pytest.param("W003", ("_hello_version.pyi",), id="the stub of a top-level module"),
    ],
)
def test_usual_files_are_not_reported(code: str, paths: tuple[str, ...]) -> None:
    """Working packages have them, unless the project configures the tool."""
    output = f"{FILE}: {code}: Wheel is odd:\n" + "".join(f"  {path}\n" for path in paths)

    assert contents(output, wheel(files=paths)) == []
    assert [level for level, _ in contents(output, is_configured=True)] == ["error"]


def test_several_packages_are_a_note() -> None:
    """They are usually there on purpose, as attr and attrs are; common names have a warning of their own."""
    output = f"{FILE}: W009: Wheel contains multiple toplevel library entries:\n  hello/\n  hello_old/\n"

    assert [level for level, _ in contents(output)] == ["note"]
    assert [level for level, _ in contents(output, is_configured=True)] == ["error"]


def test_an_empty_wheel_of_a_project_with_modules_is_an_error() -> None:
    """Its users cannot import anything, or start its script."""
    source = holding(sdist(), "hello-1.0/src/hello/__init__.py")
    script = wheel(entry_points="[console_scripts]\nhello = hello:main\n")

    assert [level for level, _ in contents(EMPTY, source=source)] == ["error", "error"]
    assert [level for level, _ in contents(EMPTY, script)] == ["error", "error"]


def test_a_metapackage_is_not_reported() -> None:
    """A wheel of dependencies, or of programs, is empty on purpose; one without both is a warning."""
    programs = wheel(files=["hello-1.0.data/scripts/hello"])
    tests = holding(sdist(), "hello-1.0/tests/__init__.py")

    assert contents(EMPTY, wheel(metadata="Requires-Dist: other\n"), source=tests) == []
    assert contents(EMPTY, programs) == []
    assert [level for level, _ in contents(EMPTY)] == ["warning", "warning"]


@pytest.mark.parametrize(
    "output", ["Error: unknown option in pyproject.toml\n", ""], ids=["a configuration error", "no output"]
)
def test_a_failure_without_a_code_is_reported(output: str) -> None:
    """An invalid configuration fails without the code of a check."""
    ((level, problem),) = contents_findings(wheel(), None, output, is_configured=False)

    assert (level, problem.topic) == ("error", "wheel-contents")


def test_a_release_without_defects_has_no_warnings() -> None:
    """A PEP 625 sdist and a manylinux wheel cause no warning."""
    files = [sdist("hello-world"), wheel("hello-world", tag="cp311-cp311-manylinux_2_28_x86_64")]

    assert list(advice(files, PROJECT, TAGGED)) == []


def test_a_missing_build_system_is_a_warning() -> None:
    """The default backend changes over time."""
    ((level, problem),) = advice([sdist()], Declaration(file="setup.py"), TAGGED)

    assert (level, problem.topic) == ("warning", "no-build-system")


def test_files_without_their_project_have_no_build_system() -> None:
    """A job that only checks files needs no checkout, so nothing is known about their build."""
    assert list(advice([sdist()], Declaration(), TAGGED)) == []


def test_a_fallback_version_with_a_tag_is_not_a_warning() -> None:
    """With a tag, a wrong version is an error of its own."""
    assert list(advice([wheel(version="0.0.0")], PROJECT, TAGGED)) == []


@pytest.mark.parametrize("version", ["0.0.0", "0.1.dev3+gabc", "1.3.dev2+gabc.d20240101"])
def test_a_fallback_version_without_a_tag_is_a_note(version: str) -> None:
    """On a branch it is harmless, but it must not be published."""
    ((level, problem),) = advice([wheel(version=version)], PROJECT, None)

    assert (level, problem.topic) == ("note", "version-mismatch")
    assert version in problem.found
