"""A real browser, asked what it makes of a page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from html import escape, unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
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


_SITE = """
async function load(frame, address) {
  const loaded = new Promise((done) => { frame.onload = done; });
  frame.src = address;
  await loaded;
  frame.contentDocument.querySelectorAll("details").forEach((item) => { item.open = true; });
  const still = frame.contentDocument.createElement("style");
  still.textContent = "*, ::before, ::after { transition: none !important; animation: none !important; }";
  frame.contentDocument.head.append(still);
}
async function violations(frame, rules) {
  const options = {resultTypes: ["violations"], ...(rules && {runOnly: {type: "rule", values: rules}})};
  const answer = await frame.contentWindow.axe.run(frame.contentDocument, options);
  return answer.violations.map(({id, nodes}) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
}
async function look(frame, page, checker) {
  await load(frame, page);
  const {contentDocument: inner, contentWindow: view} = frame, found = [];
  if (checker) view.eval(checker);
  for (const width of WIDTHS) {
    frame.width = width;
    // The theme makes a box focusable some time after it has become too narrow for its content.
    const boxes = [...inner.querySelectorAll("pre > code")];
    const late = () => boxes.some((box) => box.scrollWidth > box.clientWidth && box.tabIndex < 0);
    await new Promise((done) => view.requestAnimationFrame(done));
    for (let rest = 100; late() && rest; rest -= 1) await new Promise((done) => view.setTimeout(done, 50));
    for (const scheme of ["default", "slate"]) {
      inner.body.setAttribute("data-md-color-scheme", scheme);
      const scroll = inner.documentElement.scrollWidth, dark = scheme === "slate";
      const rules = dark ? ["color-contrast", "link-in-text-block"] : null;
      found.push({width, dark, scroll, wide: [], violations: checker ? await violations(frame, rules) : []});
    }
  }
  return found;
}
addEventListener("load", async () => {
  const frame = document.querySelector("iframe");
  const checker = CHECKER && await (await fetch(CHECKER)).text();
  for (const page of PAGES) {
    await fetch(page, {method: "POST", body: JSON.stringify(await look(frame, page, checker))});
  }
});
"""


def site_looks(site: Path, folder: Path, widths: Sequence[int], *, limit: float = 180) -> dict[str, list[Look]]:
    """Return every page of the site in the folder ``site`` at each width in light and dark, by its path.

    One browser shows all pages one after the other in one frame, each for at most ``limit`` seconds. Only the rules
    about colours depend on the mode.
    """
    pages = sorted(f"/{path.relative_to(site).as_posix()}" for path in site.rglob("*.html") if path.name != "404.html")
    values = {"PAGES": pages, "WIDTHS": widths, "CHECKER": "/axe.js" if AXE.exists() else ""}
    constants = "".join(f"const {name} = {json.dumps(value)};" for name, value in values.items())
    wrapper = f'<!DOCTYPE html><title>Site</title><iframe height="2000"></iframe><script>{constants}{_SITE}</script>'
    answers: Queue[tuple[str, bytes]] = Queue()

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in own:
                self.send_response(200)
                self.send_header("Content-Type", "text/html" if self.path == "/all.html" else "text/javascript")
                self.end_headers()
                self.wfile.write(own[self.path])
            else:
                super().do_GET()

        def do_POST(self) -> None:
            answers.put((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    own = {"/all.html": wrapper.encode(), "/axe.js": AXE.read_bytes() if AXE.exists() else b""}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site))) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/all.html"
        browser = subprocess.Popen(
            [PROGRAM, *_OPTIONS, f"--user-data-dir={folder / 'profile'}", "--remote-debugging-port=0", address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            found = dict(answers.get(timeout=limit) for _ in pages)
        finally:
            browser.terminate()
            browser.wait()
            server.shutdown()
    return {page: [Look(**item) for item in json.loads(text)] for page, text in found.items()}
