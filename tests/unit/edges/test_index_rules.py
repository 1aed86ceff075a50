"""Built files as uploads, and the classifiers that PyPI knows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from support.archives import wheel
from tagship.core.index_rules.release import release_violations
from tagship.edges.index_rules import current_classifiers, known_classifiers, upload_of

if TYPE_CHECKING:
    from pathlib import Path


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


def test_an_unknown_classifier_is_looked_up_on_pypi(tmp_path: Path) -> None:
    """The installed list ages; the one that PyPI publishes is of today."""
    (tmp_path / "list").write_text("Framework :: New\n")
    page = (tmp_path / "list").as_uri()

    found = current_classifiers(["Framework :: New"], is_online=True, page=page)

    assert "Framework :: New" in found.known
    assert found.day == datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("name", "is_online", "page"),
    [
        pytest.param("Framework :: New", True, "file:///nothing/here", id="PyPI does not respond"),
        pytest.param("Framework :: New", False, "about:refused", id="offline"),
        pytest.param("Private :: Do Not Upload", True, "about:refused", id="a private one"),
        pytest.param("Programming Language :: Python :: 3", True, "about:refused", id="a known one"),
    ],
)
def test_the_installed_list_is_used_otherwise(name: str, page: str, *, is_online: bool) -> None:
    """Nothing is requested without need, and an index that does not respond changes nothing."""
    assert current_classifiers([name], is_online=is_online, page=page) == known_classifiers()
