"""Problems of a wheel that its imports show, with reason and remedy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.archives import wheel
from tagship.core.verification.loading import Loaded, SitePackages, loading_problems

SITE = "/env/lib/python3.11/site-packages"
IN_CHECKOUT = {
    "hello/core.py": "src/hello/core.py",
    "hello/data.json": "src/hello/data.json",
    "util/__init__.py": "util/__init__.py",
}
SITE_PACKAGES = SitePackages(roots=(SITE,), in_checkout=IN_CHECKOUT.get)
WHEEL = wheel(
    files=["hello/__init__.py"],
    metadata="Requires-Dist: Rich; extra == 'pretty'\nRequires-Dist: attrs\nProvides-Extra: pretty\n",
)


def missing(module: str) -> Loaded:
    """Return an import that failed because of a missing module."""
    return Loaded(name="hello", kind="ModuleNotFoundError", message=f"No module named {module!r}", missing=module)


@pytest.mark.parametrize(
    ("loaded", "topic", "said"),
    [
        pytest.param(
            missing("hello.core"),
            "missing-module",
            "src/hello/core.py is in the checkout but not in the wheel",
            id="a module not in the wheel",
        ),
        pytest.param(
            missing("util"), "missing-module", "util/__init__.py is in the checkout", id="a package not in the wheel"
        ),
        pytest.param(
            missing("hello.gone"),
            "missing-module",
            "the wheel contains no module hello.gone",
            id="a module that does not exist",
        ),
        pytest.param(
            missing("requests"),
            "missing-dependency",
            "module requests is neither in the wheel nor in its dependencies",
            id="an undeclared dependency",
        ),
        pytest.param(
            missing("rich.console"),
            "missing-extra",
            "which only the extra pretty installs: Rich",
            id="a dependency of an extra",
        ),
        pytest.param(
            Loaded(name="hello", kind="RuntimeError", message="run pip install Hello[pretty]"),
            "missing-extra",
            "it needs packages, which only the extra pretty installs.",
            id="a hint that names an extra",
        ),
        pytest.param(
            Loaded(name="hello", kind="QtBindingsNotFoundError", message="No Qt bindings could be found"),
            "missing-qt-binding-tkinter-or-system-library",
            "it needs Qt bindings, which the wheel does not depend on",
            id="no Qt binding",
        ),
        pytest.param(
            missing("PySide6.QtCore"),
            "missing-qt-binding-tkinter-or-system-library",
            "it needs PySide6, which the wheel does not depend on",
            id="one Qt binding",
        ),
        pytest.param(
            missing("_tkinter"),
            "missing-qt-binding-tkinter-or-system-library",
            "it needs the module _tkinter, which this Python was built without",
            id="an optional part of Python",
        ),
        pytest.param(
            Loaded(
                name="hello", kind="ImportError", message="libGL.so.1: cannot open shared object file: No such file"
            ),
            "missing-qt-binding-tkinter-or-system-library",
            "it needs the system library libGL.so.1, which this machine lacks",
            id="a library of the system",
        ),
        pytest.param(
            Loaded(name="hello", kind="FileNotFoundError", message="...", file=f"{SITE}/hello/data.json"),
            "missing-data-file",
            "hello/data.json, which is in the checkout (src/hello/data.json)",
            id="a data file not in the wheel",
        ),
        pytest.param(
            Loaded(name="hello", kind="FileNotFoundError", message="...", file=f"{SITE}/hello/gone.json"),
            "missing-data-file",
            "it opens hello/gone.json, which the wheel does not install",
            id="a data file that does not exist",
        ),
        pytest.param(
            Loaded(name="hello", kind="FileNotFoundError", message="...", file="/etc/hello.conf"),
            "missing-data-file",
            "it opens /etc/hello.conf",
            id="a file of the machine",
        ),
        pytest.param(
            Loaded(name="hello", kind="ValueError", message="bad magic"),
            "import-failed",
            "ValueError: bad magic",
            id="any other error",
        ),
        pytest.param(
            Loaded(name="hello", kind="died", message="the interpreter exited with code -11"),
            "import-failed",
            "Loading hello of hello-1.0-py3-none-any.whl failed: the interpreter exited with code -11",
            id="a crash",
        ),
    ],
)
def test_failures_have_a_specific_reason(loaded: Loaded, topic: str, said: str) -> None:
    """The message depends on the wheel, its metadata and the checkout."""
    (problem,) = loading_problems([loaded], WHEEL, SITE_PACKAGES)

    assert problem.topic == topic
    assert said in problem.found


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        pytest.param("hello", "If no user imports it, correct imports.", id="a module"),
        pytest.param(
            "hello.console:main", "If no user runs the script, set scripts: off.", id="the target of a script"
        ),
    ],
)
def test_the_remedy_names_the_input_that_caused_the_load(name: str, remedy: str) -> None:
    """Modules are loaded because of ``imports``, script targets because of ``scripts``."""
    (problem,) = loading_problems([replace(missing("requests"), name=name)], WHEEL, SITE_PACKAGES)

    assert problem.remedy.endswith(remedy)


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        pytest.param("rich; extra == 'pretty'", "only the extra pretty installs", id="an extra"),
        pytest.param("rich; python_version < '3'", "neither in the wheel nor in its dependencies", id="another marker"),
        pytest.param("not valid", "neither in the wheel nor in its dependencies", id="an invalid requirement"),
    ],
)
def test_only_requirements_of_an_extra_are_optional(requirement: str, said: str) -> None:
    """A requirement with another marker is not one of an extra."""
    item = wheel(files=["hello/__init__.py"], metadata=f"Requires-Dist: {requirement}\n")
    (problem,) = loading_problems([missing("rich")], item, SITE_PACKAGES)

    assert said in problem.found


def test_the_host_of_a_plugin_is_a_choice() -> None:
    """A package with the name of its host leaves the host to its users."""
    item = wheel("matplotlib-inline", metadata="Requires-Dist: matplotlib; extra == 'test'\n")
    (problem,) = loading_problems([missing("matplotlib")], item, SITE_PACKAGES)

    assert "it needs matplotlib, which it extends and does not depend on" in problem.found


def test_the_extra_for_the_module_is_named_before_one_for_everything() -> None:
    """Extras such as all and dev repeat the requirements of the others."""
    lines = [f"Requires-Dist: rich; extra == {name!r}\n" for name in ("all", "dev", "pretty")]
    (problem,) = loading_problems([missing("rich")], wheel(metadata="".join(lines)), SITE_PACKAGES)

    assert "only the extra pretty installs" in problem.found


def test_a_submodule_of_a_module_in_the_wheel_is_missing_from_the_wheel() -> None:
    """``hello.inner`` cannot come from a dependency if the wheel has ``hello.py``."""
    (problem,) = loading_problems([missing("hello.inner")], wheel(files=["hello.py"]), SITE_PACKAGES)

    assert problem.topic == "missing-module"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param("C:\\env\\site\\hello\\a.py", "hello/a.py", id="a file"),
        pytest.param("C:\\env\\site-other\\a.py", None, id="another folder"),
        pytest.param("\\other\\a.py", None, id="a path without the root"),
        pytest.param("C:\\env\\site", None, id="the root itself"),
    ],
)
def test_windows_paths_become_relative_to_their_root(place: str, expected: str | None) -> None:
    """Relative paths have forward slashes on every system."""
    assert SitePackages(roots=("C:\\env\\site",), in_checkout=IN_CHECKOUT.get).inside(place) == expected


@pytest.mark.parametrize("marker", ["extra == 'pretty'", 'python_version > "3" and extra=="pretty"'])
def test_the_extra_with_the_module_is_named(marker: str) -> None:
    """A plugin may import its host without a dependency on it."""
    plugin = wheel(files=["hello/__init__.py"], metadata=f"Requires-Dist: Rich; {marker}\n")
    (problem,) = loading_problems([missing("rich")], plugin, SITE_PACKAGES)

    assert problem.remedy.endswith("smoke-extras: pretty; for verify-wheel: extras: pretty")


def test_a_module_of_the_environment_passes() -> None:
    """A module in site-packages is the one of the wheel."""
    assert loading_problems([Loaded(name="hello", places=(f"{SITE}/hello/__init__.py",))], WHEEL, SITE_PACKAGES) == ()


@pytest.mark.parametrize(
    "place", ["/work/checkout/hello/__init__.py", "/usr/lib/python3.11/hello.py", "built-in", f"{SITE}-other/hello.py"]
)
def test_a_module_from_another_place_is_reported(place: str) -> None:
    """A module must not come from the checkout, the standard library or another environment."""
    (problem,) = loading_problems([Loaded(name="hello", places=(place,))], WHEEL, SITE_PACKAGES)

    assert (problem.topic, place in problem.found) == ("module-not-from-the-wheel", True)


def test_equal_problems_are_reported_once() -> None:
    """The same failure of the same name is one problem."""
    assert len(loading_problems([missing("requests"), missing("requests")], WHEEL, SITE_PACKAGES)) == 1
