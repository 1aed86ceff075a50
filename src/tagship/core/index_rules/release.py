"""Rules about all files of one release together, and the list of every rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tagship.core.index_rules.archives import ARCHIVE_RULES
from tagship.core.index_rules.file_names import FILE_NAME_RULES
from tagship.core.index_rules.metadata import METADATA_RULES
from tagship.core.index_rules.rule import Breach, Index, Rule, Upload, Violation, rules_about


@rules_about("release")(
    is_pypi_only=True,
    kind="sdist",
    summary="More than one sdist for a version.",
    source="https://peps.python.org/pep-0527/",
    remedy="Empty the folder of distributions before the build, and keep one .tar.gz file.",
)
def _one_sdist(upload: Upload) -> Iterator[Breach]:
    if any(name.endswith(".tar.gz") for name in upload.earlier):
        yield Breach(place="release", value="", phrase="Only one sdist may be uploaded per release.")


RULES: tuple[Rule, ...] = (*METADATA_RULES, *FILE_NAME_RULES, *ARCHIVE_RULES, _one_sdist)
"""Every rule, in the order in which the documentation lists them."""


def release_violations(
    uploads: Sequence[Upload], *, index: Index = "pypi", is_release: bool = True
) -> tuple[Violation, ...]:
    """Return every breach of a rule by ``uploads``, the files of one release in the order of their upload.

    ``is_release`` is false for files that are not published, such as those of a branch: they may have a local version.
    """
    rules = [each for each in RULES if index == "pypi" or not each.is_pypi_only]
    if not is_release:
        rules = [each for each in rules if each.name != "local-version"]
    names = tuple(upload.filename for upload in uploads)
    return tuple(
        Violation(rule=each, filename=upload.filename, breach=breach)
        for upload in (replace(upload, earlier=names[:place]) for place, upload in enumerate(uploads))
        for each in rules
        if each.kind in (None, upload.kind) and (upload.archive is not None or each.part == "metadata")
        for breach in each.check(upload)
    )
