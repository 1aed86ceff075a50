"""An environment is asked from inside, and what it imports is proven to be the wheel's."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from support.wheels import write_wheel
from tagship.core.distributions.distribution import Distribution, read_distribution
from tagship.core.environment import without_python_settings
from tagship.edges.archives import read_archive
from tagship.edges.environments import Environments
from tagship.edges.probes import Probes
from tagship.edges.processes import Processes

if TYPE_CHECKING:
    from pathlib import Path


class Installed:
    """Wheels installed into one environment, and the probes that ask it."""

    def __init__(self, folder: Path, *wheels: Path, **environ: str) -> None:
        self.said: list[str] = []
        clean = {**without_python_settings(os.environ), "UV_OFFLINE": "1", **environ}
        environments = Environments(folder=folder, processes=Processes(environ={}), environ=clean, say=self.said.append)
        environment = environments.create("environment")
        for path in wheels:
            assert environments.install(environment, "--no-deps", path).ok, self.said
        self.probes = Probes(environment=environment, environments=environments)
        self.version, self.roots = self.probes.describe()
        self.site = environment.path.resolve()


def read(path: Path) -> Distribution:
    """Return the wheel at ``path``."""
    return read_distribution(read_archive(path))


def test_the_interpreter_describes_itself(tmp_path: Path) -> None:
    """Its version, the folders of packages, and its tags, best first."""
    installed = Installed(tmp_path)

    assert installed.version == sys.version.split()[0]
    assert all(root.startswith(str(installed.site)) and root.endswith("site-packages") for root in installed.roots)
    tags = [str(tag) for tag in installed.probes.tags()]
    assert tags[0].startswith(f"cp{sys.version_info[0]}{sys.version_info[1]}-")
    assert tags.index("py3-none-any") > 10


def test_imports_tell_where_everything_came_from(tmp_path: Path) -> None:
    """Files of modules and of all that they loaded below them; folders of namespace packages."""
    files = {"hello/__init__.py": "import hello.inner\n", "hello/inner.py": "x = 1\n", "ns/part/__init__.py": ""}
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", files))

    hello, part, namespace, stdlib = installed.probes.imports(["hello", "ns.part", "ns", "sys"])

    inside = [place.removeprefix(installed.roots[0]).replace("\\", "/") for place in hello.places]
    assert inside == ["/hello/__init__.py", "/hello/inner.py"]
    assert part.places[0].startswith(installed.roots[0])
    assert namespace.places[0].startswith(installed.roots[0])
    assert stdlib.places == ("built-in",)


def test_what_stands_in_for_a_module_is_not_made_to_import_more(tmp_path: Path) -> None:
    """Lazy modules import when they are asked for anything; other objects may answer with anything."""
    lazy = (
        "import sys, types\n"
        "class Lazy(types.ModuleType):\n"
        "    def __getattr__(self, name): raise ImportError(name)\n"
        "class Odd:\n"
        "    __file__ = 3\n"
        "sys.modules['hello.lazy'], sys.modules['hello.odd'] = Lazy('hello.lazy'), Odd()\n"
    )
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", {"hello.py": lazy}))

    (hello,) = installed.probes.imports(["hello"])

    assert (hello.ok, len(hello.places)) == (True, 1)


def test_failures_are_told_apart(tmp_path: Path) -> None:
    """What is missing is named; what is printed is said; one failure does not hide the next."""
    files = {
        "lacks.py": "import nowhere.deep\n",
        "opens.py": "open('/nowhere/x')\n",
        "broken.py": "print('::error::hello')\nraise ValueError('bad')\n",
        "leaves.py": "raise SystemExit(3)\n",
        "fine.py": "",
    }
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", files))

    lacks, opens, broken, leaves, fine = installed.probes.imports([name.removesuffix(".py") for name in files])

    assert (lacks.kind, lacks.missing) == ("ModuleNotFoundError", "nowhere")
    assert (opens.kind, opens.file) == ("FileNotFoundError", "/nowhere/x")
    assert (broken.kind, broken.message) == ("ValueError", "bad")
    assert (leaves.kind, leaves.message) == ("SystemExit", "3")
    assert fine.ok
    assert "::error::hello" in installed.said
    assert any("raise ValueError" in text for text in installed.said)


def test_a_crash_is_pinned_to_its_module(tmp_path: Path) -> None:
    """What came before it stands, what came after was not tried."""
    files = {"a.py": "", "b.py": "import os\nos._exit(9)\n", "c.py": ""}
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", files))

    a, b, c = installed.probes.imports(["a", "b", "c"])

    assert a.ok
    assert (b.kind, b.message) == ("died", "the interpreter ended with status 9")
    assert (c.kind, c.message) == ("died", "the interpreter had ended before")


def test_objects_must_be_there_and_callable(tmp_path: Path) -> None:
    """As a console script needs them."""
    source = "class Cli:\n    @staticmethod\n    def main(): ...\nVALUE = 3\n"
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", {"hello.py": source}))

    fine, value, gone = installed.probes.objects(["hello:Cli.main", "hello:VALUE", "hello:gone"])

    assert fine.ok
    assert (value.kind, value.message) == ("TypeError", "hello:VALUE is a int, which cannot be called")
    assert gone.kind == "AttributeError"


def test_nothing_is_imported_from_where_we_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the folder of the caller nor that of this program is on the path."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "hello.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path / "work")
    installed = Installed(tmp_path / "scratch", PYTHONPATH=str(tmp_path / "work"))

    hello, ours = installed.probes.imports(["hello", "inside"])

    assert (hello.missing, ours.missing) == ("hello", "inside")


def test_programs_are_asked_for_help(tmp_path: Path) -> None:
    """Each from the environment; a slow one delays no other."""
    path = write_wheel(
        tmp_path, "hello", "1.0", {"hello.py": "import sys\ndef main(): print('usage', sys.argv[1:]); return 2\n"},
        entry_points="[console_scripts]\nhello = hello:main\n",
    )  # fmt: skip
    installed = Installed(tmp_path, path)

    ended = installed.probes.help_of(["hello"])["hello"]

    assert (ended.code, ended.output.strip()) == (2, "usage ['--help']")


@pytest.mark.parametrize("content", ["echo hello\n", "#!/nonexistent/shell\n"], ids=["no interpreter", "a missing one"])
def test_a_program_that_cannot_be_started_is_told(tmp_path: Path, content: str) -> None:
    """What a wheel brings ready-made may be no program to the system."""
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", {"hello-1.0.data/scripts/tool": content}))

    ended = installed.probes.help_of(["tool"])["tool"]

    assert ended.code == 126
    assert ended.output.startswith("tool: [")


def test_altered_and_missing_files_are_found(tmp_path: Path) -> None:
    """By the digests of the wheel's members, below .data as well."""
    files = {"a.py": "1", "b.py": "2", "hello-1.0.data/purelib/c.py": "3", "d.py": "4"}
    path = write_wheel(tmp_path, "hello", "1.0", files)
    installed = Installed(tmp_path, path)
    assert installed.probes.altered(read(path), installed.roots) == ()

    for name, text in (("a.py", "x"), ("c.py", "y")):
        file = next(installed.site.rglob(f"site-packages/{name}"))
        file.unlink()
        file.write_text(text)
    next(installed.site.rglob("site-packages/b.py")).unlink()

    assert installed.probes.altered(read(path), installed.roots) == ("a.py", "b.py", "c.py")


