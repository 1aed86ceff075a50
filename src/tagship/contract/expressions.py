"""Evaluation of the expressions in defaults, for use outside a runner."""

from __future__ import annotations

import re
from collections.abc import Mapping

_EXPRESSION = re.compile(r"\$\{\{\s*github\.([a-z_.]+)\s*\}\}")


def expand(text: str, github: Mapping[str, str]) -> str:
    """Replace every ``${{ github.NAME }}`` in ``text`` by its value in ``github``; by an empty text if it is unset.

    Names are dotted, as in ``event.repository.default_branch``. Other expressions remain unchanged.
    """
    return _EXPRESSION.sub(lambda match: github.get(match[1], ""), text)
