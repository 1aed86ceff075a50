"""Laws of built files: no contents crash the action."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from support.archives import archive, member, wheel
from tagship.core.distributions.distribution import read_distribution
from tagship.core.distributions.page import tree
from tagship.core.distributions.reproducibility import build_differences
from tagship.core.distributions.wheels import import_names, installed_paths, scripts_of
from tagship.errors import Failure

words = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,5}", fullmatch=True)
suffixes = st.sampled_from([".py", ".pyi", ".so", ".cpython-311-x86_64-linux-gnu.so", ".json", ""])
paths = st.builds(
    lambda folders, name, suffix: "/".join([*folders, name + suffix]), st.lists(words, max_size=3), words, suffixes
)
file_sets = st.lists(paths, max_size=8, unique=True)


@given(st.text(max_size=300), st.sampled_from(["hello-1.0.tar.gz", "hello-1.0-py3-none-any.whl", "x.whl", ""]))
def test_any_metadata_is_read_or_refused(text: str, filename: str) -> None:
    """The result is a distribution or a Failure, never another exception."""
    inner = "hello-1.0.dist-info/METADATA" if filename.endswith(".whl") else "hello-1.0/PKG-INFO"
    with suppress(Failure):
        assert read_distribution(archive(filename, {inner: text})).name


@given(file_sets)
def test_import_names_cover_every_importable_file_once(files: list[str]) -> None:
    """Each public module is in exactly one of the names, and each name belongs to a file of the wheel."""
    names = import_names(wheel(files=files))
    modules = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in files if path.endswith(".py")
    } - {"__init__"}
    below = {module: [name for name in names if f"{module}.".startswith(f"{name}.")] for module in modules}

    assert all(len(found) == 1 for module, found in below.items() if "._" not in f".{module}")
    assert all(any(path.replace("/", ".").startswith(name) for path in files) for name in names)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_entry_points_and_top_level_are_read(entry_points: str, top_level: str) -> None:
    """Any text in the metadata files is accepted."""
    item = wheel(files=["hello.py"], entry_points=entry_points, top_level=top_level)

    assert isinstance(scripts_of(item), tuple)
    assert import_names(item) == ("hello",)
    assert "hello.py" in installed_paths(item)


@given(st.lists(st.text(max_size=20), max_size=10))
def test_every_tree_is_shown(names: list[str]) -> None:
    """Any path can be shown."""
    assert isinstance(tree([member(name) for name in names]), str)


@given(file_sets, file_sets)
def test_builds_differ_exactly_when_their_bytes_do(first: list[str], second: list[str]) -> None:
    """Different bytes are a problem, and equal bytes are not."""
    one, two = (archive("a-1.tar.gz", {}, [member(path) for path in files]) for files in (first, second))

    assert (build_differences(one, two) is None) == (one.sha256 == two.sha256)
