"""Block rules tried by the character that a line begins with, instead of one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.ruler import Ruler
    from markdown_it.rules_block import StateBlock

    Rule = Callable[[StateBlock, int, int, bool], bool]

_STARTS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "footnote": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
}
"""The characters that a rule looks for itself before anything else. Rules not named here may begin with any."""


def dispatched(ruler: Ruler[Rule]) -> dict[str, list[Rule]]:
    """For every chain of ``ruler`` one rule that does what all rules of the chain do one after the other.

    Most lines begin with a letter, where most rules end at once: not to call them saves a fifth of the time.
    """
    names = {rule.fn: rule.name for rule in ruler.__rules__}
    chains = {"", *(chain for rule in ruler.__rules__ for chain in rule.alt)}
    return {chain: [_by_first_character(ruler.getRules(chain), names)] for chain in chains}


def _by_first_character(rules: Sequence[Rule], names: dict[Rule, str]) -> Rule:
    characters = set("".join(_STARTS.values()))
    always = tuple(rule for rule in rules if names[rule] not in _STARTS)
    table = {
        character: tuple(rule for rule in rules if character in _STARTS.get(names[rule], character))
        for character in characters
    }

    def first_that_matches(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        start = state.bMarks[line] + state.tShift[line]
        for rule in table.get(state.src[start : start + 1], always):  # noqa: SIM110  # any() takes half as long again
            if rule(state, line, end, silent):
                return True
        return False

    return first_that_matches
