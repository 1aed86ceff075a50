"""The list of what to fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.rehearsals import a_stage
from tagship.rehearsal.result import tasks_of
from tagship.rehearsal.steps import Annotation

if TYPE_CHECKING:
    from tagship.rehearsal.result import StageResult


def gate(python: str, output: str) -> StageResult:
    """Return the result of a quality gate whose check failed with ``output``."""
    message = f"The check `pytest` failed with exit code 1 after {len(python)}.5 s.\nSee its output."
    titles = ("pytest failed with exit code 1 after 4.5 s", "Quality gate")
    annotations = (
        Annotation(level="error", title=titles[0], text=output),
        Annotation(level="error", title="pytest", text="assert 0", file="tests/test_a.py", line=3),
        Annotation(level="error", title=titles[1], text=message),
    )
    return a_stage("quality-gate", python=python, outcome="failed", message=message, annotations=annotations)


def test_the_same_cause_is_one_task_for_all_pythons() -> None:
    """Versions, durations and addresses do not make two problems of one; the output shows the cause."""
    results = (gate("3.11", "Python 3.11.2\n1 failed in 0.52s"), gate("3.12", "Python 3.12.1\n1 failed in 1s"))
    (task,) = tasks_of(results)
    assert task.stages == ("quality-gate (3.11)", "quality-gate (3.12)")
    assert task.output == "Python 3.11.2\n1 failed in 0.52s"


def test_an_index_without_an_answer_is_one_task_for_all_libraries() -> None:
    """Each stage installs other libraries, and all of them need the same remedy."""
    text = "The package index did not respond while the {} dependencies were installed.\nRun the job again."
    pages = ("https://docs.example/#index",)
    stages = [a_stage(name, outcome="failed", message=text.format(name), help=pages) for name in ("build", "github")]
    (task,) = tasks_of(stages)
    assert task.stages == ("build", "github")


def test_another_cause_is_another_task() -> None:
    """A check that fails for another reason on another Python is listed again."""
    assert len(tasks_of((gate("3.11", "No module named imp"), gate("3.12", "1 failed")))) == 2


def test_the_same_problem_of_two_stages_is_one_task() -> None:
    """A problem that several stages report is listed once, with all of them and its help page."""
    message = "1. The tag is wrong.\nTag it.\n2. No section.\nFill it."
    stages = (
        a_stage("preflight", outcome="failed", message=message, help=("#tag", "#section")),
        a_stage("extract-changelog", outcome="failed", message="No section.\nFill it.", help=("#section",)),
    )
    assert [(task.stages, task.text.splitlines()[0], task.page) for task in tasks_of(stages)] == [
        (("preflight",), "The tag is wrong.", "#tag"),
        (("preflight", "extract-changelog"), "No section.", "#section"),
    ]


def test_a_problem_has_its_place() -> None:
    """The place of the annotation with the message is that of the problem."""
    annotation = Annotation(level="error", title="Preflight", text="It is wrong.", file="pyproject.toml", line=7)
    (task,) = tasks_of([a_stage("preflight", outcome="failed", message="It is wrong.", annotations=(annotation,))])
    assert task.place == "pyproject.toml:7"
