"""The release, as on its page on GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.rehearsal.report.markup import Html, count, element, raw, size
from tagship.rehearsal.report.notes import render_notes
from tagship.rehearsal.report.page import section

if TYPE_CHECKING:
    from tagship.rehearsal.result import File, ReleaseResult, Result

_BOX = "M8 1l6 3v8l-6 3-6-3V4zM2 4l6 3 6-3M8 7v8"
_TAG = "M2 2h6l6 6-6 6-6-6zM5 5h.01"
_COMMIT = "M1 8h4m6 0h4M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"


def release_section(result: Result) -> Html | None:
    """Return the section with the release, or None without a release."""
    release = result.release
    if release is None:
        return None
    return section(
        "release",
        "Release",
        element(
            "article",
            element("h3", release.name, " ", _badges(release), class_="release-name"),
            element(
                "p",
                element("span", _icon(_TAG), release.tag),
                element("span", _icon(_COMMIT), result.subject.commit[:7]),
                class_="chips",
            ),
            element("div", render_notes(release.body, result.subject.repository), class_="prose"),
            _assets(release.assets),
            class_="card release",
        ),
        lead="Preview of the release page on GitHub.",
    )


def _badges(release: ReleaseResult) -> list[Html]:
    words = [
        ("Latest", "latest", release.latest),
        ("Pre-release", "prerelease", release.prerelease),
        ("Draft", "draft", release.draft),
    ]
    return [element("span", word, class_=f"badge {kind}") for word, kind, shown in words if shown]


def _assets(assets: tuple[File, ...]) -> Html:
    rows = [
        element(
            "li",
            _icon(_BOX),
            element("span", asset.name, class_="asset-name"),
            element("span", size(asset.size), class_="size"),
            element("code", asset.digest, class_="digest"),
        )
        for asset in assets
    ]
    return element(
        "div", element("h4", count(len(assets), "asset")), element("ul", rows) if rows else None, class_="assets"
    )


def _icon(path: str) -> Html:
    return raw(f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="{path}"/></svg>')