def test_files_of_two_owners_are_found(tmp_path: Path) -> None:
    """Whichever of the two was installed last."""
    first = write_wheel(tmp_path, "hello", "1.0", {"hello.py": "1", "tests/__init__.py": ""})
    second = write_wheel(tmp_path, "bye_bye", "2.0", {"bye.py": "1", "tests/__init__.py": ""})
    installed = Installed(tmp_path, first, second)

    assert installed.probes.also_owned(read(first), installed.roots) == {"tests/__init__.py": "bye_bye-2.0"}
    assert installed.probes.also_owned(read(second), installed.roots) == {"tests/__init__.py": "hello-1.0"}


def test_a_name_with_a_dot_makes_no_second_owner(tmp_path: Path) -> None:
    """Backends spell a name in several ways; it is one distribution all the same."""
    path = write_wheel(tmp_path, "Zope.Interface", "1.0", {"zope/interface/__init__.py": ""})
    installed = Installed(tmp_path, path)

    assert installed.probes.also_owned(read(path), installed.roots) == {}


def test_a_namespace_of_old_belongs_to_all_its_packages(tmp_path: Path) -> None:
    """Each brings the same ``__init__.py``, and has to."""
    opening = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    first = write_wheel(tmp_path, "space_one", "1.0", {"space/__init__.py": opening, "space/one.py": ""})
    second = write_wheel(tmp_path, "space_two", "1.0", {"space/__init__.py": opening, "space/two.py": ""})
    installed = Installed(tmp_path, first, second)

    assert installed.probes.also_owned(read(first), installed.roots) == {}


@pytest.mark.parametrize(
    "command",
    [
        "python -c 'import hello; print(hello.WHO)'",
        "python -m hello_runner",
        "PYTHONPATH=$PWD python -c 'import hello; print(hello.WHO)'",
        "python runner.py",
    ],
    ids=["a command", "a module of the checkout", "even by PYTHONPATH", "a script beside it"],
)
def test_the_guard_holds_imports_to_the_wheel(tmp_path: Path, command: str) -> None:
    """In a flat layout the checkout comes first on the path, and the wheel is used all the same."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "hello").mkdir()
    (work / "hello" / "__init__.py").write_text("WHO = 'the checkout'\n")
    for name in ("runner.py", "hello_runner.py"):
        (work / name).write_text("import sys; sys.path.insert(0, '.')\nimport hello; print(hello.WHO)\n")
    path = write_wheel(tmp_path, "hello", "1.0", {"hello/__init__.py": "WHO = 'the wheel'\n"})
    installed = Installed(tmp_path, path)
    installed.probes.guard(["hello"], installed.roots)

    ended = installed.probes.script(command, cwd=work, timeout=60)

    assert ended.output.strip() == "the wheel"


def test_a_script_stops_at_the_first_failing_line(tmp_path: Path) -> None:
    """As a step on a runner does."""
    installed = Installed(tmp_path)

    ended = installed.probes.script("echo one\nfalse | true\necho two", cwd=tmp_path, timeout=60)

    assert (ended.code, ended.output) == (1, "one\n")
