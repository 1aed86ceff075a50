"""Name and version of built files come from their metadata, and contradictions are reported."""

from __future__ import annotations

import pytest
from packaging.version import Version

from support.archives import archive, sdist, wheel
from tagship.core.distributions.distribution import disagreements, read_distribution
from tagship.errors import Failure

INFO = "hello-1.0.dist-info/METADATA"
METADATA = "Metadata-Version: 2.1\nName: Hello.World\nVersion: 1.0.0rc1\n"


def test_name_and_version_are_normalised() -> None:
    """Any spelling in the metadata becomes a name by PEP 503 and a version by PEP 440."""
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
        pytest.param("Hello.World-1.0.tar.gz", "sdist", "hello-world", "1.0", id="sdist with a legacy name"),
        pytest.param("hello-world-1.0.tar.gz", "sdist", "hello-world", "1.0", id="sdist with hyphens"),
        pytest.param("hello-1.0.zip", "sdist", "hello", "1.0", id="zip sdist"),
    ],
)
def test_legacy_filenames_are_read(filename: str, kind: str, name: str, version: str) -> None:
    """Every filename that build tools have used is understood."""
    inner = "x.dist-info/METADATA" if kind == "wheel" else "x/PKG-INFO"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    item = read_distribution(archive(filename, {inner: metadata}))

    assert (item.kind, item.name, item.version) == (kind, name, Version(version))


@pytest.mark.parametrize(
    ("filename", "texts", "said"),
    [
        pytest.param(
            "hello.whl", {}, "hello.whl is not a valid filename of a wheel or sdist", id="a wheel without tags"
        ),
        pytest.param("notes.txt", {}, "notes.txt is not a valid filename of a wheel or sdist", id="another file"),
        pytest.param("hello-1.0.tar.gz", {}, "0 files PKG-INFO", id="sdist without PKG-INFO"),
        pytest.param(
            "hello-1.0.tar.gz", {"a/PKG-INFO": METADATA, "b/PKG-INFO": METADATA}, "2 files PKG-INFO", id="two PKG-INFO"
        ),
        pytest.param(
            "hello-1.0.tar.gz", {"a/b/PKG-INFO": METADATA}, "0 files PKG-INFO", id="only the PKG-INFO of an egg-info"
        ),
        pytest.param("hello-1.0.tar.gz", {"a/PKG-INFO": "Name: hello\n"}, "has no Name or Version", id="no version"),
        pytest.param(
            "hello-1.0.tar.gz",
            {"a/PKG-INFO": "Name: hello\nVersion: one\n"},
            "Version 'one' in .* is not valid",
            id="an invalid version",
        ),
    ],
)
def test_other_files_are_refused(filename: str, texts: dict[str, str], said: str) -> None:
    """A file that no index accepts is reported with the reason."""
    with pytest.raises(Failure, match=said):
        read_distribution(archive(filename, texts))


def test_newer_metadata_is_read() -> None:
    """Name and version are read even with an unknown metadata version and unknown fields."""
    text = "Metadata-Version: 9.9\nShiny: yes\nName: hello\nVersion: 1.0\n"

    assert read_distribution(archive("hello-1.0.tar.gz", {"a/PKG-INFO": text})).version == Version("1.0")


def test_equivalent_spellings_agree() -> None:
    """``1.0`` equals ``1.0.0``, and ``Hello_World`` equals ``hello-world``."""
    files = [
        wheel("Hello_World", "1.0.0", filename="hello_world-1.0-py3-none-any.whl"),
        sdist("hello-world", "1.0", filename="hello_world-1.0.0.tar.gz"),
    ]

    assert disagreements(files) == ()


def test_every_contradiction_is_reported() -> None:
    """All differences between the files are reported at once."""
    files = [sdist("hello", "1.0"), wheel("bye", "2.0", filename="hello-1.0-py3-none-any.whl")]

    found = [problem.found for problem in disagreements(files)]

    assert found == [
        "The files have different names: hello in hello-1.0.tar.gz, bye in hello-1.0-py3-none-any.whl.",
        "The files have different versions: 1.0 in hello-1.0.tar.gz, 2.0 in hello-1.0-py3-none-any.whl.",
    ]
