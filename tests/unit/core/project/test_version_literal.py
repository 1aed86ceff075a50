"""The literal version in the modules of a package."""

from __future__ import annotations

import pytest

from tagship.core.project.facts import version_literal, version_modules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('__version__ = "1.2.0"\n', ("1.2.0", 1), id="a literal"),
        pytest.param("import a\n\n__version__: Final[str] = '1.2'\n", ("1.2", 3), id="with a type"),
        pytest.param("__version__ = version('a')\n", None, id="computed"),
        pytest.param('if x:\n    __version__ = "1"\n', None, id="under a condition"),
        pytest.param("", None, id="none"),
    ],
)
def test_the_literal_is_found_with_its_line(text: str, expected: tuple[str, int] | None) -> None:
    """Only a literal at the top level is certain."""
    assert version_literal(text) == expected


@pytest.mark.parametrize(
    ("name", "packages", "expected"),
    [
        pytest.param("Lemonade.Shop", [], "src/lemonade_shop/__init__.py", id="the name of the distribution"),
        pytest.param("lemonade-shop", [], "lemonade_shop.py", id="a single module"),
        pytest.param("lemonade-shop", ["src/lemonade"], "src/lemonade/_version.py", id="the only package"),
    ],
)
def test_the_modules_with_the_version(name: str, packages: list[str], expected: str) -> None:
    """They have the name of the distribution, or are in the only package."""
    assert expected in version_modules(name, packages)


def test_one_of_several_other_packages_is_not_chosen() -> None:
    """It may be vendored, with a version of its own."""
    assert not {"a/__init__.py", "b/__init__.py"} & set(version_modules("hello", ["a", "b"]))
