"""verify-wheel finds every way in which a wheel works in the checkout and not at its users."""

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
from tagship.contract.reading import read_inputs
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.errors import Problem

OFFLINE = "UV_OFFLINE=1"
"""What lets no test wait for an index: dependencies come from the folder ``links``."""


@dataclass(slots=True)
class Checkout:
    """A checkout whose ``dist`` a test fills, and what the last action run on it said."""

    path: Path
    temporary: Path
    runner: RecordingRunner = field(default_factory=RecordingRunner)

    @property
    def dist(self) -> Path:
        """The folder of built files."""
        return self.path / "dist"

    @property
    def links(self) -> Path:
        """The folder that dependencies come from."""
        return self.path.parent / "links"

    def wheel(self, files: Mapping[str, str], name: str = "hello", version: str = "1.0", **options: Any) -> Path:
        """Return a wheel in ``dist``."""
        return write_wheel(self.dist, name, version, files, **options)

    def verify(self, **inputs: str) -> Outputs:
        """Run the action with the inputs spelled as a workflow spells them, underscores for hyphens."""
        recorded = recorded_world(
            self.path, self.temporary, environ={"GITHUB_TOKEN": "secret", "PYTHONPATH": str(self.path)}
        )
        self.runner = recorded.runner
        env = f"{OFFLINE}\nUV_FIND_LINKS={self.links}\n{inputs.pop('env', '')}"
        raw = {name.replace("_", "-"): value for name, value in inputs.items()}
        return run(read_inputs(Inputs, {**raw, "env": env}, expand=str), recorded.runtime)

    def refused(self, **inputs: str) -> Problem:
        """Return the one problem the action stops with."""
        with pytest.raises(Failure) as caught:
            self.verify(**inputs)
        (problem,) = caught.value.problems
        return problem

    def results(self, outputs: Outputs) -> dict[str, str]:
        """Return the result of each check, by its name."""
        return {check["name"]: check["result"] for check in json.loads(Path(outputs.report).read_text("utf-8"))}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Return a checkout of nothing in particular."""
    (tmp_path / "links").mkdir()
    return Checkout(new_repository(tmp_path / "work").path, tmp_path / "temporary")


HELLO = {
    "hello/__init__.py": "def main():\n    print('usage: hello')\n",
    "hello/inner.py": "VALUE = 1\n",
}


def test_a_good_wheel_is_used_as_its_users_will(checkout: Checkout) -> None:
    """Installed, imported, its program run, its smoke command run; told in outputs, report and summary."""
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


def test_a_flat_layout_cannot_stand_in_for_the_wheel(checkout: Checkout) -> None:
    """The package lies in the checkout, the wheel forgot it, and every way to it is closed."""
    (checkout.path / "hello").mkdir()
    (checkout.path / "hello/__init__.py").write_text("")
    checkout.wheel({"other.py": ""})

    problem = checkout.refused(imports="hello")

    assert (problem.topic, "hello/__init__.py is in the checkout but not in the wheel" in problem.found) == (
        "missing-module",
        True,
    )


def test_a_smoke_command_in_a_flat_layout_uses_the_wheel(checkout: Checkout) -> None:
    """The checkout's copy says otherwise, and nobody hears it."""
    (checkout.path / "hello").mkdir()
    (checkout.path / "hello/__init__.py").write_text("raise SystemExit('the checkout was used')")
    checkout.wheel({"hello/__init__.py": "WHO = 'wheel'\n"})

    outputs = checkout.verify(smoke_command="python -c \"import hello; assert hello.WHO == 'wheel'\"")

    assert checkout.results(outputs)["Smoke command"] == "passed"


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
            id="a program that fails when it runs",
        ),
        pytest.param({"json/__init__.py": "OURS = 1\n"}, {}, {}, "module-not-from-the-wheel", "import json loaded /",
                     id="a module that Python's own hides"),
        pytest.param({"hello.py": ""}, {}, {"metadata": "Requires-Python: >=3.99\n"}, "requires-python",
                     "requires Python >=3.99", id="a wrong Requires-Python"),
        pytest.param({"hello.py": ""}, {}, {"requires": ["nosuch-package>1"]}, "cannot-install", "nosuch-package",
                     id="a dependency that is nowhere"),
        pytest.param({"hello.py": ""}, {}, {"requires": ["one", "two"]}, "cannot-install", "base",
                     id="dependencies that conflict"),
        pytest.param({"hello.py": "", "shared/__init__.py": ""}, {}, {"requires": ["three"]}, "overwritten-files",
                     "shared/__init__.py is in both hello-1.0-py3-none-any.whl and three-1.0",
                     id="a package that another package has as well"),
    ],
)  # fmt: skip
def test_traps_are_told_with_their_reason(
    checkout: Checkout, files: dict[str, str], sources: dict[str, str], options: dict[str, Any], topic: str, said: str
) -> None:
    """Each works where it was written and not where it is installed."""
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


