"""Take the screenshots of the docs: a rehearsal that passed and one that failed. Requires Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOTS = {"passed": ("v0.2.0", 1500), "failed": ("v0.9.0", 1100)}
"""The tag of each rehearsal and the height of its picture in pixels. The changelog has no section for v0.9.0."""


def main() -> None:
    """Rehearse the example for each picture, and write it to ``docs/images``."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        raise SystemExit("Chromium is not installed. Install it: sudo apt install chromium")
    with tempfile.TemporaryDirectory() as folder:
        project = shutil.copytree(ROOT / "examples" / "hello-tagship", Path(folder) / "hello-tagship")
        for name, (tag, height) in SHOTS.items():
            output = Path(folder) / name
            command = ["-m", "tagship", "rehearse", str(project), "--tag", tag, "--output", str(output)]
            subprocess.run([sys.executable, *command], cwd=ROOT, check=False)
            picture = ROOT / "docs" / "images" / f"rehearsal-{name}.png"
            options = ["--headless", "--no-sandbox", "--hide-scrollbars", f"--screenshot={picture}"]
            report = (output / "report.html").as_uri()
            subprocess.run([browser, *options, f"--window-size=1200,{height}", report], check=True, capture_output=True)
            print(picture)


if __name__ == "__main__":
    main()
