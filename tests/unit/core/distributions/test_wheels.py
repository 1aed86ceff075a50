"""A wheel's import names and programs are those its users have, whatever shape the wheel has."""

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
        pytest.param(["yaml/__init__.py", "_yaml/__init__.py"], ["yaml"], id="a private name beside a public one"),
        pytest.param([f"_speedups.{SO}"], ["_speedups"], id="a private extension alone"),
        pytest.param([f"fast.{SO}"], ["fast"], id="an extension module"),
        pytest.param(["fast.abi3.so"], ["fast"], id="an extension for the stable ABI"),
        pytest.param(["fast.cp311-win_amd64.pyd"], ["fast"], id="an extension on Windows"),
        pytest.param([f"fast/__init__.{SO}"], ["fast"], id="a package whose init is compiled"),
        pytest.param([f"8a1b2c__mypyc.{SO}", "hello/__init__.py"], ["hello"], id="a compiler's helper"),
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
        pytest.param(["hello/__init__.py", "hello-stubs/__init__.pyi"], ["hello"], id="stubs beside"),
        pytest.param(["hello-stubs/__init__.pyi", "hello-stubs/a.pyi"], [], id="stubs alone"),
        pytest.param(["share/hello.json"], [], id="data alone"),
        pytest.param([], [], id="metadata alone"),
        pytest.param(["hello-1.0.data/purelib/hello/__init__.py"], ["hello"], id="a package below .data/purelib"),
        pytest.param(["hello-1.0.data/platlib/hello.py"], ["hello"], id="a module below .data/platlib"),
        pytest.param(["hello-1.0.data/data/share/x.py"], [], id="a file for another place"),
        pytest.param(["not-a-name/x.py", "hello.py"], ["hello"], id="a folder nothing can import"),
    ],
)
def test_import_names_are_read_from_the_files(files: list[str], names: list[str]) -> None:
    """Where no metadata names them, the files do."""
    assert list(import_names(wheel(files=files))) == names


@pytest.mark.parametrize(
    ("metadata", "names"),
    [
        pytest.param("Import-Name: hello\nImport-Name: hello.extra\n", ["hello", "hello.extra"], id="several"),
        pytest.param("Import-Name: hello\nImport-Name: _hidden; private\n", ["hello"], id="one is private"),
        pytest.param("Import-Name: _api\n", ["_api"], id="a public one with an underscore"),
        pytest.param("Import-Name:\n", [], id="nothing on purpose"),
    ],
)
def test_declared_import_names_win(metadata: str, names: list[str]) -> None:
    """PEP 794 lets a project say what its users import."""
    assert list(import_names(wheel(files=["hello/__init__.py", "other.py"], metadata=metadata))) == names


@pytest.mark.parametrize(
    ("top_level", "names"),
    [
        pytest.param("hello\n", ["hello"], id="fewer than there are"),
        pytest.param("gone\n", ["hello", "other"], id="none that are there"),
        pytest.param("hello\ngone\n", ["hello"], id="one that is not there"),
    ],
)
def test_top_level_counts_where_the_files_bear_it_out(top_level: str, names: list[str]) -> None:
    """Setuptools writes top_level.txt; leftovers in it are no promise."""
    item = wheel(files=["hello/__init__.py", "other.py"], top_level=top_level)

    assert list(import_names(item)) == names


def test_files_come_from_the_record_or_else_from_the_archive() -> None:
    """A wheel without a RECORD is read by its members."""
    with_record = wheel(files=["a.py"], record=["b.py", "../../bin/x", "/etc/x", "hello-1.0.dist-info/RECORD"])
    without = wheel(files=["a.py"], record=[])

    assert installed_paths(with_record) == ("b.py", "../../bin/x")
    assert installed_paths(without) == ("a.py",)


def test_scripts_are_entry_points_and_ready_made_files() -> None:
    """Console scripts, windowed ones, and binaries such as ruff's."""
    item = wheel(
        files=["hello-1.0.data/scripts/fast"],
        entry_points="[console_scripts]\nHello = hello.cli:main [cli]\nbye=hello : bye\n\n"
        "[gui_scripts]\nshow = hello:show\n[other]\nx = y:z\n",
    )

    assert scripts_of(item) == (
        Script(name="Hello", target="hello.cli:main", is_console=True, extras=("cli",)),
        Script(name="bye", target="hello:bye", is_console=True),
        Script(name="show", target="hello:show", is_console=False),
        Script(name="fast", target="", is_console=True),
    )


@pytest.mark.parametrize("text", ["", "nonsense", "[console_scripts]\nnonsense\n", "[console_scripts\n"])
def test_entry_points_that_cannot_be_read_bring_no_script(text: str) -> None:
    """Installers leave them out too."""
    assert scripts_of(wheel(entry_points=text)) == ()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["hello-stubs/__init__.pyi"], "stubs alone"),
        (["share/x.json"], "data alone"),
        (["hello-1.0.data/data/x"], "data alone"),
        ([], "nothing but its metadata"),
    ],
)
def test_a_wheel_with_nothing_to_import_says_what_it_is(files: list[str], said: str) -> None:
    """Stub-only, data-only and metadata-only wheels are fine, and named."""
    assert said in why_nothing_to_import(wheel(files=files))