def test_all_findings_are_told_at_once(checkout: Checkout) -> None:
    """An import that fails hides neither a broken program nor a missing resource; the smoke command is left out."""
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
    assert "| ⏭️ Smoke command |" in caught.value.summary
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
def test_wheels_with_nothing_to_import_are_fine(checkout: Checkout, files: dict[str, str], said: str) -> None:
    """And said to be such."""
    checkout.wheel(files)

    outputs = checkout.verify()

    assert (outputs.imports, checkout.results(outputs)["Import"]) == ((), "skipped")
    assert said in checkout.runner.summary


def test_a_package_in_a_namespace_is_imported_whole(checkout: Checkout) -> None:
    """Beside another package's part of the same namespace."""
    write_wheel(checkout.links, "other", "1.0", {"company/other/__init__.py": ""})
    checkout.wheel({"company/hello/__init__.py": "import company.other\n"}, requires=["other"])

    assert checkout.verify().imports == ("company.hello",)


def test_the_fitting_one_of_several_wheels_is_verified(checkout: Checkout) -> None:
    """Wheels for other machines stand beside it."""
    for tag in ("cp311-cp311-win_amd64", "cp39-cp39-macosx_11_0_arm64"):
        checkout.wheel({"hello.py": "1/0\n"}, tag=tag)
    checkout.wheel({"hello.py": ""})

    checkout.verify()

    assert "`hello-1.0-py3-none-any.whl`" in checkout.runner.summary


def test_a_wheel_for_another_machine_is_refused(checkout: Checkout) -> None:
    """It cannot be tried here."""
    checkout.wheel({"hello.py": ""}, tag="cp39-cp39-win_amd64")

    assert checkout.refused().topic == "no-compatible-wheel"


def test_leftovers_of_another_version_are_refused(checkout: Checkout) -> None:
    """Which of the two is released is not for us to guess."""
    checkout.wheel({"hello.py": ""})
    checkout.wheel({"hello.py": ""}, version="0.9")

    assert checkout.refused().topic == "multiple-packages"


def test_no_wheel_is_told(checkout: Checkout) -> None:
    """With the glob that matched nothing."""
    assert checkout.refused(wheel="out/*.whl").found == "No wheel matches 'out/*.whl'."


@pytest.mark.parametrize(
    "pattern", ["dist", "dist/", "**/*.whl", "{path}/dist/*.whl", "{path}/dist", "dist/hello-1.0-*"]
)
def test_wheels_are_found_however_they_are_named(checkout: Checkout, pattern: str) -> None:
    """By a folder or a glob, from the top of the checkout or absolute."""
    checkout.wheel({"hello.py": ""})

    assert checkout.verify(wheel=pattern.format(path=checkout.path)).name == "hello"


def test_a_broken_wheel_is_told(checkout: Checkout) -> None:
    """A file that is no archive never reaches an installer."""
    checkout.dist.mkdir()
    (checkout.dist / "hello-1.0-py3-none-any.whl").write_text("<html>")

    assert checkout.refused().topic == "not-a-distribution"


def test_the_file_itself_is_installed(checkout: Checkout) -> None:
    """Not a newer one that an index would offer."""
    write_wheel(checkout.links, "hello", "2.0", {"hello.py": "1/0\n"})
    checkout.wheel({"hello.py": ""})

    assert checkout.verify().version == "1.0"


