"""verify-wheel finds mistakes that show only after installation and not in the checkout."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.indexes import ScriptedIndex, serving
from support.repositories import new_repository
from support.runtimes import RecordingRunner, recorded_world
from support.wheels import write_sdist, write_wheel
from tagship.actions.verify_wheel import Inputs, Outputs, run
from tagship.contract.conversion import read_inputs
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.errors import Problem

OFFLINE = "UV_OFFLINE=1"
"""Settings that install dependencies from the folder ``links`` and never from an index."""


@dataclass(slots=True)
class Checkout:
    """A checkout with wheels in ``dist``, and the records of the last action run on it."""

    path: Path
    temporary: Path
    runner: RecordingRunner = field(default_factory=RecordingRunner)

    @property
    def dist(self) -> Path:
        return self.path / "dist"

    @property
    def links(self) -> Path:
        return self.path.parent / "links"

    def wheel(self, files: Mapping[str, str], name: str = "hello", version: str = "1.0", **options: Any) -> Path:
        """Return a wheel in ``dist``."""
        return write_wheel(self.dist, name, version, files, **options)

    def verify(self, **inputs: str) -> Outputs:
        """Run the action with inputs named as in a workflow, with underscores for hyphens."""
        recorded = recorded_world(
            self.path, self.temporary, environ={"GITHUB_TOKEN": "secret", "PYTHONPATH": str(self.path)}
        )
        self.runner = recorded.runner
        env = f"{OFFLINE}\nUV_FIND_LINKS={self.links}\n{inputs.pop('env', '')}"
        raw = {name.replace("_", "-"): value for name, value in inputs.items()}
        return run(read_inputs(Inputs, {**raw, "env": env}, expand=str), recorded.runtime)

    def refused(self, **inputs: str) -> Problem:
        """Return the only problem of a failing run."""
        with pytest.raises(Failure) as caught:
            self.verify(**inputs)
        (problem,) = caught.value.problems
        return problem

    def results(self, outputs: Outputs) -> dict[str, str]:
        """Return the result of each check, by its name."""
        return {check["name"]: check["result"] for check in json.loads(Path(outputs.report).read_text("utf-8"))}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Return a checkout without project files."""
    (tmp_path / "links").mkdir()
    return Checkout(new_repository(tmp_path / "work").path, tmp_path / "temporary")


HELLO = {
    "hello/__init__.py": "def main():\n    print('usage: hello')\n",
    "hello/inner.py": "VALUE = 1\n",
}


def test_a_good_wheel_is_used_as_its_users_will(checkout: Checkout) -> None:
    """The wheel is installed, imported and used, and the outputs, report and summary show it."""
    checkout.wheel(HELLO, entry_points="[console_scripts]\nhello = hello:main\n")

    outputs = checkout.verify(smoke_command="hello\npython -c 'import hello.inner'")

    assert (outputs.name, outputs.version) == ("hello", "1.0")
    assert (outputs.imports, outputs.scripts) == (("hello",), ("hello",))
    assert checkout.results(outputs) == {
        "Installed files": "passed",
        "Dependencies": "passed",
        "import hello": "passed",
        "load hello:main": "passed",
        "hello --help": "passed",
        "Smoke command": "passed",
    }
    assert checkout.runner.summaries[0].startswith("### ✅ Verify wheel: hello 1.0\n")


def test_a_flat_layout_does_not_replace_the_wheel(checkout: Checkout) -> None:
    """A package that is in the checkout but not in the wheel cannot be imported."""
    (checkout.path / "hello").mkdir()
    (checkout.path / "hello/__init__.py").write_text("")
    checkout.wheel({"other.py": ""})

    problem = checkout.refused(imports="hello")

    assert (problem.topic, "hello/__init__.py is in the checkout but not in the wheel" in problem.found) == (
        "missing-module",
        True,
    )


def test_a_smoke_command_in_a_flat_layout_uses_the_wheel(checkout: Checkout) -> None:
    """The smoke command imports the wheel and not the different copy in the checkout."""
    (checkout.path / "hello").mkdir()
    (checkout.path / "hello/__init__.py").write_text("raise SystemExit('the checkout was used')")
    checkout.wheel({"hello/__init__.py": "WHO = 'wheel'\n"})

    outputs = checkout.verify(smoke_command="python -c \"import hello; assert hello.WHO == 'wheel'\"")

    assert checkout.results(outputs)["Smoke command"] == "passed"


