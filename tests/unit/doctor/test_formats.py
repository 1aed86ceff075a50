"""Findings as text, JSON and SARIF."""

from __future__ import annotations

import json
from dataclasses import replace

from tagship.core.project.declaration import Declaration
from tagship.core.project.facts import ProjectFacts
from tagship.doctor.diagnosis import as_json, as_sarif, as_text
from tagship.doctor.finding import Finding
from tagship.errors import DOCS

FACTS = ProjectFacts(declaration=Declaration(file="pyproject.toml", name="hello"), tag="v1.2.0")
ERROR = Finding(rule="a", level="error", found="It is red.", remedy="Paint it.", file="a.yml", line=3)
NOTE = Finding(rule="b", level="note", found="It is grey.", remedy="Dust it.")


def test_the_text_has_level_place_problem_and_remedy() -> None:
    """Findings of one rule are one paragraph, and the last line counts the paragraphs of each level."""
    assert as_text(FACTS, [ERROR, NOTE, replace(NOTE, file="c.yml")]) == (
        f"❌ error a\n   a.yml:3: It is red.\n   → Paint it.\n   More: {DOCS}/doctor.md#a\n\n"
        "💡 note b (2 places)\n   It is grey.\n   c.yml: It is grey.\n   → Dust it.\n"
        f"   More: {DOCS}/doctor.md#b\n\n"
        "hello 1.2.0: 1 error, 1 note."
    )


def test_a_remedy_keeps_its_lines() -> None:
    """A TOML table has several lines."""
    finding = Finding(rule="c", level="note", found="None.", remedy="Write:\n[a]\nb = 1")
    assert "   → Write:\n     [a]\n     b = 1\n   More: " in as_text(FACTS, [finding])


def test_a_project_without_problems_has_one_line() -> None:
    """The verdict is the only line."""
    assert as_text(ProjectFacts(), []) == "The project: no problems found."


def test_json_is_one_object() -> None:
    """Every field has a key; missing values are null."""
    assert json.loads(as_json(FACTS, [NOTE])) == {
        "name": "hello",
        "version": "1.2.0",
        "tag": "v1.2.0",
        "findings": [
            {
                "rule": "b",
                "level": "note",
                "found": "It is grey.",
                "remedy": "Dust it.",
                "file": None,
                "line": None,
                "fix": False,
                "help": f"{DOCS}/doctor.md#b",
            }
        ],
    }


def test_sarif_has_a_result_with_a_place_for_each_finding() -> None:
    """Code scanning rejects a result without a file, so a finding without one is on the project file."""
    (run,) = json.loads(as_sarif(FACTS, [ERROR, NOTE]))["runs"]
    assert run["tool"]["driver"]["rules"] == [
        {"id": "a", "helpUri": f"{DOCS}/doctor.md#a"},
        {"id": "b", "helpUri": f"{DOCS}/doctor.md#b"},
    ]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [("a", "error"), ("b", "note")]
    assert [(place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in places] == [
        ("a.yml", 3),
        ("pyproject.toml", 1),
    ]
