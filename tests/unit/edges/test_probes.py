"""Probes inside an environment, which prove that its imports come from the wheel."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from support.wheels import write_wheel
from tagship.core.distributions.distribution import Distribution, read_distribution
from tagship.core.runner import without_python_settings
from tagship.edges.archives import read_archive
from tagship.edges.environments import Environments
from tagship.edges.probes import Probes
from tagship.edges.processes import Processes

if TYPE_CHECKING:
    from pathlib import Path


class Installed:
    """Wheels installed into one environment, and its probes."""

    def __init__(self, folder: Path, *wheels: Path, **environ: str) -> None:
        self.lines: list[str] = []
        clean = {**without_python_settings(os.environ), "UV_OFFLINE": "1", **environ}
        environments = Environments(
            folder=folder, processes=Processes(environ={}), environ=clean, say=self.lines.append
        )
        environment = environments.create("environment")
        for path in wheels:
            assert environments.install(environment, "--no-deps", path).ok, self.lines
        self.probes = Probes(environment=environment, environments=environments)
        self.version, self.roots = self.probes.describe()
        self.site = environment.path.resolve()


def read(path: Path) -> Distribution:
    """Return the wheel at ``path``."""
    return read_distribution(read_archive(path))


def test_the_interpreter_describes_itself(tmp_path: Path) -> None:
    """Version, site-packages folders and tags come from the interpreter."""
    installed = Installed(tmp_path)

    assert installed.version == sys.version.split()[0]
    assert all(root.startswith(str(installed.site)) and root.endswith("site-packages") for root in installed.roots)
    tags = [str(tag) for tag in installed.probes.tags()]
    assert tags[0].startswith(f"cp{sys.version_info[0]}{sys.version_info[1]}-")
    assert tags.index("py3-none-any") > 10


def test_imports_report_the_loaded_files(tmp_path: Path) -> None:
    """A module has its file and those of loaded submodules, a namespace package its folders."""
    files = {"hello/__init__.py": "import hello.inner\n", "hello/inner.py": "x = 1\n", "ns/part/__init__.py": ""}
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", files))

    hello, part, namespace, stdlib = installed.probes.load("imports", ["hello", "ns.part", "ns", "sys"])

    inside = [place.removeprefix(installed.roots[0]).replace("\\", "/") for place in hello.places]
    assert inside == ["/hello/__init__.py", "/hello/inner.py"]
    assert part.places[0].startswith(installed.roots[0])
    assert namespace.places[0].startswith(installed.roots[0])
    assert stdlib.places == ("built-in",)


def test_lazy_modules_are_not_triggered(tmp_path: Path) -> None:
    """No attribute of a lazy module is read, and other objects in sys.modules are accepted."""
    lazy = (
        "import sys, types\n"
        "class Lazy(types.ModuleType):\n"
        "    def __getattr__(self, name): raise ImportError(name)\n"
        "class Odd:\n"
        "    __file__ = 3\n"
        "sys.modules['hello.lazy'], sys.modules['hello.odd'] = Lazy('hello.lazy'), Odd()\n"
    )
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", {"hello.py": lazy}))

    (hello,) = installed.probes.load("imports", ["hello"])

    assert (hello.ok, len(hello.places)) == (True, 1)


def test_each_kind_of_failure_is_reported(tmp_path: Path) -> None:
    """Missing modules and files are named, output is logged, and later imports still run."""
    files = {
        "lacks.py": "import nowhere.deep\n",
        "hints.py": "try:\n import nowhere\nexcept ImportError:\n raise ImportError('install it')\n",
        "opens.py": "open('/nowhere/x')\n",
        "broken.py": "print('::error::hello')\nraise ValueError('bad')\n",
        "leaves.py": "raise SystemExit(3)\n",
        "fine.py": "",
    }
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", files))

    lacks, hints, opens, broken, leaves, fine = installed.probes.load(
        "imports", [name.removesuffix(".py") for name in files]
    )

    assert (lacks.kind, lacks.missing) == ("ModuleNotFoundError", "nowhere")
    assert (hints.kind, hints.message, hints.missing) == ("ImportError", "install it", "nowhere")
    assert (opens.kind, opens.file) == ("FileNotFoundError", "/nowhere/x")
    assert (broken.kind, broken.message) == ("ValueError", "bad")
    assert (leaves.kind, leaves.message) == ("SystemExit", "3")
    assert fine.ok
    assert "::error::hello" in installed.lines
    assert any("raise ValueError" in text for text in installed.lines)


def test_a_crash_is_attributed_to_its_module(tmp_path: Path) -> None:
    """Earlier results are kept, later modules are reported as not imported."""
    files = {"a.py": "", "b.py": "import os\nos._exit(9)\n", "c.py": ""}
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", files))

    a, b, c = installed.probes.load("imports", ["a", "b", "c"])

    assert a.ok
    assert (b.kind, b.message) == ("died", "the interpreter exited with code 9")
    assert (c.kind, c.message) == ("died", "the interpreter exited before this import")


def test_objects_must_exist_and_be_callable(tmp_path: Path) -> None:
    """A console script calls its target."""
    source = "class Cli:\n    @staticmethod\n    def main(): ...\nVALUE = 3\n"
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", {"hello.py": source}))

    fine, value, gone = installed.probes.load("objects", ["hello:Cli.main", "hello:VALUE", "hello:gone"])

    assert fine.ok
    assert (value.kind, value.message) == ("TypeError", "hello:VALUE is not callable: its type is int")
    assert gone.kind == "AttributeError"


def test_nothing_is_imported_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the caller's folder nor that of the script is on sys.path."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "hello.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path / "work")
    installed = Installed(tmp_path / "scratch", PYTHONPATH=str(tmp_path / "work"))

    hello, ours = installed.probes.load("imports", ["hello", "probe_script"])

    assert (hello.missing, ours.missing) == ("hello", "probe_script")


def test_scripts_run_with_help(tmp_path: Path) -> None:
    """The script of the environment runs, with its exit code and output."""
    path = write_wheel(
        tmp_path, "hello", "1.0", {"hello.py": "import sys\ndef main(): print('usage', sys.argv[1:]); return 2\n"},
        entry_points="[console_scripts]\nhello = hello:main\n",
    )  # fmt: skip
    installed = Installed(tmp_path, path)

    ended = installed.probes.help_of(["hello"])["hello"]

    assert (ended.code, ended.output.strip()) == (2, "usage ['--help']")


@pytest.mark.parametrize(
    "content", ["echo hello\n", "#!/nonexistent/shell\n"], ids=["no shebang", "a missing interpreter"]
)
def test_a_script_that_cannot_start_has_exit_code_126(tmp_path: Path, content: str) -> None:
    """The system may refuse to execute a ready-made script."""
    installed = Installed(tmp_path, write_wheel(tmp_path, "hello", "1.0", {"hello-1.0.data/scripts/tool": content}))

    ended = installed.probes.help_of(["tool"])["tool"]

    assert ended.code == 126
    assert ended.output.startswith("tool: [")


def test_altered_and_missing_files_are_found(tmp_path: Path) -> None:
    """Installed files are compared with the digests of the wheel, including .data."""
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
    """Both owners are found, in any order of installation."""
    first = write_wheel(tmp_path, "hello", "1.0", {"hello.py": "1", "tests/__init__.py": ""})
    second = write_wheel(tmp_path, "bye_bye", "2.0", {"bye.py": "1", "tests/__init__.py": ""})
    installed = Installed(tmp_path, first, second)

    assert installed.probes.also_owned(read(first), installed.roots) == {"tests/__init__.py": "bye_bye-2.0"}
    assert installed.probes.also_owned(read(second), installed.roots) == {"tests/__init__.py": "hello-1.0"}


def test_a_distribution_is_not_its_own_second_owner(tmp_path: Path) -> None:
    """Names are compared normalised, because backends spell them differently."""
    path = write_wheel(tmp_path, "Zope.Interface", "1.0", {"zope/interface/__init__.py": ""})
    installed = Installed(tmp_path, path)

    assert installed.probes.also_owned(read(path), installed.roots) == {}


def test_a_legacy_namespace_has_many_owners(tmp_path: Path) -> None:
    """Every distribution in the namespace contains the same ``__init__.py``."""
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
    ids=["a command", "a module of the checkout", "with PYTHONPATH", "a script of the checkout"],
)
def test_the_guard_imports_from_the_wheel(tmp_path: Path, command: str) -> None:
    """The wheel is imported even if the checkout comes first on sys.path."""
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
    """A script has the options of a step on a runner."""
    installed = Installed(tmp_path)

    ended = installed.probes.script("echo one\nfalse | true\necho two", cwd=tmp_path, timeout=60)

    assert (ended.code, ended.output) == (1, "one\n")
