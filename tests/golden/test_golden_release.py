"""Step summaries of gh-release against the embedded GitHub."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.github import github_under_test

CASES = Path(__file__).parent / "gh-release"


@pytest.mark.parametrize(
    ("case", "inputs"),
    [("published", {"notes": "Some *notes*.", "checksums": "true"}), ("dry-run", {"dry_run": "true"})],
)
def test_the_summary_of_a_release_is_the_one_in_its_folder(
    case: str, inputs: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Heading, files, digests and plan equal the summary in the case's folder."""
    with github_under_test(tmp_path) as hub:
        hub.write(**{"hello-1_2_0__whl": "wheel", "hello-1_2_0__gz": "sdist"})
        _, runner = hub.run(**inputs)
        found = runner.summary.replace(hub.server.url, "https://github.example").replace(str(tmp_path), "<run>") + "\n"
    found = re.sub(r"\b[0-9a-f]{40}\b", "<commit>", found)
    expected = CASES / case / "summary.md"
    if request.config.getoption("--update-golden"):
        expected.write_text(found, "utf-8", newline="\n")
    assert found == expected.read_text("utf-8")
