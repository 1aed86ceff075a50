"""Import names and scripts of wheels of any kind."""

from __future__ import annotations

import pytest

from support.archives import wheel
from tagship.core.distributions.wheels import Script, import_names, installed_paths, scripts_of, why_nothing_to_import

SO = "cpython-311-x86_64-linux-gnu.so"


@pytest.mark.parametrize(
    ("files", "names"),
    [
        pytest.param(["hello/__init__.py", "hello/a.py"], ["hello"], id="a package"),
        pytest.param(["hello.py"], ["hello"], id="a module"),
        pytest.param(["yaml/__init__.py", "_yaml/__init__.py"], ["yaml"], id="a private and a public name"),
        pytest.param([f"_speedups.{SO}"], ["_speedups"], id="only a private extension"),
        pytest.param([f"fast.{SO}"], ["fast"], id="an extension module"),
        pytest.param(["fast.abi3.so"], ["fast"], id="an extension for the stable ABI"),
        pytest.param(["fast.cp311-win_amd64.pyd"], ["fast"], id="an extension on Windows"),
        pytest.param([f"fast/__init__.{SO}"], ["fast"], id="a package whose init is compiled"),
        pytest.param([f"8a1b2c__mypyc.{SO}", "hello/__init__.py"], ["hello"], id="a helper module of mypyc"),
        pytest.param(
            ["google/cloud/storage/__init__.py", "google/cloud/storage/a.py"],
            ["google.cloud.storage"],
            id="a package in a namespace",
        ),
        pytest.param(
            ["ns/one/__init__.py", "ns/two/__init__.py", "ns/three.py"],
            ["ns.one", "ns.three", "ns.two"],
            id="several in a namespace",
        ),
        pytest.param(["ns/api.py", "ns/_testing.py"], ["ns.api"], id="a private module in a namespace"),
        pytest.param(["ns/inner/deep.py"], ["ns.inner.deep"], id="a module in nested namespaces"),
        pytest.param(["hello/__init__.py", "hello-stubs/__init__.pyi"], ["hello"], id="a package with stubs"),
        pytest.param(["hello-stubs/__init__.pyi", "hello-stubs/a.pyi"], [], id="only stubs"),
        pytest.param(["share/hello.json"], [], id="only data"),
        pytest.param([], [], id="only metadata"),
        pytest.param(["hello-1.0.data/purelib/hello/__init__.py"], ["hello"], id="a package below .data/purelib"),
        pytest.param(["hello-1.0.data/platlib/hello.py"], ["hello"], id="a module below .data/platlib"),
        pytest.param(["hello-1.0.data/data/share/x.py"], [], id="a data file outside site-packages"),
        pytest.param(["__init__.py", "hello.py"], ["hello"], id="an init file without a package"),
        pytest.param(["not-a-name/x.py", "hello.py"], ["hello"], id="a folder that is not a valid name"),
    ],
)
def test_import_names_are_read_from_the_files(files: list[str], names: list[str]) -> None:
    """Without metadata about import names, the files define them."""
    assert list(import_names(wheel(files=files))) == names


@pytest.mark.parametrize(
    ("metadata", "names"),
    [
        pytest.param("Import-Name: hello\nImport-Name: hello.extra\n", ["hello", "hello.extra"], id="several"),
        pytest.param("Import-Name: hello\nImport-Name: _hidden; private\n", ["hello"], id="one is private"),
        pytest.param("Import-Name: _api\n", ["_api"], id="a public one with an underscore"),
        pytest.param("Import-Name:\n", [], id="explicitly none"),
    ],
)
def test_declared_import_names_win(metadata: str, names: list[str]) -> None:
    """Import-Name fields (PEP 794) come first."""
    assert list(import_names(wheel(files=["hello/__init__.py", "other.py"], metadata=metadata))) == names


@pytest.mark.parametrize(
    ("top_level", "names"),
    [
        pytest.param("hello\n", ["hello"], id="one of two modules"),
        pytest.param("gone\n", ["hello", "other"], id="a missing module"),
        pytest.param("hello\ngone\n", ["hello"], id="a module and a missing one"),
    ],
)
def test_top_level_txt_selects_existing_modules(top_level: str, names: list[str]) -> None:
    """Names in top_level.txt without a file are ignored."""
    item = wheel(files=["hello/__init__.py", "other.py"], top_level=top_level)

    assert list(import_names(item)) == names


def test_installed_files_come_from_the_record() -> None:
    """Without a RECORD they are the members of the archive."""
    with_record = wheel(files=["a.py"], record=["b.py", "../../bin/x", "/etc/x", "hello-1.0.dist-info/RECORD"])
    without = wheel(files=["a.py"], record=[])

    assert installed_paths(with_record) == ("b.py", "../../bin/x")
    assert installed_paths(without) == ("a.py",)


def test_scripts_are_entry_points_and_ready_made_files() -> None:
    """Console scripts, GUI scripts, and binaries as in the wheel of ruff."""
    item = wheel(
        files=["hello-1.0.data/scripts/fast"],
        entry_points="[console_scripts]\nHello = hello.cli:main [My_Cli]\nbye=hello : bye\n\n"
        "[gui_scripts]\nshow = hello:show\n[other]\nx = y:z\n",
    )

    assert scripts_of(item) == (
        Script(name="Hello", target="hello.cli:main", is_console=True, extras=("my-cli",)),
        Script(name="bye", target="hello:bye", is_console=True),
        Script(name="show", target="hello:show", is_console=False),
        Script(name="fast", target="", is_console=True),
    )


def test_the_last_of_two_equal_entry_points_counts() -> None:
    """A duplicate entry point does not hide the others."""
    item = wheel(entry_points="[console_scripts]\nhello = a:b\nhello = c:d\n")

    assert [script.target for script in scripts_of(item)] == ["c:d"]


@pytest.mark.parametrize("text", ["", "nonsense", "[console_scripts]\nnonsense\n", "[console_scripts\n"])
def test_invalid_entry_points_have_no_scripts(text: str) -> None:
    """Installers ignore them too."""
    assert scripts_of(wheel(entry_points=text)) == ()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["hello-stubs/__init__.pyi"], "only type stubs"),
        (["share/x.json"], "only data files"),
        (["hello-1.0.data/data/x"], "only data files"),
        ([], "only metadata"),
    ],
)
def test_a_wheel_without_modules_has_a_description(files: list[str], said: str) -> None:
    """Wheels with only stubs, data or metadata are valid."""
    assert said in why_nothing_to_import(wheel(files=files))