def test_wheels_of_the_same_release_are_a_source_of_dependencies(checkout: Checkout) -> None:
    """A package of a workspace requires another one that no index has yet."""
    write_wheel(checkout.path / "others", "bye", "1.0", {"bye.py": ""})
    checkout.wheel({"hello/__init__.py": "import bye\n"}, metadata="Requires-Dist: bye==1.0\n")

    assert checkout.results(checkout.verify(with_wheels="others"))["import hello"] == "passed"


@pytest.mark.parametrize(
    ("files", "sources", "options", "topic", "said"),
    [
        pytest.param(
            {"hello/__init__.py": "import hello.core\n"}, {"src/hello/core.py": ""}, {}, "missing-module",
            "src/hello/core.py is in the checkout", id="a missing module file",
        ),
        pytest.param(
            {"hello/__init__.py": "from pathlib import Path\nPath(__file__).with_name('data.json').read_text()\n"},
            {"src/hello/data.json": "{}"}, {}, "missing-data-file", "src/hello/data.json", id="a missing data file",
        ),
        pytest.param(
            {"hello/__init__.py": "import requests\n"}, {}, {}, "missing-dependency", "requests",
            id="an undeclared dependency",
        ),
        pytest.param(
            {"hello/__init__.py": "1/0\n"}, {}, {}, "import-failed", "ZeroDivisionError: division by zero",
            id="an import that fails",
        ),
        pytest.param(
            {"hello/__init__.py": ""}, {}, {"entry_points": "[console_scripts]\nhello = hello:main\n"}, "import-failed",
            "Loading hello:main of hello-1.0-py3-none-any.whl failed: AttributeError", id="a broken entry point",
        ),
        pytest.param(
            {"hello/__init__.py": "def main(): import nowhere\n"}, {},
            {"entry_points": "[console_scripts]\nhello = hello:main\n"}, "script-fails", "No module named 'nowhere'",
            id="a script that fails at run time",
        ),
        pytest.param({"json/__init__.py": "OURS = 1\n"}, {}, {}, "module-not-from-the-wheel", "import json loaded /",
                     id="a module hidden by the standard library"),
        pytest.param({"hello.py": ""}, {}, {"metadata": "Requires-Python: >=3.99\n"}, "requires-python",
                     "requires Python >=3.99", id="a wrong Requires-Python"),
        pytest.param({"hello.py": ""}, {}, {"requires": ["nosuch-package>1"]}, "network-connectivity-is-disabled",
                     "no earlier rehearsal downloaded it", id="a dependency that cannot be downloaded"),
        pytest.param({"hello.py": ""}, {}, {"requires": ["one", "two"]}, "cannot-install", "base",
                     id="conflicting dependencies"),
        pytest.param({"hello.py": "", "shared/__init__.py": ""}, {}, {"requires": ["three"]}, "overwritten-files",
                     "shared/__init__.py is in both hello-1.0-py3-none-any.whl and three-1.0",
                     id="a package that another distribution also installs"),
    ],
)  # fmt: skip
def test_packaging_mistakes_are_reported_with_their_cause(
    checkout: Checkout, files: dict[str, str], sources: dict[str, str], options: dict[str, Any], topic: str, said: str
) -> None:
    """Each mistake works in the checkout and fails after installation."""
    for name, text in sources.items():
        (checkout.path / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout.path / name).write_text(text)
    for name, requires in (("one", ["base<2"]), ("two", ["base>=2"]), ("base", [])):
        write_wheel(checkout.links, name, "1.0", requires=requires)
    write_wheel(checkout.links, "base", "2.0")
    write_wheel(checkout.links, "three", "1.0", {"shared/__init__.py": "other = 1\n"})
    checkout.wheel(files, **options)

    problem = checkout.refused()

    assert problem.topic == topic
    assert said in problem.found


