"""The command line: flags and help from an action's declarations, and the commands that are not actions."""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import re
import shlex
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from tagship.actions import NAMES, load
from tagship.contract.conversion import as_plain, output_texts
from tagship.contract.fields import Input, inputs_of
from tagship.contract.parsers import boolean, folder, lines, mapping, names, script, secret, tag, text
from tagship.core.formatting import did_you_mean, without_controls
from tagship.edges.runner import Runner
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.contract import Action

COMMANDS: Mapping[str, str] = {
    "init": "tagship.initialise.command",
    "doctor": "tagship.doctor.command",
    "explain": "tagship.explain",
    "rehearse": "tagship.rehearsal.command",
}
"""The commands that are not actions: modules with ``SUMMARY``, ``add_arguments`` and ``run(arguments, environ)``.

``run`` returns the exit status, or raises Failure.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """The parsed command line of an action: the inputs that are set, and the output format."""

    inputs: Mapping[str, str]
    json: bool


class CommandParser(argparse.ArgumentParser):
    """A parser without abbreviations whose errors suggest the closest flag, command or choice."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Exit with status 2 and three lines: the error, a suggestion, and the command for help."""
        message, near = message.removeprefix("argument "), ""
        if chosen := re.fullmatch(r"(?:COMMAND: |(.+ ))invalid choice: '?(.+?)'? \(choose from (.+)\)", message):
            words = re.findall(r"[\w.-]+", chosen[3])
            message = f"{chosen[1] or ''}{chosen[2]!r} is not one of {', '.join(words)}"
            near = did_you_mean(chosen[2], words)
        elif flag := re.search(r"unrecognized arguments: .*?(--?[^\s=-][^\s=]*)", message):
            near = did_you_mean(flag[1], self._option_string_actions)
        elif empty := re.fullmatch(r"(--[\w-]+): expected one argument", message):
            near = f"Set it: {empty[1]} {self._option_string_actions[empty[1]].metavar or 'VALUE'}"
        hint = f"   → {near}\n" if near else ""
        self.exit(2, f"error: {message}\n{hint}   Help: {self.prog} --help\n")


def parse_flags(action: Action, arguments: Sequence[str]) -> Flags:
    """Return the flags of ``tagship ACTION``. Exits with status 2 for a usage error, with 0 after ``--help``."""
    parser = CommandParser(prog=f"tagship {action.name}", description=action.summary, epilog=_EXIT_CODES)
    items = [item for item in inputs_of(action.inputs) if item.parser is not secret]
    for item in items:
        _add_flag(parser, item, _with_flags(item.description, {other.name for other in items}))
    parser.add_argument("--json", action="store_true", help="print all outputs as one JSON object")
    values = vars(parser.parse_args(list(arguments)))
    as_json = values.pop("json")
    given = {name: "\n".join(value) if isinstance(value, list) else value for name, value in values.items()}
    return Flags(inputs={name: value for name, value in given.items() if value is not None}, json=as_json)


def without_alias(arguments: Sequence[str]) -> list[str]:
    """Return ``verify OWNER/REPO TAG`` as the arguments of verify-release, and ``help COMMAND`` as its flag."""
    if arguments[:1] == ["help"]:
        return [*arguments[1:2], "--help"]
    if arguments[:1] != ["verify"]:
        return list(arguments)
    given = itertools.takewhile(lambda text: not text.startswith("-"), arguments[1:])
    flags = dict(zip(("--repository", "--tag"), given, strict=False))
    return ["verify-release", *itertools.chain.from_iterable(flags.items()), *arguments[1 + len(flags) :]]


def _with_flags(text: str, names: Collection[str]) -> str:
    """Replace the inputs ``names`` in ``text`` by flags: `x` by `--x`, and `x: y` by `--x=y`."""

    def flag(match: re.Match[str]) -> str:
        name, value = match.groups()
        return f"`--{name}={value}`" if value else f"`--{name}`"

    return re.sub(rf"`({'|'.join(map(re.escape, names))})(?:: ([^`]+))?`", flag, text)


