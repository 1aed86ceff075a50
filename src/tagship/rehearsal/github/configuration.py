"""How the embedded GitHub behaves, read strictly from its configuration; the format is in the package's docstring."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, TypeVar, get_args

from tagship.errors import Failure, Problem
from tagship.rehearsal.github.faults import Fault, LimitKind, When
from tagship.rehearsal.github.messages import Limits
from tagship.rehearsal.github.throttle import Rates, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")
Table = dict[str, object]
SETTINGS = ("limits", "latency", "lag", "faults")
TOP = ("repositories", "tokens", *SETTINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the embedded GitHub behaves, apart from what is in it. Times in seconds."""

    limits: Limits = field(default_factory=Limits)
    rates: Rates = field(default_factory=Rates)
    faults: tuple[Fault, ...] = ()
    latency: float = 0.0
    lag: float = 0.0


def settings_of(values: Mapping[str, object]) -> Settings:
    """The settings that the values under the names of ``SETTINGS`` spell; None and absent are the defaults."""
    limits = table_of(values.get("limits") or {}, "limits")
    primary = table_of(limits.pop("primary", {}), "limits.primary")
    windows = limits.pop("content", None)
    rates = {f"primary_{name}": primary.pop(name) for name in ("status",) if name in primary}
    rates |= {name: limits.pop(name) for name in ("content_status", "retry_after") if name in limits}
    if primary:
        rates["primary"] = made(Window, {"requests": 1000, "seconds": 3600, **primary}, "limits.primary")
    if windows is not None:
        rates["content"] = [made(Window, window, "limits.content") for window in tables_of(windows, "limits.content")]
    times = {name: values[name] for name in ("latency", "lag") if values.get(name) is not None}
    faults = [_fault(rule) for rule in tables_of(values.get("faults"), "faults")]
    rest = {"limits": made(Limits, limits, "limits"), "rates": made(Rates, rates, "limits"), "faults": faults}
    return made(Settings, {**times, **rest}, "the configuration")


def _fault(table: Table) -> Fault:
    fault = made(Fault, table, "faults")
    for name, value, choices in (("when", fault.when, get_args(When)), ("limit", fault.limit, get_args(LimitKind))):
        if value is not None and value not in choices:
            raise wrong(f"faults: {name} is {value!r}, which is none of {', '.join(choices)}")
    return fault


def checked(values: object) -> Table:
    """The configuration, if its outermost names are known and its settings can be read; raises Failure if not."""
    table = table_of(values, "the configuration", TOP)
    settings_of(table)
    return table


def tables_of(value: object, where: str) -> list[Table]:
    """The JSON objects of a list; None is an empty one."""
    if not isinstance(value, list | None):
        raise wrong(f"{where} is no list: {value!r}")
    return [table_of(item, where) for item in value or ()]


def table_of(value: object, where: str, known: Iterable[str] = ()) -> Table:
    """A copy of the JSON object; raises Failure where it is none or has other names than the known ones."""
    if not isinstance(value, dict):
        raise wrong(f"{where} is no JSON object: {value!r}")
    known = tuple(known) or tuple(value)
    if unknown := sorted(set(value) - set(known)):
        raise wrong(f"{where} has no {', '.join(unknown)}; it has {', '.join(known)}")
    return dict(value)


def made(kind: type[T], table: Table, where: str) -> T:
    """The dataclass made of the table; raises Failure for a name it lacks, and for a value unlike its default."""
    known = {entry.name: entry for entry in fields(kind)}  # type: ignore[arg-type]  # every kind used is a dataclass
    values = table_of(table, where, known)
    for name, value in values.items():
        entry = known[name]
        default = entry.default if entry.default_factory is MISSING else entry.default_factory()
        if default is not MISSING and default is not None:
            check_type(value, default, f"{where}: {name}")
    try:
        return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
    except TypeError as error:
        raise wrong(f"{where}: {error}") from None


def check_type(value: object, example: object, where: str) -> None:
    """Raise Failure where the value's type is not the example's; lists stand for tuples, integers for floats."""
    wanted: tuple[type, ...] = {float: (float, int), tuple: (list, tuple)}.get(type(example), (type(example),))
    if not isinstance(value, wanted) or isinstance(value, bool) != isinstance(example, bool):
        raise wrong(f"{where} is {value!r}, which is no {wanted[0].__name__}")


def wrong(what: str) -> Failure:
    """The failure that says what of the configuration cannot be read."""
    return Failure(
        Problem(
            found=f"The configuration of the embedded GitHub is wrong: {what}.",
            remedy="Write it as the docstring of tagship.rehearsal.github shows.",
            topic="embedded-github",
        )
    )
