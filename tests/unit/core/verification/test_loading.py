"""What an import inside the environment says about the wheel is told with its reason and remedy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.archives import wheel
from tagship.core.verification.loading import Home, Loaded, loading_problems

SITE = "/env/lib/python3.11/site-packages"
IN_CHECKOUT = {
    "hello/core.py": "src/hello/core.py",
    "hello/data.json": "src/hello/data.json",
    "util/__init__.py": "util/__init__.py",
}
HOME = Home(roots=(SITE,), in_checkout=IN_CHECKOUT.get)
WHEEL = wheel(files=["hello/__init__.py"], metadata="Requires-Dist: Rich; extra == 'pretty'\nRequires-Dist: attrs\n")


def missing(module: str) -> Loaded:
    """Return an import that failed for a module that is not there."""
    return Loaded(name="hello", kind="ModuleNotFoundError", message=f"No module named {module!r}", missing=module)


@pytest.mark.parametrize(
    ("loaded", "topic", "said"),
    [
        pytest.param(
            missing("hello.core"),
            "missing-module",
            "src/hello/core.py is in the checkout, but not in the wheel",
            id="a module that was left out",
        ),
        pytest.param(missing("util"), "missing-module", "util/__init__.py is in the checkout", id="a package left out"),
        pytest.param(
            missing("hello.gone"),
            "missing-module",
            "the wheel holds no module hello.gone",
            id="a module that is nowhere",
        ),
        pytest.param(
            missing("requests"), "missing-dependency", "there is no module requests", id="a dependency undeclared"
        ),
        pytest.param(
            missing("rich.console"),
            "missing-dependency",
            "which only an extra brings: Rich",
            id="a dependency of an extra",
        ),
        pytest.param(
            Loaded(name="hello", kind="FileNotFoundError", message="...", file=f"{SITE}/hello/data.json"),
            "missing-data-file",
            "hello/data.json, which is in the checkout (src/hello/data.json)",
            id="data left out",
        ),
        pytest.param(
            Loaded(name="hello", kind="FileNotFoundError", message="...", file=f"{SITE}/hello/gone.json"),
            "missing-data-file",
            "it opens hello/gone.json, which the wheel does not install",
            id="data that is nowhere",
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
            Loaded(name="hello", kind="died", message="the interpreter ended with status -11"),
            "import-failed",
            "hello of hello-1.0-py3-none-any.whl cannot be loaded: the interpreter ended with status -11",
            id="a crash",
        ),
    ],
)
def test_failures_are_explained(loaded: Loaded, topic: str, said: str) -> None:
    """The same ImportError gets another message by what is in the wheel, its metadata and the checkout."""
    (problem,) = loading_problems([loaded], WHEEL, HOME)

    assert problem.topic == topic
    assert said in problem.found


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        pytest.param("hello", "if no user imports it, correct the input imports.", id="a module"),
        pytest.param("hello.console:main", "if no user runs it, set scripts: off.", id="what a program calls"),
    ],
)
def test_the_remedy_names_the_input_that_asked(name: str, remedy: str) -> None:
    """Modules are imported because of one input, programs loaded because of another."""
    (problem,) = loading_problems([replace(missing("requests"), name=name)], WHEEL, HOME)

    assert problem.remedy.endswith(remedy)


@pytest.mark.parametrize("marker", ["extra == 'pretty'", 'python_version > "3" and extra=="pretty"'])
def test_the_extra_that_brings_a_module_is_named(marker: str) -> None:
    """A plugin imports what loads it, which no plugin has to bring."""
    plugin = wheel(files=["hello/__init__.py"], metadata=f"Requires-Dist: Rich; {marker}\n")
    (problem,) = loading_problems([missing("rich")], plugin, HOME)

    assert problem.remedy.endswith("verify with the extra: extras: pretty")


def test_modules_of_the_environment_are_fine() -> None:
    """The promise: what is imported is what was installed."""
    assert loading_problems([Loaded(name="hello", places=(f"{SITE}/hello/__init__.py",))], WHEEL, HOME) == ()


@pytest.mark.parametrize(
    "place", ["/work/checkout/hello/__init__.py", "/usr/lib/python3.11/hello.py", "built-in", f"{SITE}-other/hello.py"]
)
def test_a_module_from_elsewhere_is_told(place: str) -> None:
    """The checkout, the standard library or another environment must not stand in for the wheel."""
    (problem,) = loading_problems([Loaded(name="hello", places=(place,))], WHEEL, HOME)

    assert (problem.topic, place in problem.found) == ("foreign-module", True)


def test_one_reason_is_told_once() -> None:
    """Two names that fail for the same file make one problem each, equal ones only one."""
    assert len(loading_problems([missing("requests"), missing("requests")], WHEEL, HOME)) == 1
