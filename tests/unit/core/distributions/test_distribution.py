"""Built files are named and versioned by their own metadata, and any disagreement is told."""

from __future__ import annotations

import pytest
from packaging.version import Version

from support.archives import archive, sdist, wheel
from tagship.core.distributions.distribution import disagreements, read_distribution
from tagship.errors import Failure

INFO = "hello-1.0.dist-info/METADATA"
METADATA = "Metadata-Version: 2.1\nName: Hello.World\nVersion: 1.0.0rc1\n"


def test_name_and_version_are_normalised() -> None:
    """Whatever spelling the metadata has, name and version come out by PEP 503 and PEP 440."""
    item = read_distribution(archive("hello_world-1.0.0rc1-py3-none-any.whl", {INFO: METADATA}))

    assert (item.kind, item.name, item.version) == ("wheel", "hello-world", Version("1.0rc1"))


@pytest.mark.parametrize(
    ("filename", "kind", "name", "version"),
    [
        pytest.param(
            "hello-1.0-1build-cp311-cp311-linux_x86_64.whl", "wheel", "hello", "1.0", id="wheel with a build tag"
        ),
        pytest.param("hello-1.0-py2.py3-none-any.whl", "wheel", "hello", "1.0", id="wheel of several tags"),
        pytest.param("hello-1.0.tar.gz", "sdist", "hello", "1.0", id="sdist"),
        pytest.param("Hello.World-1.0.tar.gz", "sdist", "hello-world", "1.0", id="sdist named the old way"),
        pytest.param("hello-world-1.0.tar.gz", "sdist", "hello-world", "1.0", id="sdist named with hyphens"),
        pytest.param("hello-1.0.zip", "sdist", "hello", "1.0", id="zip sdist"),
    ],
)
def test_filenames_of_every_age_are_read(filename: str, kind: str, name: str, version: str) -> None:
    """Names that build tools have written over the years still say what they hold."""
    inner = "x.dist-info/METADATA" if kind == "wheel" else "x/PKG-INFO"
    item = read_distribution(archive(filename, {inner: METADATA}))

    assert (item.kind, item.filename_name, item.filename_version) == (kind, name, Version(version))


@pytest.mark.parametrize(
    ("filename", "texts", "said"),
    [
        pytest.param("hello.whl", {}, "hello.whl is no name of a wheel or sdist", id="a wheel's name without tags"),
        pytest.param("notes.txt", {}, "notes.txt is no name of a wheel or sdist", id="no distribution"),
        pytest.param("hello-1.0.tar.gz", {}, "holds 0 of it", id="sdist without PKG-INFO"),
        pytest.param(
            "hello-1.0.tar.gz", {"a/PKG-INFO": METADATA, "b/PKG-INFO": METADATA}, "holds 2 of it", id="two PKG-INFO"
        ),
        pytest.param(
            "hello-1.0.tar.gz", {"a/b/PKG-INFO": METADATA}, "holds 0 of it", id="PKG-INFO of an egg-info only"
        ),
        pytest.param("hello-1.0.tar.gz", {"a/PKG-INFO": "Name: hello\n"}, "lacks Name or Version", id="no version"),
        pytest.param(
            "hello-1.0.tar.gz", {"a/PKG-INFO": "Name: hello\nVersion: one\n"}, "'one', which is none", id="odd version"
        ),
    ],
)
def test_what_is_no_distribution_is_told(filename: str, texts: dict[str, str], said: str) -> None:
    """A file that no index would take is named, with what is wrong about it."""
    with pytest.raises(Failure, match=said):
        read_distribution(archive(filename, texts))


def test_metadata_newer_than_any_tool_is_read() -> None:
    """A metadata version from the future and fields nobody knows do not hide name and version."""
    text = "Metadata-Version: 9.9\nShiny: yes\nName: hello\nVersion: 1.0\n"

    assert read_distribution(archive("hello-1.0.tar.gz", {"a/PKG-INFO": text})).version == Version("1.0")


def test_equal_files_agree_in_any_spelling() -> None:
    """``1.0`` and ``1.0.0``, ``Hello_World`` and ``hello-world`` are the same."""
    files = [
        wheel("Hello_World", "1.0.0", filename="hello_world-1.0-py3-none-any.whl"),
        sdist("hello-world", "1.0", filename="hello_world-1.0.0.tar.gz"),
    ]

    assert disagreements(files) == ()


def test_every_disagreement_is_told() -> None:
    """Name and version against the other file and against the file's own name: all of it at once."""
    files = [sdist("hello", "1.0"), wheel("bye", "2.0", filename="hello-1.0-py3-none-any.whl")]

    found = [problem.found for problem in disagreements(files)]

    assert found == [
        "hello-1.0-py3-none-any.whl is named for hello 1.0, but its metadata says bye 2.0.",
        "The files are of different names: hello-1.0.tar.gz says hello, hello-1.0-py3-none-any.whl bye.",
        "The files are of different versions: hello-1.0.tar.gz says 1.0, hello-1.0-py3-none-any.whl 2.0.",
    ]
