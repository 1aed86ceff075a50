"""The steps from the current to the desired release. Each is one write to GitHub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from tagship.core.release.desired import File
    from tagship.core.release.state import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of a release that one request sets. None means that the request omits the field."""

    tag_name: str | None = None
    target_commitish: str | None = None
    name: str | None = None
    body: str | None = None
    draft: bool | None = None
    prerelease: bool | None = None
    make_latest: Literal["true", "false", "legacy"] | None = None
    discussion_category_name: str | None = None

    def sent(self) -> dict[str, str | bool]:
        """Return the fields in the request, by their names in the REST API."""
        every = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTag:
    """Change of the tag to another commit; its creation if ``new``."""

    tag: str
    commit: str
    new: bool

    def __str__(self) -> str:
        return f"{'create' if self.new else 'move'} the tag {self.tag} at {self.commit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDraft:
    """Creation of the release as a draft."""

    fields: Fields

    def __str__(self) -> str:
        return f"create a draft release {self.fields.tag_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRelease:
    """Change of some fields of a release."""

    release: int
    fields: Fields

    def __str__(self) -> str:
        return f"update {', '.join(self.fields.sent())} of release {self.release}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRelease:
    """Deletion of a release of tagship, if it is still in this ``state``; its tag stays.

    It is a duplicate draft, all of whose assets are in the release, or an old pre-release.
    """

    release: int
    state: Literal["draft", "prerelease"]
    tag: str

    def __str__(self) -> str:
        name = f"duplicate draft {self.release}" if self.state == "draft" else f"old pre-release {self.tag}"
        return f"delete the {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAsset:
    """Deletion of an asset. ``unfinished`` is True if it was an unfinished upload when the plan was made.

    Another run may still be uploading it, since ``since`` (seconds since the epoch).
    """

    asset: int
    name: str
    unfinished: bool = False
    since: float = 0.0

    def __str__(self) -> str:
        return f"delete {'the unfinished ' if self.unfinished else ''}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Upload of a file as ``name``. ``release`` is None for the draft that the plan creates."""

    release: int | None
    file: File
    name: str
    label: str | None = None

    def __str__(self) -> str:
        return f"upload {self.name} ({self.file.size:,} bytes, {self.file.digest})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameAsset:
    """Change of an asset's name, and of its label if requested. ``asset`` is None for the asset just uploaded."""

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
    """Publication of the draft, in one request with all fields that publishing decides. ``release`` as for Upload."""

    release: int | None
    fields: Fields

    def __str__(self) -> str:
        fields = ", ".join(f"{name} {value}" for name, value in self.fields.sent().items() if name != "draft")
        return f"publish ({fields})"


FileStep: TypeAlias = DeleteAsset | Upload | RenameAsset
Step: TypeAlias = MoveTag | CreateDraft | UpdateRelease | FileStep | Publish | DeleteRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps in an order that can be interrupted at any point.

    ``before`` comes first, one by one; then ``files``, one chain of steps per file, which can run in parallel; then
    ``publish``, ``duplicates``, and the ``old`` pre-releases. ``release`` is the release that the plan starts from.
    ``remarks`` are sentences about what the plan does not change.
    """

    release: Release | None = None
    before: tuple[MoveTag | CreateDraft | UpdateRelease, ...] = ()
    files: tuple[tuple[FileStep, ...], ...] = ()
    publish: Publish | None = None
    duplicates: tuple[DeleteRelease, ...] = ()
    old: tuple[DeleteRelease, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        files = tuple(step for chain in self.files for step in chain)
        publish = (self.publish,) if self.publish else ()
        return (*self.before, *files, *publish, *self.duplicates, *self.old)

    @property
    def part(self) -> Plan:
        """The steps to send before the next read.

        After publication no other run can publish a duplicate, so that its deletion is safe.
        """
        if any(isinstance(step, CreateDraft) for step in self.before):
            return Plan(release=self.release, before=self.before)
        if self.before or self.files:
            return Plan(release=self.release, before=self.before, files=self.files)
        return Plan(release=self.release, publish=self.publish) if self.publish else self

    def __str__(self) -> str:
        lines = [f"{number}. {step}" for number, step in enumerate(self.steps, start=1)]
        lines = lines or ["nothing to do: the release is up to date"]
        return "\n".join([*lines, *(f"note: {remark}" for remark in self.remarks)])