def in_flags(action: Action, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return ``problems`` with the inputs of ``action`` as flags: ``x: y`` in a remedy becomes ``--x=y``."""
    names = sorted((item.name for item in inputs_of(action.inputs) if item.parser is not secret), key=len, reverse=True)
    known = "|".join(map(re.escape, names))
    compound = "|".join(re.escape(name) for name in names if "-" in name) or "(?!)"

    def spoken(text: str) -> str:
        text = re.sub(rf"\b(?:[Tt]he )?[Ii]nput '?({known})\b'?", r"--\1", text)
        return re.sub(rf"(?<![\w/.'-])({compound})(?![\w/.-]*[\w/-])", r"--\1", text)

    def setting(match: re.Match[str]) -> str:
        return f"--{match[1]}={shlex.quote(match[2])}"

    return tuple(
        replace(
            problem,
            found=spoken(re.sub(rf"^({known}): ", r"--\1: ", problem.found)),
            remedy=spoken(
                re.sub(rf"(?<![\w-])({known}): ([^\s;,`][^;,`\n]*?)(?=[;,`\n]|\.?$)", setting, problem.remedy)
            ),
        )
        for problem in problems
    )


def _add_flag(parser: argparse.ArgumentParser, item: Input, said: str) -> None:
    options = dict[str, Any](dest=item.name)
    if item.parser is boolean:
        options |= {"nargs": "?", "const": "true", "metavar": "true|false"}
    elif item.parser in (lines, mapping, names, script):
        options |= {"action": "append", "metavar": "LINE"}
        said += " Repeatable."
    else:
        options |= {"metavar": "|".join(item.parser.choices) or "VALUE"}
        said += "" if item.parser in (folder, tag, text) else f" Value: {item.parser.says}."
    if item.default:
        said += f" Default: {_IN_A_CLONE.get(item.default, repr(item.default))}."
    parser.add_argument(f"--{item.name}", help=said.replace("%", "%%"), **options)


def print_outputs(outputs: Any, stream: TextIO, *, as_json: bool) -> None:
    """Write all outputs to ``stream``: as one JSON object, or one per line, in JSON if it has control characters."""
    if as_json:
        stream.write(json.dumps(as_plain(outputs), ensure_ascii=False, indent=2) + "\n")
        return
    for name, value in output_texts(outputs).items():
        shown = value if "\n" not in value and value == without_controls(value) else json.dumps(value)
        print(f"{name}={shown}", file=stream)


def other_command(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Return the exit status of a command that is not an action. argparse exits for ``--help`` and usage errors."""
    name = arguments[0] if arguments else ""
    if name in COMMANDS:
        module = importlib.import_module(COMMANDS[name])
        parser = CommandParser(prog=f"tagship {name}", description=module.SUMMARY)
        module.add_arguments(parser)
        try:
            status: int = module.run(parser.parse_args(list(arguments[1:])), environ)
        except Failure as failure:
            Runner(stream=sys.stderr).fail(failure.problems)
            return failure.status
        return status
    parser = CommandParser(prog="tagship", description="Push a tag, ship a release.", epilog=_EXIT_CODES)
    parser.add_argument("-V", "--version", action="version", version=f"tagship {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name in NAMES:
        commands.add_parser(name, help=load(name).summary)
    commands.add_parser("verify", help="Run verify-release as: tagship verify OWNER/REPO TAG")
    for name, path in COMMANDS.items():
        commands.add_parser(name, help=importlib.import_module(path).SUMMARY)
    if not arguments:
        parser.exit(2, parser.format_help())
    parser.parse_args(list(arguments))
    return 2


def _version() -> str:
    """Return the installed version; a clone that runs without installation has none."""
    try:
        return version("tagship")
    except PackageNotFoundError:
        return "(not installed)"


_IN_A_CLONE: Mapping[str, str] = {
    "${{ github.ref_name }}": "the tag of the checked-out commit",
    "${{ github.event.repository.default_branch }}": "the default branch",
    "${{ github.repository }}": "the repository of the git remote",
    "${{ github.api_url }}": "$GITHUB_API_URL, or https://api.github.com",
}
"""The local values of the expressions in defaults, for the help."""
_EXIT_CODES = "Exit status: 0 success; 1 failure; 2 usage error or invalid value; 130 interrupted."
