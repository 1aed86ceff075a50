"""Words that plain technical English has a better one for stay out of everything a person reads."""

from __future__ import annotations

import ast
import re
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROGRAMS = [
    path
    for folder in ("src", "tests", "tools", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "golden" not in path.parts and "standins" not in path.parts and path != Path(__file__)
]
TEXTS = [
    ROOT / "action.yml",
    *sorted((ROOT / "actions").rglob("action.yml")),
    *sorted((ROOT / ".github" / "workflows").glob("*.yml")),
    ROOT / "docs" / "troubleshooting.md",
    ROOT / "CONTRIBUTING.md",
]

WORDS: dict[str, str] = {
    r"mend(s|ed|ing)?": "fix",
    r"(stand|stands|standing|stood)(?!-in)": "is",
    r"beside": "next to",
    r"meanwhile": "during this time",
    r"anew": "again",
    r"in sight": "visible",
    r"(come|comes|coming|came) to be": "become",
    r"(whoever|whomever|whatever|whichever)": "any",
    r"bears?": "has",
    r"(tells|told)": "reports",
    r"(minds|wants|wishes)": "requires",
    r"(takes|take|took|taken) away": "remove",
    r"(asks|asked|asking) for": "requires",
    r"(hands|handed|handing) (on|over|out)": "passes",
    r"is played": "runs",
    r"(ends|ended) otherwise": "fails",
    r"(None|True|False|Failure|empty|nothing) where": "if",
    r"where (it|there|one|that|this|none|no|nothing|they|he|she|all)": "if",
    r"(is|are|was|were) no (?!longer|more|less|such|matter|way|need)\w+": "is not a",
    r"there is no \w+ that": "No X found",
    r"the doctor": "`tagship doctor`",
    r"(besides|thereby|whereby|wherein|therein|hitherto|henceforth)": "plain words",
    r"(befall|befalls|befell|mishaps?|parcels?|crown(s|ed)?)": "the field's word",
    r"in so many words": "explicitly",
    r"for ever": "permanently",
    r"as well as can be": "plain words",
    r"of one's own": "private",
    r"somebody else's": "another user's",
}
"""Pattern of a phrase, and what to write instead."""
WORD = re.compile(r"\b(?:" + "|".join(f"(?:{pattern})" for pattern in WORDS) + r")\b", re.IGNORECASE)
CLOSED = ("What", "How", "Whether", "The", "A", "An")
"""Words that do not open a function's docstring."""


def spoken(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the comments and strings of a program, or the lines of another file, each with its line number."""
    if path.suffix != ".py":
        yield from enumerate(path.read_text("utf-8").splitlines(), 1)
        return
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type in {tokenize.COMMENT, tokenize.STRING}:
                yield from enumerate(token.string.splitlines(), token.start[0])
            elif token.type == tokenize.NAME and token.string.startswith("test_"):
                yield token.start[0], token.string.replace("_", " ")


def name_of(path: Path) -> str:
    """Return a test's id."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*PROGRAMS, *TEXTS], ids=name_of)
def test_no_word_of_the_list_is_used(path: Path) -> None:
    """What a person reads is plain technical English."""
    source = path.read_text("utf-8")
    # A program is split into tokens only if it has one of the words, in its code or anywhere else: that takes longest.
    suspect = WORD.search(source) or WORD.search(source.replace("_", " "))
    lines = spoken(path) if suspect else ()
    found = [f"{path}:{line}: {match[0]!r}" for line, text in lines for match in WORD.finditer(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", PROGRAMS, ids=name_of)
def test_a_function_says_what_it_does(path: Path) -> None:
    """A function's docstring opens with a verb in the imperative (PEP 257); ruff D401 checks the verb."""
    functions = (
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("test_")
    )
    opened = {
        f"{path}:{node.lineno}: {docstring.split()[0]}"
        for node in functions
        if not any("property" in ast.unparse(item) or "invariant" in ast.unparse(item) for item in node.decorator_list)
        and (docstring := ast.get_docstring(node) or "").split()[:1]
        and docstring.split()[0] in CLOSED
    }
    assert not opened, "\n".join(sorted(opened))