@pytest.mark.parametrize(
    ("inputs", "results"),
    [
        pytest.param({"scripts": "load"}, {"load hello:main": "passed"}, id="loaded only"),
        pytest.param({"scripts": "off"}, {}, id="left out"),
        pytest.param({}, {"load hello:main": "passed", "hello --help": "warned"}, id="run, and not knowing --help"),
    ],
)
def test_programs_are_checked_as_far_as_asked(
    checkout: Checkout, inputs: dict[str, str], results: dict[str, str]
) -> None:
    """A program that refuses ``--help`` is its own master."""
    checkout.wheel({"hello.py": "def main(): return 3\n"}, entry_points="[console_scripts]\nhello = hello:main\n")

    outputs = checkout.verify(**inputs)

    assert {
        name: result for name, result in checkout.results(outputs).items() if "hello" in name and "import" not in name
    } == results


def test_a_program_of_an_extra_waits_for_it(checkout: Checkout) -> None:
    """An entry point says which extra it needs."""
    write_wheel(checkout.links, "helper", "1.0", {"helper.py": ""})
    checkout.wheel(
        {"hello.py": "def main():\n    import helper\n"},
        entry_points="[console_scripts]\nhello = hello:main [Serve_It]\n",
        metadata="Provides-Extra: serve-it\nRequires-Dist: helper; extra == 'serve-it'\n",
    )

    assert checkout.results(checkout.verify())["hello --help"] == "skipped"
    assert checkout.results(checkout.verify(extras="serve_it"))["hello --help"] == "passed"


def test_a_program_of_a_broken_module_is_not_told_twice(checkout: Checkout) -> None:
    """The import says why."""
    checkout.wheel({"hello.py": "1/0\n"}, entry_points="[console_scripts]\nhello = hello:main\n")

    assert checkout.refused().found.startswith("Loading hello of hello-1.0")


def test_imports_can_be_named(checkout: Checkout) -> None:
    """In place of what the wheel says."""
    checkout.wheel({**HELLO, "broken.py": "1/0\n"})

    assert checkout.verify(imports="hello\nhello.inner").imports == ("hello", "hello.inner")


def test_extras_come_with_the_wheel_and_groups_after_it(checkout: Checkout) -> None:
    """A dependency that only the test group brings does not hide that the package lacks it."""
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
    """Nothing else would use them, so they would be passed over."""
    assert "there is none" in checkout.refused(groups="test").found


def test_an_unknown_group_is_told(checkout: Checkout) -> None:
    """With the groups there are."""
    checkout.wheel({"hello.py": ""})

    assert checkout.refused(groups="test", smoke_command="true").topic == "no-group"


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
def test_a_failing_smoke_command_is_told(checkout: Checkout, command: str, inputs: dict[str, str], said: str) -> None:
    """With its last lines."""
    checkout.wheel({"hello.py": ""})

    assert said in checkout.refused(smoke_command=command, **inputs).found


def test_it_runs_in_the_working_directory(checkout: Checkout) -> None:
    """Where the tests are."""
    (checkout.path / "packages/hello/tests").mkdir(parents=True)
    checkout.wheel({"hello.py": ""})

    outputs = checkout.verify(smoke_command="test -d tests", working_directory="packages/hello")

    assert checkout.results(outputs)["Smoke command"] == "passed"


def test_a_working_directory_that_is_not_there_is_told(checkout: Checkout) -> None:
    """As where a job has downloaded the files and checked nothing out."""
    checkout.wheel({"hello.py": ""})

    assert "no such folder" in checkout.refused(smoke_command="true", working_directory="packages/hello").found


def test_data_files_left_out_are_noted(checkout: Checkout) -> None:
    """They lie beside the modules in the checkout, under version control, and not in the wheel."""
    (checkout.path / "src/hello").mkdir(parents=True)
    (checkout.path / "src/hello/data.json").write_text("{}")
    repository = new_repository(checkout.path, {"src/hello/data.json": "{}"})
    assert repository.git("ls-files")
    checkout.wheel(HELLO)

    outputs = checkout.verify()

    assert checkout.results(outputs)["Data files"] == "warned"
    assert "hello/data.json" in checkout.runner.summary