def test_all_problems_are_reported_at_once(checkout: Checkout) -> None:
    """A failing import hides neither a broken script nor a missing resource, and the smoke command is skipped."""
    checkout.wheel(
        {"one.py": "1/0\n", "two.py": "def main(): raise ValueError\n"},
        entry_points="[console_scripts]\ntwo = two:main\n",
    )

    with pytest.raises(Failure) as caught:
        checkout.verify(resources="two/*.json", smoke_command="echo hello")

    assert [problem.topic for problem in caught.value.problems] == [
        "missing-data-file",
        "import-failed",
        "script-fails",
    ]
    assert "| ⏭️&nbsp;Smoke command |" in caught.value.summary
    assert isinstance(caught.value.outputs, Outputs)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"hello-stubs/__init__.pyi": ""}, "only type stubs"),
        ({"hello-1.0.data/data/share/hello.json": "{}"}, "only data files"),
        ({}, "only metadata"),
    ],
    ids=["stubs", "data", "metadata"],
)
def test_wheels_without_modules_pass(checkout: Checkout, files: dict[str, str], said: str) -> None:
    """A wheel with nothing to import passes, and the report says so."""
    checkout.wheel(files)

    outputs = checkout.verify()

    assert (outputs.imports, checkout.results(outputs)["Import"]) == ((), "skipped")
    assert said in checkout.runner.summary


def test_a_package_in_a_namespace_is_imported(checkout: Checkout) -> None:
    """The package is imported next to another package of the same namespace."""
    write_wheel(checkout.links, "other", "1.0", {"company/other/__init__.py": ""})
    checkout.wheel({"company/hello/__init__.py": "import company.other\n"}, requires=["other"])

    assert checkout.verify().imports == ("company.hello",)


def test_the_compatible_wheel_is_verified(checkout: Checkout) -> None:
    """Wheels for other machines in the same folder are ignored."""
    for tag in ("cp311-cp311-win_amd64", "cp39-cp39-macosx_11_0_arm64"):
        checkout.wheel({"hello.py": "1/0\n"}, tag=tag)
    checkout.wheel({"hello.py": ""})

    checkout.verify()

    assert "`hello-1.0-py3-none-any.whl`" in checkout.runner.summary


def test_a_wheel_for_another_machine_is_refused(checkout: Checkout) -> None:
    """A wheel for another platform cannot be verified here."""
    checkout.wheel({"hello.py": ""}, tag="cp39-cp39-win_amd64")

    assert checkout.refused().topic == "no-compatible-wheel"


def test_every_wheel_for_the_platform_is_verified(checkout: Checkout) -> None:
    """Each is installed in an environment of its own; those for other platforms and absent Pythons are named."""
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    good, other = {"hello.py": "x = 1\n"}, f"{python}-{python}-win_ia64"
    checkout.wheel(good)
    checkout.wheel(good, tag=f"{python}-none-any")
    checkout.wheel(good, tag="cp399-none-any")
    checkout.wheel(good, tag=other)

    outputs = checkout.verify(python="all")

    assert (outputs.version, len(checkout.runner.summaries)) == ("1.0", 2)
    assert f"Not verified, because they are for other platforms: hello-1.0-{other}.whl." in checkout.runner.lines
    (annotation,) = checkout.runner.annotations
    assert annotation[2] == "hello-1.0-cp399-none-any.whl was not verified: Python 3.99 is not available."


def test_a_missing_python_is_the_only_problem(checkout: Checkout) -> None:
    """The running Python, for which a wheel of the stable ABI may not be, adds no problem of its own."""
    checkout.wheel({"hello.py": "x = 1\n"}, tag="cp399-abi3-any")

    assert checkout.refused(python="all").topic == "no-virtual-environment"


def test_the_problems_of_all_wheels_are_reported(checkout: Checkout) -> None:
    """One wheel that works does not hide another that fails."""
    checkout.wheel({"hello.py": "x = 1\n"})
    checkout.wheel({"hello.py": "import nothing\n"}, tag=f"cp{sys.version_info.major}{sys.version_info.minor}-none-any")

    assert checkout.refused(python="all").topic == "missing-dependency"


def test_a_published_release_without_a_wheel_for_this_platform_is_a_warning(checkout: Checkout) -> None:
    """It is too late to stop, and a release may have wheels for other platforms only."""
    served = checkout.wheel({"hello.py": "x = 1\n"}, tag="cp311-cp311-win_ia64")

    with serving(ScriptedIndex(script=[[served]])) as index:
        outputs = checkout.verify(index=index.url, name="hello", version="1.0")

    assert outputs.version == "1.0"
    assert "No wheel is compatible" in checkout.runner.annotations[0][2]


