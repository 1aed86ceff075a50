"""Workflow files as GitHub reads them, with line numbers for messages.

Every scalar keeps its text in the file, so ``3.10`` is not a number and ``on`` is not a boolean. Source of the keys:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A scalar as written in the file, and the line of its key, or its own, counted from 1; 0 if it is missing."""

    value: str = ""
    line: int = 0

    def __bool__(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """The permissions of a token: one level for all scopes (``write-all``, ``read-all``), or one level per scope."""

    line: int
    everything: str = ""
    scopes: Mapping[str, str] = field(default_factory=dict)

    def grants(self, scope: str) -> bool:
        """Return True if the token can write ``scope``."""
        return self.everything == "write-all" or self.scopes.get(scope) == "write"

    @property
    def writes(self) -> bool:
        return self.everything == "write-all" or "write" in self.scopes.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a job. ``given`` has the values under ``with``, ``environ`` those under ``env``."""

    line: int
    uses: Text = Text()
    run: Text = Text()
    condition: Text = Text()
    given: Mapping[str, Text] = field(default_factory=dict)
    environ: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job. ``own`` are its own ``permissions:``, ``permissions`` those in effect; both are None for the default.

    ``uses`` is the reusable workflow that it calls, ``environment`` its deployment environment and ``address`` the URL
    of that environment. Each may be empty.
    """

    name: str
    line: int
    own: Permissions | None = None
    permissions: Permissions | None = None
    uses: Text = Text()
    condition: Text = Text()
    environment: Text = Text()
    address: Text = Text()
    given: Mapping[str, Text] = field(default_factory=dict)
    environ: Mapping[str, Text] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[Text, ...]:
        """The inputs and the environment variables of the job and of its steps."""
        holders: tuple[Job | Step, ...] = (self, *self.steps)
        return tuple(text for one in holders for text in (*one.given.values(), *one.environ.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """An event that starts a workflow. ``filters`` are lines of text by name, such as ``tags`` and ``branches``."""

    line: int
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow file and its ``lines``. ``cancels`` and ``group`` are the values under ``concurrency``.

    ``defaults`` are those of the inputs of ``workflow_call``, without empty ones.
    """

    path: str
    lines: tuple[str, ...] = field(repr=False)
    triggers: Mapping[str, Trigger]
    defaults: Mapping[str, str]
    permissions: Permissions | None
    cancels: Text
    group: Text
    environ: Mapping[str, Text]
    jobs: tuple[Job, ...]

    @property
    def is_only_called(self) -> bool:
        return list(self.triggers) == ["workflow_call"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that is not a workflow: the reason, and the line of the error, if known."""

    path: str
    reason: str
    line: int | None = None


@lru_cache(maxsize=64)
def read_workflow(path: str, text: str) -> Workflow | Unreadable:
    """Return the workflow in ``text``, the file at ``path``, without the values that GitHub does not accept."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        return Unreadable(path=path, reason=str(error.problem), line=error.problem_mark.line + 1)
    except (YAMLError, ValueError, RecursionError, AssertionError, KeyError) as error:
        # The library asserts that it supports the version in a directive such as %YAML 1.3, or looks it up.
        return Unreadable(path=path, reason=str(error).partition("\n")[0])
    if not isinstance(root, MappingNode):
        return Unreadable(path=path, reason="it is not a mapping")
    permissions = _permissions(root)
    return Workflow(
        path=path,
        lines=tuple(text.splitlines()),
        triggers=dict(_triggers(_value(root, "on"))),
        defaults=dict(_defaults(_value(_value(_value(root, "on"), "workflow_call"), "inputs"))),
        permissions=permissions,
        cancels=_text(_value(root, "concurrency"), "cancel-in-progress"),
        group=_text(_value(root, "concurrency"), "group"),
        environ=_texts(_value(root, "env")),
        jobs=tuple(_job(key, node, permissions) for key, node in _entries(_value(root, "jobs"))),
    )


def read_workflows(texts: Mapping[str, str], *, containing: str = "") -> Iterator[Workflow]:
    """Yield the workflows in those of ``texts`` (by path) that contain a word and can be read, sorted by path."""
    read = (read_workflow(path, text) for path, text in sorted(texts.items()) if containing in text)
    yield from (workflow for workflow in read if isinstance(workflow, Workflow))


def _job(key: Text, node: Node, inherited: Permissions | None) -> Job:
    own = _permissions(node)
    place = _value(node, "environment")
    steps = _value(node, "steps")
    return Job(
        name=key.value,
        line=key.line,
        own=own,
        permissions=own or inherited,
        uses=_text(node, "uses"),
        condition=_text(node, "if"),
        environment=_text(place, "name") if isinstance(place, MappingNode) else _text(node, "environment"),
        address=_text(place, "url"),
        given=_texts(_value(node, "with")),
        environ=_texts(_value(node, "env")),
        steps=tuple(_step(item) for item in steps.value) if isinstance(steps, SequenceNode) else (),
        needs=_listed(needs) if (needs := _value(node, "needs")) else (),
    )


def _step(node: Node) -> Step:
    return Step(
        line=_line(node),
        uses=_text(node, "uses"),
        run=_text(node, "run"),
        condition=_text(node, "if"),
        given=_texts(_value(node, "with")),
        environ=_texts(_value(node, "env")),
    )


def _permissions(node: Node) -> Permissions | None:
    for key, value in _entries(node):
        if key.value == "permissions":
            scopes = {name: text.value for name, text in _texts(value).items()}
            return Permissions(line=key.line, everything=_scalar(value), scopes=scopes)
    return None


def _triggers(node: Node | None) -> Iterator[tuple[str, Trigger]]:
    if isinstance(node, MappingNode):
        for key, value in _entries(node):
            filters = {name.value: _listed(inner) for name, inner in _entries(value)}
            yield key.value, Trigger(line=key.line, filters=filters)
    else:
        items = node.value if isinstance(node, SequenceNode) else [node]
        yield from ((item.value, Trigger(line=_line(item))) for item in items if isinstance(item, ScalarNode))


def _defaults(inputs: Node | None) -> Iterator[tuple[str, str]]:
    for name, declared in _entries(inputs):
        if default := _text(declared, "default"):
            yield name.value, default.value


def _listed(node: Node) -> tuple[str, ...]:
    return tuple(map(_scalar, node.value if isinstance(node, SequenceNode) else [node]))


def _entries(node: Node | None) -> Iterator[tuple[Text, Node]]:
    """Yield the keys that are scalars, with their lines, and their values."""
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if isinstance(key, ScalarNode):
            yield Text(value=key.value, line=_line(key)), value


def _value(node: Node | None, name: str) -> Node | None:
    return next((value for key, value in _entries(node) if key.value == name), None)


def _text(node: Node | None, name: str) -> Text:
    return _texts(node).get(name, Text())


def _texts(node: Node | None) -> dict[str, Text]:
    """Return the values of a mapping that are scalars, each with the line of its key."""
    return {
        key.value: Text(value=value.value, line=key.line)
        for key, value in _entries(node)
        if isinstance(value, ScalarNode)
    }


def _scalar(node: Node | None) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else ""


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
