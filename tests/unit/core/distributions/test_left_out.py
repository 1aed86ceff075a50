"""Files that an sdist leaves out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.archives import archive
from tagship.core.distributions.distribution import Structure
from tagship.core.distributions.left_out import forgotten, left_out

MISSING = ("tools/version.txt", "versions.py", "tools/__init__.py", "src/a/speed.h")


def test_files_of_the_checkout_that_the_sdist_lacks_are_listed() -> None:
    """The top folder of the sdist does not count."""
    names = ("hello-1.0/", "hello-1.0/a.py", "hello-1.0/b/c.py")
    sdist = replace(archive("hello-1.0.tar.gz", {}), structure=Structure(names=names))

    assert left_out(["a.py", "b/c.py", "c.py"], sdist) == ("c.py",)


@pytest.mark.parametrize(
    ("output", "path"),
    [
        pytest.param(
            "FileNotFoundError: [Errno 2] No such file or directory: 'tools/version.txt'", MISSING[0], id="a path"
        ),
        pytest.param("OSError: /tmp/x/tools/version.txt does not exist", MISSING[0], id="an absolute path"),
        pytest.param("could not find requested file:\n\n  tools/version.txt", MISSING[0], id="a path of CMake"),
        pytest.param("ModuleNotFoundError: No module named 'versions'", MISSING[1], id="a module"),
        pytest.param("ModuleNotFoundError: No module named 'tools'", MISSING[2], id="a package"),
        pytest.param("x.c:1:10: fatal error: speed.h: No such file or directory", MISSING[3], id="a header"),
        pytest.param("No such file or directory: 'my-versions.py'", None, id="a name that ends like it"),
        pytest.param("reading tools/version.txt", None, id="a line without an error"),
    ],
)
def test_the_missing_file_is_found_in_the_output(output: str, path: str | None) -> None:
    """The file is named with the setting of the backend."""
    problem = forgotten(f"Traceback\n{output}\n", MISSING, sdist="hello-1.0.tar.gz", backend="setuptools.build_meta")

    assert (problem is None) if path is None else (problem is not None and f"failed: {path} is" in problem.found)
    assert problem is None or problem.remedy == f"Add to MANIFEST.in: include {path}"


@pytest.mark.parametrize(
    ("backend", "setting"),
    [("poetry.core.masonry.api", '[tool.poetry] include = [{ path = "versions.py"'), ("other", "Include versions.py")],
)
def test_every_backend_has_a_setting(backend: str, setting: str) -> None:
    """An unknown backend gets a general remedy."""
    problem = forgotten("No module named 'versions'", MISSING, sdist="a.tar.gz", backend=backend)

    assert problem is not None
    assert setting in problem.remedy
