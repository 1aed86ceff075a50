"""A package index, asked once before a release which files of a project it has."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tagship.core.index_page import simple_url, without_account
from tagship.core.preflight.published import IndexAnswer
from tagship.edges.package_index import PackageIndex
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.version import Version

    from tagship.core.index_page import IndexFile

_PAUSES = (0.5, 1.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The index whose Simple API is at ``url``.

    ``pauses`` are the seconds to wait before one that gives no answer is asked again.
    """

    url: str
    pauses: tuple[float, ...] = _PAUSES

    @property
    def shown(self) -> str:
        """The address without user and password."""
        return without_account(simple_url(self.url))

    def files(self, name: str) -> IndexAnswer:
        """What the index has of the project ``name``. That it cannot be asked is an answer as well."""
        index = PackageIndex(url=self.url, log=lambda _: None)
        waits = iter(self.pauses)
        while True:
            try:
                offered = index.files(canonicalize_name(name))
            except Failure as failure:
                problem, pause = failure.problems[0], next(waits, None)
                if pause is None or problem.topic == "index-refuses":
                    return IndexAnswer(state="unreachable", files={}, reason=problem.found)
                time.sleep(pause)
            else:
                return _answer(offered)


def _answer(offered: Iterable[IndexFile]) -> IndexAnswer:
    found: dict[Version, list[str]] = {}
    for file in offered:
        if file.version is not None:
            found.setdefault(file.version, []).append(file.filename)
    return IndexAnswer(state="known" if found else "unknown", files=found)
