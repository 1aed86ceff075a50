"""The report in a real browser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from support.browser import AXE, INSTALL_AXE, INSTALL_CHROMIUM, PROGRAM, console_messages, looks
from support.rehearsals import a_result, a_stage
from tagship.rehearsal.report import render_report
from tagship.rehearsal.result import Result, Subject

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not PROGRAM, reason=f"no browser: {INSTALL_CHROMIUM}")

LONG = "a" * 90
NOTES = f"""# {LONG}

| {LONG} | b | c |
| --- | --- | --- |
| https://example.org/{LONG} | `{LONG}` | ![x](y.png) |

```python
{LONG} = "{LONG}"
```

- [x] done
  1. one[^1]

> {LONG}

[^1]: there
"""
SUBJECT = Subject(
    project=LONG, repository=f"octo/{LONG}", tag=f"v{LONG}", commit="c" * 40, version="1.2.0", remarks=(LONG,)
)
MESSAGE = f"1. The check `{LONG}` failed.\nRun it again: {LONG}\n2. It is <odd>.\nFix it."


def good(folder: Path) -> Result:
    """Return a rehearsal that passed, with very long names."""
    wheel = folder / f"{LONG}-1.2.0-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        for number in range(80):
            archive.writestr(f"{LONG}/{number}/{LONG}.py", "x" * number)
    result = a_result(subject=SUBJECT, dist=(wheel,))
    assert result.release
    return replace(result, release=replace(result.release, body=NOTES, prerelease=True, draft=True, name=LONG))


def bad(_: Path) -> Result:
    """Return a rehearsal that failed."""
    stages = (
        a_stage("checkout", log=(LONG * 3,)),
        a_stage("preflight", 0.4, 0.8, outcome="failed", message=MESSAGE),
        a_stage("quality-gate", outcome="skipped", python="3.12", message="Python 3.12 is not installed."),
        a_stage("build-dist", outcome="skipped"),
    )
    return a_result(subject=SUBJECT, stages=stages, release=None, index=(), requests=())


@pytest.fixture(params=[good, bad], ids=["good", "failed"])
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the path of a report."""
    path = tmp_path / "report.html"
    path.write_text(render_report(request.param(tmp_path)), "utf-8")
    return path


def test_fits_a_phone_and_a_screen(page: Path, tmp_path: Path) -> None:
    """Nothing scrolls horizontally at 360 and 1280 pixels, even with very long names."""
    found = looks(page.read_text("utf-8"), tmp_path, (360, 1280))
    assert [(look.width, look.dark) for look in found] == [(360, False), (360, True), (1280, False), (1280, True)]
    assert [(look.width, look.scroll, look.wide) for look in found if look.scroll > look.width] == []


@pytest.mark.skipif(not AXE.exists(), reason=f"no axe-core: {INSTALL_AXE}")
def test_is_accessible(page: Path, tmp_path: Path) -> None:
    """axe-core finds no violations, contrast and labels included, in light and dark mode."""
    found = looks(page.read_text("utf-8"), tmp_path, (360, 1280))
    assert [(look.width, look.dark, violation) for look in found for violation in look.violations] == []


@pytest.mark.skipif(not AXE.exists(), reason=f"no axe-core: {INSTALL_AXE}")
def test_finds_violations(tmp_path: Path) -> None:
    """The two tests above detect a wide line, a pale one, and a field without a label."""
    wrong = '<p style="width: 2000px; color: #ccc">wide and pale</p><input>'
    found = looks(render_report(good(tmp_path)).replace("<main>", f"<main>{wrong}"), tmp_path, (360,))
    assert all(look.scroll > 2000 for look in found)
    assert {violation.split(":")[0] for violation in found[0].violations} == {"color-contrast", "label"}


def test_logs_nothing_to_the_console(page: Path, tmp_path: Path) -> None:
    """The page opens without console messages, its Content-Security-Policy included."""
    assert console_messages(page, tmp_path) == []
