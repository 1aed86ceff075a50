"""The few expressions that stand in defaults, replaced as the runner would, for use away from a runner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXPRESSION = re.compile(r"\$\{\{\s*github\.([a-z_.]+)\s*\}\}")


def expand(text: str, github: Mapping[str, str]) -> str:
    """``text`` with every ``${{ github.NAME }}`` replaced by its value in ``github``, and by nothing where it has none.

    Names are dotted, as in ``event.repository.default_branch``. Other expressions are left as they are.
    """
    return _EXPRESSION.sub(lambda match: github.get(match[1], ""), text)