def test_wheels_of_several_versions_are_refused(checkout: Checkout) -> None:
    """The version to release is ambiguous, so the run fails."""
    checkout.wheel({"hello.py": ""})
    checkout.wheel({"hello.py": ""}, version="0.9")

    assert checkout.refused().topic == "multiple-packages"


def test_a_missing_wheel_is_reported(checkout: Checkout) -> None:
    """The message has the glob that matches nothing."""
    assert checkout.refused(wheel="out/*.whl").found == "No wheel matches 'out/*.whl'."


@pytest.mark.parametrize(
    "pattern", ["dist", "dist/", "**/*.whl", "{path}/dist/*.whl", "{path}/dist", "dist/hello-1.0-*"]
)
def test_wheels_are_found_by_folder_and_glob(checkout: Checkout, pattern: str) -> None:
    """Patterns are relative to the top of the checkout or absolute."""
    checkout.wheel({"hello.py": ""})

    assert checkout.verify(wheel=pattern.format(path=checkout.path)).name == "hello"


def test_a_broken_wheel_is_reported(checkout: Checkout) -> None:
    """A file that is not an archive never reaches an installer."""
    checkout.dist.mkdir()
    (checkout.dist / "hello-1.0-py3-none-any.whl").write_text("<html>")

    assert checkout.refused().topic == "not-a-distribution"


def test_the_file_itself_is_installed(checkout: Checkout) -> None:
    """A newer version on an index is not installed instead."""
    write_wheel(checkout.links, "hello", "2.0", {"hello.py": "1/0\n"})
    checkout.wheel({"hello.py": ""})

    assert checkout.verify().version == "1.0"


@pytest.mark.parametrize(
    ("inputs", "results"),
    [
        pytest.param({"scripts": "load"}, {"load hello:main": "passed"}, id="loaded only"),
        pytest.param({"scripts": "off"}, {}, id="skipped"),
        pytest.param({}, {"load hello:main": "passed", "hello --help": "warned"}, id="run, without support for --help"),
    ],
)
def test_scripts_are_checked_as_the_input_says(
    checkout: Checkout, inputs: dict[str, str], results: dict[str, str]
) -> None:
    """A script without ``--help`` is only a warning."""
    checkout.wheel({"hello.py": "def main(): return 3\n"}, entry_points="[console_scripts]\nhello = hello:main\n")

    outputs = checkout.verify(**inputs)

    assert {
        name: result for name, result in checkout.results(outputs).items() if "hello" in name and "import" not in name
    } == results


def test_a_script_of_an_extra_is_checked_only_with_the_extra(checkout: Checkout) -> None:
    """An entry point declares the extra that it requires."""
    write_wheel(checkout.links, "helper", "1.0", {"helper.py": ""})
    checkout.wheel(
        {"hello.py": "def main():\n    import helper\n"},
        entry_points="[console_scripts]\nhello = hello:main [Serve_It]\n",
        metadata="Provides-Extra: serve-it\nRequires-Dist: helper; extra == 'serve-it'\n",
    )

    assert checkout.results(checkout.verify())["hello --help"] == "warned"
    assert "requires the extra serve-it" in str(checkout.runner.annotations)
    assert checkout.results(checkout.verify(extras="serve_it"))["hello --help"] == "passed"


def test_a_module_that_needs_an_extra_is_a_warning_that_names_it(checkout: Checkout) -> None:
    """Its users install the extra; a module that the input lists must be importable without."""
    checkout.wheel(
        {"hello/__init__.py": "", "hello/serve.py": "import helper\n", "server.py": "import helper\n"},
        entry_points="[console_scripts]\nserve = hello.serve:main\n",
        metadata="Provides-Extra: serve-it\nRequires-Dist: helper; extra == 'serve-it'\n",
    )

    results = checkout.results(checkout.verify())

    warned = [name for name, result in results.items() if result == "warned"]
    assert warned == ["import server", "load hello.serve:main"]
    assert ["only the extra serve-it installs" in text for _, _, text in checkout.runner.annotations] == [True, True]
    assert checkout.refused(imports="hello\nserver").topic == "missing-extra"


