"""Rules about all files of one release together, and the list of every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.index_rules.archives import ARCHIVE_RULES
from tagship.core.index_rules.file_names import FILE_NAME_RULES
from tagship.core.index_rules.metadata import METADATA_RULES
from tagship.core.index_rules.rule import Breach, Rule, Violation, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.index_rules.rule import Upload


def _one_sdist(upload: Upload) -> Iterator[Breach]:
    del upload
    yield Breach(place="release", value="", phrase="Only one sdist may be uploaded per release.")


ONE_SDIST = Rule(
    name="one-sdist",
    part="release",
    level="error",
    summary="More than one sdist for a version.",
    source="https://peps.python.org/pep-0527/",
    remedy="Empty the folder of distributions before the build, and keep one .tar.gz file.",
    check=_one_sdist,
)
RULES: tuple[Rule, ...] = (*METADATA_RULES, *FILE_NAME_RULES, *ARCHIVE_RULES, ONE_SDIST)
"""Every rule, in the order in which the documentation lists them."""


def release_violations(uploads: tuple[Upload, ...]) -> tuple[Violation, ...]:
    """Return every breach of a rule by ``uploads``, the files of one release; the same one is reported once a file."""
    found = violations(uploads, (*METADATA_RULES, *FILE_NAME_RULES, *ARCHIVE_RULES))
    sdists = [upload.filename for upload in uploads if upload.kind == "sdist"]
    extra = tuple(
        Violation(rule=ONE_SDIST, filename=name, breach=next(ONE_SDIST.check(uploads[0]))) for name in sdists[1:]
    )
    return (*found, *extra)
