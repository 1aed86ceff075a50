"""Says hello in C."""

from hello_compiled._greet import greet

__all__ = ["greet"]