def test_a_script_of_a_broken_module_is_not_reported_twice(checkout: Checkout) -> None:
    """The failing import already gives the cause."""
    checkout.wheel({"hello.py": "1/0\n"}, entry_points="[console_scripts]\nhello = hello:main\n")

    assert checkout.refused().found.startswith("Loading hello of hello-1.0")


def test_imports_can_be_set(checkout: Checkout) -> None:
    """The input replaces the modules that the wheel declares."""
    checkout.wheel({**HELLO, "broken.py": "1/0\n"})

    assert checkout.verify(imports="hello\nhello.inner").imports == ("hello", "hello.inner")


def test_extras_are_installed_with_the_wheel_and_groups_later(checkout: Checkout) -> None:
    """A dependency from a test group does not hide that the package fails to declare it."""
    (checkout.path / "pyproject.toml").write_text('[dependency-groups]\ntest = ["helper"]\n')
    write_wheel(checkout.links, "helper", "1.0", {"helper.py": ""})
    write_wheel(checkout.links, "pretty", "1.0", {"pretty.py": ""})
    metadata = "Provides-Extra: color\nRequires-Dist: pretty; extra == 'color'\n"
    checkout.wheel({"hello.py": "import pretty\n"}, metadata=metadata)

    outputs = checkout.verify(extras="color", groups="test", smoke_command="python -c 'import hello, pretty, helper'")
    assert checkout.results(outputs)["Smoke command"] == "passed"

    checkout.wheel({"hello.py": "import helper\n"}, metadata=metadata)
    assert checkout.refused(groups="test", smoke_command="true").topic == "missing-dependency"


def test_groups_without_a_smoke_command_are_refused(checkout: Checkout) -> None:
    """Only a smoke command uses groups, so they would be ignored."""
    assert "smoke-command is empty" in checkout.refused(groups="test").found


def test_an_unknown_group_is_reported(checkout: Checkout) -> None:
    """The message has the groups of the project."""
    checkout.wheel({"hello.py": ""})

    assert checkout.refused(groups="test", smoke_command="true").topic == "dependency-group-not-found"


@pytest.mark.parametrize(
    ("command", "inputs", "said"),
    [
        ("echo no luck\nexit 3", {}, "failed with exit code 3.\n  no luck"),
        ("sleep 30", {"timeout": "1"}, "timed out after 1 s"),
        ("false\ntrue", {}, "failed with exit code 1"),
        ("echo ${GITHUB_TOKEN:-none} >&2; exit 4", {}, "failed with exit code 4.\n  none"),
    ],
    ids=["it fails", "it hangs", "its first line fails", "it sees no token"],
)
def test_a_failing_smoke_command_is_reported(
    checkout: Checkout, command: str, inputs: dict[str, str], said: str
) -> None:
    """The message has the last lines of its output."""
    checkout.wheel({"hello.py": ""})

    assert said in checkout.refused(smoke_command=command, **inputs).found


def test_the_smoke_command_runs_in_the_working_directory(checkout: Checkout) -> None:
    """The smoke command finds the tests of the project."""
    (checkout.path / "packages/hello/tests").mkdir(parents=True)
    checkout.wheel({"hello.py": ""})

    outputs = checkout.verify(smoke_command="test -d tests", working_directory="packages/hello")

    assert checkout.results(outputs)["Smoke command"] == "passed"


def test_a_missing_working_directory_is_reported(checkout: Checkout) -> None:
    """A job may download the files without a checkout."""
    checkout.wheel({"hello.py": ""})

    assert "does not exist" in checkout.refused(smoke_command="true", working_directory="packages/hello").found


def test_missing_data_files_are_warnings(checkout: Checkout) -> None:
    """Files under version control next to the modules that are not in the wheel are reported."""
    (checkout.path / "src/hello").mkdir(parents=True)
    (checkout.path / "src/hello/data.json").write_text("{}")
    repository = new_repository(checkout.path, {"src/hello/data.json": "{}"})
    assert repository.git("ls-files")
    checkout.wheel(HELLO)

    outputs = checkout.verify()

    assert checkout.results(outputs)["Data files"] == "warned"
    assert "hello/data.json" in checkout.runner.summary


def test_another_python_can_be_set_by_path(checkout: Checkout) -> None:
    """The summary has the version of that Python."""
    checkout.wheel({"hello.py": ""})

    checkout.verify(python=sys.executable)

    assert f"Python {sys.version.split()[0]}" in checkout.runner.summary


