"""The steps that lead from what is there to what is wanted. Each is one write to GitHub."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from tagship.core.release.desired import File
    from tagship.core.release.state import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of a release that one request sets. None means that the request does not carry the field."""

    tag_name: str | None = None
    target_commitish: str | None = None
    name: str | None = None
    body: str | None = None
    draft: bool | None = None
    prerelease: bool | None = None
    make_latest: Literal["true", "false", "legacy"] | None = None
    discussion_category_name: str | None = None

    def sent(self) -> dict[str, str | bool]:
        """Return the fields that the request carries, by the names that the REST API knows them under."""
        every = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDraft:
    """Create the release, hidden from the public."""

    fields: Fields

    def __str__(self) -> str:
        return f"create a draft of the release {self.fields.tag_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRelease:
    """Change fields of a release and no others."""

    release: int
    fields: Fields

    def __str__(self) -> str:
        return f"change {', '.join(self.fields.sent())} of the release {self.release}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteDraft:
    """Remove a second draft of our own that holds nothing of its own."""

    release: int

    def __str__(self) -> str:
        return f"delete the draft {self.release}, a double of our own"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAsset:
    """Remove a file of a release. ``unfinished`` says that it was no whole file when the plan was made.

    It may then be an upload that is under way elsewhere, begun at ``since`` (seconds since the epoch).
    """

    asset: int
    name: str
    unfinished: bool = False
    since: float = 0.0

    def __str__(self) -> str:
        return f"delete {'the unfinished ' if self.unfinished else ''}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Attach a file under ``name``. ``release`` is None for the draft that the plan creates."""

    release: int | None
    file: File
    name: str
    label: str | None = None

    def __str__(self) -> str:
        return f"upload {self.name} ({self.file.size:,} bytes, {self.file.digest})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameAsset:
    """Give an asset its name, and its label where one was asked for. ``asset`` is None for what was just uploaded."""

    asset: int | None
    old: str
    name: str
    label: str | None = None

    def __str__(self) -> str:
        if self.old == self.name:
            return f"label {self.name} {self.label!r}"
        return f"rename {self.old} to {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Make the draft public: one request that carries all that publishing decides. ``release`` as for Upload."""

    release: int | None
    fields: Fields

    def __str__(self) -> str:
        said = ", ".join(f"{name} {value}" for name, value in self.fields.sent().items() if name != "draft")
        return f"publish ({said})"


FileStep: TypeAlias = DeleteAsset | Upload | RenameAsset
Step: TypeAlias = CreateDraft | UpdateRelease | DeleteDraft | FileStep | Publish


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done, in an order that is safe to be cut short anywhere.

    ``before`` comes first, one by one; then ``files``, chains, one a file, that may run at the same time; then
    ``doubles``; ``publish`` comes last. ``release`` is what the plan starts from. ``remarks`` are sentences about what
    the plan leaves alone.
    """

    release: Release | None = None
    before: tuple[CreateDraft | UpdateRelease, ...] = ()
    files: tuple[tuple[FileStep, ...], ...] = ()
    doubles: tuple[DeleteDraft, ...] = ()
    publish: Publish | None = None
    remarks: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step in order."""
        files = tuple(step for chain in self.files for step in chain)
        return (*self.before, *files, *self.doubles, *((self.publish,) if self.publish else ()))

    @property
    def part(self) -> Plan:
        """What may be done before looking again: creating alone, publishing alone, everything else together."""
        if any(isinstance(step, CreateDraft) for step in self.before):
            return replace(self, files=(), doubles=(), publish=None)
        return replace(self, publish=None) if self.before or self.files or self.doubles else self

    def __str__(self) -> str:
        lines = [f"{number}. {step}" for number, step in enumerate(self.steps, start=1)]
        lines = lines or ["nothing to do: the release is as it should be"]
        return "\n".join([*lines, *(f"note: {remark}" for remark in self.remarks)])
