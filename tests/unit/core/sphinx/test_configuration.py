"""A ``conf.py``, read without running it."""

from __future__ import annotations

import pytest

from tagship.core.sphinx.configuration import SphinxConfiguration, read_sphinx_configuration

ISSUE = {"issue": ("https://e.com/o/issues/%s", "#%s")}


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("extlinks = {'issue': ('https://e.com/o/issues/%s', '#%s')}", id="constants"),
        pytest.param("extlinks: dict = {'Issue': ['https://e.com/o/issues/%s', '#%s']}", id="an annotation and a list"),
        pytest.param("base = 'https://e.com/o'\nextlinks = {'issue': (base + '/issues/%s', '#%s')}", id="a sum"),
        pytest.param("base = 'https://e.com/o'\nextlinks = {'issue': (f'{base}/issues/%s', '#%s')}", id="an f-string"),
        pytest.param("extlinks = dict(issue=('https://e.com/o/issues/%s', '#%s'))", id="dict()"),
        pytest.param("extlinks = {}\nextlinks['issue'] = ('https://e.com/o/issues/%s', '#%s')", id="an item"),
        pytest.param("extlinks = {}\nextlinks.update({'issue': ('https://e.com/o/issues/%s', '#%s')})", id="update()"),
        pytest.param(
            "extlinks = {'issue': ('https://e.com/o/issues/%s', '#%s'), 'x': (y(), 'z')}", id="an unknown value"
        ),
    ],
)
def test_extlinks(source: str) -> None:
    """Links are found however they are put together out of constants."""
    assert read_sphinx_configuration(source).extlinks == ISSUE


def test_other_settings() -> None:
    """The default role, and the text that Sphinx adds to every page."""
    source = 'default_role = "py:obj"\nrst_prolog = "a"\nrst_prolog += "b"\nrst_epilog = """c"""\nissues_github_path = "o/n"\n'
    assert read_sphinx_configuration(source) == SphinxConfiguration(
        default_role="py:obj", prolog="ab", epilog="c", repository="o/n"
    )


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("extlinks = (", id="no Python"),
        pytest.param("\0", id="a null character"),
        pytest.param("x = " + "(" * 1000 + ")" * 1000, id="too many parentheses"),
        pytest.param("extlinks = __import__('os').environ", id="a call"),
        pytest.param("a = 'x'\n" + "a = a + a\n" * 60 + "rst_epilog = a", id="a text that doubles"),
        pytest.param("extlinks = 'a'\nextlinks.update({'b': ('c', 'd')})", id="a text for a dictionary"),
    ],
)
def test_what_is_not_constant_is_left_out(source: str) -> None:
    """Nothing is run, and nothing makes the reader fail."""
    assert read_sphinx_configuration(source) == SphinxConfiguration()
