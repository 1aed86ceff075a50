"""The templates of the texts that ``tagship init`` writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files

from jinja2 import Environment, StrictUndefined


def filled(name: str, filters: Mapping[str, Callable[..., str]], **values: object) -> str:
    """Return the text of the template ``name``. Expressions of GitHub have the usual delimiters of Jinja."""
    environment = Environment(  # noqa: S701 - no HTML
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= filters
    template = (files("tagship.initialise") / name).read_text("utf-8")
    return environment.from_string(template).render(**values)