def test_another_python_is_asked_for_by_path(checkout: Checkout) -> None:
    """Its version is in the summary."""
    checkout.wheel({"hello.py": ""})

    checkout.verify(python=sys.executable)

    assert f"Python {sys.version.split()[0]}" in checkout.runner.summary


def test_a_python_of_the_checkout_is_asked_for_by_its_path_there(checkout: Checkout) -> None:
    """As of an environment that an earlier step made."""
    checkout.wheel({"hello.py": ""})
    (checkout.path / "bin").mkdir()
    (checkout.path / "bin/python").symlink_to(sys.executable)

    assert checkout.verify(python="bin/python").name == "hello"


def test_nothing_is_left_behind(checkout: Checkout) -> None:
    """Only the report stays."""
    checkout.wheel({"hello.py": ""})

    checkout.verify()

    assert [path.name[:20] for path in checkout.temporary.iterdir()] == ["tagship-verification"]


def test_after_publishing_the_wheel_comes_from_the_index(checkout: Checkout) -> None:
    """Waited for, and equal to what was built where that is here too."""
    path = checkout.wheel({"hello.py": ""})
    with serving(ScriptedIndex([404, [path, write_sdist(checkout.links, "hello", "1.0")]])) as index:
        outputs = checkout.verify(index=index.url, wait="5s")

    assert (outputs.name, outputs.version) == ("hello", "1.0")
    assert [asked for asked, _ in index.requests] == ["/simple/hello/"] * 2 + [f"/files/{path.name}"]


def test_another_file_on_the_index_is_refused(checkout: Checkout) -> None:
    """Somebody published that version before."""
    checkout.wheel({"hello.py": ""})
    other = write_wheel(checkout.links, "hello", "1.0", {"hello.py": "x = 1\n"})

    with serving(ScriptedIndex([[other]])) as index:
        problem = checkout.refused(index=index.url)

    assert problem.topic == "checksum-mismatch-on-the-package-index"


@pytest.mark.parametrize(
    ("digest", "name", "topic"),
    [
        pytest.param(None, "{}", None, id="the file that was built"),
        pytest.param("0" * 64, "{}", "checksum-mismatch-on-the-package-index", id="another file of that name"),
        pytest.param(
            None,
            "hello-1.0-cp39-none-any.whl",
            "checksum-mismatch-on-the-package-index",
            id="a file that nobody built",
        ),
    ],
)
def test_digests_hold_for_what_the_index_serves(
    checkout: Checkout, digest: str | None, name: str, topic: str | None
) -> None:
    """A job after publishing that has the digests alone refuses every other file."""
    path = write_wheel(checkout.links, "hello", "1.0", {"hello.py": ""})
    told = f"{digest or hashlib.sha256(path.read_bytes()).hexdigest()}  {name.format(path.name)}"

    with serving(ScriptedIndex([[path]])) as index:
        inputs = {"index": index.url, "name": "hello", "version": "1.0", "sha256sums": told}
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
def test_without_a_built_wheel_name_and_version_are_told(
    checkout: Checkout, inputs: dict[str, str], topic: str | None
) -> None:
    """A job after publishing need not have the files."""
    with serving(ScriptedIndex([[write_wheel(checkout.links, "hello", "1.0", {"hello.py": ""})]])) as index:
        if topic is None:
            assert checkout.verify(index=index.url, **inputs).version == "1.0"
        else:
            assert checkout.refused(index=index.url, **inputs).topic == topic


def test_an_index_with_an_sdist_alone_is_told(checkout: Checkout) -> None:
    """There is no wheel to verify."""
    with serving(ScriptedIndex([[write_sdist(checkout.links, "hello", "1.0")]])) as index:
        problem = checkout.refused(index=index.url, name="hello", version="1.0", wait="0")

    assert problem.topic == "no-wheel"