def test_a_python_in_the_checkout_can_be_set_by_relative_path(checkout: Checkout) -> None:
    """An environment of an earlier step in the checkout can be used."""
    checkout.wheel({"hello.py": ""})
    (checkout.path / "bin").mkdir()
    (checkout.path / "bin/python").symlink_to(sys.executable)

    assert checkout.verify(python="bin/python").name == "hello"


def test_no_other_files_remain(checkout: Checkout) -> None:
    """Only the report remains."""
    checkout.wheel({"hello.py": ""})

    checkout.verify()

    assert [path.name[:20] for path in checkout.temporary.iterdir()] == ["tagship-verification"]


def test_after_publishing_the_wheel_comes_from_the_index(checkout: Checkout) -> None:
    """The run waits for the version, and the wheel must equal the built one if that is present."""
    path = checkout.wheel({"hello.py": ""})
    with serving(ScriptedIndex([404, [path, write_sdist(checkout.links, "hello", "1.0")]])) as index:
        outputs = checkout.verify(index=index.url, wait="5s")

    assert (outputs.name, outputs.version) == ("hello", "1.0")
    assert [asked for asked, _ in index.requests] == ["/simple/hello/"] * 2 + [f"/files/{path.name}"]


def test_another_file_on_the_index_is_refused(checkout: Checkout) -> None:
    """A different published wheel of the same version is an error."""
    checkout.wheel({"hello.py": ""})
    other = write_wheel(checkout.links, "hello", "1.0", {"hello.py": "x = 1\n"})

    with serving(ScriptedIndex([[other]])) as index:
        problem = checkout.refused(index=index.url)

    assert problem.topic == "checksum-mismatch-on-the-package-index"


@pytest.mark.parametrize(
    ("digest", "name", "topic"),
    [
        pytest.param(None, "{}", None, id="the built file"),
        pytest.param("0" * 64, "{}", "checksum-mismatch-on-the-package-index", id="another file of that name"),
        pytest.param(
            None,
            "hello-1.0-cp39-none-any.whl",
            "checksum-mismatch-on-the-package-index",
            id="a file that was not built",
        ),
    ],
)
def test_published_files_are_checked_against_checksums(
    checkout: Checkout, digest: str | None, name: str, topic: str | None
) -> None:
    """With only the checksums, a job after publishing refuses every other file."""
    path = write_wheel(checkout.links, "hello", "1.0", {"hello.py": ""})
    sums = f"{digest or hashlib.sha256(path.read_bytes()).hexdigest()}  {name.format(path.name)}"

    with serving(ScriptedIndex([[path]])) as index:
        inputs = {"index": index.url, "name": "hello", "version": "1.0", "sha256sums": sums}
        if topic is None:
            assert checkout.verify(**inputs).version == "1.0"
        else:
            assert checkout.refused(**inputs).topic == topic


@pytest.mark.parametrize(
    ("inputs", "topic"),
    [
        ({"name": "hello", "version": "1.0"}, None),
        ({"name": "Hello", "version": "1.0.0"}, None),
        ({"name": "hello", "version": "9", "wait": "0"}, "version-not-on-the-package-index"),
        ({"name": "hello"}, "wrong-inputs"),
        ({"version": "1.0"}, "wrong-inputs"),
    ],
)
def test_without_a_built_wheel_name_and_version_are_inputs(
    checkout: Checkout, inputs: dict[str, str], topic: str | None
) -> None:
    """A job after publishing needs no files."""
    with serving(ScriptedIndex([[write_wheel(checkout.links, "hello", "1.0", {"hello.py": ""})]])) as index:
        if topic is None:
            assert checkout.verify(index=index.url, **inputs).version == "1.0"
        else:
            assert checkout.refused(index=index.url, **inputs).topic == topic


def test_an_index_with_only_an_sdist_is_reported(checkout: Checkout) -> None:
    """Without a wheel there is nothing to verify."""
    with serving(ScriptedIndex([[write_sdist(checkout.links, "hello", "1.0")]])) as index:
        problem = checkout.refused(index=index.url, name="hello", version="1.0", wait="0")

    assert problem.topic == "no-wheel"
