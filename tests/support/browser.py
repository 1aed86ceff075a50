"""A real browser, asked what it makes of a page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

AXE = Path(sys.prefix, "node_modules", "axe-core", "axe.min.js")
"""The accessibility checker, where the line below puts it."""
INSTALL_AXE = f"npm install --no-save --prefix {sys.prefix} axe-core@4.14.1"
INSTALL_CHROMIUM = "apt-get install -y chromium"
PROGRAM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)

_OPTIONS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_FRAME = """
async function look(frame, dark) {
  const page = frame.contentDocument, root = page.documentElement;
  const items = [...page.querySelectorAll("body *")];
  const wide = items.filter((item) => item.getBoundingClientRect().right > frame.width).slice(0, 3);
  const found = {width: Number(frame.width), dark, scroll: root.scrollWidth, wide: wide.map((item) => item.outerHTML)};
  const source = document.getElementById("axe").textContent;
  if (source) {
    page.querySelectorAll("details").forEach((item) => { item.open = true; });
    const script = page.createElement("script");
    script.textContent = source;
    page.head.append(script);
    const answer = await frame.contentWindow.axe.run(page, {resultTypes: ["violations"]});
    found.violations = answer.violations.map(({id, nodes}) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
  }
  return found;
}
addEventListener("load", async () => {
  const looks = [], frames = document.querySelectorAll("iframe");
  for (const frame of frames) looks.push(await look(frame, frame.dataset.scheme === "dark"));
  document.getElementById("answer").textContent = JSON.stringify(looks);
});
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A page at one width: its width, the elements that overflow it, and the findings of the accessibility checker."""

    width: int
    dark: bool
    scroll: int
    wide: Sequence[str]
    violations: Sequence[str] = ()


def looks(page: str, folder: Path, widths: Sequence[int]) -> list[Look]:
    """Return the page at each width in light and dark, with the findings of the checker if it is installed.

    A frame as wide as a screen has its layout and its media queries.
    """
    inner = escape(_POLICY.sub("", page))
    frames = "".join(
        f'<iframe width="{width}" height="4000" data-scheme="{scheme}" style="color-scheme: {scheme}; border: 0" '
        f'title="{width} {scheme}" srcdoc="{inner}"></iframe>'
        for width in widths
        for scheme in ("light", "dark")
    )
    checker = AXE.read_text("utf-8").replace("</script", "<\\/script") if AXE.exists() else ""
    wrapper = (
        f'<!DOCTYPE html><title>Looks</title>{frames}<pre id="answer"></pre>'
        f'<script type="text/plain" id="axe">{checker}</script><script>{_FRAME}</script>'
    )
    path = folder / "looks.html"
    path.write_text(wrapper, "utf-8")
    dumped = _run(folder, "--virtual-time-budget=60000", "--window-size=1400,4000", "--dump-dom", path.as_uri()).stdout
    answer = re.search(r'<pre id="answer">(.*?)</pre>', dumped, re.DOTALL)
    found: list[dict[str, Any]] = json.loads(unescape(answer[1])) if answer and answer[1] else []
    return [Look(**item) for item in found]


def console_messages(path: Path, folder: Path) -> list[str]:
    """Return the console messages of the browser when it opens the page at ``path``."""
    told = _run(folder, "--enable-logging=stderr", "--v=0", "--virtual-time-budget=2000", "--dump-dom", path.as_uri())
    return [line for line in told.stderr.splitlines() if "CONSOLE" in line]


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    profile = f"--user-data-dir={folder / 'profile'}"
    return subprocess.run(
        [PROGRAM, *_OPTIONS, profile, *arguments], capture_output=True, text=True, timeout=180, check=True
    )
