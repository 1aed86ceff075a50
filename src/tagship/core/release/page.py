"""The release on the summary of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagship.core.release.state import Release


def release_page(release: Release, *, created: bool, changed: bool) -> str:
    """Markdown that shows the release with its files, sizes and digests."""
    kind = "Draft" if release.draft else "Pre-release" if release.prerelease else "Release"
    done = "created" if created else "updated" if changed else "already as it should be"
    lines = [f"### {kind} [{_escaped(release.name or release.tag)}]({release.url}), {done}"]
    if release.assets:
        lines += ["", "| file | bytes | digest |", "| --- | ---: | --- |"]
        lines += [
            f"| {_escaped(asset.name)} | {asset.size:,} | {f'`{asset.digest}`' if asset.digest else ''} |"
            for asset in release.assets
        ]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """``text`` as Markdown that shows it and interprets none of it."""
    return "".join(f"&#{ord(character)};" if character in "&<>*_`[]|~#@!\\\r\n" else character for character in text)
