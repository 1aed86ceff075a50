"""Every page of the documentation in a real browser."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.browser import AXE, INSTALL_AXE, INSTALL_CHROMIUM, PROGRAM, site_looks
from support.tools import tool

if TYPE_CHECKING:
    from support.browser import Look

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.skipif(not PROGRAM, reason=f"no browser: {INSTALL_CHROMIUM}"),
    pytest.mark.skipif(not AXE.exists(), reason=f"no axe-core: {INSTALL_AXE}"),
]


def site(folder: Path) -> Path:
    """Return the folder of the built site."""
    environ = {"NO_MKDOCS_2_WARNING": "1", "PATH": os.environ["PATH"]}
    command = [tool("mkdocs"), "build", "--quiet", "--site-dir", str(folder / "site")]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)
    return folder / "site"


def problems(found: dict[str, list[Look]]) -> list[str]:
    """Return the violations, and the widths that a page scrolls beyond."""
    return [
        f"{page} at {look.width} px{' in dark mode' if look.dark else ''}: {problem}"
        for page, looks in found.items()
        for look in looks
        for problem in [*look.violations, *([f"{look.scroll} px wide"] if look.scroll > look.width else [])]
    ]


def test_every_page_fits_and_is_accessible(tmp_path: Path) -> None:
    """axe-core finds no violations on a phone and a screen, in light and dark mode, and no page scrolls sideways."""
    built = site(tmp_path)
    found = site_looks(built, tmp_path, (360, 1280))
    sources = list((ROOT / "docs").rglob("*.md"))
    assert len(found) == len(sources)
    assert {len(looks) for looks in found.values()} == {4}
    assert problems(found) == []


def test_a_violation_is_found(tmp_path: Path) -> None:
    """The test above detects a pale text in one mode and a wide line."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(
        '<!DOCTYPE html><html lang="en"><title>x</title><style>[data-md-color-scheme=slate] p {color: #eee}</style>'
        '<body><main><h1>x</h1><p style="width: 2000px">pale</p></main></body></html>'
    )
    found = problems(site_looks(folder, tmp_path, (360,)))
    assert [item.partition(":")[2].split(":")[0].strip() for item in found] == [
        "2008 px wide",
        "color-contrast",
        "2008 px wide",
    ]
