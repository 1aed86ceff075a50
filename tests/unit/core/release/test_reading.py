"""Values from the JSON of the REST API, and the release page of the summary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagship.core.release.assets import checksum_lines
from tagship.core.release.page import release_page
from tagship.core.release.state import Asset, Release, release_of
from tagship.core.release.steps import Plan


def test_a_release_is_read_with_its_assets() -> None:
    """Every field of a plan is read, assets are sorted by name, the upload URL has no template."""
    data = {
        "id": 1, "tag_name": "v1", "name": "One", "body": "Text", "draft": False, "prerelease": True,
        "immutable": True, "discussion_url": "https://x/1", "html_url": "https://x",
        "upload_url": "https://up/assets{?name,label}",
        "assets": [
            {"id": 3, "name": "b", "label": "B", "size": 5, "digest": "sha256:bb", "state": "uploaded",
             "content_type": "text/plain", "browser_download_url": "https://x/b", "created_at": "1970-01-01T00:01:00Z"},
            {"id": 2, "name": "a", "label": None, "size": 0, "digest": None, "state": "starter"},
        ],
    }  # fmt: skip
    assert release_of(data) == Release(
        id=1, tag="v1", name="One", body="Text", draft=False, prerelease=True, immutable=True, discussed=True,
        url="https://x", upload_url="https://up/assets",
        assets=(
            Asset(id=2, name="a", size=0, digest=None, uploaded=False, content_type=""),
            Asset(id=3, name="b", label="B", size=5, digest="sha256:bb", content_type="text/plain", url="https://x/b",
                  created=60.0),
        ),
    )  # fmt: skip


def test_fields_missing_on_older_servers_have_defaults() -> None:
    """Immutability, digests and a title can be missing."""
    old = {"id": 1, "tag_name": "v1", "name": None, "body": None, "draft": True, "prerelease": False}
    assert release_of(old) == Release(id=1, tag="v1", name="", body="", draft=True, prerelease=False)
    (asset,) = release_of(old | {"assets": [{"id": 2, "name": "a", "size": 3}]}).assets
    assert asset == Asset(id=2, name="a", size=3, digest=None, uploaded=True, created=0.0, content_type="")


def test_checksums_use_the_asset_names() -> None:
    """The list is sorted, and ``sha256sum --check`` accepts the downloaded files."""
    assert checksum_lines({"my.file": "sha256:bb", "a": "sha256:aa"}) == "aa  a\nbb  my.file\n"


def test_the_page_escapes_names() -> None:
    """A title or name with Markdown or HTML is shown literally."""
    release = Release(
        id=1, tag="v1", name="[x](http://evil) <b>", body="", draft=False, prerelease=False, url="https://x",
        assets=(Asset(id=2, name="a|b", size=1234, digest="sha256:aa"),),
    )  # fmt: skip
    page = release_page("On GitHub", release, done="created", plan=Plan(), remarks=["Mind *this*."])
    assert "[x](" not in page
    assert "<b>" not in page
    assert "| a&#124;b | 1.2 KiB | `aa…` |" in page
    assert page.startswith("### ⚠️ On GitHub: [&#91;x&#93;")
    assert "Release of v1, created." in page
    assert "- ⚠️&nbsp;Mind &#42;this&#42;." in page


@pytest.mark.parametrize(
    ("draft", "prerelease", "kind"),
    [(True, True, "Draft"), (False, True, "Pre-release"), (False, False, "Release")],
    ids=["a draft", "a pre-release", "a stable release"],
)
def test_the_page_has_the_kind_and_a_link(kind: str, *, draft: bool, prerelease: bool) -> None:
    """A release without a URL has no link."""
    release = Release(id=1, tag="v1", name="One", body="", draft=draft, prerelease=prerelease, url="https://x")
    shown = release_page("On GitHub", release, done="created", plan=Plan())
    assert f"{kind} of v1, created." in shown
    assert shown.startswith("### ✅ On GitHub: [One](https://x)")
    assert "](" not in release_page("On GitHub", replace(release, url=""), done="created", plan=Plan())


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"id": "1"}, id="an id that is a text"),
        pytest.param({"draft": "no"}, id="a flag that is a text"),
        pytest.param({"assets": {}}, id="an object in place of the list of assets"),
        pytest.param({"assets": ["a.whl"]}, id="an asset that is a text"),
        pytest.param({"tag_name": None}, id="no tag"),
    ],
)
def test_a_field_of_another_type_is_refused(data: dict[str, object]) -> None:
    """The error is a ValueError with the field and a short form of its value."""
    whole = {"id": 1, "tag_name": "v1", "draft": False, "prerelease": False}
    assert release_of(whole).id == 1
    with pytest.raises(ValueError, match=r"^\w+ is .{1,60}$"):
        release_of({**whole, **data})
