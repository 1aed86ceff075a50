"""The extension module greets."""

from hello_compiled import greet


def test_a_name_is_greeted() -> None:
    """Names of every script are text."""
    assert greet("Zoë") == "Hello, Zoë!"
