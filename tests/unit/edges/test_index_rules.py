"""Built files as uploads, and the classifiers that PyPI knows."""

from __future__ import annotations

from datetime import date

from support.archives import wheel
from tagship.core.index_rules.release import release_violations
from tagship.edges.index_rules import known_classifiers, upload_of


def test_values_that_pypi_removes_break_no_rule() -> None:
    """Old versions of setuptools write UNKNOWN for a missing value, which would not be an address."""
    upload = upload_of(wheel(metadata="Home-page: UNKNOWN\nLicense: UNKNOWN\n\nHello\n"))

    assert "home_page" not in upload.metadata
    assert "home-page" not in {item.rule.name for item in release_violations([upload])}


def test_license_files_of_older_metadata_are_ignored() -> None:
    """An upload by twine has no License-File if its metadata is older than 2.4."""
    upload = upload_of(wheel(metadata="License-File: LICENSE\n"))

    assert "license_files" not in upload.metadata


def test_the_list_of_classifiers_has_a_day() -> None:
    """An unknown classifier is an error only while the list is current."""
    known = known_classifiers()

    assert "Programming Language :: Python :: 3" in known.known
    assert known.day > date(2025, 1, 1)
