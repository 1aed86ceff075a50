"""Findings for people and programs."""

from __future__ import annotations

import json

from tagship.core.project.declaration import Declaration
from tagship.doctor.command import as_json, as_text
from tagship.core.project.facts import ProjectFacts
from tagship.doctor.finding import Finding

FACTS = ProjectFacts(declaration=Declaration(file="pyproject.toml", name="hello"), tag="v1.2.0")
BLOCKER = Finding(rule="a", level="blocker", found="It is red.", remedy="Paint it.", file="a.yml", line=3)
ADVICE = Finding(rule="b", level="advice", found="It is grey.", remedy="Dust it.")


def test_a_person_reads_level_place_cause_and_remedy() -> None:
    """And at the end how many there are of each level."""
    assert as_text(FACTS, [BLOCKER, ADVICE, ADVICE]) == (
        "❌ blocker a.yml:3\n   It is red.\n   → Paint it.\n\n"
        "💡 advice\n   It is grey.\n   → Dust it.\n\n"
        "💡 advice\n   It is grey.\n   → Dust it.\n\n"
        "hello 1.2.0: 1 blocker, 2 pieces of advice."
    )


def test_lines_to_type_stay_lines() -> None:
    """A table of a TOML file cannot be typed in one."""
    finding = Finding(rule="c", level="advice", found="None.", remedy="Write:\n[a]\nb = 1")
    assert "   → Write:\n     [a]\n     b = 1\n\n" in as_text(FACTS, [finding])


def test_a_healthy_project_is_told_so() -> None:
    """One line, and nothing else."""
    assert as_text(ProjectFacts(), []) == "The project: nothing stands between it and a safe release."


def test_a_program_reads_an_object() -> None:
    """Everything under its name, and null where there is nothing."""
    assert json.loads(as_json(FACTS, [ADVICE])) == {
        "name": "hello",
        "version": "1.2.0",
        "tag": "v1.2.0",
        "findings": [
            {
                "rule": "b",
                "level": "advice",
                "found": "It is grey.",
                "remedy": "Dust it.",
                "file": None,
                "line": None,
            }
        ],
    }
