"""Asset names, checksum files and media types."""

from __future__ import annotations

import pytest

from support.asset_names import ASSET_NAMES
from tagship.core.release.assets import asset_name, content_type, may_be_called


@pytest.mark.parametrize(("name", "given"), ASSET_NAMES.items(), ids=ASSET_NAMES)
def test_asset_name_is_the_name_github_gives(name: str, given: str) -> None:
    """The name follows GitHub's rules, and renaming it again changes nothing."""
    assert asset_name(name) == given
    assert asset_name(given) == given


@pytest.mark.parametrize(
    ("name", "given", "may"),
    [
        pytest.param("my file.txt", "my-file.txt", True, id="another separator"),
        pytest.param("日本.zip", "default.zip", True, id="the default stem"),
        pytest.param("app-é", "default.app-e", True, id="a default stem before letters"),
        pytest.param("straße.txt", "strasse-txt", True, id="a transliterated letter"),
        pytest.param("a@b.txt", "a.b.txt", True, id="a sign that GitHub keeps today"),
        pytest.param("my file.txt", "your.file.txt", False, id="other letters"),
        pytest.param("plain.txt", "plain-txt", False, id="a name without special characters"),
    ],
)
def test_renaming_keeps_letters_and_digits(name: str, given: str, *, may: bool) -> None:
    """A name with special characters may be renamed in another way, but only its special characters change."""
    assert may_be_called(name, given) is may


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hello-1.2.0-py3-none-any.whl", "application/zip"),
        ("hello-1.2.0.tar.gz", "application/gzip"),
        ("App.ZIP", "application/zip"),
        ("SHA256SUMS", "text/plain"),
        ("notes.txt", "text/plain"),
        ("sbom.cdx.json", "application/vnd.cyclonedx+json"),
        ("data.json", "application/json"),
        ("page.html.gz", "application/octet-stream"),
        ("app", "application/octet-stream"),
        ("app.exe.sig", "application/pgp-signature"),
    ],
)
def test_content_type_follows_from_the_name(name: str, kind: str) -> None:
    """The media type does not depend on the machine, and an unknown file is ``application/octet-stream``."""
    assert content_type(name) == kind
