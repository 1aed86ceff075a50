"""Laws for every text in a workflow file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tagship.core.project.facts import ProjectFacts
from tagship.doctor.diagnosis import diagnose

_WORDS = st.sampled_from(
    ["on", "push", "tags", "jobs", "steps", "uses", "run", "with", "env", "permissions", "id-token", "write", "name",
     "pypa/gh-action-pypi-publish@v1", "actions/checkout@v4", "twine upload", "${{ x }}", "password", "environment",
     "${{", "", "@", "true", "workflow_call", "octo/tagship/.github/workflows/github-release.yml@v1"]
)  # fmt: skip
_PARTS = st.sampled_from([": ", "\n", "  ", "- ", "{", "}", "[", "]", ", ", "&a ", "*a", "!x ", '"', "|\n", "#"])
_NESTED = st.recursive(_WORDS, lambda inner: st.lists(inner) | st.dictionaries(_WORDS, inner), max_leaves=30)


@given(st.lists(_WORDS | _PARTS).map("".join) | st.text() | _NESTED.map(repr))
def test_no_workflow_makes_doctor_crash(text: str) -> None:
    """Any text has findings, and their lines are in the file."""
    lines = len(text.splitlines()) + 1
    findings = diagnose(ProjectFacts(workflows={"a.yml": text}))
    assert all(finding.line is None or 1 <= finding.line <= lines for finding in findings if finding.file == "a.yml")
